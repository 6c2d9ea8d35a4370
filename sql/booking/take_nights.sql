-- Takes cells (rooms[i], nights[i]) for a stay until a moment, all of them or none: booking.taken. Those it has already are taken again, so
-- a change passes all its cells, old and new.
--
-- Nights go in by (room, night): two guests booking at the same moment then wait for each other in one direction only, and the second is
-- told "taken" at once. Without the order PostgreSQL would find a deadlock after a second, and a guest would see a fault. A night whose
-- time has run out is written over; nobody has to tidy up first.
create or replace function booking.take_nights(stay bigint, rooms bigint[], nights date[], until timestamptz, unverified boolean) returns void
language plpgsql as $$
declare
    v     int := base.village();
    t     timestamptz := clock.now();
    taken int;
begin
    insert into data.night as n (village, room, night, stay, kind, until, unverified)
    select v, c.room, c.night, take_nights.stay, 'stay', take_nights.until, take_nights.unverified from unnest(rooms, nights) c (room, night) order by c.room, c.night
    on conflict on constraint "booking.taken" do update
        set stay = excluded.stay, kind = excluded.kind, until = excluded.until, unverified = excluded.unverified
        where n.until <= t or n.stay = excluded.stay;
    get diagnostics taken = row_count;
    if taken < cardinality(rooms) then
        perform base.refuse('booking.taken', 409);
    end if;
end $$;
