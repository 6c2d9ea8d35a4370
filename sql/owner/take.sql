-- The house has taken money: how is cash, wechat, alipay or card, and counts at once; or transfer, which the guest confirms first. At most
-- what is still to be paid; for an expired stay at most its total (late money, booking.pay). entry or transfer is null, by how.
create or replace function owner.take(code sure.text, amount_fen sure.bigint, how sure.text) returns table (entry bigint, transfer bigint, state sure.text, balance_fen sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    f    record := owner.find(take.code);
    s    stay := f.s;
    most bigint := case when booking.state(s.state, s.until) = 'expired' then s.total_fen else booking.balance(s.village, s.stay) end;
    number bigint;
    id     bigint;
begin
    if take.how = 'transfer' then
        id := booking.say_transfer(s, f.actor, 'payment', take.amount_fen, '');
    elsif take.how not in ('cash', 'wechat', 'alipay', 'card') then
        perform base.refuse('booking.no_method');
    elsif take.amount_fen > most then
        perform base.refuse('booking.pay_too_much', 409, jsonb_build_object('most_fen', greatest(most, 0)));
    else
        number := booking.pay(s, f.actor, 'payment', take.amount_fen, take.how);
    end if;
    return query select number, id, booking.state(x.state, x.until)::sure.text, booking.balance(s.village, s.stay)::sure.bigint
                   from stay x where x.village = s.village and x.stay = s.stay;
end $$;
