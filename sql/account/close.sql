-- Ends the session of this visit.
create or replace function account.close(token sure.bytea) returns table (closed sure.boolean)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    update session s set ends = clock.now() where s.village = base.village() and s.token = close.token and s.ends > clock.now();
    return query select found::sure.boolean;
end $$;
