-- Cells as pages send them, "room.2026-12-03", as rooms and nights side by side, each once, in the order of (room, night).
create or replace function owner.cells(cells text[], out rooms bigint[], out nights date[])
language plpgsql stable as $$
begin
    if coalesce(cardinality(cells), 0) = 0 then
        perform base.refuse('owner.none_chosen');
    end if;
    select array_agg(x.room order by x.room, x.night), array_agg(x.night order by x.room, x.night) into rooms, nights
      from (select distinct split_part(c, '.', 1)::bigint as room, split_part(c, '.', 2)::date as night from unnest(cells) c) x;
end $$;
