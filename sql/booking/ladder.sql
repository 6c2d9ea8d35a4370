-- The nights of one stay after the house's long-stay percentage: taken once on the total, half up, and given back to the nights by
-- largest remainder. All arrays side by side, one element a night of a room.
create or replace function booking.ladder(house bigint, nights int, rooms bigint[], days date[], fens bigint[], rules text[])
returns table (room bigint, night date, price_fen bigint, rule text)
language plpgsql stable as $$
#variable_conflict use_column
declare
    percent int;
    total   bigint;
    kept    bigint;
begin
    if ladder.nights > 1 then
        select l.percent into percent from data.ladder l
         where l.village = base.village() and l.house = ladder.house and l.nights <= ladder.nights order by l.nights desc limit 1;
    end if;
    if percent is null then
        return query select * from unnest(ladder.rooms, ladder.days, ladder.fens, ladder.rules);
        return;
    end if;
    select sum(f) into total from unnest(ladder.fens) f;
    kept := (total * (100 - percent) * 2 + 100) / 200;
    return query
        with part as (
            select p.*, case when total = 0 then 0 else p.fen * kept / total end as low, case when total = 0 then 0 else p.fen * kept % total end as rest
              from unnest(ladder.rooms, ladder.days, ladder.fens, ladder.rules) p (room, night, fen, rule)
        ), ranked as (
            select *, row_number() over (order by rest desc, room, night) as place, kept - (sum(low) over ())::bigint as spare from part
        )
        select room, night, (low + (place <= spare)::int)::bigint, rule from ranked order by room, night;
end $$;
