-- What is still to be paid for a stay: charges − payments + refunds, in fen. Below zero: to be given back.
create or replace function booking.balance(village int, stay bigint) returns bigint
language plpgsql stable as $$
begin
    return (select coalesce(sum(case l.kind when 'payment' then -l.amount_fen else l.amount_fen end), 0)::bigint
              from data.ledger l where l.village = balance.village and l.stay = balance.stay);
end $$;
