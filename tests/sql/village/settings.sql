-- What the association set, or the defaults.
begin;
\ir ../setup.sql
select plan(3);

select rows_are('select * from village.settings()', 'values (4, 6, 40, 80, 120, 400, 60, 120, 3, 180)', 'the defaults');
insert into data.setting values (1, 'stays_per_phone', 9), (1, 'longest_nights', 0), (1, 'nothing', 3);
select rows_are('select * from village.settings()', 'values (9, 6, 40, 80, 120, 400, 0, 120, 3, 180)', 'what was set, a nought too; what nobody knows is nothing');
select visit('two.test');
select rows_are('select * from village.settings()', 'values (4, 6, 40, 80, 120, 400, 60, 120, 3, 180)', 'another village has its own');

select finish();
rollback;
