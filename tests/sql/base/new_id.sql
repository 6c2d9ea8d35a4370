-- Random, odd, within 48 bits.
begin;
\ir ../setup.sql
select plan(2);

select ok(bool_and(id between 1 and 281474976710655 and id % 2 = 1), 'an id is odd and JavaScript can hold it')
  from (select base.new_id() as id from generate_series(1, 200)) t;
select is((select count(distinct base.new_id())::int from generate_series(1, 200)), 200, 'no two are the same');

select finish();
rollback;
