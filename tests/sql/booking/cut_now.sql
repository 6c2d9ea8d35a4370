-- The first step that has not passed decides.
begin;
\ir ../setup.sql
select plan(5);

select is((booking.cut_now(booking.cuts(11, '2027-03-10', 10000), m::timestamptz)).owed_fen, o, m)
  from (values ('2027-03-07 17:59:59.999+08', 0::bigint), ('2027-03-07 18:00+08', 3000), ('2027-03-09 17:59:59.999+08', 3000), ('2027-03-09 18:00+08', 10000),
               ('2027-04-01 18:00+08', 10000)) t (m, o);

select finish();
rollback;
