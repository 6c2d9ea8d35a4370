-- Refuses rooms that are not this house's: they are not there (404).
create or replace function owner.own_rooms(house bigint, rooms bigint[]) returns void
language plpgsql stable as $$
begin
    if exists (select from unnest(rooms) x where not exists (select from data.room r where r.village = base.village() and r.room = x and r.house = own_rooms.house)) then
        perform base.refuse('booking.no_room', 404);
    end if;
end $$;
