-- The list of houses with a room.
begin;
\ir ../setup.sql
select plan(11);

create function pg_temp.search(arrive date, leave date, adults int default 2, children int[] default '{}') returns text language sql as $$
    select string_agg(concat_ws(' ', s.name, s.total_fen, (select string_agg(r.name || r.total_fen, '+') from unnest(s.rooms) r)), ', ')
      from lodging.search(arrive, leave, adults, children) s
$$;
select is(pg_temp.search('2027-03-04', '2027-03-05'), '东院 15000 乙15000+甲20000, 西院 38333 丙38333', 'the cheapest total and every room, the cheapest first');
select at('2027-03-03 10:00');
select is(pg_temp.search('2027-03-04', '2027-03-05'), '西院 38333 丙38333, 东院 15000 乙15000+甲20000', 'another day another house stands first');
select is(pg_temp.search('2027-03-04', '2027-03-05', 4), '东院 36000 甲36000', 'only what holds the party');
select is(pg_temp.search('2027-03-04', '2027-03-05', 9), null, 'nothing does');
select book(112, '2027-03-04');
select is((select total_fen from lodging.search('2027-03-04', '2027-03-05', 2, '{}') where id = 11)::bigint, 20000::bigint, 'what is taken is not offered');
select rows_are($$select style, line, cover, cover_alt, walk_minutes, breakfast, beds, free_cancel_until from lodging.search('2027-03-10', '2027-03-11', 2, '{}') where id = 11$$,
    $$values ('stone', '一句话', encode(hash('photo 11'), 'hex'), '院子', 12, true, '{double}'::text[], '2027-03-07 18:00+08'::timestamptz)$$, 'with what a card shows');
select refused($$select lodging.search('2027-03-04', '2027-03-04', 2, '{}')$$, 'booking.leave_first', '422');
select refused($$select lodging.search('2027-03-01', '2027-03-04', 2, '{}')$$, 'booking.past', '422');
select refused($$select lodging.search('2027-03-04', '2027-05-04', 2, '{}')$$, 'booking.too_long', '422');
select refused($$select lodging.search('2028-04-03', '2028-04-08', 2, '{}')$$, 'booking.too_far', '422');
select visit('two.test');
select is(pg_temp.search('2027-03-04', '2027-03-05'), '北院 10000 戊10000', 'another village lists its own');

select finish();
rollback;
