-- Ends one of one's own sessions by its id.
create or replace function account.end_session(session sure.bigint) returns table (ended sure.boolean)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    perform account.need();
    update session s set ends = clock.now()
     where s.village = base.village() and s.person = account.me() and s.session = $1 and s.ends > clock.now();
    if not found then
        perform base.refuse('account.no_session', 404);
    end if;
    perform base.record('account.end_session', account.me(), jsonb_build_object('session', $1));
    return query select true::sure.boolean;
end $$;
