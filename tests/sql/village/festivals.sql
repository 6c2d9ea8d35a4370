-- Days off as one run, festivals by themselves, what has passed left out.
begin;
\ir ../setup.sql
select plan(5);

delete from data.holiday;
insert into data.holiday values
    ('2027-03-01', 'festival', '昨天', 'Yesterday'),
    ('2027-03-10', 'festival', '灯节', 'Lanterns'),
    ('2027-04-03', 'holiday', '清明', 'Qingming'), ('2027-04-04', 'holiday', '清明', 'Qingming'), ('2027-04-05', 'holiday', '清明', 'Qingming'),
    ('2027-04-05', 'festival', '清明节', 'Qingming'),
    ('2027-04-10', 'workday', '补班', 'Working day'),
    ('2027-05-01', 'holiday', '清明', 'Qingming');
select rows_are('select name, first_day, last_day, day_off from village.festivals()',
    $$values ('灯节', '2027-03-10', '2027-03-10', false), ('清明', '2027-04-03', '2027-04-05', true), ('清明', '2027-05-01', '2027-05-01', true)$$,
    'each run of days off once, a festival within it not again, nothing that has passed, no working day');
select is((select houses from village.festivals() limit 1)::int, 2, 'with the houses that have a room that night');
update data.house set paused = true where house = 12;
select is((select houses from village.festivals() limit 1)::int, 1, 'a house that pauses has none');
select visit('one.test', lang => 'en');
select is((select name from village.festivals() limit 1)::text, 'Lanterns', 'in the language of the visit');
delete from data.holiday;
select is((select count(*) from village.festivals())::int, 0, 'and nothing when nothing is announced');

select finish();
rollback;
