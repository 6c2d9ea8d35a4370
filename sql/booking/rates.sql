-- The price of each night of a room from from_night on, for base_guests, in fen, and the kind of rule that made it; null where no rule
-- covers a night. weekend says which nights are weekend nights (clock.weekends) and by its length how many are asked for. With a house
-- instead of a room: what the house as a whole costs (整院), null where it set nothing.
--
-- The most specific rule wins: named > season > weekend > base, then the shorter range, then the newer rule (product.md). They are laid
-- over each other in the opposite order. One place for quotes, bookings, lists and calendars.
create or replace function booking.rates(village int, room bigint, house bigint, from_night date, weekend boolean[], out prices bigint[], out kinds text[])
language plpgsql stable as $$
declare
    n int := cardinality(weekend);
    t record;
begin
    prices := array_fill(null::bigint, array[n]);
    kinds  := array_fill(null::text, array[n]);
    for t in select x.kind, x.price_fen, greatest(x.from_night - rates.from_night, 0) + 1 as first, least(x.to_night - rates.from_night, n - 1) + 1 as last
               from (select y.kind, y.price_fen, y.from_night, y.to_night, y.rate from data.rate y where y.village = rates.village and y.room = rates.room
                     union all
                     select y.kind, y.price_fen, y.from_night, y.to_night, y.rate from data.whole_rate y where y.village = rates.village and y.house = rates.house) x
              where x.from_night < rates.from_night + n and x.to_night >= rates.from_night
              order by array_position(array['base', 'weekend', 'season', 'named'], x.kind), x.to_night - x.from_night desc, x.rate loop
        for i in t.first .. t.last loop
            if t.kind <> 'weekend' or weekend[i] then
                prices[i] := t.price_fen;
                kinds[i] := t.kind;
            end if;
        end loop;
    end loop;
end $$;
