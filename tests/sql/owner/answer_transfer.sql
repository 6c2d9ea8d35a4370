-- Transfers count when both sides say so.
begin;
\ir ../setup.sql
select plan(16);

create function pg_temp.answer(code text, transfer bigint, yes boolean) returns text language sql as $$ select a.state || ' ' || a.balance_fen from owner.answer_transfer(code, transfer, yes) a $$;
select book(111, '2027-03-10', 2) as code \gset
select transfer from booking.paid(:'code', hash('manage 13900000001'), 10000, 'by phone') \gset one_
select transfer from booking.paid(:'code', hash('manage 13900000001'), 700, '') \gset two_
select is(booking.balance(1, (select stay from data.stay)), 40000::bigint, 'what a guest says does not count yet');
select refused(format($$select booking.answer_transfer(%L, test.hash('manage 13900000001'), %s, true)$$, :'code', :one_transfer), 'booking.own_transfer', '409', 'nor can they confirm it themselves');
select visit('one.test', 'owner_11');
select is(pg_temp.answer(:'code', :one_transfer, true), 'confirmed 30000', 'the house confirms: it counts');
select is(pg_temp.answer(:'code', :one_transfer, true), 'confirmed 30000', 'twice is like once');
select refused(format('select owner.answer_transfer(%L, %s, false)', :'code', :one_transfer), 'booking.transfer_answered', '409');
select is(pg_temp.answer(:'code', :two_transfer, false), 'confirmed 30000', 'the house denies: it does not');
select is((select string_agg(state, ' ' order by amount_fen) from data.transfer), 'denied confirmed', 'both are on record');
select is((select l.what || ' ' || l.person from data.ledger l join data.transfer x on x.entry = l.entry), 'transfer 1001', 'the entry and the transfer know each other');
-- by the house, confirmed by the guest
select transfer from owner.take(:'code', 30000, 'transfer') \gset three_
select refused(format('select owner.answer_transfer(%L, %s, true)', :'code', :three_transfer), 'booking.own_transfer', '409', 'a house cannot confirm its own');
select visit();
select is((select balance_fen::bigint from booking.answer_transfer(:'code', hash('manage 13900000001'), :three_transfer, true)), 0::bigint, 'the guest can');
select refused(format($$select booking.answer_transfer(%L, test.hash('manage 13900000001'), 1, true)$$, :'code'), 'booking.no_transfer', '404');
-- a refund; the association may stand for either side
select booking.cancel(:'code', hash('manage 13900000001'), '0001', 0);
select visit('one.test', 'owner_11');
select transfer from owner.give_back(:'code', 40000, 'transfer') \gset four_
select is(pg_temp.answer(:'code', :four_transfer, false), 'cancelled_guest -40000', 'its own it may withdraw');
select is((select state from data.transfer where transfer = :four_transfer), 'withdrawn', 'which is no denial');
select transfer from owner.give_back(:'code', 40000, 'transfer') \gset five_
select visit('one.test', 'secretary');
select is(pg_temp.answer(:'code', :five_transfer, true), 'cancelled_guest 0', 'the association confirms for the guest');
-- strangers
select visit('one.test', 'owner_12');
select refused(format('select owner.answer_transfer(%L, %s, true)', :'code', :five_transfer), 'booking.no_stay', '404', 'another house');
select visit('one.test', 'owner_11');
select refused(format('select owner.answer_transfer(%L, 5, true)', :'code'), 'booking.no_transfer', '404', 'no such transfer');

select finish();
rollback;
