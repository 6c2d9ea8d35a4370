-- The guest cancels: the nights are free again at once, the charge is reversed, and what the cut-offs say is owed is charged.
-- phone_last4 keeps a forwarded link from hurting. A wrong one is remembered (five in an hour, then wait), so it is answered by
-- refused, not by a refusal that would undo the remembering. Cancelling twice is answered like once.
-- seen_owed_fen: what the page said it would cost; dearer now is refused with both.
create or replace function booking.cancel(code sure.text, secret sure.bytea, phone_last4 sure.text, seen_owed_fen bigint) returns table (
    state sure.text, refused text, owed_fen sure.bigint, refund_fen sure.bigint, balance_fen sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    f    record;
    b    booking;
    s    stay;
    t    timestamptz := clock.now();
    owed bigint;
    why  text;
begin
    f := booking.find(cancel.code, cancel.secret);
    if f.may <> 'manage' then
        perform base.refuse('booking.no_stay', 404);
    end if;
    select x.* into b from booking x where x.village = (f.it).village and x.booking = (f.it).booking for update;
    select x.* into s from stay x where x.village = b.village and x.booking = b.booking for update;

    if b.wrong_tries >= 5 and b.tried > t - interval '1 hour' then
        why := 'booking.last4_wait';
    elsif right(b.guest_phone, 4) <> cancel.phone_last4 then
        why := 'booking.last4_wrong';
        update booking x set tried = t, wrong_tries = case when x.tried > t - interval '1 hour' then x.wrong_tries + 1 else 1 end
         where x.village = b.village and x.booking = b.booking;
    end if;
    owed := booking.owed(s.cuts, t);
    if why is null and s.state <> 'cancelled_guest' then
        if booking.state(s.state, s.until) not in ('held', 'requested', 'confirmed') then
            perform base.refuse('booking.cannot_cancel', 409);
        elsif owed > cancel.seen_owed_fen then
            perform base.refuse('booking.owed_changed', 409, jsonb_build_object('seen_owed_fen', cancel.seen_owed_fen, 'owed_fen', owed));
        end if;
        update stay x set state = 'cancelled_guest', until = 'infinity', ended = t
         where x.village = s.village and x.stay = s.stay and x.state = s.state
        returning x.* into s;
        update night n set until = t where n.village = s.village and n.stay = s.stay and n.until > t;
        update deadline d set done = t where d.village = s.village and d.subject = s.stay and d.done is null;
        insert into ledger (village, stay, kind, amount_fen, reverses, what, at)
        select l.village, l.stay, l.kind, -l.amount_fen, l.entry, 'cancel', t
          from ledger l where l.village = s.village and l.stay = s.stay and l.kind = 'charge' and l.what = 'stay';
        if owed > 0 then
            insert into ledger (village, stay, kind, amount_fen, what, at) values (s.village, s.stay, 'charge', owed, 'cancel', t);
        end if;
        perform base.record('booking.cancel', b.booking, jsonb_build_object('stay', s.stay, 'owed_fen', owed));
    end if;
    if s.state = 'cancelled_guest' then
        select coalesce(sum(l.amount_fen), 0) into owed from ledger l
         where l.village = s.village and l.stay = s.stay and l.kind = 'charge';
    end if;
    return query select booking.state(s.state, s.until)::sure.text, why, owed::sure.bigint,
                        (s.total_fen - owed)::sure.bigint, booking.balance(s.village, s.stay)::sure.bigint;
end $$;
