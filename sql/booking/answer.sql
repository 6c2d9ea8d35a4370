-- A booking as booking.book answered it, for when the same key is sent again.
create or replace function booking.answer(booking bigint)
returns table (code sure.text, state sure.text, until timestamptz, total_fen sure.bigint, nights booking.night[], cancel booking.cut[])
language plpgsql stable as $$
#variable_conflict use_column
declare
    v int := base.village();
    s data.stay;
begin
    -- By its key, in a statement of its own: joined to the booking, a plan made while the table was small would read all of it.
    select x.* into s from data.stay x where x.village = v and x.booking = answer.booking;
    return query
        select b.code::sure.text, booking.state(s.state, s.until)::sure.text, nullif(s.until, 'infinity'), s.total_fen::bigint::sure.bigint,
               booking.night_list(v, s.stay), booking.cut_list(s.cuts, s.total_fen)
          from data.booking b where b.village = v and b.booking = answer.booking;
end $$;
