-- The state a stay is in now: what was held or requested and has run out is expired, whether or not a job has written it down.
create or replace function booking.state(state text, until timestamptz) returns text
language sql stable as $$
    select case when state.state in ('held', 'requested') and state.until <= clock.now() then 'expired' else state.state end
$$;
