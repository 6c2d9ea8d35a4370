-- Which host names which village.
create or replace function board.hosts() returns table (host sure.text, village sure.int)
language sql stable security definer set search_path = data, pg_temp as $$
    select h.host, h.village from village_host h order by h.village, h.host
$$;
