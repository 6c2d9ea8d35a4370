-- The stays own page.
begin;
\ir ../setup.sql
select plan(12);

select book(111, '2027-03-10', 2, children => '{3}') as code \gset
select rows_are(format('select may, state, until, house, house_name, arrive, leave, adults, children, arrival, guest_name, guest_phone, note, can_cancel from booking.stay(%L, hash(%L))', :'code', 'manage 13900000001'),
    $$values ('manage', 'confirmed', null::timestamptz, 11, '东院', '2027-03-10', '2027-03-12', 2, '{3}'::int[], 900, '示例客人', '13900000001', '晚到', true)$$, 'who manages sees all');
select rows_are(format('select total_fen, balance_fen, refund_fen, owed_fen, free_cancel_until, cardinality(nights), cardinality(cancel), cardinality(rooms) from booking.stay(%L, hash(%L))', :'code', 'manage 13900000001'),
    $$values (40000, 40000, 40000, 0, '2027-03-07 18:00+08'::timestamptz, 2, 3, 1)$$, 'also the money');
select rows_are(format('select may, state, house_name, arrive, leave, address, way, phone, check_in_from, can_cancel from booking.stay(%L, hash(%L))', :'code', 'show 13900000001'),
    $$values ('show', 'confirmed', '东院', '2027-03-10', '2027-03-12', '地址', '路线', '0391-2000000', 840, false)$$, 'who is shown it sees dates and route');
select is((select num_nonnulls(guest_name, guest_phone, note, total_fen, balance_fen, refund_fen, owed_fen, free_cancel_until, nights, cancel) from booking.stay(:'code', hash('show 13900000001'))), 0, 'and neither guest nor money nor note');
select at('2027-03-08 10:00');
select rows_are(format('select total_fen, refund_fen, owed_fen, free_cancel_until from booking.stay(%L, hash(%L))', :'code', 'manage 13900000001'), $$values (40000, 28000, 12000, null::timestamptz)$$, 'later cancelling costs');
select at('2027-03-02 10:00');
select booking.cancel(:'code', hash('manage 13900000001'), '0001', null);
select rows_are(format('select state, balance_fen, can_cancel from booking.stay(%L, hash(%L))', :'code', 'manage 13900000001'), $$values ('cancelled_guest', 0, false)$$, 'a cancelled one cannot be cancelled');
select book(121, '2027-03-10', phone => '13900000002') as asked \gset
select is((select until from booking.stay(:'asked', hash('manage 13900000002'))), clock.now() + interval '2 hours', 'a request says until when the house may answer');
select at('2027-03-02 12:00');
select rows_are(format('select state, can_cancel from booking.stay(%L, hash(%L))', :'asked', 'manage 13900000002'), $$values ('expired', false)$$, 'and is over then');
select refused(format('select booking.stay(%L, test.hash(%L))', :'code', 'guess'), 'booking.no_stay', '404', 'a wrong secret');
select refused('select booking.stay(''23456789'', test.hash(''manage 13900000001''))', 'booking.no_stay', '404', 'a wrong code');
select refused(format('select booking.stay(%L, test.hash(%L))', :'code', 'manage 13900000002'), 'booking.no_stay', '404', 'somebody else''s secret');
select visit('two.test');
select refused(format('select booking.stay(%L, test.hash(%L))', :'code', 'manage 13900000001'), 'booking.no_stay', '404', 'in another village');

select finish();
rollback;
