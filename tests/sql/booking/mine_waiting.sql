-- Places of a device whose days are past are not shown.
begin;
\ir ../setup.sql
select plan(2);

insert into data.setting values (1, 'unverified_share', 0);
select book(112, '2027-03-10', 2, phone => '2') as code \gset
select book(111, '2027-03-10', 2, phone => '1') as code \gset a_
select code from booking.wait(11, '2027-03-10', '2027-03-12', 2, '{}', '客', '3', hash('w'), hash('s'), null, null) \gset w_
select is((select count(*)::int from booking.mine_waiting(array[:'w_code'], array[hash('w')])), 1, 'a place');
select at('2027-03-11 10:00');
select is((select count(*)::int from booking.mine_waiting(array[:'w_code'], array[hash('w')])), 0, 'until its days have begun');

select finish();
rollback;
