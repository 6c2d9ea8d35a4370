-- The price of single nights of rooms for two adults, in fen: like booking.price for one night each, without any ladder. For calendars.
create or replace function lodging.nights(rooms bigint[], from_day date, to_day date) returns table (room bigint, night date, price_fen bigint)
language sql stable as $$
    select r.room, d.day::date, (rate.price_fen + greatest(2 - r.base_guests, 0) * r.extra_adult_fen)::bigint
      from data.room r,
           generate_series(nights.from_day, nights.to_day, interval '1 day') d (day),
           lateral booking.rate(r.village, r.room, d.day::date) rate
     where r.village = base.village() and r.room = any (nights.rooms)
$$;
