-- An id for URLs: random, 48 bits, so that nobody can count and JavaScript can hold it.
create or replace function base.new_id() returns bigint
language sql volatile as $$
    select ('x' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12))::bit(48)::bigint | 1
$$;
