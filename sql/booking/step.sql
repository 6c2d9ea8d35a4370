-- What a stay becomes by an event, or a refusal by the step's own name: the whole state machine (README.md of this folder). state is the
-- one it is in now (booking.state); actor is guest, house, association or system.
create or replace function booking.step(event text, state text, actor text) returns text
language plpgsql stable as $$
declare
    to_state text;
begin
    select case when x.becomes = 'same' then step.state else x.becomes end into to_state
      from (values
        ('accept',    '{requested}'::text[],                   '{house,association}'::text[],       'confirmed'),
        ('decline',   '{requested}',                           '{house,association}',               'declined'),
        ('lapse',     '{expired}',                             '{system}',                          'expired'),      -- now it is; it was held or requested
        ('take_up',   '{held}',                                '{guest}',                           'confirmed'),
        ('cancel',    '{held,requested,confirmed}',            '{guest}',                           'cancelled_guest'),
        ('drop',      '{confirmed}',                           '{association}',                     'cancelled_owner'),
        ('change',    '{requested,confirmed,checked_in}',      '{guest,house,association}',         'same'),
        ('late',      '{requested,confirmed}',                 '{guest,house,association}',         'same'),
        ('check_in',  '{confirmed}',                           '{house,association}',               'checked_in'),
        ('no_show',   '{confirmed}',                           '{house,association}',               'no_show'),
        ('check_out', '{checked_in}',                          '{house,association}',               'checked_out'),
        ('close',     '{confirmed,checked_in}',                '{system}',                          'checked_out'),
        ('revive',    '{expired}',                             '{system}',                          'confirmed')
      ) x (event, states, actors, becomes)
     where x.event = step.event and step.state = any (x.states) and step.actor = any (x.actors);
    if to_state is not null then
        return to_state;
    end if;
    case step.event
        when 'accept'    then perform base.refuse('booking.cannot_accept', 409);
        when 'decline'   then perform base.refuse('booking.cannot_decline', 409);
        when 'take_up'   then perform base.refuse('booking.cannot_take_up', 409);
        when 'cancel'    then perform base.refuse('booking.cannot_cancel', 409);
        when 'drop'      then
            if step.actor = 'house' and step.state = 'confirmed' then
                perform base.refuse('booking.kept', 409);
            end if;
            perform base.refuse('booking.cannot_drop', 409);
        when 'change'    then perform base.refuse('booking.cannot_change', 409);
        when 'late'      then perform base.refuse('booking.cannot_late', 409);
        when 'check_in'  then perform base.refuse('booking.cannot_check_in', 409);
        when 'no_show'   then perform base.refuse('booking.cannot_no_show', 409);
        when 'check_out' then perform base.refuse('booking.cannot_check_out', 409);
        else perform base.refuse('booking.cannot_step', 409);     -- lapse, close, revive: nobody asks for them
    end case;
end $$;
