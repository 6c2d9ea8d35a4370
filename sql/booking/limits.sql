-- Why a room cannot be booked for these nights by the house's own rules, as a text key, or null. One question asked by quote, booking and
-- change; the board has its numbers night by night (board.rooms). Whether a night has a price at all is booking.price's to say.
create or replace function booking.limits(room bigint, arrive date, leave date) returns text
language plpgsql stable as $$
declare
    why text;
begin
    select case
        when bool_or(not l.arrive_ok and limits.arrive between l.from_night and l.to_night) then 'booking.closed_to_arrival'
        when bool_or(not l.leave_ok and limits.leave between l.from_night and l.to_night) then 'booking.closed_to_departure'
        when bool_or(limits.leave - limits.arrive < l.min_nights and l.from_night < limits.leave and l.to_night >= limits.arrive) then 'booking.min_nights'
        when bool_or(limits.leave - limits.arrive > l.max_nights and l.from_night < limits.leave and l.to_night >= limits.arrive) then 'booking.max_nights'
    end into why
    from data.stay_limit l where l.village = base.village() and l.room = limits.room
     and l.from_night <= limits.leave and l.to_night >= limits.arrive;
    return why;
end $$;
