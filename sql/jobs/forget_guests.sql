-- Forgets guests on schedule: whose last stay is over for settings.keep_guest_days (0: at once), in every village, at most 200 in a call;
-- says how many. Where money is open nobody is forgotten; that comes up again every time. Places in a queue that are over for as long go as a whole.
create or replace function jobs.forget_guests() returns int
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    gone int := 0;
    n    int;
    v    int;
    b    booking;
    days int;
begin
    perform set_config('visit.actor', 'system', true), set_config('visit.person', '', true);
    for v in select * from jobs.villages() loop
        perform set_config('visit.village', v::text, true);
        days := (village.settings()).keep_guest_days;
        for b in select x.* from booking x
                  where x.village = v and x.erased is null
                    and not exists (select from stay s where s.village = v and s.booking = x.booking
                                       and (s.leave + days >= clock.today(v) or booking.state(s.state, s.until) in ('held', 'requested', 'confirmed', 'checked_in') or booking.balance(v, s.stay) <> 0
                                            or exists (select from transfer y where y.village = v and y.stay = s.stay and y.state = 'said')))
                  order by x.made limit 200 for update skip locked loop
            perform booking.forget(b);
            gone := gone + 1;
        end loop;
        delete from waiting w where w.village = v and w.booking is null and w.leave + days < clock.today(v);
        get diagnostics n = row_count;
        gone := gone + n;
    end loop;
    return gone;
end $$;
