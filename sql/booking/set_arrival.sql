-- The time a guest means to come is another: booking.late and owner.late.
create or replace function booking.set_arrival(s data.stay, actor text, arrival int) returns void
language plpgsql as $$
begin
    perform booking.step('late', booking.state(s.state, s.until), actor);
    update data.stay x set arrival = set_arrival.arrival where x.village = s.village and x.stay = s.stay;
    perform base.record('booking.late', s.booking, jsonb_build_object('arrival', set_arrival.arrival), booking.on_behalf(s.house, actor));
end $$;
