-- The guest leaves the queue. Once nights are offered they say so on the stay's page (booking.cancel). Twice is like once.
create or replace function booking.wait_no_more(code sure.text, secret sure.bytea) returns table (state sure.text)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    w waiting := booking.find_waiting(wait_no_more.code, wait_no_more.secret);
begin
    update waiting x set state = 'left', ended = clock.now() where x.village = w.village and x.waiting = w.waiting and x.state = 'waiting' returning x.* into w;
    if w.waiting is not null then
        perform base.record('booking.wait_no_more', w.waiting, '{}');
    end if;
    return query select x.state::sure.text from waiting x where x.village = base.village() and x.code = upper(wait_no_more.code);
end $$;
