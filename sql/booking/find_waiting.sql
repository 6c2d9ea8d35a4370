-- The place in the queue a link opens, or 404.
create or replace function booking.find_waiting(code text, secret bytea) returns data.waiting
language plpgsql stable as $$
declare
    w data.waiting;
begin
    select x.* into w from data.waiting x where x.village = base.village() and x.code = upper(find_waiting.code) and x.manage = find_waiting.secret;
    if w.waiting is null then
        perform base.refuse('booking.no_waiting', 404);
    end if;
    return w;
end $$;
