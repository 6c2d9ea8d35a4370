-- Who did what, in which village.
begin;
\ir ../setup.sql
select plan(4);

select base.record('test.act', 7, '{"a": 1}');
select rows_are('select village, at, actor, act, subject, detail from data.event',
    $$values (1, clock.now(), 'guest', 'test.act', 7, '{"a": 1}'::jsonb)$$, 'a visit of nobody is a guest');
select set_config('visit.actor', 'system', true);
select base.record('test.system', 8);
select is((select actor from data.event where subject = 8), 'system', 'the jobs program says who it is');
select visit(login => 'owner_11');
select base.record('test.person', 9);
select is((select actor from data.event where subject = 9), 'person:1001', 'somebody signed in comes before both');
select visit('two.test');
select is((select count(*)::int from data.event), 0, 'another village does not see it');

select finish();
rollback;
