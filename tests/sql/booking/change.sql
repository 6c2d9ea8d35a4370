-- A stay becomes another: what is kept, added, dropped, and what that costs.
begin;
\ir ../setup.sql
select plan(58);

create function pg_temp.change(code text, leave date default '2027-03-12', arrive date default '2027-03-10', rooms bigint[] default '{111}', adults int default 2, children int[] default '{}',
    last4 text default '0001', total bigint default null, owed bigint default null, word text default 'manage 13900000001') returns text language sql as $$
    select concat_ws(' ', c.state, c.refused, c.total_fen, c.owed_fen, c.balance_fen) from booking.change(code, test.hash(word), rooms, arrive, leave, adults, children, last4, total, owed) c
$$;
create function pg_temp.cells(code text) returns text language sql as $$
    select string_agg(r.room || ' ' || to_char(r.from_night + i - 1, 'MMDD') || ' ' || r.price_fen[i], ', ' order by r.room, i)
      from data.stay_room r join data.stay s using (village, stay) join data.booking b using (village, booking), generate_series(1, cardinality(r.price_fen)) i where b.code = cells.code
$$;
create function pg_temp.held(code text) returns text language sql as $$
    select string_agg(n.room || ' ' || to_char(n.night, 'MMDD'), ', ' order by n.room, n.night)
      from data.night n join data.stay s using (village, stay) join data.booking b using (village, booking) where b.code = held.code and n.until > clock.now()
$$;
create function pg_temp.money(code text) returns text language sql as $$
    select string_agg(l.what || ' ' || l.amount_fen, ', ' order by l.entry) from data.ledger l join data.stay s using (village, stay) join data.booking b using (village, booking) where b.code = money.code
$$;
create function pg_temp.cuts(code text) returns text language sql as $$
    select string_agg(to_char(c.until at time zone 'Asia/Shanghai', 'MMDD HH24') || ' ' || c.owed_fen || ' ' || c.percent, ', ' order by c.until)
      from data.stay s join data.booking b using (village, booking), unnest(s.cuts) c where b.code = cuts.code
$$;

-- for nothing, while cancelling is free
select book(111, '2027-03-10', 2) as code \gset
select is(pg_temp.change(:'code'), 'confirmed 40000 0 40000', 'as it is: nothing happens');
select is((select count(*)::int from data.event where act = 'booking.change'), 0, 'nor is anything written down');
select is(pg_temp.change(:'code', '2027-03-13'), 'confirmed 64700 0 64700', 'a night more');
select is(pg_temp.cells(:'code'), '111 0310 20000, 111 0311 20000, 111 0312 24700', 'kept nights keep their price; the new one is a third night of today, a weekend, 5 % less');
select is(pg_temp.held(:'code'), '111 0310, 111 0311, 111 0312', 'and is taken');
select is(pg_temp.money(:'code'), 'stay 40000, change -40000, stay 64700', 'the charge is made anew');
select is(pg_temp.change(:'code', '2027-03-13'), 'confirmed 64700 0 64700', 'pressed twice is like once');
select is((select count(*)::int from data.event where act = 'booking.change'), 1, 'and written down once');
select is(pg_temp.change(:'code', '2027-03-12', '2027-03-11'), 'confirmed 20000 0 20000', 'a night less at each end');
select is(pg_temp.cells(:'code') || ' / ' || pg_temp.held(:'code'), '111 0311 20000 / 111 0311', 'the rest keeps its price and its night');
select ok(book(111, '2027-03-12', phone => '13900000009') is not null, 'what was given back can be had by others at once');
select is((select string_agg(to_char(c.until at time zone 'Asia/Shanghai', 'MMDD HH24') || ' ' || c.owed_fen, ', ' order by c.until) from data.stay s, unnest(s.cuts) c where s.phone = '13900000001' and c.until < 'infinity'),
    '0308 18 0, 0310 18 6000', 'the cut-offs move with the arrival');
