-- Stays nobody checked out.
begin;
\ir ../setup.sql
select plan(6);

select book(111, '2027-03-10', 2, phone => '1') as code \gset a_
select book(112, '2027-03-10', 2, phone => '2') as code \gset b_
update data.stay set state = 'checked_in' where phone = '2';
select at('2027-03-13 05:59');
select is(jobs.close_stays(), 0, 'not before six in the morning of the day after');
select at('2027-03-13 06:00');
select is(jobs.close_stays(), 2, 'then both');
select visit();
select is((select string_agg(distinct state || ' ' || (ended = clock.now()), ',') from data.stay), 'checked_out true', 'they took place as far as anybody knows');
select is((select string_agg(distinct actor, ',') from data.event where act = 'booking.close'), 'system', 'by the system');
select is((select balance_fen from booking.stay(:'a_code', hash('manage 1'))), 40000::bigint, 'what was owed still is');
select is(jobs.close_stays(), 0, 'once');

select finish();
rollback;
