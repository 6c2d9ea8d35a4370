-- What a change would come to, before it is made.
begin;
\ir ../setup.sql
select plan(9);

select book(111, '2027-03-10', 2) as code \gset
create function pg_temp.alter(code text, rooms bigint[], arrive date, leave date, adults int default 2) returns booking.cut[] language sql as $$
    select a.cancel from booking.alter(code, test.hash('manage 13900000001'), rooms, arrive, leave, adults, '{}') a
$$;
select ok((select same and total_fen is null from booking.alter(:'code', hash('manage 13900000001'), '{}', null, null, null, null)), 'nothing is wished yet');
select ok((select same from booking.alter(:'code', hash('manage 13900000001'), '{111}', '2027-03-10', '2027-03-12', 2, '{}')), 'what it is already');
select rows_are(format($$select total_fen, kept_fen, added_fen, dropped_fen, owed_fen, balance_fen from booking.alter(%L, test.hash('manage 13900000001'), '{111}', '2027-03-11', '2027-03-14', 3, '{}')$$, :'code'),
    'values (92600, 20000, 72600, 20000, 0, 92600)', 'a night and a guest');
select is((select string_agg(to_char(n.date, 'MMDD') || ' ' || n.price_fen || ' ' || n.mark, ', ' order by n.date) from booking.alter(:'code', hash('manage 13900000001'), '{111}', '2027-03-11', '2027-03-14', 3, '{}') a, unnest(a.nights || a.gone) n),
    '0310 20000 gone, 0311 28000 kept, 0312 32300 added, 0313 32300 added', 'night by night');
select is((pg_temp.alter(:'code', '{111}', '2027-03-11', '2027-03-14', 3))[2].owed_fen::bigint, 27780::bigint, 'and what cancelling costs then');
select is((select count(*)::int from data.night where until > clock.now()), 2, 'nothing is taken');
select refused(format($$select booking.alter(%L, test.hash('show 13900000001'), '{111}', '2027-03-11', '2027-03-14', 3, '{}')$$, :'code'), 'booking.no_stay', '404', 'the link that shows');
select refused(format($$select booking.alter(%L, test.hash('manage 13900000001'), '{111}', '2027-03-11', '2027-03-11', 3, '{}')$$, :'code'), 'booking.leave_first', '422', 'what the act would refuse');
update data.stay set state = 'no_show';
select refused(format($$select booking.alter(%L, test.hash('manage 13900000001'), '{}', null, null, null, null)$$, :'code'), 'booking.cannot_change', '409', 'nor is the page drawn for what is over');

select finish();
rollback;
