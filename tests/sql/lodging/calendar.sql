-- Day by day the lowest price of a free room.
begin;
\ir ../setup.sql
select plan(13);

select rows_are($$select * from lodging.calendar(11, '2027-03-04', '2027-03-06')$$,
    $$values ('2027-03-04', 15000, 2, null::text, false),
             ('2027-03-05', 15000, 2, null, false), ('2027-03-06', 15000, 2, null, true)$$, 'a price, free rooms, days off');
select book(112, '2027-03-05');
select book(111, '2027-03-06');
select book(112, '2027-03-06', phone => '13900000002');
select rows_are($$select from_fen, free_rooms from lodging.calendar(11, '2027-03-04', '2027-03-06')$$,
    $$values (15000, 2), (26000, 1), (null, 0)$$, 'what is taken has no part in it');
select rows_are($$select festival, day_off from lodging.calendar(11, '2027-05-07', '2027-05-09')$$,
    $$values (null::text, false), (null, false), (null, true)$$, 'a working Saturday is no day off and has no name');
select rows_are($$select festival, day_off from lodging.calendar(11, '2027-05-01', '2027-05-01')$$,
    $$values ('劳动节', true)$$, 'a festival that is a holiday, too, is named once');
select rows_are($$select festival, day_off from lodging.calendar(11, '2027-06-09', '2027-06-09')$$,
    $$values ('端午节', false)$$, 'a festival alone is no day off');
select is((select count(*)::int from lodging.calendar(11, '2027-03-04', '2027-06-11')), 100, 'a hundred days may be asked for');
select is((select from_fen from lodging.calendar(11, '2027-03-02', '2027-03-04') limit 1), 15000::bigint, 'no ladder is taken');
select is((select free_rooms from lodging.calendar(12, '2027-03-04', '2027-03-04'))::int, 1, 'a closed room is not free');
update data.house set paused = true where house = 12;
select rows_are($$select from_fen, free_rooms from lodging.calendar(12, '2027-03-04', '2027-03-04')$$, $$values (null, 0)$$, 'nor is any of a house that pauses');
select refused($$select lodging.calendar(11, '2027-03-04', '2027-06-12')$$, 'lodging.calendar_range', '422', 'more than that');
select refused($$select lodging.calendar(11, '2027-03-04', '2027-03-03')$$, 'lodging.calendar_range', '422', 'backwards');
select refused($$select lodging.calendar(99, '2027-03-04', '2027-03-04')$$, 'lodging.no_house', '404', 'no house');
select refused($$select lodging.calendar(21, '2027-03-04', '2027-03-04')$$, 'lodging.no_house', '404', 'a house of another village');

select finish();
rollback;
