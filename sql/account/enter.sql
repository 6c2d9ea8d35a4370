-- Enters with a session's token hash. An unknown or ended session is not refused here: the visit goes on as nobody,
-- and functions that need somebody refuse by themselves.
create or replace function account.enter(token sure.bytea) returns table (
    person sure.bigint, name sure.text, house bigint, association sure.boolean)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    s session;
begin
    select x.* into s from session x join person p using (village, person)
     where x.village = base.village() and x.token = enter.token and x.ends > clock.now() and p.ended is null;
    if s.person is null then
        return;
    end if;
    if s.seen < clock.now() - interval '1 minute' then
        update session x set seen = clock.now() where x.village = s.village and x.token = s.token;
    end if;
    perform set_config('visit.person', s.person::text, true);
    return query
        select p.person::sure.bigint, p.name::sure.text,
               (select m.house from member m where m.village = p.village and m.person = p.person
                   and m.house is not null and account.holds(m) order by m.member limit 1),
               account.is_association()::sure.boolean
          from person p where p.village = s.village and p.person = s.person;
end $$;
