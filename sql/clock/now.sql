-- The only clock. The same moment all through a transaction. (plpgsql keeps its plan; an SQL function with a subquery is planned at every call.)
create or replace function clock.now() returns timestamptz
language plpgsql stable as $$
begin
    return pg_catalog.now() + (select shift from data.clock);
end $$;
