-- How many houses have a room, and from how much.
begin;
\ir ../setup.sql
select plan(8);

select rows_are('select arrive, leave, houses, all_houses, from_fen from village.home()',
    $$values ('2027-03-02', '2027-03-03', 2, 2, 15000)$$, 'tonight, early in the week');
select at('2027-03-03 10:00');
select rows_are('select arrive, leave from village.home()', $$values ('2027-03-05', '2027-03-06')$$, 'on Wednesday, from Friday');
select at('2027-03-04 10:00');
select is((select arrive from village.home())::date, '2027-03-05'::date, 'on Thursday, from Friday');
select at('2027-03-05 10:00');
select is((select arrive from village.home())::date, '2027-03-05'::date, 'on Friday, tonight');
select at('2027-03-02 10:00');
select book(112, '2027-03-02');
select book(121, '2027-03-02');
select rows_are('select houses, all_houses, from_fen from village.home()', $$values (1, 2, 20000)$$, 'what is taken is not counted');
update data.house set paused = true where house = 12;
select is((select all_houses from village.home())::int, 1, 'nor is a house that pauses');
select book(111, '2027-03-02');
select rows_are('select houses, from_fen from village.home()', $$values (0, null)$$, 'all taken: no house, no price');
select visit('two.test');
select rows_are('select houses, all_houses, from_fen from village.home()', $$values (1, 1, 10000)$$, 'another village counts its own');

select finish();
rollback;
