-- Eight characters to read out on the phone: no 0 O 1 I L U. Out of 22 that are random some eighteen are left; should ever be fewer than eight,
-- twos stand in.
create or replace function booking.new_code() returns text
language sql volatile as $$
    select left(translate(upper(encode(uuid_send(gen_random_uuid()), 'base64')), '01ILOU+/=', '') || '22222222', 8)
$$;
