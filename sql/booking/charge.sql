-- Charges a stay; nothing when there is nothing to charge, but for the stay itself, whose charge always stands.
create or replace function booking.charge(stay bigint, what text, fen bigint) returns void
language plpgsql as $$
begin
    if fen > 0 or what = 'stay' then
        insert into data.ledger (village, stay, kind, amount_fen, what, at, person)
        values (base.village(), charge.stay, 'charge', fen, charge.what, clock.now(), account.me());
    end if;
end $$;
