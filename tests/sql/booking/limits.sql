-- A houses own rules for some nights.
begin;
\ir ../setup.sql
select plan(14);

create function pg_temp.limits(arrive date, leave date, room bigint default 121) returns text language sql as $$ select booking.limits(room, arrive, leave) $$;
select is(pg_temp.limits('2027-03-04', '2027-03-05'), null, 'none');
select is(pg_temp.limits('2027-05-01', '2027-05-02'), 'booking.min_nights', 'shorter than the least');
select is(pg_temp.limits('2027-05-05', '2027-05-06'), 'booking.min_nights', 'on its last night');
select is(pg_temp.limits('2027-05-06', '2027-05-07'), null, 'after it');
select is(pg_temp.limits('2027-04-30', '2027-05-01'), null, 'who leaves on its first day does not touch it');
select is(pg_temp.limits('2027-04-30', '2027-05-02'), null, 'who stays one night of it does');
select is(pg_temp.limits('2027-05-05', '2027-05-09'), null, 'as long as the most');
select is(pg_temp.limits('2027-05-05', '2027-05-10'), 'booking.max_nights', 'longer than the most');
select is(pg_temp.limits('2027-06-10', '2027-06-11'), 'booking.closed_to_arrival', 'no arrival');
select is(pg_temp.limits('2027-06-09', '2027-06-11'), null, 'staying is no arrival');
select is(pg_temp.limits('2027-06-11', '2027-06-12'), 'booking.closed_to_departure', 'no departure');
select is(pg_temp.limits('2027-06-12', '2027-06-13'), null, 'arriving is no departure');
select is(pg_temp.limits('2027-05-01', '2027-05-02', 111), null, 'another room has its own');
select visit('two.test');
select is(pg_temp.limits('2027-05-01', '2027-05-02', 211), null, 'another village has its own');

select finish();
rollback;
