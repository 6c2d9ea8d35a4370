-- The house has taken money (booking.hand_over).
create or replace function owner.take(code sure.text, amount_fen sure.bigint, how sure.text) returns table (entry bigint, transfer bigint, state sure.text, balance_fen sure.bigint)
language plpgsql rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    f    record := owner.find(take.code);
    s    stay := f.s;
    done record := booking.hand_over(s, f.actor, 'payment', take.amount_fen, take.how);
begin
    return query select done.entry, done.transfer, booking.state(x.state, x.until)::sure.text, booking.balance(s.village, s.stay)::sure.bigint
                   from stay x where x.village = s.village and x.stay = s.stay;
end $$;
