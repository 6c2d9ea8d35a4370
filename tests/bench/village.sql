-- Village `village`, known as `host`, unless it is there: `rooms` rooms that are empty for a year, five to a house, each made like one of the
-- demo's (prices, children's prices, ladders, cut-offs), so that a booking costs here what it costs there. Their limits are read
-- and forbid nothing; no house asks first. Ids count on, so that a client can reckon which room and night nobody else takes.
-- Run as superuser in a database with the demo village: psql -v village=9000 -v host=bench.test -v rooms=2000 -f village.sql
select exists (select from data.village where village = :village) as there \gset
\if :there
\q
\endif
set statement_timeout = 0;
begin;

create temp table like_house as
select row_number() over (order by h.position) - 1 as nr, h.house as demo from data.house h where h.village = 1 and not h.by_request;
create temp table like_room as
select row_number() over (order by r.house, r.position) - 1 as nr, r.room as demo from data.room r join like_house l on l.demo = r.house where r.village = 1;
create temp table bench_house as
select 1000000 + i as house, i as position, l.demo
  from generate_series(0, (:rooms - 1) / 5) i join like_house l on l.nr = i % (select count(*) from like_house);
create temp table bench_room as
select 1000000 + i as room, 1000000 + i / 5 as house, i % 5 as position, l.demo
  from generate_series(0, :rooms - 1) i join like_room l on l.nr = i % (select count(*) from like_room);

insert into data.village select :village, name_zh, name_en, place_zh, place_en, phone, 'http://' || :'host', made from data.village where village = 1;
insert into data.village_host values (:'host', :village);
-- Counting who nobody knows is for villages of a hundred rooms; this one has so many that nobody is ever in another's way.
insert into data.setting values (:village, 'unverified_share', 100);
insert into data.house
select (jsonb_populate_record(h, jsonb_build_object('village', :village, 'house', b.house, 'position', b.position, 'paused', false))).*
  from bench_house b join data.house h on h.village = 1 and h.house = b.demo;
insert into data.cut select :village, b.house, c.step, c.days_before, c.minute, c.percent from bench_house b join data.cut c on c.village = 1 and c.house = b.demo;
insert into data.ladder select :village, b.house, l.nights, l.percent from bench_house b join data.ladder l on l.village = 1 and l.house = b.demo;
insert into data.child_band select :village, b.house, c.under_age, c.fen from bench_house b join data.child_band c on c.village = 1 and c.house = b.demo;
insert into data.room
select (jsonb_populate_record(r, jsonb_build_object('village', :village, 'room', b.room, 'house', b.house, 'position', b.position, 'closed', false,
                                                    'capacity', greatest(r.capacity, 2)))).*
  from bench_room b join data.room r on r.village = 1 and r.room = b.demo;
-- Whether a price's room exists is looked up by its key only when the table is known to be large.
commit;
analyze data.house, data.room;
begin;
insert into data.rate (village, room, kind, from_night, to_night, price_fen, name_zh, name_en)
select :village, b.room, t.kind, t.from_night, t.to_night, t.price_fen, t.name_zh, t.name_en
  from bench_room b join data.rate t on t.village = 1 and t.room = b.demo order by b.room, t.rate;
insert into data.stay_limit (village, room, from_night, to_night)
select :village, b.room, l.from_night, l.to_night from bench_room b join data.stay_limit l on l.village = 1 and l.room = b.demo;
commit;
vacuum (analyze) data.house, data.room, data.rate, data.stay_limit, data.cut, data.ladder, data.child_band;
