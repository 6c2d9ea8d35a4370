-- Festivals and days off ahead.
begin;
\ir ../setup.sql
select plan(4);

select rows_are('select name_zh, name_en, first_day, last_day, day_off from board.festivals(1)',
    $$values ('劳动节', 'Labour Day', '2027-05-01'::date, '2027-05-05'::date, true), ('端午节', 'Dragon Boat Festival', '2027-06-09', '2027-06-09', false)$$,
    'a run of days off as one, said once; a festival that is no day off; no working day');
select at('2027-05-03 10:00');
select is((select first_day from board.festivals(1) limit 1)::date, '2027-05-03'::date, 'one that has begun, from today on');
insert into data.setting values (1, 'book_ahead_nights', 30);
select is((select count(*) from board.festivals(1)), 1::bigint, 'none beyond what can be booked');
delete from data.holiday;
select is((select count(*) from board.festivals(1)), 0::bigint, 'nothing when nothing is announced');

select finish();
rollback;
