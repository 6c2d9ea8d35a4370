-- Why nobody can book these dates, as a text key, or null: backwards, before tonight, too long, too far ahead.
create or replace function booking.wrong_dates(arrive date, leave date) returns text
language sql stable as $$
    select case
        when wrong_dates.leave <= wrong_dates.arrive then 'booking.leave_first'
        when wrong_dates.arrive < clock.today(base.village()) then 'booking.past'
        when wrong_dates.leave - wrong_dates.arrive > village.setting('longest_nights') then 'booking.too_long'
        when wrong_dates.leave > clock.today(base.village()) + village.setting('book_ahead_nights')::int then 'booking.too_far'
    end
$$;
