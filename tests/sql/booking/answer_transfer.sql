-- What the guest may answer; the rest stands in owner/answer_transfer.sql.
begin;
\ir ../setup.sql
select plan(5);

select book(111, '2027-03-10', 2) as code \gset
select transfer from booking.paid(:'code', hash('manage 13900000001'), 10000, '') \gset own_
select is((select balance_fen::bigint from booking.answer_transfer(:'code', hash('manage 13900000001'), :own_transfer, false)), 40000::bigint, 'their own is withdrawn');
select is((select state from data.transfer), 'withdrawn', 'and stays on record');
select visit('one.test', 'owner_11');
select transfer from owner.take(:'code', 10000, 'transfer') \gset house_
select visit();
select is((select balance_fen::bigint from booking.answer_transfer(:'code', hash('manage 13900000001'), :house_transfer, false)), 40000::bigint, 'what the house says they may deny');
select is((select state from data.transfer where transfer = :house_transfer), 'denied', 'then it does not count');
select refused(format($$select booking.answer_transfer(%L, test.hash('show 13900000001'), %s, true)$$, :'code', :house_transfer), 'booking.no_stay', '404', 'the link that shows');

select finish();
rollback;
