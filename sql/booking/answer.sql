-- A booking as booking.book answers it, the first time and every time the same key is sent again.
create or replace function booking.answer(booking bigint)
returns table (code sure.text, state sure.text, until timestamptz, total_fen sure.bigint, nights booking.night[], cancel booking.cut[])
language sql stable as $$
    select b.code, booking.state(s.state, s.until), nullif(s.until, 'infinity'), s.total_fen::bigint,
           booking.night_list(s.village, s.stay), booking.cut_list(s.cuts, s.total_fen)
      from data.booking b join data.stay s using (village, booking)
     where b.village = base.village() and b.booking = answer.booking
$$;
