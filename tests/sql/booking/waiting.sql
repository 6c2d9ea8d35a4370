-- A place in the queue once nights are offered; the rest stands in wait.sql.
begin;
\ir ../setup.sql
select plan(3);

insert into data.setting values (1, 'unverified_share', 0);
select book(112, '2027-03-10', 2, phone => '2') as code \gset
select book(111, '2027-03-10', 2, phone => '1') as code \gset a_
select code from booking.wait(11, '2027-03-10', '2027-03-12', 2, '{}', '客', '3', hash('w'), hash('s'), null, null) \gset w_
select ok(not (select stay from booking.waiting(:'w_code', hash('w'))), 'there is no stay yet');
select booking.finish(s, 'cancelled_guest', '-infinity', 'cancel', 0) from data.stay s where s.phone = '2';
select jobs.waiting();
select visit();
select is((select state || ' ' || stay from booking.waiting(:'w_code', hash('w'))), 'offered true', 'then there is');
select is_empty(format($$select from booking.mine_waiting(array[%L], array[test.hash('w')])$$, :'w_code'), 'and it stands among the stays');

select finish();
rollback;
