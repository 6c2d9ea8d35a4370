-- Queueing for nights that are taken.
begin;
\ir ../setup.sql
select plan(17);

create function pg_temp.wait(house bigint, arrive date, leave date, phone text, adults int default 2, key text default null) returns text language sql as $$
    select code from booking.wait(house, arrive, leave, adults, '{}', '等房客', phone, test.hash('wait ' || coalesce(key, phone || arrive)), test.hash('show ' || coalesce(key, phone || arrive)), null, null)
$$;
create function pg_temp.no(key text, status text, house bigint, arrive date, leave date, phone text, adults int default 2) returns text language sql as $$
    select test.refused(format('select booking.wait(%L, %L, %L, %s, ''{}'', ''客'', %L, test.hash(%L), test.hash(''y''), null, null)', house, arrive, leave, adults, phone, phone || arrive), key, status)
$$;
insert into data.setting values (1, 'unverified_share', 0);
select book(111, '2027-03-10', 2, phone => '1') as code \gset a_
select book(112, '2027-03-10', 2, phone => '2') as code \gset b_
select pg_temp.no('booking.free_now', '409', null, '2027-03-10', '2027-03-11', '3');
select pg_temp.no('booking.free_now', '409', 11, '2027-03-12', '2027-03-13', '3');
select pg_temp.no('booking.leave_first', '422', 11, '2027-03-12', '2027-03-12', '3');
select pg_temp.no('lodging.no_house', '404', 21, '2027-03-10', '2027-03-11', '3');
select pg_temp.no('booking.too_many_to_wait', '422', 11, '2027-03-10', '2027-03-11', '3', 8);
select pg_temp.wait(11, '2027-03-10', '2027-03-12', '3') as code \gset w_
select is(pg_temp.wait(11, '2027-03-10', '2027-03-12', '3'), :'w_code', 'pressed twice it is one place');
select is((select state || ' ' || before || ' ' || house_name || ' ' || guest_name || ' ' || hold_minutes || ' ' || stay from booking.waiting(:'w_code', hash('wait 32027-03-10'))), 'waiting 0 东院 等房客 120 false', 'the first');
select at('2027-03-02 10:01');
select pg_temp.wait(11, '2027-03-11', '2027-03-12', '4', 1) as code \gset v_
select is((select before::int from booking.waiting(lower(:'v_code'), hash('wait 42027-03-11'))), 1, 'the second, who wants a night of the same');
select is((select string_agg(code || ' ' || house_name, ',') from booking.mine_waiting(array[:'w_code', :'v_code'], array[hash('wait 32027-03-10'), hash('wrong')])), :'w_code' || ' 东院', 'among the stays of the device, by the link');
select refused(format($$select booking.waiting(%L, test.hash('guess'))$$, :'w_code'), 'booking.no_waiting', '404', 'a wrong secret');
insert into data.setting values (1, 'waiting_per_phone', 1);
select pg_temp.no('booking.waiting_limit', '429', 11, '2027-03-11', '2027-03-12', '3');
select is((select state from booking.wait_no_more(:'w_code', hash('wait 32027-03-10'))), 'left', 'no more');
select is((select state from booking.wait_no_more(:'w_code', hash('wait 32027-03-10'))), 'left', 'twice is like once');
select is((select before::int from booking.waiting(:'v_code', hash('wait 42027-03-11'))), 0, 'the next moves up');
select refused(format($$select booking.wait_no_more(%L, test.hash('guess'))$$, :'v_code'), 'booking.no_waiting', '404', 'a wrong secret');
select ok(pg_temp.wait(11, '2027-03-10', '2027-03-12', '3', key => 'again') is not null, 'who left may come again');
select visit('two.test');
select refused(format($$select booking.waiting(%L, test.hash('wait 42027-03-11'))$$, :'v_code'), 'booking.no_waiting', '404', 'in another village');

select finish();
rollback;
