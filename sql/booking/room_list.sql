-- The rooms of a stay by name, in the order of the house.
create or replace function booking.room_list(s data.stay) returns booking.room[]
language plpgsql stable as $$
begin
    return (select array_agg(row(r.room, base.pick(r.name_zh, r.name_en))::booking.room order by r.position, r.room)
              from data.room r where r.village = s.village
               and exists (select from data.stay_room sr where sr.village = s.village and sr.stay = s.stay and sr.room = r.room));
end $$;
