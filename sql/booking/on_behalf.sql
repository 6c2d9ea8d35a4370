-- For whom an act is done, as the record says it (协会代办): house:<id> when the association works for a house, else null. actor: as whom
-- the act was let in (booking.actor), not who happens to be signed in: owners are guests elsewhere.
create or replace function booking.on_behalf(house bigint, actor text) returns text
language sql immutable as $$
    select case when actor = 'association' then 'house:' || house end
$$;
