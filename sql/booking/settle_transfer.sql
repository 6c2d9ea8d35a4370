-- A transfer is confirmed or denied by the other side, or withdrawn by the side that said it: then nothing counts. side: guest, house, or
-- association, which may stand for either. Confirmed, it is money (booking.pay). Answered twice alike is answered like once.
create or replace function booking.settle_transfer(s data.stay, transfer bigint, side text, yes boolean) returns void
language plpgsql as $$
declare
    x    data.transfer;
    to_  text;
    made bigint;
begin
    select y.* into x from data.transfer y where y.village = s.village and y.stay = s.stay and y.transfer = settle_transfer.transfer for update;
    if x.transfer is null then
        perform base.refuse('booking.no_transfer', 404);
    elsif yes and side = x.said_by then
        perform base.refuse('booking.own_transfer', 409);
    end if;
    to_ := case when yes then 'confirmed' when side = x.said_by then 'withdrawn' else 'denied' end;
    if x.state = to_ then
        return;
    elsif x.state <> 'said' then
        perform base.refuse('booking.transfer_answered', 409);
    end if;
    if yes then
        made := booking.pay(s, side, x.kind, x.amount_fen, 'transfer');
    end if;
    update data.transfer y set state = to_, answered = clock.now(), entry = made where y.village = x.village and y.transfer = x.transfer;
    perform base.record('booking.settle_transfer', s.booking, jsonb_build_object('stay', s.stay, 'transfer', x.transfer, 'state', to_), booking.on_behalf(s.house, side));
end $$;
