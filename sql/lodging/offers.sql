-- Every room of the village (or of one house) that can be booked for these nights by this party, with its total in fen. The list,
-- the house page and the home page's count all read this; booking.book decides with the same functions.
create or replace function lodging.offers(house bigint, arrive date, leave date, adults int, children int[]) returns table (
    house bigint, room bigint, total_fen bigint)
language sql stable as $$
    with free as (
        select r.house, r.room
          from data.room r join data.house h using (village, house)
         where r.village = base.village() and (offers.house is null or r.house = offers.house)
           and not h.paused and not r.closed
           and (select booking.wrong_dates(offers.arrive, offers.leave)) is null
           and r.capacity >= offers.adults + cardinality(offers.children)
           and not exists (select from data.night n where n.village = r.village and n.room = r.room
                              and n.night >= offers.arrive and n.night < offers.leave and n.until > (select clock.now()))
           and booking.limits(r.room, offers.arrive, offers.leave) is null
    )
    select f.house, p.room, sum(p.price_fen)::bigint
      from booking.price((select array_agg(room) from free), offers.arrive, offers.leave, offers.adults, offers.children, true) p
      join free f using (room)
     group by f.house, p.room
$$;
