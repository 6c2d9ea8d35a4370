-- The rooms of a house for these dates and this party: the total where a room can be booked, else the text key of why not.
-- Without dates (arrive null) only what the rooms are. from_fen: the lowest base price of a night.
create or replace function lodging.rooms(house sure.bigint, arrive date, leave date, adults sure.int, children int[]) returns table (
    id sure.bigint, name sure.text, about sure.text, capacity sure.int, beds text[], area_m2 sure.int, floor sure.int,
    step_free sure.boolean, photo text, photo_alt text, total_fen bigint, why text, free_cancel_until timestamptz, from_fen bigint)
language sql stable security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
    select r.room, base.pick(r.name_zh, r.name_en), base.pick(r.about_zh, r.about_en), r.capacity, r.beds, r.area_m2, r.floor,
           r.step_free, encode(p.hash, 'hex'), base.pick(p.alt_zh, p.alt_en), o.total_fen,
           case when $2 is null or o.total_fen is not null then null
                when r.capacity < $4 + coalesce(cardinality($5), 0) then 'booking.too_many_guests'
                else coalesce(booking.wrong_dates($2, $3), booking.limits(r.room, $2, $3),
                              case when h.paused or r.closed then 'booking.house_paused' else 'lodging.full' end) end,
           booking.free_until(booking.cuts(r.house, $2, o.total_fen)),
           (select min(t.price_fen)::bigint from rate t where t.village = r.village and t.room = r.room and t.kind = 'base')
      from room r join house h using (village, house)
      left join lodging.offers($1, $2, $3, $4, coalesce($5, '{}')) o on o.room = r.room
      left join lateral (select p.hash, p.alt_zh, p.alt_en from photo p where p.village = r.village and p.room = r.room
                          order by p.position limit 1) p on true
     where r.village = base.village() and r.house = $1
     order by r.position
$$;
