-- Festivals and days off ahead, in the order they come, each run of days off as one; houses: how many have a room for two adults
-- on its first night.
create or replace function village.festivals() returns table (
    name sure.text, first_day sure.date, last_day sure.date, day_off sure.boolean, houses sure.int)
language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    today date := clock.today(base.village());
begin
    return query
        with run as (   -- neighbouring days of one name share day - row number
            select h.name_zh, h.name_en, h.kind, h.day, h.day - (row_number() over (partition by h.kind, h.name_zh order by h.day))::int as start
              from holiday h where h.kind <> 'workday' and h.day >= today and h.day < today + village.setting('book_ahead_nights')::int
        ), span as (
            select min(r.name_zh) as name_zh, min(r.name_en) as name_en, r.kind, min(r.day) as first_day, max(r.day) as last_day
              from run r group by r.kind, r.name_zh, r.start
        )
        select base.pick(s.name_zh, s.name_en)::sure.text, s.first_day::sure.date, s.last_day::sure.date, (s.kind = 'holiday')::sure.boolean,
               (select count(distinct o.house)::int from lodging.offers(null, s.first_day, s.first_day + 1, 2, '{}') o)::sure.int
          from span s
         -- a festival that is a day off is said once, as the days off
         where s.kind = 'holiday' or not exists (select from span x where x.kind = 'holiday' and s.first_day between x.first_day and x.last_day)
         order by s.first_day;
end $$;
