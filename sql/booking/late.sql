-- The guest says when they will come: minute of the day of arrival, up to 06:00 of the next (1800). Until then nobody may call it a no-show.
create or replace function booking.late(code sure.text, secret sure.bytea, arrival sure.int) returns table (state sure.text)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    s stay := (booking.manage(late.code, late.secret)).s;
begin
    perform booking.set_arrival(s, 'guest', late.arrival);
    return query select booking.state(s.state, s.until)::sure.text;
end $$;
