-- Finding a stay again by code and phone.
begin;
\ir ../setup.sql
select plan(12);

create function pg_temp.look(code text, phone text, key text default 'key', by_code text default 'c', by_address text default 'a') returns text language sql as $$
    select concat_ws(' ', l.found::boolean::text, l.refused) from booking.look_up(code, phone, test.hash(key), test.hash(by_code), test.hash(by_address)) l
$$;
select book(111, '2027-03-10', 2) as code \gset
select is(pg_temp.look(:'code', '13900000002'), 'false booking.look_up_wrong', 'another phone');
select is(pg_temp.look('22222222', '13900000001', by_code => 'd'), 'false booking.look_up_wrong', 'another code, answered alike');
select is(pg_temp.look(lower(:'code'), '13900000001'), 'true', 'both right');
select is((select may from booking.open(:'code', hash('key'))), 'manage', 'this device manages now');
select is((select may from booking.open(:'code', hash('manage 13900000001'))), 'manage', 'the guest''s link stays good');
select is((select code || ' ' || total_fen from booking.mine(array[:'code'], array[hash('key')])), :'code' || ' 40000', 'it is among the stays of this device');
select count(pg_temp.look(:'code', '1')) from generate_series(1, 3);
select is(pg_temp.look(:'code', '13900000001', 'late'), 'false booking.look_up_wait', 'too fast for one code: also the right one waits');
select is(pg_temp.look('33333333', '1', by_code => 'e'), 'false booking.look_up_wrong', 'another code may still be tried');
select at('2027-03-02 10:11');
select is(pg_temp.look(:'code', '13900000001', 'later'), 'true', 'after ten minutes one more');
select count(pg_temp.look('44444444', '1', by_code => 'f' || i)) from generate_series(1, 40) i;
select is(pg_temp.look(:'code', '13900000001', 'z', by_code => 'g'), 'false booking.look_up_wait', 'too many codes from one address');
select is(pg_temp.look(:'code', '13900000001', 'y', by_code => 'h', by_address => 'b'), 'true', 'another address goes on');
select visit('two.test');
select is(pg_temp.look(:'code', '13900000001', 'x', by_code => 'i', by_address => 'c'), 'false booking.look_up_wrong', 'not in another village');

select finish();
rollback;
