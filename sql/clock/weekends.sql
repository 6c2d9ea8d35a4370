-- Which of these nights are weekend nights, ones before a day off: one answer a night. Holidays and make-up working days (调休)
-- decide before the weekday does; a festival alone is no day off.
create or replace function clock.weekends(from_night date, nights int) returns boolean[]
language plpgsql stable as $$
begin
    return (select array_agg(coalesce((select bool_or(h.kind = 'holiday') from data.holiday h where h.day = weekends.from_night + i + 1 and h.kind <> 'festival'),
                                      extract(isodow from weekends.from_night + i + 1) >= 6) order by i)
              from generate_series(0, weekends.nights - 1) i);
end $$;
