-- Rooms and nights side by side, in the order of (room, night): what booking.take_nights takes.
create or replace function booking.cells(ids bigint[], arrive date, leave date, out rooms bigint[], out nights date[])
language plpgsql stable as $$
declare
    n int := leave - arrive;
begin
    select array_agg(ids[(i - 1) / n + 1] order by i), array_agg(arrive + (i - 1) % n order by i) into rooms, nights from generate_series(1, n * cardinality(ids)) i;
end $$;
