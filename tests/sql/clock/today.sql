-- Tonight lasts until 06:00.
begin;
\ir ../setup.sql
select plan(4);

select is(clock.today(1), '2027-03-02'::date, 'by day');
select at('2027-03-03 05:59:59');
select is(clock.today(1), '2027-03-02'::date, 'a moment before six it is still last night');
select at('2027-03-03 06:00');
select is(clock.today(1), '2027-03-03'::date, 'at six the day begins');
set local timezone = 'America/New_York';
select is(clock.today(1), '2027-03-03'::date, 'whatever zone the connection is in');

select finish();
rollback;
