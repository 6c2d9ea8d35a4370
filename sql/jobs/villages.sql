-- The villages that have a door. Row security hides data.village from whoever is in no village yet, but not its hosts.
create or replace function jobs.villages() returns setof int
language sql stable as $$
    select distinct h.village from data.village_host h order by 1
$$;
