-- The booking and the stay a manage link opens, locked in this order, for whoever changes them. The link that shows does not do: 404.
create or replace function booking.manage(code text, secret bytea, out b data.booking, out s data.stay)
language plpgsql as $$
declare
    f record := booking.find(code, secret);
begin
    if f.may <> 'manage' then
        perform base.refuse('booking.no_stay', 404);
    end if;
    select x.* into b from data.booking x where x.village = (f.it).village and x.booking = (f.it).booking for update;
    select x.* into s from data.stay x where x.village = b.village and x.booking = b.booking for update;
end $$;
