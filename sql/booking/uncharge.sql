-- Reverses the charges of a stay of these kinds that stand: each by an entry of its own. `why` is what the reversal is for.
create or replace function booking.uncharge(stay bigint, kinds text[], why text) returns void
language plpgsql as $$
begin
    insert into data.ledger (village, stay, kind, amount_fen, reverses, what, at, person)
    select l.village, l.stay, l.kind, -l.amount_fen, l.entry, why, clock.now(), account.me()
      from data.ledger l
     where l.village = base.village() and l.stay = uncharge.stay and l.kind = 'charge' and l.reverses is null and l.what = any (kinds)
       and not exists (select from data.ledger r where r.village = l.village and r.reverses = l.entry)
     order by l.entry;
end $$;
