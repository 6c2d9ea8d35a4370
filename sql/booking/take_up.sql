-- The guest takes up what was held for them from the queue: confirmed at once, or requested where the house decides. Twice is like once.
create or replace function booking.take_up(code sure.text, secret sure.bytea) returns table (state sure.text, until timestamptz)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    s     stay := (booking.manage(take_up.code, take_up.secret)).s;
    t     timestamptz := clock.now();
    to_state text;
    ends  timestamptz := 'infinity';
begin
    if not (s.state in ('confirmed', 'requested') and exists (select from waiting w where w.village = s.village and w.booking = s.booking)) then
        to_state := booking.step('take_up', booking.state(s.state, s.until), 'guest');
        if (select h.by_request from house h where h.village = s.village and h.house = s.house) then
            to_state := 'requested';
            ends := t + (village.settings()).request_minutes * interval '1 minute';
        end if;
        perform from night n where n.village = s.village and n.stay = s.stay order by n.room, n.night for update;
        update night n set until = ends where n.village = s.village and n.stay = s.stay and n.until > t;
        update deadline d set done = t where d.village = s.village and d.subject = s.stay and d.done is null;
        if to_state = 'requested' then
            insert into deadline (village, subject, act, at) values (s.village, s.stay, 'booking.lapse', ends)
            on conflict (village, subject, act, at) do update set done = null;
        end if;
        update stay x set state = to_state, until = ends where x.village = s.village and x.stay = s.stay returning x.* into s;
        update waiting w set state = 'taken', ended = t where w.village = s.village and w.booking = s.booking;
        perform base.record('booking.take_up', s.booking, jsonb_build_object('stay', s.stay));
    end if;
    return query select booking.state(s.state, s.until)::sure.text, nullif(s.until, 'infinity');
end $$;