-- guests
select is(pg_temp.change(:'code', '2027-03-12', '2027-03-11', adults => 3), 'confirmed 28000 0 28000', 'one more: today''s extra place');
select is(pg_temp.change(:'code', '2027-03-12', '2027-03-11', adults => 3, children => '{8}'), 'confirmed 31000 0 31000', 'a child: its band');
select is(pg_temp.change(:'code', '2027-03-12', '2027-03-11', adults => 3, children => '{8}'), 'confirmed 31000 0 31000', 'the same children are no change');
update data.room set extra_adult_fen = 50000 where room = 111;
select is(pg_temp.change(:'code', '2027-03-12', '2027-03-11', adults => 2), 'confirmed 0 0 0', 'fewer: what they cost today is taken off, but no night costs less than nothing');
select is((select adults::text || children::text from data.stay where phone = '13900000001'), '2{}', 'the party is the new one');
update data.room set extra_adult_fen = 8000 where room = 111;
-- rooms
select book(111, '2027-03-20', 1, phone => '13900000002') as code \gset r_
select is(pg_temp.change(:'r_code', '2027-03-21', '2027-03-20', '{111,112}', 4, last4 => '0002', word => 'manage 13900000002'), 'confirmed 41000 0 41000', 'a second room');
select is(pg_temp.held(:'r_code'), '111 0320, 112 0320', 'both are taken');
select is(pg_temp.change(:'r_code', '2027-03-21', '2027-03-20', '{112}', last4 => '0002', word => 'manage 13900000002'), 'confirmed 15000 0 15000', 'one of the two is given back');
select is(pg_temp.held(:'r_code'), '112 0320', 'and the other kept');
select is(pg_temp.change(:'r_code', '2027-03-21', '2027-03-20', '{111}', last4 => '0002', word => 'manage 13900000002'), 'confirmed 26000 0 26000', 'another room for it: at today''s price');
-- in the time when it costs
select book(111, '2027-03-24', 2, phone => '13900000003') as code \gset p_
select at('2027-03-22 10:00');
select is((select owed_fen || ' ' || total_fen || ' ' || kept_fen || ' ' || added_fen || ' ' || dropped_fen || ' ' || balance_fen
             from booking.alter(:'p_code', hash('manage 13900000003'), '{111}', '2027-03-25', '2027-03-27', 2, '{}')), '6000 46000 20000 26000 20000 52000', 'said before: 30 % of the dropped night');
select refused(format($$select booking.change(%L, test.hash('manage 13900000003'), '{111}', '2027-03-25', '2027-03-27', 2, '{}', '0003', 46000, 5999)$$, :'p_code'), 'booking.owed_changed', '409', 'dearer than seen');
select refused(format($$select booking.change(%L, test.hash('manage 13900000003'), '{111}', '2027-03-25', '2027-03-27', 2, '{}', '0003', 45999, 6000)$$, :'p_code'), 'booking.price_changed', '409', 'dearer than seen');
select is(pg_temp.money(:'p_code'), 'stay 40000', 'refused: all is as it was');
select is(pg_temp.change(:'p_code', '2027-03-27', '2027-03-25', last4 => '0003', total => 46000, owed => 6000, word => 'manage 13900000003'), 'confirmed 46000 6000 52000', 'done: 30 % of the dropped night');
select is(pg_temp.money(:'p_code'), 'stay 40000, change -40000, stay 46000, drop 6000', 'a charge of its own');
select is((select string_agg(to_char(c.until at time zone 'Asia/Shanghai', 'MMDD HH24') || ' ' || c.owed_fen, ', ' order by c.until) from data.stay s, unnest(s.cuts) c where s.phone = '13900000003' and c.until < 'infinity'),
    '0321 18 0, 0324 18 13800', 'what has passed stays passed; the other has moved a day');
select is(pg_temp.change(:'p_code', '2027-03-26', '2027-03-25', last4 => '0003', word => 'manage 13900000003'), 'confirmed 20000 7800 33800', 'and again: 30 % of 26000, half up');
-- the last four digits
select is(pg_temp.change(:'p_code', '2027-03-27', '2027-03-25', last4 => '9999', word => 'manage 13900000003'), 'confirmed booking.last4_wrong 20000 0 33800', 'wrong digits: nothing happens');
select is((select wrong_tries from data.booking where code = :'p_code'), 1, 'but it is remembered');
-- what is taken
select book(111, '2027-03-28', phone => '13900000004') as code \gset x_
select refused(format($$select booking.change(%L, test.hash('manage 13900000003'), '{111}', '2027-03-25', '2027-03-29', 2, '{}', '0003', null, null)$$, :'p_code'), 'booking.taken', '409');
select refused(format($$select booking.alter(%L, test.hash('manage 13900000003'), '{111}', '2027-03-25', '2027-03-29', 2, '{}')$$, :'p_code'), 'booking.taken', '409', 'said before');
select is(pg_temp.held(:'p_code') || ' / ' || pg_temp.money(:'p_code'), '111 0325 / stay 40000, change -40000, stay 46000, drop 6000, change -46000, stay 20000, drop 7800', 'and leaves all as it was');
-- what cannot be
create function pg_temp.no(code text, key text, status text, leave date default '2027-03-27', arrive date default '2027-03-25', rooms bigint[] default '{111}', adults int default 2, children int[] default '{}',
    phone text default '13900000003') returns text language sql as $$
    select test.refused(format('select booking.change(%L, test.hash(%L), %L, %L, %L, %s, %L, %L, null, null)', code, 'manage ' || phone, rooms, arrive, leave, adults, children, right(phone, 4)), key, status)
