-- Two months of a house.
begin;
\ir ../setup.sql
select plan(7);

select rows_are('select min(date)::date, max(date)::date, count(*)::int from lodging.days(11, null)', $$values ('2027-03-01', '2027-04-30', 61)$$, 'this month and the next');
select rows_are('select past, from_fen from lodging.days(11, null) limit 2', $$values (true, null), (false, 15000)$$, 'what has passed has no price');
select is((select min(date)::date from lodging.days(11, '2027-06-20')), '2027-06-01'::date, 'from the first of the month asked for');
select is((select min(date)::date from lodging.days(11, '2026-01-20')), '2027-03-01'::date, 'not before this one');
select is((select max(date)::date from lodging.days(11, '2099-01-20')), '2028-03-31'::date, 'nor after what may be booked');
select refused('select lodging.days(21, null)', 'lodging.no_house', '404', 'a house of another village');
select refused('select lodging.days(99, null)', 'lodging.no_house', '404', 'no house');

select finish();
rollback;
