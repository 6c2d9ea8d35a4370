-- 整院: what all rooms together cost where the house set it.
begin;
\ir ../setup.sql
select plan(9);

create function pg_temp.price(rooms bigint[], arrive date, leave date, adults int default 2) returns text language sql as $$
    select string_agg(p.room || ' ' || p.price_fen || ' ' || p.rule, ', ' order by p.room, p.night) from test.priced(rooms, arrive, leave, adults, '{}') p
$$;
select is(pg_temp.price('{111,112}', '2027-03-10', '2027-03-11'), '111 20000 base, 112 15000 base', 'else the sum of its rooms');
insert into data.whole_rate (village, house, kind, price_fen) values (1, 11, 'base', 28000), (1, 11, 'weekend', 33333);
select is(pg_temp.price('{111,112}', '2027-03-10', '2027-03-11'), '111 16000 whole, 112 12000 whole', 'its own rate, shared among the rooms by their prices');
select is(pg_temp.price('{111,112}', '2027-03-12', '2027-03-13'), '111 21138 whole, 112 12195 whole', 'by the rules of any rate, to the fen');
select is(pg_temp.price('{111}', '2027-03-10', '2027-03-11'), '111 20000 base', 'a room alone keeps its own');
select is(pg_temp.price('{111,112}', '2027-03-10', '2027-03-11', 5), '111 24000 whole, 112 12000 whole', 'extra guests pay as ever');
select is(pg_temp.price('{111,112}', '2027-03-01', '2027-03-04'), '111 15200 whole, 111 15200 whole, 111 15200 whole, 112 11400 whole, 112 11400 whole, 112 11400 whole', 'and the long-stay step holds');
update data.whole_rate set to_night = '2027-03-10' where kind = 'base';
select is(pg_temp.price('{111,112}', '2027-03-10', '2027-03-12'), '111 16000 whole, 111 20000 base, 112 12000 whole, 112 15000 base', 'night by night');
select is((select total_fen::bigint from booking.quote(11, '{111,112}', '2027-03-10', '2027-03-11', 4, '{}')), 28000::bigint, 'quoted so');
insert into data.setting values (1, 'unverified_share', 0);
select book(null, '2027-03-10', 1, 4, rooms => '{112,111}');
select is((select total_fen::bigint from data.stay), 28000::bigint, 'and kept so');

select finish();
rollback;
