-- The demo village: reads the CSV files beside this file and fills an empty database with them. See README.md.
--
-- Run from the repository root, after tables and functions are there and photo.py has written build/demo_photos.sql:
--   psql -X -q -v ON_ERROR_STOP=1 -f sql/demo/load.sql
-- One transaction: all of it or nothing. Guests and their stays are made up by stays.sql.
\encoding UTF8
begin;
select set_config('visit.village', '1', false) \gset demo_

-- Ids look random and are the same at every load, so that links and tests outlive a new demo.
create function pg_temp.id(what text) returns bigint language sql immutable as $$
    select ('x' || substr(md5(what), 1, 12))::bit(48)::bigint
$$;
create function pg_temp.house(nr int) returns bigint language sql immutable as $$ select pg_temp.id('shawang house ' || nr) $$;
create function pg_temp.room(house int, nr int) returns bigint language sql immutable as $$
    select pg_temp.id('shawang house ' || house || ' room ' || nr)
$$;
create function pg_temp.minute(clock time) returns int language sql immutable as $$
    select extract(hour from clock)::int * 60 + extract(minute from clock)::int
$$;
create function pg_temp.words(line text) returns text[] language sql immutable as $$
    select coalesce(string_to_array(line, ' '), '{}')
$$;

-- The village.
create temp table demo_village (village int, name_zh text, name_en text, place_zh text, place_en text, phone text, base_url text, hosts text, way_zh text, way_en text);
\copy demo_village from 'sql/demo/villages.csv' with (format csv, header match)
insert into data.village select village, name_zh, name_en, place_zh, place_en, phone, base_url, clock.now(), way_zh, way_en from demo_village;
insert into data.village_host select unnest(pg_temp.words(hosts)), village from demo_village;
-- No limit (0) for a load test: all of its guests come from one address.
insert into data.setting (village, name, value) select village, 'stays_per_address', 0 from demo_village;

\copy data.holiday (day, kind, name_zh, name_en) from 'sql/demo/holidays.csv' with (format csv, header match)

create temp table demo_landmark (landmark int, kind text, name_zh text, name_en text, points text);
\copy demo_landmark from 'sql/demo/landmarks.csv' with (format csv, header match)
insert into data.landmark
select 1, landmark, kind, coalesce(name_zh, ''), coalesce(name_en, ''),
       array(select round(p::numeric * 1000000)::int from regexp_split_to_table(points, '[ ,]') with ordinality x (p, i) order by i)
  from demo_landmark;

-- Houses.
create temp table demo_house (house int, style text, name_zh text, name_en text, line_zh text, line_en text, story_zh text, story_en text,
    address_zh text, address_en text, way_zh text, way_en text, latitude numeric, longitude numeric, walk_minutes int, phone text,
    host_zh text, host_en text, meals_zh text, meals_en text, breakfast boolean, parking int, rules_zh text, rules_en text, amenities text,
    check_in_from time, check_in_to time, check_out_by time, by_request boolean, cancel text);
\copy demo_house from 'sql/demo/houses.csv' with (format csv, header match)
insert into data.house (village, house, position, name_zh, name_en, style, line_zh, line_en, story_zh, story_en, address_zh, address_en,
                        way_zh, way_en, latitude_e6, longitude_e6, walk_minutes, phone, host_zh, host_en, meals_zh, meals_en,
                        breakfast, parking, rules_zh, rules_en, amenities, check_in_from, check_in_to, check_out_by, by_request)
select 1, pg_temp.house(house), house, name_zh, name_en, style, line_zh, line_en, story_zh, story_en, address_zh, address_en,
       way_zh, way_en, latitude * 1000000, longitude * 1000000, walk_minutes, phone, host_zh, host_en, meals_zh, meals_en,
       breakfast, parking, rules_zh, rules_en, pg_temp.words(amenities), pg_temp.minute(check_in_from), pg_temp.minute(check_in_to),
       pg_temp.minute(check_out_by), by_request
  from demo_house d order by d.house;

create temp table demo_cancel (cancel text, step int, days_before int, until time, percent int);
\copy demo_cancel from 'sql/demo/cancels.csv' with (format csv, header match)
insert into data.cut (village, house, step, days_before, minute, percent)
select 1, pg_temp.house(h.house), c.step, c.days_before, pg_temp.minute(c.until), c.percent from demo_house h join demo_cancel c using (cancel);

create temp table demo_child (house int, under_age int, yuan int);
\copy demo_child from 'sql/demo/children.csv' with (format csv, header match)
insert into data.child_band (village, house, under_age, fen) select 1, pg_temp.house(house), under_age, yuan * 100 from demo_child;

create temp table demo_ladder (house int, nights int, percent int);
\copy demo_ladder from 'sql/demo/ladders.csv' with (format csv, header match)
insert into data.ladder (village, house, nights, percent) select 1, pg_temp.house(house), nights, percent from demo_ladder;

-- Rooms and their prices.
create temp table demo_room (house int, room int, name_zh text, name_en text, about_zh text, about_en text, capacity int, base_guests int,
    extra_adult int, beds text, area_m2 int, floor int, step_free boolean, base int, weekend int, season int, peak int, ceiling int);
