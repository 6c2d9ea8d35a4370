-- One side says that money has gone from hand to hand; it counts when the other side says so too (booking.settle_transfer). The association says it for the
-- house. Returns its number.
create or replace function booking.say_transfer(s data.stay, actor text, kind text, amount_fen bigint, note text) returns bigint
language plpgsql as $$
declare
    id    bigint := base.new_id();
    state text := booking.state(s.state, s.until);
    most  bigint := case when kind = 'refund' then greatest(-booking.balance(s.village, s.stay), 0) else s.total_fen end;
begin
    if amount_fen > most then
        if kind = 'refund' then
            perform base.refuse('booking.refund_too_much', 409, jsonb_build_object('most_fen', most));
        end if;
        perform base.refuse('booking.pay_too_much', 409, jsonb_build_object('most_fen', most));
    elsif (select count(*) from data.transfer x where x.village = s.village and x.stay = s.stay and x.state = 'said') >= 5 then
        perform base.refuse('booking.transfers_open', 409);
    end if;
    insert into data.transfer (village, transfer, stay, kind, amount_fen, said_by, person, note, at)
    values (s.village, id, s.stay, say_transfer.kind, say_transfer.amount_fen, case actor when 'guest' then 'guest' else 'house' end, case when actor <> 'guest' then account.me() end, say_transfer.note, clock.now());
    perform base.record('booking.say_transfer', s.booking, jsonb_build_object('stay', s.stay, 'kind', say_transfer.kind, 'amount_fen', say_transfer.amount_fen), booking.on_behalf(s.house, actor));
    return id;
end $$;
