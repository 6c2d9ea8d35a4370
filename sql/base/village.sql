-- The village of this visit, or null before village.enter.
create or replace function base.village() returns int
language sql stable as $$
    select nullif(current_setting('visit.village', true), '')::int
$$;
