-- Guests a house takes in itself.
begin;
\ir ../setup.sql
select plan(19);

create function pg_temp.take(rooms bigint[], arrive date, nights int, adults int default 2, key text default null, name text default '', phone text default '', house bigint default 11) returns text language sql as $$
    select w.code || ' ' || w.total_fen from owner.walk_in(coalesce(key, gen_random_uuid()::text), house, rooms, arrive, arrive + nights, adults, '{}', name, phone, '', test.hash(gen_random_uuid()::text), test.hash(gen_random_uuid()::text)) w
$$;
create function pg_temp.no(key text, status text, rooms bigint[], arrive date, nights int, adults int default 2, house bigint default 11) returns text language sql as $$
    select test.refused(format('select owner.walk_in(gen_random_uuid()::text, %s, %L, %L, %L, %s, %L, %L, %L, %L, test.hash(%L), test.hash(%L))', house, rooms, arrive, arrive + nights, adults, '{}', '', '', '', 'a', 'b'), key, status)
$$;
select visit('one.test', 'owner_11');
select is(split_part(pg_temp.take('{111}', '2027-03-02', 2, key => 'pressed'), ' ', 2), '40000', 'at the door, for two nights');
select rows_are('select state, vouched is not null, total_fen::bigint, phone from data.stay', $$values ('checked_in', true, 40000::bigint, '')$$, 'checked in at once; the house stands for them');
select is((select count(*)::int from data.night where until = 'infinity' and not unverified), 2, 'both nights are taken');
select is((select guest_name from owner.stay((select code from data.booking))), '现场客人', 'without a name');
select is((select string_agg(guest_name || ' ' || moves, ',') from owner.today(11)), '现场客人 arrive', 'on today''s page');
select is(pg_temp.take('{111}', '2027-03-02', 2, key => 'pressed'), (select code || ' 40000' from data.booking), 'pressed twice it is the same stay');
select is((select count(*)::int from data.stay), 1, 'and only one');
select is(split_part(pg_temp.take('{112}', '2027-03-10', 1, name => '电话客人', phone => '13900000001'), ' ', 2), '15000', 'on the phone, for later');
select is((select state || ' ' || guest_name from data.stay join data.booking using (village, booking) where phone = '13900000001'), 'confirmed 电话客人', 'confirmed');
select pg_temp.no('booking.taken', '409', '{111}', '2027-03-03', 1);
select pg_temp.no('booking.past', '422', '{112}', '2027-03-01', 1);
select pg_temp.no('booking.too_many_guests', '422', '{112}', '2027-03-02', 1, 3);
select pg_temp.no('booking.no_room', '404', '{121}', '2027-03-02', 1);
insert into data.stay_limit (village, room, from_night, to_night, min_nights) values (1, 112, '2027-03-20', '2027-03-21', 3);
select is(split_part(pg_temp.take('{112}', '2027-03-20', 1), ' ', 2), '15000', 'its own rule on nights the house may bend');
select is((select actor || ' ' || act from data.event where act like '%walk_in' order by event limit 1), 'person:1001 booking.walk_in', 'on record by name');
-- strangers
select visit('one.test', 'owner_12');
select pg_temp.no('account.not_yours', '404', '{111}', '2027-03-06', 1);
select refused($$select owner.walk_in('pressed', 12, '{121}', '2027-03-06', '2027-03-07', 1, '{}', '', '', '', test.hash('a'), test.hash('b'))$$, 'booking.key_used', '409', 'a key of another house');
select visit();
select pg_temp.no('account.sign_in_first', '401', '{111}', '2027-03-06', 1);
select visit('two.test', 'owner_21');
select pg_temp.no('account.not_yours', '404', '{111}', '2027-03-06', 1);

select finish();
rollback;
