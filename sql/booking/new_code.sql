-- Eight characters to read out on the phone: no 0 O 1 I L U.
create or replace function booking.new_code() returns text
language plpgsql volatile as $$
declare
    bytes bytea := uuid_send(gen_random_uuid());
    code  text := '';
    i     int;
begin
    -- Bytes 6 to 9 of a random UUID hold its version and variant.
    foreach i in array '{0,1,2,3,4,5,10,11}'::int[] loop
        code := code || substr('23456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + get_byte(bytes, i) % 30, 1);
    end loop;
    return code;
end $$;
