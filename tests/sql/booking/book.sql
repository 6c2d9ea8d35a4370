-- A guest asks for nights, the house says yes.
begin;
\ir ../setup.sql
select plan(53);

-- the good case
select book(111, '2027-03-10', 3, key => 'key', children => '{8}', house => 11, seen => 78375) as code \gset
select rows_are('select code, guest_name, guest_phone, lang, made from data.booking', format('values (%L, %L, %L, %L, clock.now())', :'code', '示例客人', '13900000001', 'zh'), 'a booking');
select rows_are('select house, state, until, arrive, leave, adults, children, arrival, note, total_fen::bigint, house_name, ended from data.stay',
    $$values (11, 'confirmed', 'infinity'::timestamptz, '2027-03-10', '2027-03-13', 2, '{8}'::int[], 900, '晚到', 71250, '东院', null::timestamptz)$$, 'its stay');
select rows_are('select room, from_night, to_night, price_fen, rule from data.stay_room', $$values (111, '2027-03-10', '2027-03-13', '{21850,21850,27550}'::bigint[], '{base,base,weekend}'::text[])$$, 'its room with the price of each night');
select rows_are('select room, night, kind, until from data.night order by 2', $$values (111, '2027-03-10', 'stay', 'infinity'::timestamptz), (111, '2027-03-11', 'stay', 'infinity'), (111, '2027-03-12', 'stay', 'infinity')$$, 'its nights');
select rows_are('select kind, amount_fen, what from data.ledger', $$values ('charge', 71250, 'stay')$$, 'its charge');
select rows_are('select actor, act, detail ->> ''total_fen'' from data.event', $$values ('guest', 'booking.book', '71250')$$, 'and its event');
update data.rate set price_fen = price_fen + 100;
select is((select total_fen from data.stay)::bigint, 71250::bigint, 'a new price does not change it');
update data.rate set price_fen = price_fen - 100;
-- the key
select is(book(111, '2027-03-10', 3, key => 'key', children => '{8}', house => 11, seen => 78375), :'code', 'the same again is answered again');
select is((select count(*)::int from data.stay), 1, 'and done once');
select is((select replays from data.idempotency), 1, 'and written down');
select refused($$select test.book(111, '2027-03-15', key => 'key', request => 'another')$$, 'booking.key_used', '409');
select at('2027-03-03 10:00');
select refused($$select test.book(111, '2027-03-15', key => 'key', request => 'another')$$, 'booking.key_used', '409', 'to the last moment of a day');
select at('2027-03-03 10:00:01');
select isnt(book(112, '2027-03-15', key => 'key', request => 'another'), :'code', 'after a day the key may be used again');
select at('2027-03-02 10:00');
select refused($$select test.book(111, '2027-03-10', key => 'refused')$$, 'booking.taken', '409');
select ok(book(111, '2027-03-16', key => 'refused', request => 'another') is not null, 'a refused key may be tried again');
-- a house that decides
select book(121, '2027-03-04', adults => 1, phone => '13900000009') as asked \gset
select rows_are('select state, until from data.stay where house = 12', $$values ('requested', clock.now() + interval '2 hours')$$, 'it is asked');
select is((select until from data.night where room = 121), clock.now() + interval '2 hours', 'the night is taken for as long');
select is((select at from data.deadline where act = 'booking.lapse'), clock.now() + interval '2 hours', 'and there is a deadline');
select refused($$select test.book(121, '2027-03-04', adults => 1, phone => '13900000008')$$, 'booking.taken', '409', 'meanwhile');
select at('2027-03-02 12:00');
select book(121, '2027-03-04', adults => 1, phone => '13900000008') as second \gset s_
select ok(:'s_second' <> :'asked', 'when it has run out the night is free at once');
select at('2027-03-02 10:00');
-- dates, rooms, rules
select refused($$select test.book(112, '2027-03-04', 0)$$, 'booking.leave_first');
select refused($$select test.book(112, '2027-03-01')$$, 'booking.past');
select refused($$select test.book(112, '2027-03-20', 61)$$, 'booking.too_long');
select refused($$select test.book(112, '2028-04-05')$$, 'booking.too_far');
select refused($$select test.book(112, '2027-03-04', rooms => '{111,121}')$$, 'booking.one_house');
select refused($$select test.book(112, '2027-03-04', house => 12)$$, 'booking.no_room', '404', 'of another house');
select refused($$select test.book(211, '2027-03-04')$$, 'booking.no_room', '404', 'of another village');
select refused($$select test.book(122, '2027-03-04')$$, 'booking.house_paused', '409');
select refused($$select test.book(112, '2027-03-04', adults => 3)$$, 'booking.too_many_guests');
select refused($$select test.book(112, '2027-03-04', adults => 3, children => null)$$, 'booking.too_many_guests');
select refused($$select test.book(121, '2027-05-01')$$, 'booking.min_nights');
select refused($$select test.book(121, '2027-05-01', 5)$$, 'booking.max_nights');
select refused($$select test.book(121, '2027-06-10')$$, 'booking.closed_to_arrival');
select refused($$select test.book(121, '2027-06-11')$$, 'booking.closed_to_departure');
-- the price
select refused($$select test.book(112, '2027-03-04', seen => 14999)$$, 'booking.price_changed', '409');
select is(detail($$select test.book(112, '2027-03-04', seen => 14999)$$), '{"total_fen": 15000, "seen_total_fen": 14999}', 'both totals are said');
select ok(book(112, '2027-03-04', seen => 15001, phone => '13900000007') is not null, 'cheaper than seen is good');
delete from data.rate where room = 112;
select refused($$select test.book(112, '2027-03-06')$$, 'booking.no_price');
insert into data.rate (village, room, kind, price_fen) values (1, 112, 'base', 15000);
-- nights
select refused($$select test.book(111, '2027-03-12', 2, phone => '1')$$, 'booking.taken', '409', 'one night of two');
insert into data.night (village, room, night, kind, until) values (1, 111, '2027-03-20', 'closed', 'infinity'), (1, 111, '2027-03-21', 'repair', clock.now()), (1, 111, '2027-03-22', 'imported', clock.now() + interval '1 second');
select refused($$select test.book(111, '2027-03-20', phone => '1')$$, 'booking.taken', '409', 'closed by the house');
select ok(book(111, '2027-03-21', phone => '1') is not null, 'what has run out is written over');
select refused($$select test.book(111, '2027-03-22', phone => '1')$$, 'booking.taken', '409', 'what has not');
-- several rooms: all or none, each with its own prices
select book(null, '2027-03-24', 2, 5, rooms => '{112,111}', phone => '4') as both \gset s_
select is((select string_agg(sr.room || ' ' || sr.price_fen::text || ' ' || sr.rule::text, ', ' order by sr.room) from data.stay_room sr join data.stay s using (village, stay) join data.booking b using (village, booking) where b.code = :'s_both'),
    '111 {28000,28000} {base,base}, 112 {15000,15000} {base,base}', 'two rooms, a row each');