\copy demo_room from 'sql/demo/rooms.csv' with (format csv, header match)
insert into data.room (village, room, house, position, name_zh, name_en, about_zh, about_en, capacity, base_guests, extra_adult_fen, beds,
                       area_m2, floor, step_free, ceiling_fen)
select 1, pg_temp.room(house, room), pg_temp.house(house), room, name_zh, name_en, about_zh, about_en, capacity, base_guests,
       extra_adult * 100, pg_temp.words(beds), area_m2, floor, step_free, ceiling * 100
  from demo_room d order by d.house, d.room;

create temp table demo_period (kind text, name_zh text, name_en text, from_night date, to_night date, price text);
\copy demo_period from 'sql/demo/periods.csv' with (format csv, header match)
insert into data.rate (village, room, kind, price_fen)
select 1, pg_temp.room(house, room), 'base', base * 100 from demo_room d order by d.house, d.room;
insert into data.rate (village, room, kind, price_fen)
select 1, pg_temp.room(house, room), 'weekend', weekend * 100 from demo_room d order by d.house, d.room;
insert into data.rate (village, room, kind, from_night, to_night, price_fen, name_zh, name_en)
select 1, pg_temp.room(r.house, r.room), p.kind, p.from_night, p.to_night,
       case p.price when 'base' then r.base when 'weekend' then r.weekend when 'season' then r.season when 'peak' then r.peak end * 100,
       p.name_zh, p.name_en
  from demo_room r, demo_period p order by p.from_night, r.house, r.room;

-- 整院: houses that have a price for all of their rooms together; the same seasons and named days as for rooms.
create temp table demo_whole (house int, base int, weekend int, season int, peak int);
\copy demo_whole from 'sql/demo/whole.csv' with (format csv, header match)
insert into data.whole_rate (village, house, kind, price_fen)
select 1, pg_temp.house(w.house), x.kind, x.yuan * 100 from demo_whole w, lateral (values ('base', w.base), ('weekend', w.weekend)) x (kind, yuan) order by w.house, x.kind;
insert into data.whole_rate (village, house, kind, from_night, to_night, price_fen, name_zh, name_en)
select 1, pg_temp.house(w.house), p.kind, p.from_night, p.to_night, case p.price when 'base' then w.base when 'weekend' then w.weekend when 'season' then w.season else w.peak end * 100,
       p.name_zh, p.name_en
  from demo_whole w, demo_period p order by p.from_night, w.house;

create temp table demo_limit (house int, from_night date, to_night date, min_nights int, max_nights int, arrive boolean, leave boolean, why text);
\copy demo_limit from 'sql/demo/limits.csv' with (format csv, header match)
insert into data.stay_limit (village, room, from_night, to_night, min_nights, max_nights, arrive_ok, leave_ok)
select 1, pg_temp.room(r.house, r.room), l.from_night, l.to_night, l.min_nights, l.max_nights, l.arrive, l.leave
  from demo_limit l join demo_room r using (house) order by l.from_night, r.house, r.room;

-- Nights a house keeps for itself, counted from today. No room named: all of them.
create temp table demo_closure (house int, room int, after_days int, nights int, kind text, why text);
\copy demo_closure from 'sql/demo/closures.csv' with (format csv, header match)
insert into data.night (village, room, night, kind, until)
select 1, pg_temp.room(r.house, r.room), clock.today(1) + c.after_days + i, c.kind, 'infinity'
  from demo_closure c join demo_room r on r.house = c.house and r.room = coalesce(c.room, r.room), generate_series(0, c.nights - 1) i;

-- Photos: the bytes, what they show, and the order to make their sizes.
\i build/demo_photos.sql
create temp table demo_photo (house int, position int, file text, alt_zh text, alt_en text, room int);
\copy demo_photo from 'sql/demo/photos.csv' with (format csv, header match)
insert into data.photo (village, house, room, position, hash, alt_zh, alt_en, drawn)
select 1, pg_temp.house(house), pg_temp.room(house, room), position, hash, alt_zh, alt_en, true
  from demo_photo d join demo_photo_file using (file) order by d.house, d.position;
insert into data.job (village, kind, detail, due)
select 1, 'photo.sizes', jsonb_build_object('hash', encode(hash, 'hex')), clock.now()
  from (select distinct hash from demo_photo_file) f order by hash;

-- People with accounts; signins.txt has the passwords.
create temp table demo_person (login text, name text, role text, house int, since date, password text);
\copy demo_person from 'sql/demo/people.csv' with (format csv, header match)
insert into data.person (village, person, login, name, password, made)
select 1, pg_temp.id('shawang person ' || login), login, name, password, clock.now() from demo_person;
insert into data.member (village, person, role, house, since)
select 1, pg_temp.id('shawang person ' || login), role, pg_temp.house(house), since from demo_person;

\i sql/demo/stays.sql
commit;
analyze data.house, data.room, data.rate, data.booking, data.stay, data.stay_room, data.night, data.ledger, data.event;
