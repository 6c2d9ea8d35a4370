-- The one room asked for, open for booking, of this house (or any, when house is null), big enough; refuses by name else.
-- Booking several rooms at once is refused by name, too.
create or replace function booking.fits(house bigint, rooms bigint[], adults int, children int[]) returns data.room
language plpgsql stable as $$
declare
    found data.room;
begin
    if coalesce(cardinality(rooms), 0) <> 1 then
        perform base.refuse('booking.one_room');
    end if;
    select r.* into found from data.room r join data.house h using (village, house)
     where r.village = base.village() and r.room = rooms[1] and (fits.house is null or r.house = fits.house);
    if found.room is null then
        perform base.refuse('booking.no_room', 404);
    elsif found.closed or (select paused from data.house h where h.village = found.village and h.house = found.house) then
        perform base.refuse('booking.house_paused', 409);
    elsif adults + coalesce(cardinality(children), 0) > found.capacity then
        perform base.refuse('booking.too_many_guests', 422, jsonb_build_object('capacity', found.capacity));
    end if;
    return found;
end $$;
