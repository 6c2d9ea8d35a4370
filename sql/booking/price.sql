-- What each night of each room costs this party, in fen: the one place where prices are resolved. Free or taken does not matter here.
--
-- night: the most specific rule (named > season > weekend > base; then the shorter range; then the newer).
-- guests: base_guests places are in the price. Adults fill them first, then children, the dearest band first; who is left
--   pays extra: an adult extra_adult_fen, a child its band. A child older than every band is an adult.
-- ladder: a percentage is taken once, on the stay's total, half up; nights get their parts by largest remainder, so they add up.
-- each: the rooms are looked at side by side, each as a stay of its own (a list), instead of together as one.
create or replace function booking.price(rooms bigint[], arrive date, leave date, adults int, children int[], each boolean default false)
returns table (room bigint, night date, price_fen bigint, rule text)
language sql stable as $$
    with child as (
        select k.nr, r.room, (select b.fen from data.child_band b
                               where b.village = r.village and b.house = r.house and k.age < b.under_age
                               order by b.under_age limit 1) as fen
          from data.room r, unnest(price.children) with ordinality k (age, nr)
         where r.village = base.village() and r.room = any (price.rooms)
    ), party as (
        select r.village, r.room, r.house, g.grown,
               greatest(g.grown - r.base_guests, 0) * r.extra_adult_fen
               + coalesce((select sum(c.fen) from (select fen, row_number() over (order by fen desc, nr) as place
                                                     from child where child.room = r.room and fen is not null) c
                            where c.place > greatest(r.base_guests - g.grown, 0)), 0)::bigint as extra_fen
          from data.room r,
               lateral (select price.adults + (select count(*) from child where child.room = r.room and fen is null)::int as grown) g
         where r.village = base.village() and r.room = any (price.rooms)
    ), raw as (
        select p.room, p.house, case when price.each then p.room else p.house end as stay, n.night, rate.price_fen + p.extra_fen as fen, rate.kind
          from party p,
               (select price.arrive + i from generate_series(0, price.leave - price.arrive - 1) i) n (night),
               lateral booking.rate(p.village, p.room, n.night) rate
    ), stay as (
        select raw.stay, sum(fen)::bigint as total,
               coalesce((select l.percent from data.ladder l
                          where l.village = base.village() and l.house = raw.house and l.nights <= price.leave - price.arrive
                          order by l.nights desc limit 1), 0) as percent
          from raw group by raw.stay, raw.house
    ), net as (
        select raw.*, stay.total, (stay.total * (100 - percent) * 2 + 100) / 200 as kept
          from raw join stay using (stay)
    ), part as (
        select *, case when total = 0 then 0 else fen * kept / total end as low,
               case when total = 0 then 0 else fen * kept % total end as remainder
          from net
    ), ranked as (
        select *, row_number() over (partition by stay order by remainder desc, room, night) as place,
               kept - (sum(low) over (partition by stay))::bigint as spare
          from part
    )
    select room, night, (low + (place <= spare)::int)::bigint, kind from ranked order by room, night
$$;
