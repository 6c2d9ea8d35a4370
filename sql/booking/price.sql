-- What each night of each room costs this party, in fen: the one place where prices are resolved. Free or taken does not matter here.
--
-- night: the most specific rule (booking.rate); a night without a rule is left out, and booking.limits refuses it.
-- guests: base_guests places are in the price. Adults fill them first, then children, the dearest band first; who is left
--   pays extra: an adult extra_adult_fen, a child its band. A child older than every band is an adult.
-- ladder: a percentage is taken once, on the stay's total, half up; nights get their parts by largest remainder (the earlier night
--   first), so they add up.
-- each: the rooms are looked at side by side, each as a stay of its own (a list), instead of together as one stay a house.
--
-- A loop and not one big statement: most parties have no children and most houses no ladder, and then neither is asked for.
create or replace function booking.price(rooms bigint[], arrive date, leave date, adults int, children int[], each boolean default false)
returns table (room bigint, night date, price_fen bigint, rule text)
language plpgsql stable as $$
#variable_conflict use_column
declare
    v       int := base.village();
    r       record;
    grown   int;
    bands   bigint[];          -- what each child would pay, dearest first
    extra   bigint;
    fens    bigint[];
    rules   text[];
    nights  date[];
    stay    bigint[] := '{}';  -- the stay gathered so far: rooms, nights, prices, rules side by side
    days    date[]   := '{}';
    sums    bigint[] := '{}';
    kinds   text[]   := '{}';
    house   bigint;
begin
    for r in select x.room, x.house, x.base_guests, x.extra_adult_fen::bigint as extra_adult_fen
               from data.room x where x.village = v and x.room = any (price.rooms) order by x.house, x.room loop
        if stay <> '{}' and (price.each or r.house <> house) then
            return query select * from booking.ladder(house, price.leave - price.arrive, stay, days, sums, kinds);
            stay := '{}'; days := '{}'; sums := '{}'; kinds := '{}';
        end if;
        house := r.house;
        grown := price.adults;
        extra := 0;
        if cardinality(price.children) > 0 then
            select array_agg(b.fen order by b.fen desc) filter (where b.fen is not null), grown + count(*) filter (where b.fen is null)
              into bands, grown
              from unnest(price.children) k (age)
              left join lateral (select c.fen::bigint from data.child_band c
                                  where c.village = v and c.house = r.house and k.age < c.under_age order by c.under_age limit 1) b on true;
            extra := coalesce((select sum(b.fen) from unnest(bands[greatest(r.base_guests - grown, 0) + 1:]) b (fen)), 0);
        end if;
        extra := extra + greatest(grown - r.base_guests, 0) * r.extra_adult_fen;
        select array_agg(price.arrive + i order by i), array_agg(t.price_fen + extra order by i), array_agg(t.kind order by i)
          into nights, fens, rules
          from generate_series(0, price.leave - price.arrive - 1) i, lateral booking.rate(v, r.room, price.arrive + i) t;
        stay  := stay || array_fill(r.room, array[coalesce(cardinality(nights), 0)]);
        days  := days || nights;
        sums  := sums || fens;
        kinds := kinds || rules;
    end loop;
    if stay <> '{}' then
        return query select * from booking.ladder(house, price.leave - price.arrive, stay, days, sums, kinds);
    end if;
end $$;
