-- The guest cancels.
begin;
\ir ../setup.sql
select plan(23);

create function pg_temp.cancel(code text, last4 text default '0001', seen bigint default null, word text default 'manage 13900000001') returns text language sql as $$
    select concat_ws(' ', c.state, c.refused, c.owed_fen, c.refund_fen, c.balance_fen) from booking.cancel(code, test.hash(word), last4, seen) c
$$;
-- for nothing
select book(111, '2027-03-10', 2) as code \gset
select is(pg_temp.cancel(:'code', seen => 0), 'cancelled_guest 0 40000 0', 'early: nothing is owed');
select is(pg_temp.cancel(:'code', seen => 0), 'cancelled_guest 0 40000 0', 'twice is answered like once');
select rows_are('select kind, amount_fen, what, reverses is not null from data.ledger order by entry', $$values ('charge', 40000, 'stay', false), ('charge', -40000, 'cancel', true)$$, 'the charge is reversed, once');
select is((select count(*)::int from data.event where act = 'booking.cancel'), 1, 'it is on record, once');
select is((select ended from data.stay), clock.now(), 'the stay has ended');
select ok(book(111, '2027-03-10', 2, phone => '13900000002') is not null, 'the nights are free at once');
-- for a part
select book(112, '2027-03-10', phone => '13900000003') as code \gset part_
select at('2027-03-07 18:00');
select refused(format('select booking.cancel(%L, test.hash(%L), %L, 0)', :'part_code', 'manage 13900000003', '0003'), 'booking.owed_changed', '409', 'dearer than seen');
select is(detail(format('select booking.cancel(%L, test.hash(%L), %L, 0)', :'part_code', 'manage 13900000003', '0003')), '{"owed_fen": 4500, "seen_owed_fen": 0}', 'both are said');
insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, stay, 'payment', 15000, 'stay', clock.now() from data.stay where phone = '13900000003';
select is(pg_temp.cancel(:'part_code', '0003', 4500, 'manage 13900000003'), 'cancelled_guest 4500 10500 -10500', '30 % are owed; what was paid above them is to be given back');
select at('2027-03-09 18:00');
select is(pg_temp.cancel(:'part_code', '0003', 4500, 'manage 13900000003'), 'cancelled_guest 4500 10500 -10500', 'twice, later, is answered like once');
-- the last four digits
select at('2027-03-02 10:00');
select book(112, '2027-03-12', phone => '13900000004') as code \gset four_
select is(pg_temp.cancel(:'four_code', '0000', 0, 'manage 13900000004'), 'confirmed booking.last4_wrong 0 15000 15000', 'wrong digits: nothing happens');
select is((select wrong_tries from data.booking where code = :'four_code'), 1, 'but it is remembered');
select count(pg_temp.cancel(:'four_code', '0000', 0, 'manage 13900000004')) from generate_series(1, 4);
select is(pg_temp.cancel(:'four_code', '0004', 0, 'manage 13900000004'), 'confirmed booking.last4_wait 0 15000 15000', 'after five even the right ones wait');
select at('2027-03-02 10:59:59');
select is(pg_temp.cancel(:'four_code', '0004', 0, 'manage 13900000004'), 'confirmed booking.last4_wait 0 15000 15000', 'an hour');
select at('2027-03-02 11:00');
select is(pg_temp.cancel(:'four_code', '0000', 0, 'manage 13900000004'), 'confirmed booking.last4_wrong 0 15000 15000', 'then one may be wrong again');
select is(pg_temp.cancel(:'four_code', '0004', 0, 'manage 13900000004'), 'cancelled_guest 0 15000 0', 'or right');
-- a request
select at('2027-03-02 10:00');
select book(121, '2027-03-12', phone => '13900000005') as code \gset ask_
select is(pg_temp.cancel(:'ask_code', '0005', 0, 'manage 13900000005'), 'cancelled_guest 0 38333 0', 'a request can be taken back');
select is((select done from data.deadline), clock.now(), 'its deadline is met');
select book(121, '2027-03-12', phone => '13900000005') as code \gset over_
select at('2027-03-02 12:00');
select refused(format('select booking.cancel(%L, test.hash(%L), %L, null)', :'over_code', 'manage 13900000005', '0005'), 'booking.cannot_cancel', '409', 'not once it ran out');
select at('2027-03-02 10:00');
select book(112, '2027-03-20', phone => '13900000006') as code \gset in_
update data.stay set state = 'checked_in' where phone = '13900000006';
select refused(format('select booking.cancel(%L, test.hash(%L), %L, null)', :'in_code', 'manage 13900000006', '0006'), 'booking.cannot_cancel', '409', 'not once the guest is there');
-- strangers
select refused(format('select booking.cancel(%L, test.hash(%L), %L, null)', :'in_code', 'show 13900000006', '0006'), 'booking.no_stay', '404', 'the link that shows');
select refused(format('select booking.cancel(%L, test.hash(%L), %L, null)', :'in_code', 'guess', '0006'), 'booking.no_stay', '404', 'a wrong secret');
select visit('two.test');
select refused(format('select booking.cancel(%L, test.hash(%L), %L, null)', :'in_code', 'manage 13900000006', '0006'), 'booking.no_stay', '404', 'in another village');

select finish();
rollback;
