-- The map of a village.
begin;
\ir ../setup.sql
select plan(3);

reset role;
insert into data.landmark values (1, 1, 'gate', '门', 'Gate', '{35430000,113370000}'), (1, 2, 'lane', '巷', 'Lane', '{35430000,113370000,35431000,113371000}');
set local role village;
select rows_are('select kind, name_zh, name_en, points from board.landmarks(1)',
    $$values ('lane', '巷', 'Lane', '{35430000,113370000,35431000,113371000}'::int[]), ('gate', '门', 'Gate', '{35430000,113370000}')$$, 'what lies below comes first');
select is((select count(*) from board.landmarks(2)), 0::bigint, 'another village has its own');
select visit() \g /dev/null
select throws_ok($$update data.landmark set points = '{1,2,3}'$$, '23514', null, 'a latitude without a longitude is no point');

select finish();
rollback;
