-- A village, and its houses in the order of its list.
begin;
\ir ../setup.sql
select plan(4);

select rows_are('select name_zh, name_en, phone, from_day, book_ahead_nights, longest_nights, houses from board.head(1)',
    $$values ('一村', 'One', '0391-1000001', '2027-03-02'::date, 400, 60, '{11,12}'::bigint[])$$, 'a village with its settings');
update data.house set position = 3 where house = 11;
select is((select houses from board.head(1)), '{12,11}', 'in their order');
select is((select houses from board.head(2)), '{21}', 'another village has its own');
select is((select count(*) from board.head(3)), 0::bigint, 'no village, no row');

select finish();
rollback;
