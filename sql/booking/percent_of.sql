-- A percentage of an amount of fen, half up.
create or replace function booking.percent_of(fen bigint, percent int) returns bigint
language sql immutable as $$
    select (fen * percent * 2 + 100) / 200
$$;
