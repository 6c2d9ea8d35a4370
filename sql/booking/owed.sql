-- What is owed when a stay is cancelled at a moment: the first step that has not passed decides. Fen.
create or replace function booking.owed(cuts data.cut_off[], at timestamptz) returns bigint
language sql immutable as $$
    select c.owed_fen from unnest(cuts) with ordinality c (until, owed_fen, step) where owed.at < c.until order by c.step limit 1
$$;
