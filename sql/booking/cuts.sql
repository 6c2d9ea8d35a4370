-- What cancelling a stay costs and until when, as moments, fen and percent: the house's steps for this arrival, on the stay's total.
-- Percent is taken on the total, half up. Steps that have passed stay in the list; booking.cut_now() reads it. The list always ends
-- with a step for ever after: a house that filed none owes its dearest step then, a house without steps nothing.
create or replace function booking.cuts(house bigint, arrive date, total_fen bigint) returns data.cut_off[]
language plpgsql stable as $$
begin
    return (select coalesce(array_agg(row(coalesce(clock.at(cuts.arrive - c.days_before, c.minute), 'infinity'),
                                          booking.percent_of(cuts.total_fen, c.percent), c.percent)::data.cut_off order by c.step), '{}')
                   || case when bool_or(c.days_before is null) then '{}'
                           else array[row('infinity', booking.percent_of(cuts.total_fen, coalesce(max(c.percent), 0)), coalesce(max(c.percent), 0))::data.cut_off] end
              from data.cut c where c.village = base.village() and c.house = cuts.house);
end $$;
