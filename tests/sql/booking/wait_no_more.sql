-- Once nights are offered the place is a stay, and is given back as one.
begin;
\ir ../setup.sql
select plan(2);

insert into data.setting values (1, 'unverified_share', 0);
select book(112, '2027-03-10', 2, phone => '2') as code \gset
select book(111, '2027-03-10', 2, phone => '1') as code \gset a_
select code from booking.wait(11, '2027-03-10', '2027-03-12', 2, '{}', '客', '3', hash('w'), hash('s'), null, null) \gset w_
select booking.finish(s, 'cancelled_guest', '-infinity', 'cancel', 0) from data.stay s where s.phone = '2';
select jobs.waiting();
select visit();
select is((select state from booking.wait_no_more(:'w_code', hash('w'))), 'offered', 'leaving the queue does not give it back');
select is((select count(*)::int from data.stay where state = 'held'), 1, 'it is still held');

select finish();
rollback;
