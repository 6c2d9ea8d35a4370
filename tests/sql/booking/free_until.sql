-- Until when cancelling costs nothing.
begin;
\ir ../setup.sql
select plan(3);

select is(booking.free_until(booking.cuts(11, '2027-03-10', 10000)), '2027-03-07 18:00+08'::timestamptz, 'the last free moment');
select at('2027-03-07 18:00');
select is(booking.free_until(booking.cuts(11, '2027-03-10', 10000)), null, 'none once it has passed');
select is(booking.free_until(booking.cuts(12, '2027-03-10', 10000)), null, 'none where it is free for ever');

select finish();
rollback;
