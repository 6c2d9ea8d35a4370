-- What each night costs: which rule, which guests, which ladder.
begin;
\ir ../setup.sql
select plan(36);

create function pg_temp.price(room bigint, arrive date, nights int default 1, adults int default 2, children int[] default '{}') returns text language sql as $$
    select string_agg(p.price_fen || ' ' || p.rule, ', ' order by p.night) from test.priced(array[room], arrive, arrive + nights, adults, children) p
$$;
-- rules
select is(pg_temp.price(111, '2027-03-04', 2), '20000 base, 26000 weekend', 'base, then weekend');
select is(pg_temp.price(112, '2027-03-05'), '15000 base', 'no price for weekends: base');
select is(pg_temp.price(111, '2027-05-04', 2), '26000 weekend, 20000 base', 'the night before a day off');
select is(pg_temp.price(111, '2027-05-07', 2), '20000 base, 26000 weekend', 'not the night before a working Saturday');
select is(pg_temp.price(111, '2027-06-30', 2), '20000 base, 30000 season', 'a season begins');
select is(pg_temp.price(111, '2027-07-02'), '30000 season', 'a season comes before the weekend');
select is(pg_temp.price(111, '2027-08-20'), '32000 season', 'of two seasons the shorter');
select is(pg_temp.price(111, '2027-10-02', 2), '45000 named, 50000 named', 'of two named days the shorter');
select is(pg_temp.price(111, '2027-10-04'), '52000 named', 'of two as short the newer');
select is(pg_temp.price(111, '2027-10-07', 2), '45000 named, 26000 weekend', 'the last night of a range belongs to it');
-- guests
select is(pg_temp.price(111, '2027-03-04', adults => 3), '28000 base', 'a third adult pays extra');
select is(pg_temp.price(111, '2027-03-04', adults => 1), '20000 base', 'one pays like two');
select is(pg_temp.price(111, '2027-03-04', adults => 1, children => '{8}'), '20000 base', 'a child on a free place');
select is(pg_temp.price(111, '2027-03-04', children => '{8}'), '23000 base', 'a child above the places pays its band');
select is(pg_temp.price(111, '2027-03-04', children => '{3}'), '20000 base', 'a small one nothing');
select is(pg_temp.price(111, '2027-03-04', children => '{4}'), '23000 base', 'from the age on that the band names it is over');
select is(pg_temp.price(111, '2027-03-04', children => '{12}'), '28000 base', 'older than every band: an adult');
select is(pg_temp.price(111, '2027-03-04', adults => 1, children => '{2,8,9}'), '23000 base', 'the dearest band takes the free place');
select is(pg_temp.price(111, '2027-03-04', adults => 1, children => '{14,8}'), '23000 base', 'after a child that counts as an adult');
select is(pg_temp.price(111, '2027-03-04', children => null), '20000 base', 'children may be left out');
select is(pg_temp.price(121, '2027-03-04', adults => 1, children => '{1}'), '38333 base', 'a house without bands knows adults only');
-- ladder
select is(pg_temp.price(111, '2027-03-04', 3), '19000 base, 24700 weekend, 24700 weekend', 'three nights: 5 % less');
select is(pg_temp.price(112, '2027-03-04', 7), '12750 base, 12750 base, 12750 base, 12750 base, 12750 base, 12750 base, 12750 base', 'a week: 15 % less');
select is(pg_temp.price(121, '2027-03-02', 3, 1), '30000 base, 30000 base, 29999 base', '89 999.1 is 89 999, its parts by largest remainder');
update data.rate set price_fen = 33335 where room = 121;
select is(pg_temp.price(121, '2027-03-02', 3, 1), '30002 base, 30002 base, 30001 base', '90 004.5 is 90 005: half up');
update data.rate set price_fen = 0 where room = 121;
select is(pg_temp.price(121, '2027-03-02', 3, 1), '0 base, 0 base, 0 base', 'for nothing');
update data.rate set price_fen = 10000000 where room = 121;
select is(pg_temp.price(121, '2027-03-02', 3, 1), '9000000 base, 9000000 base, 9000000 base', 'as dear as no night is');
-- several rooms, together
create function pg_temp.together(rooms bigint[], arrive date, nights int, adults int, children int[] default '{}') returns text language sql as $$
    select string_agg(p.room || ' ' || p.price_fen, ', ' order by p.room, p.night) from test.priced(rooms, arrive, arrive + nights, adults, children) p
$$;
delete from data.rate where room = 121;
select is(pg_temp.together('{111,112}', '2027-03-04', 1, 4), '111 20000, 112 15000', 'four in four places');
select is(pg_temp.together('{111,112}', '2027-03-04', 1, 5), '111 28000, 112 15000', 'the fifth where there is a place');
select is(pg_temp.together('{111,112}', '2027-03-04', 1, 3, '{8,9}'), '111 23000, 112 15000', 'a child on the free place, another for its band');
update data.room set capacity = 4, extra_adult_fen = 5000 where room = 112;
select is(pg_temp.together('{111,112}', '2027-03-04', 1, 6), '111 20000, 112 25000', 'the cheaper place first');
select is(pg_temp.together('{112,111}', '2027-03-04', 1, 7, '{8}'), '111 31000, 112 25000', 'then the dearer one, and a child after the grown-ups');
select is(pg_temp.together('{111,112}', '2027-03-01', 3, 4), '111 19000, 111 19000, 111 19000, 112 14250, 112 14250, 112 14250', 'one ladder for the whole stay');
select is((select sum(price_fen)::bigint from test.priced('{111,112}', '2027-03-04', '2027-03-11', 5, '{3,8}')), 266050::bigint, 'a week of it: 1520 + 1050 + 7 x (50 + 30) yuan, 15 % less');
select is(pg_temp.price(211, '2027-03-04'), null, 'nothing for a room of another village');
set local timezone = 'Africa/Cairo';
select is(pg_temp.price(112, '2027-04-29', 2), '15000 base, 15000 base', 'nights are counted in dates, also where a day has no midnight');

select finish();
rollback;
