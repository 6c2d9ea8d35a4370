-- The house gives money back.
begin;
\ir ../setup.sql
select plan(9);

select book(111, '2027-03-10', 2) as code \gset
select visit('one.test', 'owner_11');
select refused(format('select owner.give_back(%L, 1, ''cash'')', :'code'), 'booking.refund_too_much', '409', 'nothing is to be given back');
select owner.take(:'code', 40000, 'cash');
select visit();
select booking.cancel(:'code', hash('manage 13900000001'), '0001', 0);
select visit('one.test', 'owner_11');
select refused(format('select owner.give_back(%L, 40001, ''cash'')', :'code'), 'booking.refund_too_much', '409');
select is(detail(format('select owner.give_back(%L, 40001, ''cash'')', :'code')), '{"most_fen": 40000}', 'how much at most');
select refused(format('select owner.give_back(%L, 1, ''gold'')', :'code'), 'booking.no_method');
select is((select g.state || ' ' || g.balance_fen from owner.give_back(:'code', 15000, 'wechat') g), 'cancelled_guest -25000', 'part of it, at once');
select is((select g.balance_fen || ' ' || (g.transfer is not null) from owner.give_back(:'code', 25000, 'transfer') g), '-25000 true', 'a transfer waits for the guest');
select refused(format('select owner.give_back(%L, 25001, ''transfer'')', :'code'), 'booking.refund_too_much', '409', 'also by transfer');
select is((select string_agg(kind || ' ' || what || ' ' || amount_fen, ', ' order by entry) from data.ledger where kind = 'refund'), 'refund wechat 15000', 'what counts');
select visit('one.test', 'owner_12');
select refused(format('select owner.give_back(%L, 1, ''cash'')', :'code'), 'booking.no_stay', '404', 'another house');

select finish();
rollback;
