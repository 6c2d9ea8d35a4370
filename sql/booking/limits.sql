-- Why a room cannot be booked for these nights by the house's own rules, as a text key, or null: a night without a price is not
-- sold either. One question asked by quote and booking; the board has its numbers night by night (board.rooms).
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
    -- Nearly every room has a base price for all nights; only without one each night is looked at.
    if why is null
       and not exists (select from data.rate t where t.village = base.village() and t.room = limits.room and t.kind = 'base'
                          and t.from_night <= limits.arrive and t.to_night >= limits.leave - 1)
       and array_position((select r.prices from booking.rates(base.village(), limits.room, limits.arrive,
                                                              clock.weekends(limits.arrive, limits.leave - limits.arrive)) r), null) is not null then
        why := 'booking.no_price';
    end if;
    return why;
end $$;
