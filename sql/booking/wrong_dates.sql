-- Why nobody can book these dates, as a text key, or null: backwards, before tonight, too long, too far ahead.
create or replace function booking.wrong_dates(arrive date, leave date) returns text
language plpgsql stable as $$
declare
    today date := clock.today(base.village());
    s     record := village.settings();
    why   text;
begin
    why := case
        when wrong_dates.leave <= wrong_dates.arrive then 'booking.leave_first'
        when wrong_dates.arrive < today then 'booking.past'
        when wrong_dates.leave - wrong_dates.arrive > s.longest_nights then 'booking.too_long'
        when wrong_dates.leave > today + s.book_ahead_nights::int then 'booking.too_far'
    end;
    return why;
end $$;
