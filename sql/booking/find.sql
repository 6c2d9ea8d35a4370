-- The booking a link opens: may = 'manage' or 'show' by the secret's hash. A wrong code or secret is not there (404). Devices that knew
-- code and phone have keys of their own (booking.look_up).
create or replace function booking.find(code text, secret bytea, out it data.booking, out may text)
language plpgsql stable as $$
begin
    select b.* into it from data.booking b where b.village = base.village() and b.code = upper(find.code);
    may := case secret when it.manage then 'manage' when it.show then 'show' end;
    if may is null and exists (select from data.booking_key k where k.village = it.village and k.secret = find.secret and k.booking = it.booking) then
        may := 'manage';
    elsif may is null then
        perform base.refuse('booking.no_stay', 404);
    end if;
end $$;
