-- How many open stays one hand may hold.
begin;
\ir ../setup.sql
select plan(10);

insert into data.setting values (1, 'stays_per_phone', 2), (1, 'stays_per_device', 3), (1, 'stays_per_address', 4);
create function pg_temp.book(nr int, phone text, device text default null, address text default null) returns text language sql as $$
    select test.book(112, '2027-03-02'::date + nr, phone => phone, device => device, address => address)
$$;
select pg_temp.book(0, '139', 'd', 'a');
select pg_temp.book(1, '139', 'd', 'a');
select throws_ok($$select booking.pace('139', null, null, '2027-03-20', '2027-03-22', 1)$$, 'HS429', 'booking.phone_limit', 'of a phone');
select lives_ok($$select booking.pace('138', hash('d'), hash('a'), '2027-03-20', '2027-03-22', 1)$$, 'another phone may go on');
select pg_temp.book(2, '138', 'd', 'a');
select throws_ok($$select booking.pace('137', hash('d'), null, '2027-03-20', '2027-03-22', 1)$$, 'HS429', 'booking.device_limit', 'of a device');
select lives_ok($$select booking.pace('137', null, hash('a'), '2027-03-20', '2027-03-22', 1)$$, 'another device may go on');
select pg_temp.book(3, '138', null, 'a');
select throws_ok($$select booking.pace('137', null, hash('a'), '2027-03-20', '2027-03-22', 1)$$, 'HS429', 'booking.address_limit', 'of an address');
select lives_ok($$select booking.pace('137', null, null, '2027-03-20', '2027-03-22', 1)$$, 'who has neither is not counted');
select visit('two.test');
select lives_ok($$select booking.pace('139', hash('d'), hash('a'), '2027-03-20', '2027-03-22', 1)$$, 'another village counts its own');
select visit();
select at('2027-03-03 07:00');
select lives_ok($$select booking.pace('139', null, null, '2027-03-20', '2027-03-22', 1)$$, 'a stay that is over is not open, also if nobody wrote it down');
select at('2027-03-02 10:00');
delete from data.night;
insert into data.setting values (1, 'request_minutes', 60);
select book(121, '2027-03-08', phone => '136');
select book(121, '2027-03-09', phone => '136');
select throws_ok($$select booking.pace('136', null, null, '2027-03-20', '2027-03-22', 1)$$, 'HS429', 'booking.phone_limit', 'requests count');
select at('2027-03-02 11:00');
select lives_ok($$select booking.pace('136', null, null, '2027-03-20', '2027-03-22', 1)$$, 'until they run out');

select finish();
rollback;
