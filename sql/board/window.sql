-- How many nights a board holds, from tonight on: those one may book at most (400), the day of leaving behind them, and one more for
-- the hour after 06:00 in which tonight is already the next night and the board not yet read anew.
create or replace function board.window() returns int
language sql immutable as $$
    select 402
$$;
