-- Entries are taken back, never changed.
begin;
\ir ../setup.sql
select plan(13);

create function pg_temp.entry(what text) returns bigint language sql as $$ select max(entry) from data.ledger where what = $1 and reverses is null $$;
select book(111, '2027-03-10', 2) as code \gset
select visit('one.test', 'owner_11');
select owner.take(:'code', 15000, 'cash');
select is((select balance_fen::bigint from owner.reverse(:'code', pg_temp.entry('cash'), 'of another guest')), 40000::bigint, 'a payment noted wrongly');
select is((select kind || ' ' || amount_fen || ' ' || what || ' ' || reason || ' ' || person from data.ledger where reverses = pg_temp.entry('cash')), 'payment -15000 mistake of another guest 1001', 'by an entry of its own');
select refused(format('select owner.reverse(%L, %s, ''again'')', :'code', pg_temp.entry('cash')), 'booking.reversed', '409');
select refused(format('select owner.reverse(%L, %s, ''cheaper'')', :'code', pg_temp.entry('stay')), 'booking.no_reverse', '409', 'the price of the stay');
select refused(format('select owner.reverse(%L, %s, ''back'')', :'code', (select max(entry) from data.ledger)), 'booking.no_reverse', '409', 'what took something back');
select refused(format('select owner.reverse(%L, 1234567, ''x'')', :'code'), 'booking.no_entry', '404');
-- as a favour
select at('2027-03-09 19:00');
select visit();
select is((select owed_fen::bigint from booking.cancel(:'code', hash('manage 13900000001'), '0001', 40000)), 40000::bigint, 'cancelled at the dearest');
select visit('one.test', 'secretary');
select is((select balance_fen::bigint from owner.reverse(:'code', pg_temp.entry('cancel'), 'snow on the road')), 0::bigint, 'is waived');
select is((select what from data.ledger where reverses = pg_temp.entry('cancel')), 'favour', 'by that name');
select is((select on_behalf || ' ' || (detail->>'reason') from data.event where act = 'booking.reverse' order by event desc limit 1), 'house:11 snow on the road', 'for whom, and why');
select visit('one.test', 'owner_12');
select refused(format('select owner.reverse(%L, %s, ''x'')', :'code', pg_temp.entry('stay')), 'booking.no_stay', '404', 'another house');
select visit();
select book(111, '2027-03-20', phone => '2') as code \gset other_
select visit('one.test', 'owner_11');
select owner.take(:'other_code', 1000, 'cash');
select refused(format('select owner.reverse(%L, %s, ''x'')', :'code', pg_temp.entry('cash')), 'booking.no_entry', '404', 'an entry of another stay');
select throws_ok(format('insert into data.ledger (village, stay, kind, amount_fen, reverses, what, at) select village, stay, kind, -amount_fen, entry, ''mistake'', at from data.ledger l where entry = %s', (select entry from data.ledger x where what = 'cancel' and reverses is null)), '23505', null, 'the table refuses the second reversal itself');

select finish();
rollback;
