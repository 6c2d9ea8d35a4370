-- Which right a link gives.
begin;
\ir ../setup.sql
select plan(6);

select book(112, '2027-03-04') as code \gset
select is((select may from booking.open(:'code', hash('manage 13900000001')))::text, 'manage', 'one secret manages');
select is((select may from booking.open(:'code', hash('show 13900000001')))::text, 'show', 'the other shows');
select is((select may from booking.open(:'code', hash('manage 13900000001')))::text, 'manage', 'opening uses nothing up');
select refused(format('select booking.open(%L, test.hash(%L))', :'code', 'guess'), 'booking.no_stay', '404', 'a wrong secret');
select refused('select booking.open(''23456789'', test.hash(''manage 13900000001''))', 'booking.no_stay', '404', 'a wrong code');
select visit('two.test');
select refused(format('select booking.open(%L, test.hash(%L))', :'code', 'manage 13900000001'), 'booking.no_stay', '404', 'in another village');

select finish();
rollback;
