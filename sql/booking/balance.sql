-- What is still to be paid for a stay: charges − payments + refunds, in fen. Below zero: to be given back. A stay that has run out owes
-- nothing for itself any more, whether or not somebody has written that down (booking.lapse).
create or replace function booking.balance(village int, stay bigint) returns bigint
language plpgsql stable as $$
begin
    return (select coalesce(sum(case l.kind when 'payment' then -l.amount_fen else l.amount_fen end), 0)::bigint
              from data.ledger l where l.village = balance.village and l.stay = balance.stay)
         - coalesce((select s.total_fen from data.stay s
                      where s.village = balance.village and s.stay = balance.stay and s.state in ('held', 'requested') and s.until <= clock.now()), 0);
end $$;
