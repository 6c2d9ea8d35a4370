-- Why the last four digits given do not open what hurts, as a text key, or null. They keep a forwarded link from harm. A wrong try is
-- remembered (five in an hour, then wait), so the caller answers it as a row: a refusal would undo the remembering.
create or replace function booking.last_four(b data.booking, digits text) returns text
language plpgsql as $$
declare
    t timestamptz := clock.now();
begin
    if b.wrong_tries >= 5 and b.tried > t - interval '1 hour' then
        return 'booking.last4_wait';
    elsif right(b.guest_phone, 4) is distinct from digits then
        update data.booking x set tried = t, wrong_tries = case when x.tried > t - interval '1 hour' then x.wrong_tries + 1 else 1 end
         where x.village = b.village and x.booking = b.booking;
        return 'booking.last4_wrong';
    end if;
    return null;
end $$;
