-- The rooms asked for, in the order of their numbers, if they are open for booking and hold the party; refuses by name else. All of
-- one house (of `house`, when it is not null), each named once, together big enough, and a grown-up for each, unless they are the whole
-- house. had: rooms whose nights the guest has already; whether these are open does not matter any more.
create or replace function booking.fits(house bigint, rooms bigint[], adults int, children int[], had bigint[] default '{}') returns data.room[]
language plpgsql stable as $$
declare
    found  data.room[];
    r      data.room;
    places int := 0;
    fresh  boolean := false;
    paused boolean;
begin
    select array_agg(m order by m.room), bool_or(h.paused) into found, paused
      from data.room m join data.house h on h.village = m.village and h.house = m.house
     where m.village = base.village() and m.room = any (fits.rooms) and (fits.house is null or m.house = fits.house);
    if found is null or cardinality(found) < cardinality(fits.rooms) then
        perform base.refuse('booking.no_room', 404);
    end if;
    foreach r in array found loop
        if r.house <> found[1].house then
            perform base.refuse('booking.one_house');
        elsif r.closed and r.room <> all (had) then
            perform base.refuse('booking.house_paused', 409);
        end if;
        fresh := fresh or r.room <> all (had);
        places := places + r.capacity;
    end loop;
    if fresh and paused then
        perform base.refuse('booking.house_paused', 409);
    elsif fits.adults + coalesce(cardinality(fits.children), 0) > places then
        perform base.refuse('booking.too_many_guests', 422, jsonb_build_object('capacity', places));
    elsif fits.adults < cardinality(found) and exists (select from data.room m where m.village = base.village() and m.house = found[1].house and not m.closed
                                                        and m.room <> all (fits.rooms)) then
        perform base.refuse('booking.too_many_rooms');
    end if;
    return found;
end $$;
