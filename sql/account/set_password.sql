-- A new password, after the old one was found right. Every other session ends.
create or replace function account.set_password(hash sure.text, token sure.bytea) returns table (ended sure.int)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    others int;
begin
    perform account.need();
    update person p set password = $1 where p.village = base.village() and p.person = account.me();
    update session s set ends = clock.now()
     where s.village = base.village() and s.person = account.me() and s.token <> $2 and s.ends > clock.now();
    get diagnostics others = row_count;
    perform base.record('account.set_password', account.me());
    return query select others::sure.int;
end $$;
