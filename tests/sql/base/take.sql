-- So many at once, then one every so often; trying on does not help.
begin;
\ir ../setup.sql
select plan(7);

create function pg_temp.tries(times int) returns text language sql as $$
    select string_agg(case base.take(test.hash('key'), 3, 60) when true then 'y' else 'n' end, '') from generate_series(1, times)
$$;
select is(pg_temp.tries(3), 'yyy', 'the burst is there at once');
select at('2027-03-02 10:00:59');
select is(base.take(hash('key'), 3, 60), false, 'a second short of the next');
select at('2027-03-02 10:05');
select is(pg_temp.tries(4), 'yyyn', 'after a while the burst is there again');
select is(pg_temp.tries(30), repeat('n', 30), 'hammering is refused');
select at('2027-03-02 10:06');
select is(base.take(hash('key'), 3, 60), false, 'and puts off the next');
select at('2027-03-02 10:08');
select is(base.take(hash('key'), 3, 60), true, 'but not for longer than one more');
select is(base.take(hash('other'), 3, 60), true, 'another key has its own');

select finish();
rollback;
