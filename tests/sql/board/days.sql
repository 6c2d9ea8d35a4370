-- The days of the window.
begin;
\ir ../setup.sql
select plan(5);

select is((select count(*)::int from board.days(1)), board.window(), 'each night of the window');
select is((select min(day) from board.days(1))::date, '2027-03-02'::date, 'from tonight on');
select rows_are($$select day, festival_zh, festival_en, day_off from board.days(1) where festival_zh is not null and day < '2027-05-03'$$,
    $$values ('2027-05-01'::date, '劳动节', 'Labour Day', true), ('2027-05-02', '劳动节', 'Labour Day', true)$$, 'with the festival, and whether people are off');
select rows_are($$select day from board.days(1) where day between '2027-05-03' and '2027-05-10' and not day_off$$,
    $$values ('2027-05-06'::date), ('2027-05-07'), ('2027-05-08'), ('2027-05-10')$$, 'a Saturday to work off is a working day');
select is((select festival_zh from board.days(1) where day = '2027-05-08'), null, 'and no festival');

select finish();
rollback;
