-- The system closes a stay nobody checked out: at 06:00 of the day after leaving. It took place as far as anybody knows. Called again it
-- finds nothing to do.
create or replace function booking.close(stay bigint) returns void
language plpgsql set search_path = data, pg_temp as $$
declare
    s stay;
begin
    update stay x set state = 'checked_out', ended = clock.now()
     where x.village = base.village() and x.stay = close.stay and x.state in ('confirmed', 'checked_in') and clock.at(x.leave, 1800) <= clock.now()
    returning x.* into s;
    if s.stay is not null then
        perform base.record('booking.close', s.booking, jsonb_build_object('stay', s.stay));
    end if;
end $$;
