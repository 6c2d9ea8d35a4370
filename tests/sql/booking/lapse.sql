-- Writes down that a request ran out.
begin;
\ir ../setup.sql
select plan(4);

select book(121, '2027-03-04');
create function pg_temp.stay() returns text language sql as $$ select concat_ws(' ', s.state, booking.balance(s.village, s.stay), s.ended) from data.stay s $$;
set local timezone = 'Asia/Shanghai';
select booking.lapse(stay) from data.stay;
select is(pg_temp.stay(), 'requested 38333', 'not before its time');
select at('2027-03-02 12:00');
select booking.lapse(stay) from data.stay;
select is(pg_temp.stay(), 'expired 0 2027-03-02 12:00:00+08', 'then nothing is owed and it ended when its time was over');
select booking.lapse(stay) from data.stay;
select is((select count(*)::int from data.ledger), 2, 'the second finds nothing to do');
select book(112, '2027-03-04', phone => '138');
select booking.lapse(stay) from data.stay;
select is((select count(*)::int from data.stay where state = 'confirmed'), 1, 'nothing that is confirmed ends');

select finish();
rollback;
