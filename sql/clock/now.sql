-- The only clock. The same moment all through a transaction. village.enter leaves it in a setting of the visit (visit.now), since a booking asks
-- ten times; moving data.clock makes that void (0008_clock.sql). plpgsql keeps its plan; an SQL function with a subquery is planned at every call.
create or replace function clock.now() returns timestamptz
language plpgsql stable as $$
declare
    known text := current_setting('visit.now', true);
begin
    if known <> '' then
        return known::timestamptz;
    end if;
    return pg_catalog.now() + (select shift from data.clock);
end $$;
