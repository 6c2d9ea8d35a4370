-- Which host names which village.
begin;
\ir ../setup.sql
select plan(1);

select rows_are('select host, village from board.hosts()', $$values ('one.test', 1), ('www.one.test', 1), ('two.test', 2)$$, 'every host, of all villages');

select finish();
rollback;
