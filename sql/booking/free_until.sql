-- Until when cancelling costs nothing, or null when that has passed or never was.
create or replace function booking.free_until(cuts data.cut_off[]) returns timestamptz
language sql stable as $$
    select max(c.until) from unnest(cuts) c where c.owed_fen = 0 and c.until > clock.now() and c.until <> 'infinity'
$$;
