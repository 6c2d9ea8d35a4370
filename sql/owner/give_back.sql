-- The house has given money back, as in owner.take; at most what is to be given back.
create or replace function owner.give_back(code sure.text, amount_fen sure.bigint, how sure.text) returns table (entry bigint, transfer bigint, state sure.text, balance_fen sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    f    record := owner.find(give_back.code);
    s    stay := f.s;
    most bigint := greatest(-booking.balance(s.village, s.stay), 0);
    number bigint;
    id     bigint;
begin
    if give_back.how = 'transfer' then
        id := booking.say_transfer(s, f.actor, 'refund', give_back.amount_fen, '');
    elsif give_back.how not in ('cash', 'wechat', 'alipay', 'card') then
        perform base.refuse('booking.no_method');
    elsif give_back.amount_fen > most then
        perform base.refuse('booking.refund_too_much', 409, jsonb_build_object('most_fen', most));
    else
        number := booking.pay(s, f.actor, 'refund', give_back.amount_fen, give_back.how);
    end if;
    return query select number, id, booking.state(s.state, s.until)::sure.text, booking.balance(s.village, s.stay)::sure.bigint;
end $$;
