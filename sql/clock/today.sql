-- The day of tonight in the village: until 06:00 a guest at the door still means last night (product.md).
create or replace function clock.today(village int) returns date
language sql stable as $$
    select ((clock.now() - interval '6 hours') at time zone 'Asia/Shanghai')::date
$$;