$$;
select pg_temp.no(:'p_code', 'booking.leave_first', '422', '2027-03-25');
select pg_temp.no(:'p_code', 'booking.past', '422', arrive => '2027-03-21');
select pg_temp.no(:'p_code', 'booking.too_long', '422', leave => '2027-05-25');
select pg_temp.no(:'p_code', 'booking.too_far', '422', leave => '2028-05-25', arrive => '2028-05-20');
select pg_temp.no(:'p_code', 'booking.no_room', '404', rooms => '{121}');
select pg_temp.no(:'p_code', 'booking.no_room', '404', rooms => '{}');
select pg_temp.no(:'p_code', 'booking.too_many_guests', '422', adults => 6);
insert into data.stay_limit (village, room, from_night, to_night, min_nights) values (1, 111, '2027-03-25', '2027-03-26', 3);
select pg_temp.no(:'p_code', 'booking.min_nights', '422');
select is(pg_temp.change(:'p_code', '2027-03-26', '2027-03-25', adults => 1, last4 => '0003', word => 'manage 13900000003'), 'confirmed 20000 0 33800', 'a room whose nights stay as they are is not asked for its limits');
update data.house set paused = true where house = 11;
select pg_temp.no(:'p_code', 'booking.house_paused', '409', leave => '2027-03-28');
select is(pg_temp.change(:'p_code', '2027-03-26', '2027-03-25', adults => 2, last4 => '0003', word => 'manage 13900000003'), 'confirmed 20000 0 33800', 'nor whether the house takes guests');
update data.house set paused = false where house = 11;
delete from data.stay_limit;
update data.rate set to_night = '2027-03-25' where room = 111 and kind in ('base', 'weekend');
select pg_temp.no(:'p_code', 'booking.no_price', '422', leave => '2027-03-28');
update data.rate set to_night = '2199-12-31' where room = 111 and kind in ('base', 'weekend');
-- once the guest is there
update data.stay set state = 'checked_in' where phone = '13900000003';
select at('2027-03-25 15:00');
select pg_temp.no(:'p_code', 'booking.change_in_house', '409', arrive => '2027-03-26');
select pg_temp.no(:'p_code', 'booking.change_in_house', '409', rooms => '{112}', arrive => '2027-03-25');
select is(split_part(pg_temp.change(:'p_code', '2027-03-28', '2027-03-25', last4 => '0003', word => 'manage 13900000003'), ' ', 1), 'checked_in', 'staying on');
select at('2027-03-26 09:00');
select is(pg_temp.change(:'p_code', '2027-03-26', '2027-03-25', last4 => '0003', word => 'manage 13900000003'), 'checked_in 20000 49400 83200', 'leaving early: by the cut-offs nights not slept cost all by then');
-- a house that decides
select at('2027-03-02 10:00');
select book(121, '2027-03-10', 2, 1, phone => '13900000005') as code \gset q_
select is(pg_temp.change(:'q_code', '2027-03-13', rooms => '{121}', adults => 1, last4 => '0005', word => 'manage 13900000005'), 'requested 96665 0 96665', 'a request is still the guest''s to change: two kept, a third night at 10 % less');
select is((select count(*)::int from data.night n join data.stay s using (village, stay) where s.phone = '13900000005' and n.until = s.until), 3, 'its nights wait as long as the rest');
update data.stay set state = 'confirmed', until = 'infinity' where phone = '13900000005';
select pg_temp.no(:'q_code', 'booking.change_by_house', '409', '2027-03-14', '2027-03-10', '{121}', 1, phone => '13900000005');
select is(split_part(pg_temp.change(:'q_code', '2027-03-12', rooms => '{121}', adults => 1, last4 => '0005', word => 'manage 13900000005'), ' ', 1), 'confirmed', 'giving nights back needs nobody');
-- what is over, and strangers
update data.stay set state = 'checked_out' where phone = '13900000005';
select pg_temp.no(:'q_code', 'booking.cannot_change', '409', '2027-03-14', '2027-03-10', '{121}', 1, phone => '13900000005');
select refused(format($$select booking.change(%L, test.hash('show 13900000003'), '{111}', '2027-03-25', '2027-03-29', 2, '{}', '0003', null, null)$$, :'p_code'), 'booking.no_stay', '404', 'the link that shows');
select visit('two.test');
select refused(format($$select booking.change(%L, test.hash('manage 13900000003'), '{111}', '2027-03-25', '2027-03-29', 2, '{}', '0003', null, null)$$, :'p_code'), 'booking.no_stay', '404', 'in another village');

select finish();
rollback;
