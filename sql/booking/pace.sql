-- Stops one hand from emptying the village: open stays per phone and device first, per address last, since thousands of phones
-- share one carrier address. The limits are settings of the village; 0 is no limit. Open is a stay with nights still to come; one
-- that ran out or is over is not, also while nobody has written that down.
create or replace function booking.pace(phone text, device bytea, address bytea) returns void
language plpgsql stable as $$
declare
    v            int := base.village();
    t            timestamptz := clock.now();
    today        date := clock.today(v);
    most_phone   bigint := village.setting('stays_per_phone');
    most_device  bigint := case when pace.device is null then 0 else village.setting('stays_per_device') end;
    most_address bigint := case when pace.address is null then 0 else village.setting('stays_per_address') end;
begin
    -- Counting stops at the limit, so a wide one costs no more than a narrow one that was never reached.
    if most_phone > 0 and (select count(*) from (select from data.stay s where s.village = v and s.phone = pace.phone and s.ended is null
                                                    and s.until > t and s.leave > today limit most_phone) x) >= most_phone then
        perform base.refuse('booking.phone_limit', 429);
    elsif most_device > 0 and (select count(*) from (select from data.stay s where s.village = v and s.device = pace.device and s.ended is null
                                                        and s.until > t and s.leave > today limit most_device) x) >= most_device then
        perform base.refuse('booking.device_limit', 429);
    elsif most_address > 0 and (select count(*) from (select from data.stay s where s.village = v and s.address = pace.address and s.ended is null
                                                         and s.until > t and s.leave > today limit most_address) x) >= most_address then
        perform base.refuse('booking.address_limit', 429);
    end if;
end $$;
