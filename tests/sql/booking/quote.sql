-- The whole price before anything is held.
begin;
\ir ../setup.sql
select plan(23);

create function pg_temp.quote(room bigint, arrive date, leave date, adults int default 2, children int[] default '{}', house bigint default null) returns text language sql as $$
    select q.total_fen || ': ' || (select string_agg(n.date || ' ' || n.room || ' ' || n.price_fen || ' ' || n.rule, ', ') from unnest(q.nights) n)
      from booking.quote(house, array[room], arrive, leave, adults, children) q
$$;
select is(pg_temp.quote(111, '2027-03-04', '2027-03-06'), '46000: 2027-03-04 111 20000 base, 2027-03-05 111 26000 weekend', 'the total and every night');
select is(pg_temp.quote(111, '2027-03-04', '2027-03-05', 2, '{8}', 11), '23000: 2027-03-04 111 23000 base', 'for the party');
select rows_are($$select q.free_cancel_until, c.until, c.refund_fen, c.owed_fen from booking.quote(11, '{111}', '2027-03-10', '2027-03-11', 2, '{}') q, unnest(q.cancel) c$$,
    $$values ('2027-03-07 18:00+08'::timestamptz, '2027-03-07 18:00+08'::timestamptz, 20000, 0),
             ('2027-03-07 18:00+08', '2027-03-09 18:00+08', 14000, 6000), ('2027-03-07 18:00+08', null, 0, 20000)$$, 'what cancelling will cost');
select is((select free_cancel_until from booking.quote(11, '{111}', '2027-03-04', '2027-03-05', 2, '{}')), null, 'too late to cancel for nothing');
select is((select count(*)::int from data.night), 0, 'nothing is held');
select refused($$select booking.quote(11, '{111}', '2027-03-04', '2027-03-04', 2, '{}')$$, 'booking.leave_first');
select refused($$select booking.quote(11, '{111}', '2027-03-01', '2027-03-04', 2, '{}')$$, 'booking.past');
select refused($$select booking.quote(11, '{111}', '2027-03-04', '2027-05-04', 2, '{}')$$, 'booking.too_long');
select refused($$select booking.quote(11, '{111}', '2028-04-03', '2028-04-08', 2, '{}')$$, 'booking.too_far');
select is((select total_fen from booking.quote(11, '{112,111}', '2027-03-04', '2027-03-05', 4, '{}'))::bigint, 35000::bigint, 'two rooms with one total');
select refused($$select booking.quote(11, null, '2027-03-04', '2027-03-05', 2, '{}')$$, 'booking.no_room', '404');
select refused($$select booking.quote(12, '{111}', '2027-03-04', '2027-03-05', 2, '{}')$$, 'booking.no_room', '404', 'of another house');
select refused($$select booking.quote(null, '{211}', '2027-03-04', '2027-03-05', 2, '{}')$$, 'booking.no_room', '404', 'of another village');
select refused($$select booking.quote(12, '{122}', '2027-03-04', '2027-03-05', 2, '{}')$$, 'booking.house_paused', '409');
select refused($$select booking.quote(11, '{112}', '2027-03-04', '2027-03-05', 3, '{}')$$, 'booking.too_many_guests');
select refused($$select booking.quote(11, '{112}', '2027-03-04', '2027-03-05', 3, null)$$, 'booking.too_many_guests');
select refused($$select booking.quote(12, '{121}', '2027-05-01', '2027-05-02', 2, '{}')$$, 'booking.min_nights');
select refused($$select booking.quote(12, '{121}', '2027-05-01', '2027-05-06', 2, '{}')$$, 'booking.max_nights');
select refused($$select booking.quote(12, '{121}', '2027-06-10', '2027-06-11', 2, '{}')$$, 'booking.closed_to_arrival');
select refused($$select booking.quote(12, '{121}', '2027-06-11', '2027-06-12', 2, '{}')$$, 'booking.closed_to_departure');
select book(111, '2027-03-05');
select refused($$select booking.quote(11, '{111}', '2027-03-04', '2027-03-06', 2, '{}')$$, 'booking.taken', '409');
select isnt_empty($$select booking.quote(11, '{111}', '2027-03-04', '2027-03-05', 2, '{}')$$, 'the night before is free');
delete from data.rate where room = 112;
select refused($$select booking.quote(11, '{112}', '2027-03-04', '2027-03-05', 2, '{}')$$, 'booking.no_price');

select finish();
rollback;
