-- Closes stays nobody checked out (booking.close), in every village, at most 500 in a call; says how many.
create or replace function jobs.close_stays() returns int
language plpgsql security definer set search_path = data, pg_temp as $$
declare
    closed int := 0;
    v int;
    s bigint;
begin
    perform set_config('visit.actor', 'system', true), set_config('visit.person', '', true);
    for v in select * from jobs.villages() loop
        perform set_config('visit.village', v::text, true);
        for s in select x.stay from stay x where x.village = v and x.state in ('confirmed', 'checked_in') and x.leave < clock.today(v) and clock.at(x.leave, 1800) <= clock.now()
                  order by x.leave limit 500 for update skip locked loop
            perform booking.close(s);
            closed := closed + 1;
        end loop;
    end loop;
    return closed;
end $$;
