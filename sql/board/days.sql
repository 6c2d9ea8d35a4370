-- The days of the window: the festival's name, if it is one, and whether people are off. The day before the first counts, too, since a
-- board is kept until it is read anew.
create or replace function board.days(village sure.int) returns table (day sure.date, festival_zh text, festival_en text, day_off sure.boolean)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    perform board.enter($1);
    return query
        select d.day::sure.date, f.name_zh, f.name_en,
               coalesce((select bool_or(h.kind = 'holiday') from holiday h where h.day = d.day and h.kind <> 'festival'),
                        extract(isodow from d.day) >= 6)::sure.boolean
          from (select clock.today($1) + i as day from generate_series(0, board.window() - 1) i) d
          left join lateral (select h.name_zh, h.name_en from holiday h where h.day = d.day and h.kind <> 'workday' order by h.kind limit 1) f on true
         order by d.day;
end $$;
