-- From here on it is about this village. What the board asks is the same for every visitor and says nothing about guests.
create or replace function board.enter(village int) returns void
language sql volatile as $$
    select set_config('visit.village', enter.village::text, true)
$$;
