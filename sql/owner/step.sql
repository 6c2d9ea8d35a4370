-- A stay goes one step on by the house or the association: accept, decline, drop, check_in, no_show, check_out. reason: a word of
-- booking.reasons() for decline and drop, which the guest reads. What may follow what says booking.step.
--   check_in   from the night of arrival to the last night: booking.not_yet, booking.is_over
--   no_show    once check-in has ended on the day of arrival and the guest's own time has passed; costs what the cut-offs then say
--   check_out  from midnight of the day of leaving on; who leaves earlier changes the stay first (booking.leave_early_first)
--   drop       the association's word (保价保住): nothing is owed, not even for earlier changes
create or replace function owner.step(code sure.text, event sure.text, reason text) returns table (state sure.text, balance_fen sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    f     record := owner.find(step.code);
    s     stay := f.s;
    h     house;
    t     timestamptz := clock.now();
    today date := clock.today(s.village);
    to_state text;
begin
    if step.event <> all ('{accept,decline,drop,check_in,no_show,check_out}') then
        perform base.refuse('booking.cannot_step', 409);
    end if;
    to_state := booking.step(step.event, booking.state(s.state, s.until), f.actor);
    select x.* into h from house x where x.village = s.village and x.house = s.house;
    if step.event in ('decline', 'drop') and (step.reason is null or step.reason <> all (booking.reasons(step.event))) then
        perform base.refuse('booking.no_reason');
    end if;
    case step.event
        when 'accept' then
            update stay x set state = to_state, until = 'infinity' where x.village = s.village and x.stay = s.stay;
            perform from night n where n.village = s.village and n.stay = s.stay order by n.room, n.night for update;
            update night n set until = 'infinity' where n.village = s.village and n.stay = s.stay and n.until > t;
            update deadline d set done = t where d.village = s.village and d.subject = s.stay and d.done is null;
            perform booking.vouch(s.stay);
        when 'decline' then
            s := booking.finish(s, to_state, '-infinity', 'decline', 0, step.reason);
        when 'drop' then
            perform booking.uncharge(s.stay, '{drop}', 'drop_house');
            s := booking.finish(s, to_state, '-infinity', 'drop_house', 0, step.reason);
        when 'no_show' then
            if t < clock.at(s.arrive, greatest(h.check_in_to, coalesce(s.arrival, 0))) then
                perform base.refuse('booking.not_yet', 409);
            end if;
            s := booking.finish(s, to_state, '-infinity', 'no_show', booking.owed(s));
        when 'check_in' then
            if today < s.arrive then
                perform base.refuse('booking.not_yet', 409);
            elsif today >= s.leave then
                perform base.refuse('booking.is_over', 409);
            end if;
            update stay x set state = to_state where x.village = s.village and x.stay = s.stay;
            perform booking.vouch(s.stay);
        when 'check_out' then
            if t < clock.at(s.leave, 0) then
                perform base.refuse('booking.leave_early_first', 409);
            end if;
            update stay x set state = to_state, ended = t where x.village = s.village and x.stay = s.stay;
    end case;
    perform base.record('booking.' || step.event, s.booking, jsonb_build_object('stay', s.stay, 'reason', step.reason), booking.on_behalf(s.house, f.actor));
    return query select x.state::sure.text, booking.balance(s.village, s.stay)::sure.bigint from stay x where x.village = s.village and x.stay = s.stay;
end $$;
