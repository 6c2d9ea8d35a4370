-- The village of this visit.
begin;
\ir ../setup.sql
select plan(3);

select is(base.village(), 1, 'the one that was entered');
select visit('two.test');
select is(base.village(), 2, 'the next visit has its own');
select set_config('visit.village', '', true);
select is(base.village(), null, 'none before village.enter');

select finish();
rollback;
