-- Taking up what was never offered; the rest stands in jobs/waiting.sql.
begin;
\ir ../setup.sql
select plan(3);

select book(111, '2027-03-10', 2) as code \gset
select refused(format($$select booking.take_up(%L, test.hash('manage 13900000001'))$$, :'code'), 'booking.cannot_take_up', '409', 'a stay that was booked');
select refused(format($$select booking.take_up(%L, test.hash('show 13900000001'))$$, :'code'), 'booking.no_stay', '404', 'the link that shows');
select visit('two.test');
select refused(format($$select booking.take_up(%L, test.hash('manage 13900000001'))$$, :'code'), 'booking.no_stay', '404', 'in another village');

select finish();
rollback;
