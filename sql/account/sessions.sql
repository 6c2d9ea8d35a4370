-- Where who acts is signed in; own is the session of this visit.
create or replace function account.sessions(token sure.bytea) returns table (
    id sure.bigint, device sure.text, made sure.timestamptz, seen sure.timestamptz, own sure.boolean)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    perform account.need();
    return query
        select s.session::sure.bigint, s.device::sure.text, s.made::sure.timestamptz, s.seen::sure.timestamptz, (s.token = $1)::sure.boolean
          from session s where s.village = base.village() and s.person = account.me() and s.ends > clock.now() order by s.seen desc, s.session;
end $$;
