-- A weekend night is one before a day off.
begin;
\ir ../setup.sql
select plan(7);

create function pg_temp.weekends(from_night date, nights int) returns text language sql as $$
    select string_agg(to_char(from_night + i::int - 1, 'MM-DD'), ' ' order by i) from unnest(clock.weekends(from_night, nights)) with ordinality w (is_one, i) where is_one
$$;
select is(pg_temp.weekends('2027-03-01', 7), '03-05 03-06', 'Friday and Saturday in a plain week');
select is(pg_temp.weekends('2027-04-26', 14), '04-30 05-01 05-02 05-03 05-04 05-08',
    'the nights before days off; not the Friday before a working Saturday, but the Saturday');
select is(clock.weekends('2027-04-24', 1), '{f}', 'not the Saturday before a working Sunday');
select is(clock.weekends('2027-06-08', 1), '{f}', 'a festival alone is no day off');
insert into data.holiday values ('2027-06-16', 'holiday', '', ''), ('2027-06-16', 'workday', '', '');
select is(clock.weekends('2027-06-15', 1), '{t}', 'a day that is both by mistake is off, and no fault');
select is(cardinality(clock.weekends('2027-03-01', 400)), 400, 'an answer for each night');
select is(clock.weekends('2027-03-01', 0), null, 'and none for none');

select finish();
rollback;
