-- What the page about limits says.
begin;
\ir ../setup.sql
select plan(2);

select rows_are('select * from village.limits()', 'values (4, 6, 80, 3, 60)', 'the defaults');
insert into data.setting values (1, 'unverified_share', 50);
select is((select unverified_share::int from village.limits()), 50, 'what was set');

select finish();
rollback;
