-- Which steps the house or the association could take with a stay at this moment, for the buttons of its page.
create or replace function booking.steps_open(s data.stay, actor text) returns text[]
language plpgsql stable as $$
declare
    found text[] := '{}';
    one   text;
    t     timestamptz := clock.now();
    today date := clock.today(s.village);
begin
    foreach one in array '{accept,decline,check_in,no_show,check_out,change,late,drop}'::text[] loop
        begin
            perform booking.step(one, booking.state(s.state, s.until), actor);
            if (case one
                   when 'check_in' then today >= s.arrive and today < s.leave
                   when 'no_show' then t >= clock.at(s.arrive, greatest(coalesce(s.arrival, 0), (select h.check_in_to from data.house h where h.village = s.village and h.house = s.house)))
                   when 'check_out' then t >= clock.at(s.leave, 0)
                   else true end) then
                found := found || one;
            end if;
        exception when sqlstate 'HS409' then
            null;
        end;
    end loop;
    return found;
end $$;