select is((select count(*) from data.night n join data.stay s using (village, stay) join data.booking b using (village, booking) where b.code = :'s_both'), 4::bigint, 'four nights taken');
select refused($$select test.book(null, '2027-03-25', 2, 4, rooms => '{111,112}', phone => '5')$$, 'booking.share_limit', '429', 'nobody knows either of them');
insert into data.setting values (1, 'unverified_share', 0);
select refused($$select test.book(null, '2027-03-25', 2, 4, rooms => '{111,112}', phone => '5')$$, 'booking.taken', '409', 'both or none');
select is((select count(*) from data.night where night = '2027-03-26' and room in (111, 112)), 0::bigint, 'and the other night is free still');
-- pace
insert into data.setting values (1, 'stays_per_phone', 1), (1, 'stays_per_device', 1), (1, 'stays_per_address', 1);
select book(111, '2027-04-01', phone => '2', device => 'd', address => 'a');
select refused($$select test.book(111, '2027-04-02', phone => '2')$$, 'booking.phone_limit', '429');
select refused($$select test.book(111, '2027-04-02', phone => '3', device => 'd')$$, 'booking.device_limit', '429');
select refused($$select test.book(111, '2027-04-02', phone => '3', device => 'e', address => 'a')$$, 'booking.address_limit', '429');
-- the other village
select visit('two.test', lang => 'en');
select refused($$select test.book(112, '2027-03-04')$$, 'booking.no_room', '404', 'a room of the first village');
select ok(book(211, '2027-03-10', phone => '2', key => 'key', request => 'another') is not null, 'keys and limits are each village''s own');
select is((select lang || ' ' || house_name from data.booking join data.stay using (village, booking)), 'en North Court', 'in the visitor''s language');

select finish();
rollback;
