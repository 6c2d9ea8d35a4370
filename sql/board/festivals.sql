-- Festivals and days off ahead, in the order they come, each run of days off as one.
create or replace function board.festivals(village sure.int) returns table (
    name_zh sure.text, name_en sure.text, first_day sure.date, last_day sure.date, day_off sure.boolean)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    today date;
begin
    perform board.enter($1);
    today := clock.today($1);
    return query
        with run as (   -- neighbouring days of one name share day - row number
            select h.name_zh, h.name_en, h.kind, h.day, h.day - (row_number() over (partition by h.kind, h.name_zh order by h.day))::int as start
              from holiday h where h.kind <> 'workday' and h.day >= today and h.day < today + (select x.book_ahead_nights::int from village.settings() x)
        ), span as (
            select min(r.name_zh) as name_zh, min(r.name_en) as name_en, r.kind, min(r.day) as first_day, max(r.day) as last_day
              from run r group by r.kind, r.name_zh, r.start
        )
        select s.name_zh::sure.text, s.name_en::sure.text, s.first_day::sure.date, s.last_day::sure.date, (s.kind = 'holiday')::sure.boolean
          from span s
         -- a festival that is a day off is said once, as the days off
         where s.kind = 'holiday' or not exists (select from span x where x.kind = 'holiday' and s.first_day between x.first_day and x.last_day)
         order by s.first_day;
end $$;
