-- The photos of a house in their order.
create or replace function lodging.photos(house sure.bigint) returns table (
    hash sure.text, alt sure.text, drawn sure.boolean, taken date, room bigint)
language sql stable security definer set search_path = data, pg_temp set plan_cache_mode = force_generic_plan as $$
    select encode(p.hash, 'hex'), base.pick(p.alt_zh, p.alt_en), p.drawn, p.taken, p.room
      from photo p where p.village = base.village() and p.house = $1 order by p.position
$$;
