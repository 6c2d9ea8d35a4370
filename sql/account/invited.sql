-- What an invitation is for, while it can be used. Looking uses nothing up.
create or replace function account.invited(token sure.bytea) returns table (role sure.text, house_name text, ends sure.timestamptz)
language plpgsql stable rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    return query
        select i.role::sure.text, base.pick(h.name_zh, h.name_en), i.ends::sure.timestamptz
          from invite i left join house h using (village, house)
         where i.village = base.village() and i.token = $1 and i.used is null and i.ends > clock.now();
    if not found then
        perform base.refuse('account.no_invite', 404);
    end if;
end $$;
