-- The nights of a stay with the prices kept for them.
begin;
\ir ../setup.sql
select plan(2);

select book(111, '2027-03-04', 2);
select rows_are('select n.* from data.stay s, unnest(booking.night_list(s.village, s.stay)) n',
    $$values ('2027-03-04', 111, 20000, 'base'), ('2027-03-05', 111, 26000, 'weekend')$$, 'night by night');
update data.rate set price_fen = 99900;
select is((select n.price_fen from data.stay s, unnest(booking.night_list(s.village, s.stay)) n limit 1)::bigint, 20000::bigint, 'a new price changes none of them');

select finish();
rollback;
