-- What each night of a stay costs this party, in fen, with the rule that made it, in the order of (room, night): rooms of one house, taken
-- together. Free or taken does not matter here. A night of a room without a rule is null: it is not sold.
--
-- rules: the most specific one (booking.rates). guests: booking.extra.
-- 整院: all rooms of a house that are open, when the house set a price for that night, cost this price; it is shared among the rooms by
--   their own prices (base.shares), so that every room's night has a price of its own, and the rule is 'whole'.
-- ladder: booking.ladder, on the whole stay.
-- What app/board/offer.c adds up must be this to the fen.
create or replace function booking.price(rooms bigint[], arrive date, leave date, adults int, children int[], out ids bigint[], out fens bigint[], out rules text[])
language plpgsql stable as $$
declare
    v       int := base.village();
    nights  int := leave - arrive;
    weekend boolean[] := clock.weekends(arrive, nights);
    e       record := booking.extra(rooms, adults, children);
    r       record;
    whole   record;
    part    bigint[];
begin
    ids := e.ids;
    fens := '{}';
    rules := '{}';
    for i in 1 .. coalesce(cardinality(ids), 0) loop
        r := booking.rates(v, ids[i], null, arrive, weekend);
        fens := fens || r.prices;
        rules := rules || r.kinds;
    end loop;
    if cardinality(ids) > 1 and exists (select from data.whole_rate w where w.village = v and w.house = e.house)
       and ids = array(select m.room from data.room m where m.village = v and m.house = e.house and not m.closed order by m.room) then
        whole := booking.rates(v, null, e.house, arrive, weekend);
        for n in 1 .. nights loop
            part := array(select fens[n + (i - 1) * nights] from generate_series(1, cardinality(ids)) i order by i);
            if whole.prices[n] is not null and array_position(part, null) is null then
                part := base.shares(whole.prices[n], part);
                for i in 1 .. cardinality(ids) loop
                    fens[n + (i - 1) * nights] := part[i];
                    rules[n + (i - 1) * nights] := 'whole';
                end loop;
            end if;
        end loop;
    end if;
    for i in 1 .. coalesce(cardinality(ids), 0) loop
        if e.fees[i] > 0 then
            for n in 1 + (i - 1) * nights .. i * nights loop
                fens[n] := fens[n] + e.fees[i];
            end loop;
        end if;
    end loop;
    if nights > 1 and array_position(fens, null) is null then
        fens := booking.ladder(e.house, nights, fens);
    end if;
end $$;
