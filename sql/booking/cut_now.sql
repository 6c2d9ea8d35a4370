-- The step of the cut-offs in force at a moment: the first that has not passed.
create or replace function booking.cut_now(cuts data.cut_off[], at timestamptz) returns data.cut_off
language sql immutable as $$
    select row(c.until, c.owed_fen, c.percent)::data.cut_off from unnest(cuts) with ordinality c (until, owed_fen, percent, step) where cut_now.at < c.until order by c.step limit 1
$$;
