-- Stops one hand from emptying the village, and answers whether the guest is known. Open stays are limited per phone and device first, per
-- address last, since thousands of phones share one carrier address. Open is a stay with nights still to come; one that ran out or is over
-- is not, also while nobody has written that down. Known is a phone somebody stands for (booking.vouch), now or for an earlier stay; all
-- others together may take a share of the rooms of each night in the village (booking.share_limit).
-- The limits are settings of the village; 0 is no limit.
create or replace function booking.pace(phone text, device bytea, address bytea, arrive date, leave date, rooms int) returns boolean
language plpgsql stable as $$
declare
    v            int := base.village();
    t            timestamptz := clock.now();
    today        date := clock.today(v);
    s            record := village.settings();
    most_device  bigint := case when pace.device is null then 0 else s.stays_per_device end;
    most_address bigint := case when pace.address is null then 0 else s.stays_per_address end;
    known        boolean;
    open         bigint;
    most         bigint;
begin
    select coalesce(bool_or(y.vouched is not null), false), count(*) filter (where y.ended is null and y.until > t and y.leave > today) into known, open
      from data.stay y where y.village = v and y.phone = pace.phone;
    -- Counting stops at the limit, so a wide one costs no more than a narrow one that was never reached.
    if s.stays_per_phone > 0 and open >= s.stays_per_phone then
        perform base.refuse('booking.phone_limit', 429);
    elsif most_device > 0 and (select count(*) from (select from data.stay y where y.village = v and y.device = pace.device and y.ended is null
                                                        and y.until > t and y.leave > today limit most_device) x) >= most_device then
        perform base.refuse('booking.device_limit', 429);
    elsif most_address > 0 and (select count(*) from (select from data.stay y where y.village = v and y.address = pace.address and y.ended is null
                                                         and y.until > t and y.leave > today limit most_address) x) >= most_address then
        perform base.refuse('booking.address_limit', 429);
    end if;
    if not known and s.unverified_share between 1 and 99 then
        -- A village of five rooms must not be closed to its second guest: the share is rounded up.
        most := ((select count(*) from data.room m where m.village = v and not m.closed) * s.unverified_share + 99) / 100;
        if exists (select from generate_series(0, pace.leave - pace.arrive - 1) i
                    where (select count(*) from data.night n where n.village = v and n.night = pace.arrive + i and n.unverified and n.until > t) + pace.rooms > most) then
            perform base.refuse('booking.share_limit', 429);
        end if;
    end if;
    return known;
end $$;
