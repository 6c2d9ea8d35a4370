-- The only clock. The same moment all through a transaction.
create or replace function clock.now() returns timestamptz
language sql stable as $$
    select pg_catalog.now() + (select shift from data.clock)
$$;
