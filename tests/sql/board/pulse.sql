-- The first question of a round.
begin;
\ir ../setup.sql
select plan(4);

select ok((select xmin from board.pulse((select hash from data.release))) <= pg_current_xact_id()::text::bigint, 'this transaction has not ended');
update data.clock set shift = interval '2 days 1 second';
select is((select shift_us from board.pulse((select hash from data.release)))::bigint, 172801000000, 'how far the clock is shifted');
select refused($$select * from board.pulse('another')$$, 'fault.release', '503', 'somebody of another release');
select is((select count(*) from board.pulse((select hash from data.release))), 1::bigint, 'one row');

select finish();
rollback;
