-- For whom the person of this visit acts, as the record says it (协会代办): house:<id> when the association works for a house, else null.
create or replace function booking.on_behalf(house bigint) returns text
language plpgsql stable as $$
begin
    return case when account.me() is not null and booking.actor(house) = 'association' then 'house:' || house end;
end $$;
