-- A device that has no link, but knows code and phone, gets a key of its own; the guest's link stays good. Wrong in either is answered alike.
-- Tries are counted by code (five, then one in five minutes) and by address (thirty, then one a minute), right ones too; who is too fast is
-- answered by refused, so that the count stands.
-- secret: hash of the key; by_code, by_address: keyed hashes.
create or replace function booking.look_up(code sure.text, phone sure.text, secret sure.bytea, by_code sure.bytea, by_address sure.bytea) returns table (found sure.boolean, refused text)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    b  booking;
    ok boolean := base.take(look_up.by_code, 5, 300) and base.take(look_up.by_address, 30, 60);
begin
    if not ok then
        return query select false::sure.boolean, 'booking.look_up_wait';
        return;
    end if;
    select x.* into b from booking x where x.village = base.village() and x.code = upper(look_up.code) and x.guest_phone = look_up.phone and x.erased is null;
    if b.booking is null then
        return query select false::sure.boolean, 'booking.look_up_wrong';
        return;
    end if;
    insert into booking_key values (b.village, look_up.secret, b.booking, clock.now());
    perform base.record('booking.look_up', b.booking, '{}');
    return query select true::sure.boolean, null::text;
end $$;
