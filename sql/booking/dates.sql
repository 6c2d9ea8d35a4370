-- Refuses dates nobody can book.
create or replace function booking.dates(arrive date, leave date) returns void
language plpgsql stable as $$
declare
    why text := booking.wrong_dates(arrive, leave);
begin
    if why is not null then
        perform base.refuse(why);
    end if;
end $$;
