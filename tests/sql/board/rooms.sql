-- Rooms with every rule resolved night by night: what booking.price and booking.limits say, said beforehand.
begin;
\ir ../setup.sql
select plan(11);

create function pg_temp.nth(day date) returns int language sql as $$ select day - clock.today(1) + 1 $$;
select rows_are($$select room, house, name_zh, capacity, base_guests, extra_adult_fen, beds, step_free, closed from board.rooms(1, '{11,12}')$$,
    $$values (111, 11, '甲', 5, 2, 8000, '{double}', false, false), (112, 11, '乙', 2, 2, 0, '{double}', false, false),
             (121, 12, '丙', 3, 1, 5000, '{double}', false, false), (122, 12, '丁', 2, 2, 0, '{double}', false, true)$$, 'every room of these houses');
select is((select array[cardinality(price_fen), cardinality(rule)] from board.rooms(1, '{11}') where room = 111), array[402, 402], 'for each night of the window');
select is((select price_fen[1:5] from board.rooms(1, '{11}') where room = 111), '{20000,20000,20000,26000,26000}', 'base and weekend');
select is((select rule[1:5] from board.rooms(1, '{11}') where room = 111), '{0,0,0,1,1}', 'and which it was');
select is((select array[price_fen[pg_temp.nth('2027-08-20')], price_fen[pg_temp.nth('2027-10-04')]] from board.rooms(1, '{11}') where room = 111),
    '{32000,52000}', 'the shorter season, the newer of two named days');
select is((select count(*)::int from board.rooms(1, '{11}') r, generate_series(0, 400) i
            where r.room = 111 and r.price_fen[i + 1] is distinct from (select p.price_fen::int from test.priced('{111}', clock.today(1) + i, clock.today(1) + i + 1, 2, '{}') p)),
    0, 'each is what booking.price says');
select rows_are($$select fewest[pg_temp.nth('2027-05-01')], most[pg_temp.nth('2027-05-05')], fewest[pg_temp.nth('2027-05-06')], gate[pg_temp.nth('2027-06-10')], gate[pg_temp.nth('2027-06-12')], gate[1]
                    from board.rooms(1, '{12}') where room = 121$$, $$values (2, 4, 1, 2, 1, 3)$$, 'limits night by night');
select is((select cardinality(fewest) + cardinality(most) + cardinality(gate) from board.rooms(1, '{11}') where room = 111), 0, 'nothing where there are none');
insert into data.stay_limit (village, room, from_night, to_night, min_nights) values (1, 121, '2027-05-04', '2027-05-10', 3);
select is((select fewest[pg_temp.nth('2027-05-03') : pg_temp.nth('2027-05-06')] from board.rooms(1, '{12}') where room = 121), '{2,3,3,3}', 'the strictest of several');
delete from data.rate where room = 112;
select is((select price_fen[1] from board.rooms(1, '{11}') where room = 112), -1, 'a night without a price is not sold');
select is((select count(*) from board.rooms(1, '{21}')), 0::bigint, 'none of another village');

select finish();
rollback;
