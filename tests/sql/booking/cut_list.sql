-- Cut-offs as answers show them.
begin;
\ir ../setup.sql
select plan(1);

select rows_are($$select c.until, c.refund_fen, c.owed_fen from unnest(booking.cut_list(booking.cuts(11, '2027-03-10', 10000), 10000)) c$$,
    $$values ('2027-03-07 18:00+08'::timestamptz, 10000, 0), ('2027-03-09 18:00+08', 7000, 3000), (null, 0, 10000)$$, 'refund and owed are the total');

select finish();
rollback;
