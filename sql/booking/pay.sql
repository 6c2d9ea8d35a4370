-- Money comes to count for a stay: an entry of the ledger. Money for a stay that had run out takes its nights again at the prices kept,
-- if arrival is not past and all of them are free; else it stands, and is on the list of what is to be given back (booking.balance below 0).
-- kind is payment or refund, what says how: cash wechat alipay card transfer. Returns the entry.
create or replace function booking.pay(s data.stay, actor text, kind text, amount_fen bigint, what text) returns bigint
language plpgsql as $$
declare
    number bigint;
    rooms  bigint[];
    nights date[];
begin
    perform booking.lapse(s.stay);     -- if it has run out and nobody has written that down
    insert into data.ledger (village, stay, kind, amount_fen, what, at, person)
    values (s.village, s.stay, pay.kind, pay.amount_fen, pay.what, clock.now(), account.me()) returning entry into number;
    if pay.kind = 'payment' then
        perform booking.vouch(s.stay);
    end if;
    if pay.kind = 'payment' and booking.state(s.state, s.until) = 'expired' and s.arrive >= clock.today(s.village) then
        select array_agg(r.room order by r.room, i), array_agg(r.from_night + i order by r.room, i) into rooms, nights
          from data.stay_room r, generate_series(0, r.to_night - r.from_night - 1) i where r.village = s.village and r.stay = s.stay;
        begin
            perform booking.take_nights(s.stay, rooms, nights, 'infinity', false);
            update data.stay x set state = booking.step('revive', 'expired', 'system'), until = 'infinity', ended = null
             where x.village = s.village and x.stay = s.stay;
            perform booking.charge(s.stay, 'stay', s.total_fen), base.record('booking.revive', s.booking, jsonb_build_object('stay', s.stay));
        exception when sqlstate 'HS409' then
            null;     -- somebody else has a night: the money stands
        end;
    end if;
    perform base.record('booking.' || pay.kind, s.booking, jsonb_build_object('stay', s.stay, 'amount_fen', pay.amount_fen, 'how', pay.what), booking.on_behalf(s.house, actor));
    return number;
end $$;
