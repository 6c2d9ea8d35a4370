-- How many nights a board holds.
begin;
\ir ../setup.sql
select plan(1);

select cmp_ok(board.window(), '>=', (select book_ahead_nights::int from village.settings()) + 2, 'what one may book, the day of leaving, and the hour after six');

select finish();
rollback;
