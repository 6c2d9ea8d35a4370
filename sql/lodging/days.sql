-- The calendar of a house page: two months of days from the first of a month, of this one when none is asked for. A month that
-- has passed or lies too far ahead is the nearest that may be asked for.
create or replace function lodging.days(house sure.bigint, from_day date) returns table (
    date sure.date, from_fen bigint, free_rooms sure.int, festival text, day_off sure.boolean, past sure.boolean)
language plpgsql stable security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    today date := clock.today(base.village());
    first date := greatest(date_trunc('month', coalesce(days.from_day, today)), date_trunc('month', today))::date;
begin
    first := least(first, date_trunc('month', today + village.setting('book_ahead_nights')::int - 62)::date);
    return query
        select c.date, case when c.date >= today then c.from_fen end, c.free_rooms, c.festival, c.day_off, (c.date < today)::sure.boolean
          from lodging.calendar($1, first, (first + interval '2 months' - interval '1 day')::date) c;
end $$;
