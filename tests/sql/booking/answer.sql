-- A booking as booking.book answers it.
begin;
\ir ../setup.sql
select plan(2);

select book(111, '2027-03-04', 2);
select rows_are('select a.state, a.until, a.total_fen, cardinality(a.nights), cardinality(a.cancel) from data.booking b, booking.answer(b.booking) a',
    $$values ('confirmed', null::timestamptz, 46000, 2, 3)$$, 'whole');
select visit('two.test');
select is_empty('select * from booking.answer(1)', 'nothing of what is not there');

select finish();
rollback;
