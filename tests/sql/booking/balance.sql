-- Charges less payments plus refunds.
begin;
\ir ../setup.sql
select plan(6);

select book(112, '2027-03-04');
create function pg_temp.balance() returns bigint language sql as $$ select booking.balance(1, s.stay) from data.stay s $$;
select is(pg_temp.balance(), 15000::bigint, 'the charge');
insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, stay, 'payment', 15000, 'stay', clock.now() from data.stay;
select is(pg_temp.balance(), 0::bigint, 'paid');
insert into data.ledger (village, stay, kind, amount_fen, what, at, reverses) select 1, stay, 'payment', -15000, 'stay', clock.now(), entry from data.ledger where kind = 'payment';
select is(pg_temp.balance(), 15000::bigint, 'a reversed payment');
insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, stay, 'refund', 100, 'stay', clock.now() from data.stay;
select is(pg_temp.balance(), 15100::bigint, 'given back');
select is(booking.balance(1, 99), 0::bigint, 'no stay, nothing');
select throws_ok($$insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, stay, 'charge', -1, 'stay', clock.now() from data.stay$$, '23514', null, 'below zero only to reverse');

select finish();
rollback;
