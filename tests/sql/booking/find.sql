-- The booking a link opens.
begin;
\ir ../setup.sql
select plan(7);

select book(112, '2027-03-04') as code \gset
select is((booking.find(:'code', hash('manage 13900000001'))).may, 'manage', 'one secret manages');
select is((booking.find(:'code', hash('show 13900000001'))).may, 'show', 'the other shows');
select is((booking.find(lower(:'code'), hash('show 13900000001'))).may, 'show', 'typed small, too');
select throws_ok(format('select booking.find(%L, hash(%L))', :'code', 'guess'), 'HS404', 'booking.no_stay', 'a wrong secret');
select throws_ok('select booking.find(''23456789'', hash(''manage 13900000001''))', 'HS404', 'booking.no_stay', 'a wrong code');
select throws_ok(format('select booking.find(%L, null)', :'code'), 'HS404', 'booking.no_stay', 'no secret');
select visit('two.test');
select throws_ok(format('select booking.find(%L, hash(%L))', :'code', 'manage 13900000001'), 'HS404', 'booking.no_stay', 'in another village');

select finish();
rollback;
