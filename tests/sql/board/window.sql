-- How many nights a board holds.
begin;
\ir ../setup.sql
select plan(1);

select cmp_ok(board.window(), '>=', village.setting('book_ahead_nights')::int + 2, 'what one may book, the day of leaving, and the hour after six');

select finish();
rollback;
