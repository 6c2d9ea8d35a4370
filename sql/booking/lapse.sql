-- Writes down that what was held or requested has run out. Its nights were free from that moment on anyway. Jobs and visits may
-- both do it; the second finds nothing to do.
create or replace function booking.lapse(stay bigint) returns void
language plpgsql set search_path = data, pg_temp as $$
declare
    s stay;
begin
    update stay x set state = 'expired', ended = x.until
     where x.village = base.village() and x.stay = lapse.stay and x.state in ('held', 'requested') and x.until <= clock.now()
    returning x.* into s;
    if s.stay is not null then
        perform booking.uncharge(s.stay, '{stay}', 'lapse'),
                booking.end_waiting(s.booking, 'passed'),
                base.record('booking.lapse', s.booking, jsonb_build_object('stay', s.stay));
    end if;
end $$;
