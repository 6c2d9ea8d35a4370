-- A minute of the local day as a moment.
begin;
\ir ../setup.sql
select plan(4);

select is(clock.at('2027-03-02', 0), '2027-03-01 16:00+00'::timestamptz, 'midnight in the village');
select is(clock.at('2027-03-02', 1080), '2027-03-02 10:00+00'::timestamptz, 'six in the evening');
select is(clock.at('2027-03-02', 1500), '2027-03-02 17:00+00'::timestamptz, 'one in the night after');
set local timezone = 'America/New_York';
select is(clock.at('2027-03-14', 150), '2027-03-13 18:30+00'::timestamptz, 'whatever zone the connection is in');

select finish();
rollback;
