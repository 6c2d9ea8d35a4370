-- The cut-offs of a stay that was changed: percentages stay, what each costs is reckoned on the new total. A step that has passed stays
-- passed; the others move with the arrival (product.md). No summer time in the village, so a day is 24 hours.
create or replace function booking.cuts_moved(cuts data.cut_off[], by_days int, total_fen bigint) returns data.cut_off[]
language sql stable as $$
    select array_agg(row(case when c.until <= clock.now() then c.until else c.until + by_days * interval '24 hours' end,
                         booking.percent_of(total_fen, c.percent), c.percent)::data.cut_off order by c.step)
      from unnest(cuts) with ordinality c (until, owed_fen, percent, step)
$$;
