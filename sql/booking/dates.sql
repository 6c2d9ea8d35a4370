-- Refuses dates nobody can book: backwards, before tonight, too long, too far ahead.
create or replace function booking.dates(arrive date, leave date) returns void
language plpgsql stable as $$
begin
    if leave <= arrive then
        perform base.refuse('booking.leave_first');
    elsif arrive < clock.today(base.village()) then
        perform base.refuse('booking.past');
    elsif leave - arrive > 60 then
        perform base.refuse('booking.too_long');
    elsif leave > clock.today(base.village()) + village.setting('book_ahead_nights')::int then
        perform base.refuse('booking.too_far');
    end if;
end $$;
