-- What the association may set, or the defaults, all at once: a booking asks for most of them.
--   stays_per_phone, stays_per_device, stays_per_address   open stays at once; 0 is no limit
--   request_minutes                                         how long a house may take to answer
--   book_ahead_nights                                       how far ahead one may book, at most 400
--   longest_nights                                          how long one stay may be
create or replace function village.settings(out stays_per_phone bigint, out stays_per_device bigint, out stays_per_address bigint,
    out request_minutes bigint, out book_ahead_nights bigint, out longest_nights bigint)
language plpgsql stable as $$
begin
    select coalesce(max(s.value) filter (where s.name = 'stays_per_phone'), 4), coalesce(max(s.value) filter (where s.name = 'stays_per_device'), 6),
           coalesce(max(s.value) filter (where s.name = 'stays_per_address'), 40), coalesce(max(s.value) filter (where s.name = 'request_minutes'), 120),
           coalesce(max(s.value) filter (where s.name = 'book_ahead_nights'), 400), coalesce(max(s.value) filter (where s.name = 'longest_nights'), 60)
      into stays_per_phone, stays_per_device, stays_per_address, request_minutes, book_ahead_nights, longest_nights
      from data.setting s where s.village = base.village();
end $$;
