-- A weekend night is one before a day off.
begin;
\ir ../setup.sql
select plan(5);

select rows_are($$select d::date from generate_series(date '2027-03-01', date '2027-03-07', interval '1 day') d where clock.weekend(d::date)$$,
    $$values ('2027-03-05'), ('2027-03-06')$$, 'Friday and Saturday in a plain week');
select rows_are($$select d::date from generate_series(date '2027-04-26', date '2027-05-09', interval '1 day') d where clock.weekend(d::date)$$,
    $$values ('2027-04-30'), ('2027-05-01'), ('2027-05-02'), ('2027-05-03'), ('2027-05-04'), ('2027-05-08')$$,
    'the nights before days off; not the Friday before a working Saturday, but the Saturday');
select is(clock.weekend('2027-04-24'), false, 'not the Saturday before a working Sunday');
select is(clock.weekend('2027-06-08'), false, 'a festival alone is no day off');
insert into data.holiday values ('2027-06-16', 'holiday', '', ''), ('2027-06-16', 'workday', '', '');
select is(clock.weekend('2027-06-15'), true, 'a day that is both by mistake is off, and no fault');

select finish();
rollback;
