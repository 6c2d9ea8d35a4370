-- Day by day, for two adults: the lowest price of a free room in fen, or null when every room is taken, and how many are free. At
-- most 100 days.
create or replace function lodging.calendar(house sure.bigint, from_day sure.date, to_day sure.date) returns table (
    date sure.date, from_fen bigint, free_rooms sure.int, festival text, day_off sure.boolean)
language plpgsql stable security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    if calendar.to_day < calendar.from_day or calendar.to_day - calendar.from_day > 99 then
        perform base.refuse('lodging.calendar_range');
    elsif not exists (select from house h where h.village = base.village() and h.house = calendar.house) then
        perform base.refuse('lodging.no_house', 404);
    end if;
    return query
        with room_night as (
            select p.night, p.price_fen, not exists (select from night n where n.village = base.village() and n.room = p.room
                                                        and n.night = p.night and n.until > (select clock.now())) as free
              from (select array_agg(r.room) as rooms from room r join house h using (village, house)
                     where r.village = base.village() and r.house = calendar.house and not r.closed and not h.paused and r.capacity >= 2) r,
                   lateral lodging.nights(r.rooms, calendar.from_day, calendar.to_day) p
        )
        select d.day::date::sure.date, min(rn.price_fen) filter (where rn.free), count(*) filter (where rn.free)::int::sure.int,
               (select base.pick(h.name_zh, h.name_en) from holiday h where h.day = d.day::date and h.kind <> 'workday' order by h.kind limit 1),
               coalesce((select bool_or(h.kind = 'holiday') from holiday h where h.day = d.day::date and h.kind <> 'festival'),
                        extract(isodow from d.day) >= 6)::sure.boolean
          from generate_series(calendar.from_day, calendar.to_day, interval '1 day') d (day)
          left join room_night rn on rn.night = d.day::date
         group by d.day order by d.day;
end $$;
