-- The guest wants to be forgotten (booking.forget). Needs the last four digits; a wrong one is answered by refused.
create or replace function booking.erase(code sure.text, secret sure.bytea, phone_last4 sure.text) returns table (refused text)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    m   record := booking.manage(erase.code, erase.secret);
    why text := booking.last_four(m.b, erase.phone_last4);
begin
    if why is null then
        perform booking.forget(m.b);
    end if;
    return query select why;
end $$;
