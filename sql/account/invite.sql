-- A link that makes one account: for a house (a helper by who may act for it, an owner by the office) or for the association (by
-- its office). 7 days.
-- token: hash of the link's secret.
create or replace function account.invite(token sure.bytea, role sure.text, house bigint) returns table (ends sure.timestamptz)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    perform account.need();
    if $2 not in ('owner', 'helper', 'assessor', 'committee', 'supervisor', 'secretary', 'operator') or ($3 is not null) <> ($2 in ('owner', 'helper')) then
        perform base.refuse('account.no_role');
    elsif not account.is_association() and not ($2 = 'helper' and account.may_house($3)) then
        perform base.refuse('account.not_yours', 404);
    elsif $3 is not null and not exists (select from house h where h.village = base.village() and h.house = $3) then
        perform base.refuse('lodging.no_house', 404);
    end if;
    insert into invite values (base.village(), $1, $2, $3, account.me(), clock.now() + interval '7 days');
    perform base.record('account.invite', account.me(), jsonb_build_object('role', $2, 'house', $3));
    return query select (clock.now() + interval '7 days')::sure.timestamptz;
end $$;
