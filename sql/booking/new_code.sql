-- Eight characters to read out on the phone: no 0 O 1 I L U.
create or replace function booking.new_code() returns text
language sql volatile as $$
    select string_agg(substr('23456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + get_byte(r.bytes, i) % 30, 1), '')
      from (select uuid_send(gen_random_uuid()) as bytes offset 0) r, unnest('{0,1,2,3,4,5,10,11}'::int[]) i
$$;
