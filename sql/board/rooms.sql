-- The rooms of these houses with every rule resolved to a number for each night of the window: price_fen for base_guests (-1 where the night
-- is not sold), rule (0 base, 1 weekend, 2 season, 3 named), the fewest and most nights of a stay that touches the night, and gate (1: one
-- may arrive, 2: one may leave). fewest, most and gate are empty where a room has no such rules.
create or replace function board.rooms(village sure.int, houses bigint[]) returns table (
    room sure.bigint, house sure.bigint, name_zh sure.text, name_en sure.text, about_zh sure.text, about_en sure.text, capacity sure.int,
    base_guests sure.int, extra_adult_fen sure.bigint, beds text[], area_m2 sure.int, floor sure.int, step_free sure.boolean, closed sure.boolean,
    price_fen int[], rule int[], fewest int[], most int[], gate int[])
language plpgsql security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    n       int := board.window();
    today   date;
    weekend boolean[];
    m       room;
    l       record;
    r       record;
    prices  int[];
    rules   int[];
begin
    perform board.enter($1);
    today := clock.today($1);
    weekend := clock.weekends(today, n);
    for m in select x.* from room x where x.village = $1 and x.house = any ($2) order by x.house, x.position, x.room loop
        r := booking.rates($1, m.room, null, today, weekend);
        select array_agg(coalesce(p, -1) order by i), array_agg(coalesce(array_position(array['base', 'weekend', 'season', 'named'], k) - 1, 0) order by i)
          into prices, rules from unnest(r.prices, r.kinds) with ordinality u (p, k, i);
        fewest := '{}'; most := '{}'; gate := '{}';
        for l in select greatest(x.from_night - today, 0) + 1 as first, least(x.to_night - today, n - 1) + 1 as last, x.min_nights, x.max_nights,
                        x.arrive_ok::int + 2 * x.leave_ok::int as gate
                   from stay_limit x where x.village = $1 and x.room = m.room and x.from_night < today + n and x.to_night >= today loop
            if fewest = '{}' then
                fewest := array_fill(1, array[n]); most := array_fill(400, array[n]); gate := array_fill(3, array[n]);
            end if;
            for i in l.first .. l.last loop
                fewest[i] := greatest(fewest[i], l.min_nights);
                most[i] := least(most[i], l.max_nights);
                gate[i] := gate[i] & l.gate;
            end loop;
        end loop;
        return query
            select m.room::sure.bigint, m.house::sure.bigint, m.name_zh::sure.text, m.name_en::sure.text, m.about_zh::sure.text, m.about_en::sure.text,
                   m.capacity::sure.int, m.base_guests::sure.int, m.extra_adult_fen::bigint::sure.bigint, m.beds, m.area_m2::sure.int, m.floor::sure.int,
                   m.step_free::sure.boolean, m.closed::sure.boolean, prices, rules, fewest, most, gate;
    end loop;
end $$;
