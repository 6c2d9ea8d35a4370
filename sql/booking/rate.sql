-- The rule that makes a night's price: the most specific that covers it (named > season > weekend > base), then the shorter range,
-- then the newer rule. One place for quotes, lists and calendars.
create or replace function booking.rate(village int, room bigint, night date) returns table (price_fen bigint, kind text)
language sql stable as $$
    select t.price_fen::bigint, t.kind from data.rate t
     where t.village = rate.village and t.room = rate.room and rate.night between t.from_night and t.to_night
       and (t.kind <> 'weekend' or clock.weekend(rate.night))
     order by array_position(array['named', 'season', 'weekend', 'base'], t.kind), t.to_night - t.from_night, t.rate desc
     limit 1
$$;
