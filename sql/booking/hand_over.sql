-- Money goes over the counter, or is said to have been transferred: kind is payment or refund, how is cash, wechat, alipay or card, which count
-- at once, or transfer, which the other side confirms first. A payment is at most what is still to be paid (for an expired stay at most
-- its total: late money, booking.pay), a refund at most what is to be given back. entry or transfer is null, by how.
create or replace function booking.hand_over(s data.stay, actor text, kind text, amount_fen bigint, how text, out entry bigint, out transfer bigint)
language plpgsql as $$
declare
    owed bigint := booking.balance(s.village, s.stay);
    most bigint := greatest(case when kind = 'refund' then -owed when booking.state(s.state, s.until) = 'expired' then s.total_fen else owed end, 0);
begin
    if how = 'transfer' then
        transfer := booking.say_transfer(s, actor, kind, amount_fen, '');
    elsif how not in ('cash', 'wechat', 'alipay', 'card') then
        perform base.refuse('booking.no_method');
    elsif amount_fen > most and kind = 'refund' then
        perform base.refuse('booking.refund_too_much', 409, jsonb_build_object('most_fen', most));
    elsif amount_fen > most then
        perform base.refuse('booking.pay_too_much', 409, jsonb_build_object('most_fen', most));
    else
        entry := booking.pay(s, actor, kind, amount_fen, how);
    end if;
end $$;
