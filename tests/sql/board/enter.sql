-- From here on it is about this village.
begin;
\ir ../setup.sql
select plan(2);

select board.enter(2) \g /dev/null
select is(base.village(), 2, 'another village than the visit came for');
select is((select count(*) from data.house), 1::bigint, 'and its houses only');

select finish();
rollback;
