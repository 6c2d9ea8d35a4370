-- What each night of a stay costs this party, in fen: rooms of one house, taken together. Free or taken does not matter here.
--
-- night: the most specific rule (booking.rates); a night without a rule is left out, and booking.limits refuses it.
-- guests: the base_guests places of all rooms are in the price. Adults fill them first, then children, the dearest band first. Who is
--   left pays extra: an adult the extra_adult_fen of a room with a place left, the cheapest first; a child its band, whatever the
--   room. A child older than every band is an adult. What is extra stands on the room whose place it takes.
-- ladder: a percentage is taken once, on the stay's total, half up; nights get their parts by largest remainder (the earlier night
--   first), so they add up.
-- What app/board/offer.c adds up must be this to the fen.
--
-- Loops and not one big statement: most parties have no children and most houses no ladder, and then neither is asked for.
create or replace function booking.price(rooms bigint[], arrive date, leave date, adults int, children int[])
returns table (room bigint, night date, price_fen bigint, rule text)
language plpgsql stable as $$
#variable_conflict use_column
declare
    v       int := base.village();
    weekend boolean[] := clock.weekends(price.arrive, price.leave - price.arrive);
    whose   bigint;              -- the house
    ids     bigint[];            -- the rooms, the one with the cheapest extra place first
    above   int[];               -- how many places each has above those in its price
    fens    bigint[];            -- what an adult pays there
    extra   bigint[] := '{}';    -- what each room's extra guests pay a night
    places  int;                 -- in the price
    grown   int := price.adults;
    bands   bigint[];            -- what each child would pay, dearest first
    fee     bigint;
    k       int;
    r       record;
    stay    bigint[] := '{}';    -- the stay: rooms, nights, prices, rules side by side
    days    date[]   := '{}';
    sums    bigint[] := '{}';
    kinds   text[]   := '{}';
begin
    select min(m.house), array_agg(m.room order by m.extra_adult_fen, m.room), array_agg(m.capacity - m.base_guests order by m.extra_adult_fen, m.room),
           array_agg(m.extra_adult_fen::bigint order by m.extra_adult_fen, m.room), sum(m.base_guests)
      into whose, ids, above, fens, places
      from data.room m where m.village = v and m.room = any (price.rooms);
    if cardinality(price.children) > 0 then
        select array_agg(b.fen order by b.fen desc) filter (where b.fen is not null), grown + count(*) filter (where b.fen is null)
          into bands, grown
          from unnest(price.children) a (age)
          left join lateral (select c.fen::bigint from data.child_band c
                              where c.village = v and c.house = whose and a.age < c.under_age order by c.under_age limit 1) b on true;
    end if;
    for i in 1 .. coalesce(cardinality(ids), 0) loop
        -- More than can sleep there are reckoned in the last room: what cannot be booked may still be asked for.
        k := greatest(case when i = cardinality(ids) then grown - places else least(grown - places, above[i]) end, 0);
        extra[i] := k * fens[i];
        above[i] := above[i] - k;
        places := places + k;
    end loop;
    foreach fee in array coalesce(bands[greatest(places - grown, 0) + 1:], '{}') loop
        k := 1;
        while k < cardinality(ids) and above[k] <= 0 loop
            k := k + 1;
        end loop;
        extra[k] := extra[k] + fee;
        above[k] := above[k] - 1;
    end loop;
    for i in 1 .. coalesce(cardinality(ids), 0) loop
        r := booking.rates(v, ids[i], price.arrive, weekend);
        for n in 1 .. cardinality(weekend) loop
            if r.prices[n] is not null then
                stay  := stay || ids[i];
                days  := days || price.arrive + n - 1;
                sums  := sums || r.prices[n] + extra[i];
                kinds := kinds || r.kinds[n];
            end if;
        end loop;
    end loop;
    if price.leave - price.arrive > 1 and exists (select from data.ladder l where l.village = v and l.house = whose and l.nights <= price.leave - price.arrive) then
        return query select * from booking.ladder(whose, price.leave - price.arrive, stay, days, sums, kinds);
    else
        return query select * from unnest(stay, days, sums, kinds);
    end if;
end $$;
