-- What houses are, and what is reckoned by house.
begin;
\ir ../setup.sql
select plan(5);

select rows_are($$select house, place, from_day, name_zh, name_en, breakfast, paused, bands, ladder, cuts from board.houses(1, '{11}')$$,
    $$values (11, 1, '2027-03-02'::date, '东院', 'East Court', true, false, '{"(4,0)","(12,3000)"}', '{"(7,15)","(3,5)"}', '{"(3,1080,0)","(1,1080,30)","(,,100)"}')$$,
    'bands by age, the longest step of the ladder first, cut-offs in their order');
select rows_are($$select (p).hash, (p).alt_zh, (p).room from (select unnest(photos) as p from board.houses(1, '{11}')) x$$,
    $$values (encode(hash('photo 11'), 'hex'), '院子', null::bigint), (encode(hash('photo 11'), 'hex'), '甲间', 111)$$, 'pictures in their order');
select rows_are($$select house, by_request, bands, ladder, cuts, photos from board.houses(1, '{12}')$$,
    $$values (12, true, '{}', '{"(3,10)"}', '{}', '{}')$$, 'a house without any of these');
select is((select count(*) from board.houses(1, '{11,12,21}')), 2::bigint, 'none of another village');
select is((select count(*) from board.houses(1, '{}')), 0::bigint, 'only those asked for');

select finish();
rollback;
