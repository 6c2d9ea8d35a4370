-- What cancelling a stay costs and until when, as moments and fen: the house's steps for this arrival, on the stay's total.
-- Percent is taken on the total, half up. Steps that have passed stay in the list; booking.owed() reads it.
create or replace function booking.cuts(house bigint, arrive date, total_fen bigint) returns data.cut_off[]
language sql stable as $$
    select coalesce(array_agg(row(coalesce(clock.at(cuts.arrive - c.days_before, c.minute), 'infinity'),
                                  (cuts.total_fen * c.percent * 2 + 100) / 200)::data.cut_off order by c.step),
                    array[row('infinity', 0)::data.cut_off])
      from data.cut c where c.village = base.village() and c.house = cuts.house
$$;
