-- Stops one hand from emptying the village: open stays per phone and device first, per address last, since thousands of phones
-- share one carrier address. The limits are settings of the village.
create or replace function booking.pace(phone text, device bytea, address bytea) returns void
language plpgsql stable as $$
declare
    v int := base.village();
begin
    if (select count(*) from data.stay s where s.village = v and s.phone = pace.phone and s.ended is null) >= village.setting('stays_per_phone') then
        perform base.refuse('booking.phone_limit', 429);
    elsif pace.device is not null
      and (select count(*) from data.stay s where s.village = v and s.device = pace.device and s.ended is null) >= village.setting('stays_per_device') then
        perform base.refuse('booking.device_limit', 429);
    elsif pace.address is not null
      and (select count(*) from data.stay s where s.village = v and s.address = pace.address and s.ended is null) >= village.setting('stays_per_address') then
        perform base.refuse('booking.address_limit', 429);
    end if;
end $$;
