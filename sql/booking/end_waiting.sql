-- What was offered from the queue was not taken up: the guest said no (left), or did not answer in time (passed). The place is gone.
create or replace function booking.end_waiting(booking bigint, state text) returns void
language plpgsql as $$
begin
    update data.waiting w set state = end_waiting.state, ended = clock.now()
     where w.village = base.village() and w.booking = end_waiting.booking and w.state = 'offered';
end $$;
