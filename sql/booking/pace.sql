-- Stops one hand from emptying the village: open stays per phone and device first, per address last, since thousands of phones
-- share one carrier address. The limits are settings of the village; 0 is no limit. Open is a stay with nights still to come; one
-- that ran out or is over is not, also while nobody has written that down.
create or replace function booking.pace(phone text, device bytea, address bytea) returns void
language plpgsql stable as $$
declare
    v            int := base.village();
    t            timestamptz := clock.now();
    today        date := clock.today(v);
    s            record := village.settings();
    most_phone   bigint := s.stays_per_phone;
    most_device  bigint := case when pace.device is null then 0 else s.stays_per_device end;
    most_address bigint := case when pace.address is null then 0 else s.stays_per_address end;
begin
    -- Counting stops at the limit, so a wide one costs no more than a narrow one that was never reached.
    if most_phone > 0 and (select count(*) from (select from data.stay y where y.village = v and y.phone = pace.phone and y.ended is null
                                                    and y.until > t and y.leave > today limit most_phone) x) >= most_phone then
        perform base.refuse('booking.phone_limit', 429);
    elsif most_device > 0 and (select count(*) from (select from data.stay y where y.village = v and y.device = pace.device and y.ended is null
                                                        and y.until > t and y.leave > today limit most_device) x) >= most_device then
        perform base.refuse('booking.device_limit', 429);
    elsif most_address > 0 and (select count(*) from (select from data.stay y where y.village = v and y.address = pace.address and y.ended is null
                                                         and y.until > t and y.leave > today limit most_address) x) >= most_address then
        perform base.refuse('booking.address_limit', 429);
    end if;
end $$;
