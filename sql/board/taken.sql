-- The nights of these houses' rooms that somebody has, and until when; infinity: for good.
create or replace function board.taken(village sure.int, houses bigint[]) returns table (room sure.bigint, night sure.date, until sure.timestamptz)
language plpgsql security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    today date;
    t     timestamptz := clock.now();
begin
    perform board.enter($1);
    today := clock.today($1);
    return query
        select n.room::sure.bigint, n.night::sure.date, n.until::sure.timestamptz
          from room r join night n on n.village = $1 and n.room = r.room and n.night >= today and n.night < today + board.window() and n.until > t
         where r.village = $1 and r.house = any ($2);
end $$;
