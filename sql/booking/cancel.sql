-- The guest cancels: the nights are free again at once, the charge is reversed, and what the cut-offs say is owed is charged. What the
-- house has not yet accepted, and what is only held, costs nothing. Cancelling twice is answered like once.
-- phone_last4: booking.last_four; a wrong one is answered by refused.
-- seen_owed_fen: what the page said it would cost; dearer now is refused with both.
create or replace function booking.cancel(code sure.text, secret sure.bytea, phone_last4 sure.text, seen_owed_fen bigint) returns table (
    state sure.text, refused text, owed_fen sure.bigint, refund_fen sure.bigint, balance_fen sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    m    record := booking.manage(cancel.code, cancel.secret);
    s    stay := m.s;
    owed bigint := booking.owed(s);
    why  text := booking.last_four(m.b, cancel.phone_last4);
begin
    if why is null and s.state <> 'cancelled_guest' then
        perform booking.step('cancel', booking.state(s.state, s.until), 'guest');
        if owed > cancel.seen_owed_fen then
            perform base.refuse('booking.owed_changed', 409, jsonb_build_object('seen_owed_fen', cancel.seen_owed_fen, 'owed_fen', owed));
        end if;
        s := booking.finish(s, 'cancelled_guest', '-infinity', 'cancel', owed);
        perform base.record('booking.cancel', s.booking, jsonb_build_object('stay', s.stay, 'owed_fen', owed));
    end if;
    if s.state = 'cancelled_guest' then
        owed := (select coalesce(sum(l.amount_fen), 0) from ledger l where l.village = s.village and l.stay = s.stay and l.kind = 'charge' and l.what = 'cancel' and l.reverses is null);
    end if;
    return query select booking.state(s.state, s.until)::sure.text, why, owed::sure.bigint,
                        (s.total_fen - owed)::sure.bigint, booking.balance(s.village, s.stay)::sure.bigint;
end $$;
