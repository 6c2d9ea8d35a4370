-- The list: houses with a room for these nights and this party, each with its cheapest total and all rooms that fit.
-- The order is turned by one house every day, so that every house stands first once (fair turns, product.md).
create or replace function lodging.search(arrive sure.date, leave sure.date, adults sure.int, children int[]) returns table (
    id sure.bigint, name sure.text, star int, total_fen sure.bigint, free_cancel_until timestamptz, rooms lodging.room_offer[],
    style sure.text, line sure.text, cover text, cover_alt text, cover_drawn sure.boolean, walk_minutes sure.int, breakfast sure.boolean, beds text[])
language plpgsql stable security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    perform booking.dates(search.arrive, search.leave);
    return query
        with offer as (
            select o.house, min(o.total_fen) as least, count(*) as many,
                   array_agg(row(r.room, base.pick(r.name_zh, r.name_en), r.capacity, o.total_fen)::lodging.room_offer order by o.total_fen, r.position) as list
              from lodging.offers(null, search.arrive, search.leave, search.adults, search.children) o
              join room r on r.village = base.village() and r.room = o.room
             group by o.house
        )
        select h.house::sure.bigint, base.pick(h.name_zh, h.name_en)::sure.text, null::int, o.least::sure.bigint,
               booking.free_until(booking.cuts(h.house, search.arrive, o.least)), o.list,
               h.style::sure.text, base.pick(h.line_zh, h.line_en)::sure.text, encode(p.hash, 'hex'), base.pick(p.alt_zh, p.alt_en), coalesce(p.drawn, false)::sure.boolean,
               h.walk_minutes::sure.int, h.breakfast::sure.boolean,
               (select r.beds from room r where r.village = h.village and r.room = (o.list[1]).id)
          from offer o
          join house h on h.village = base.village() and h.house = o.house
          left join lateral (select p.hash, p.alt_zh, p.alt_en, p.drawn from photo p where p.village = h.village and p.house = h.house
                              order by p.position limit 1) p on true
         order by (h.position + (clock.today(h.village) - date '2026-01-01')) % (select count(*) from house x where x.village = h.village), h.position;
end $$;
