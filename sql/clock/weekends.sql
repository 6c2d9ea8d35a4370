-- Which of these nights are weekend nights, ones before a day off: one answer a night. Holidays and make-up working days (调休)
-- decide before the weekday does; a festival alone is no day off. Most stays are near none, and then weekdays are enough.
create or replace function clock.weekends(from_night date, nights int) returns boolean[]
language plpgsql stable as $$
declare
    weekend boolean[];
    h       record;
begin
    for i in 1 .. weekends.nights loop
        weekend[i] := extract(isodow from weekends.from_night + i) >= 6;
    end loop;
    for h in select x.day, bool_or(x.kind = 'holiday') as off from data.holiday x
              where x.day > weekends.from_night and x.day <= weekends.from_night + weekends.nights and x.kind <> 'festival' group by x.day loop
        weekend[h.day - weekends.from_night] := h.off;
    end loop;
    return weekend;
end $$;
