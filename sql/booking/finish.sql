-- A stay comes to an end that frees its nights: state, nights from from_night on, deadlines, the charge for the stay and, instead of it,
-- what is owed under the name of `what`. Returns the stay as it is then.
create or replace function booking.finish(s data.stay, state text, from_night date, what text, owed_fen bigint, reason text default null) returns data.stay
language plpgsql as $$
declare
    t timestamptz := clock.now();
begin
    update data.stay x set state = finish.state, until = 'infinity', ended = t, reason = finish.reason
     where x.village = s.village and x.stay = s.stay and x.state = s.state
    returning x.* into s;
    perform booking.give_nights(s.stay, from_night);
    update data.deadline d set done = t where d.village = s.village and d.subject = s.stay and d.done is null;
    perform booking.uncharge(s.stay, '{stay}', what), booking.charge(s.stay, what, owed_fen), booking.end_waiting(s.booking, 'left');
    return s;
end $$;
