-- The front page in figures: tonight, or from Friday once the week has come to Wednesday; how many houses have a room then for
-- two adults, and from how much a night.
create or replace function village.home() returns table (
    arrive sure.date, leave sure.date, houses sure.int, all_houses sure.int, from_fen bigint)
language plpgsql stable security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    today date := clock.today(base.village());
    day   date := today + case extract(isodow from today)::int when 3 then 2 when 4 then 1 else 0 end;
begin
    return query
        select day::sure.date, (day + 1)::sure.date, count(distinct o.house)::int::sure.int,
               (select count(*)::int from house h where h.village = base.village() and not h.paused)::sure.int, min(o.total_fen)
          from lodging.offers(null, day, day + 1, 2, '{}') o;
end $$;
