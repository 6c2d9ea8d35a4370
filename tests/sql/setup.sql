-- What every test of this folder stands on: two small villages, a moment that does not move, and a few words for asking.
--
-- A test begins with `begin; \ir ../setup.sql` and ends with `rollback`, so it can be run alone: psql -f, as superuser, in a database
-- with build/deploy.sql and pgtap. The tests then run as `village`, the owner of the functions, so that row security holds for them.
-- One and Two are their villages, one.test and two.test the hosts. It is Tuesday, 2 March 2027, 10:00 in the village.
\set QUIET 1
\pset format unaligned
\pset tuples_only on
\pset pager off
set local client_min_messages = warning;

create schema test;
grant usage on schema test to village, web, jobs;
grant usage on schema public to village, web, jobs;
set local search_path = test, public;

-- --- words -------------------------------------------------------------------------------------------------------------------

-- From here on it is this moment of the village's wall clock.
create function test.at(moment text) returns void language sql as $$
    update data.clock set shift = (moment || '+08')::timestamptz - pg_catalog.now()
$$;

-- A hash of 32 bytes: tokens, secrets, requests.
create function test.hash(word text) returns bytea language sql immutable as $$ select sha256(word::bytea) $$;

-- Another visit: of this host, by whoever is signed in under this login (null: nobody).
create function test.visit(host text default 'one.test', login text default null, lang text default 'zh') returns void
language plpgsql as $$
begin
    perform set_config('visit.village', '', true), set_config('visit.person', '', true), set_config('visit.lang', '', true);
    perform village.enter(host, false, lang, (select r.hash from data.release r));
    if login is not null then
        perform account.enter(test.hash('session of ' || login));
        if account.me() is null then
            raise 'nobody is signed in as %', login;
        end if;
    end if;
end $$;

-- A booking as the site makes it; the links' secrets are hashes of 'manage <phone>' and 'show <phone>'. Returns its code.
create function test.book(room bigint, arrive date, nights int default 1, adults int default 2, children int[] default '{}',
    house bigint default null, key text default null, request text default 'request', phone text default '13900000001',
    seen bigint default null, device text default null, address text default null, rooms bigint[] default null) returns text
language sql as $$
    select b.code from booking.book(coalesce(key, gen_random_uuid()::text), test.hash(request), house, coalesce(rooms, array[room]), arrive,
        arrive + nights, adults, children, '示例客人', phone, null, 900, '晚到', seen, test.hash('manage ' || phone), test.hash('show ' || phone),
        test.hash(device), test.hash(address)) b
$$;

-- What booking.price says, a row a night of a room.
create function test.priced(rooms bigint[], arrive date, leave date, adults int, children int[]) returns table (room bigint, night date, price_fen bigint, rule text) language sql as $$
    select p.ids[(i - 1) / (leave - arrive) + 1], arrive + (i - 1) % (leave - arrive), p.fens[i], p.rules[i]
      from booking.price(rooms, arrive, leave, adults, children) p, generate_series(1, cardinality(p.fens)) i
$$;

-- Asks as the web does, and looks at how it is refused. status: 422 and the like for our own refusals, else a whole SQLSTATE.
create function test.refused(query text, key text, status text default '422', about text default null) returns text language plpgsql as $$
declare
    said_state text;
    said_key   text;
    wanted     text := case when length(status) = 5 then status else 'HS' || status end;
begin
    begin
        set local role web;
        execute query;
    exception when others then
        get stacked diagnostics said_state = returned_sqlstate, said_key = constraint_name;
    end;
    set local role village;
    return is(coalesce(said_state || ' ' || said_key, 'no refusal'), wanted || ' ' || key,
              coalesce(about || ': ', '') || key);
end $$;

-- What a refusal says beside its key.
create function test.detail(query text) returns jsonb language plpgsql as $$
declare
    said text;
begin
    execute query;
    return null;
exception when others then
    get stacked diagnostics said = pg_exception_detail;
    return said::jsonb;
end $$;


-- Two queries say the same rows in the same order, by what is read of them: whatever their types are called.
create function test.rows_are(query text, wanted text, about text) returns text language plpgsql as $$
declare
    found text;
    hoped text;
begin
    execute format('select string_agg(t::text, e''\n'') from (%s) t', query) into found;
    execute format('select string_agg(t::text, e''\n'') from (%s) t', wanted) into hoped;
    return is(found, hoped, about);
end $$;

-- --- two villages --------------------------------------------------------------------------------------------------------------

select test.at('2027-03-02 10:00') \g /dev/null

insert into data.village values
    (1, '一村', 'One', '第一镇', 'First Town', '0391-1000001', 'https://one.test', clock.now()),
    (2, '二村', 'Two', '第二镇', 'Second Town', '0391-1000002', 'https://two.test', clock.now());
insert into data.village_host values ('one.test', 1), ('www.one.test', 1), ('two.test', 2);

-- May Day of 2027 as it might be: Saturday to Wednesday off, worked off on the Saturday after and the Sunday before.
insert into data.holiday values
    ('2027-05-01', 'holiday', '劳动节', 'Labour Day'), ('2027-05-01', 'festival', '劳动节', 'Labour Day'),
    ('2027-05-02', 'holiday', '劳动节', 'Labour Day'), ('2027-05-03', 'holiday', '劳动节', 'Labour Day'),
    ('2027-05-04', 'holiday', '劳动节', 'Labour Day'), ('2027-05-05', 'holiday', '劳动节', 'Labour Day'),
    ('2027-05-08', 'workday', '劳动节调休上班', 'Working day for Labour Day'),
    ('2027-04-25', 'workday', '劳动节调休上班', 'Working day for Labour Day'),
    ('2027-06-09', 'festival', '端午节', 'Dragon Boat Festival');

create function test.make_house(village int, house bigint, place int, name_zh text, name_en text, by_request boolean) returns void language sql as $$
    insert into data.house values (village, house, place, name_zh, name_en, 'stone', '一句话', 'One line', '故事', 'Story', '地址', 'Address',
        '路线', 'Way', 35400000, 113300000, 12, '0391-2000000', '示例房东', 'Host', '早餐', 'Breakfast', true, 2, '规定', 'Rules',
        '{wifi,heating}', 840, 1320, 720, by_request, false)
$$;
select test.make_house(1, 11, 1, '东院', 'East Court', false), test.make_house(1, 12, 2, '西院', '', true),
       test.make_house(2, 21, 1, '北院', 'North Court', false) \g /dev/null

create function test.make_room(village int, room bigint, house bigint, place int, name text, capacity int, base_guests int, extra bigint) returns void
language sql as $$
    insert into data.room values (village, room, house, place, name, name || ' in English', '关于', 'About', capacity, base_guests, extra,
        '{double}', 20, 1, false, 90000, false)
$$;
select test.make_room(1, 111, 11, 1, '甲', 5, 2, 8000), test.make_room(1, 112, 11, 2, '乙', 2, 2, 0),
       test.make_room(1, 121, 12, 1, '丙', 3, 1, 5000), test.make_room(1, 122, 12, 2, '丁', 2, 2, 0),
       test.make_room(2, 211, 21, 1, '戊', 2, 2, 0) \g /dev/null
update data.room set closed = true where room = 122;

-- Room 111 has every kind of price, some of them one over the other; the others have a base only.
insert into data.rate (village, room, kind, from_night, to_night, price_fen) values
    (1, 111, 'base',    default,      default,      20000),
    (1, 111, 'weekend', default,      default,      26000),
    (1, 111, 'season',  '2027-07-01', '2027-08-31', 30000),
    (1, 111, 'season',  '2027-08-20', '2027-09-05', 32000),     -- shorter
    (1, 111, 'named',   '2027-10-01', '2027-10-07', 45000),
    (1, 111, 'named',   '2027-10-03', '2027-10-04', 50000),     -- shorter
    (1, 111, 'named',   '2027-10-04', '2027-10-05', 52000),     -- as short, newer
    (1, 112, 'base',    default,      default,      15000),
    (1, 121, 'base',    default,      default,      33333),
    (1, 122, 'base',    default,      default,      10000),
    (2, 211, 'base',    default,      default,      10000);
insert into data.child_band values (1, 11, 4, 0), (1, 11, 12, 3000);
insert into data.ladder values (1, 11, 3, 5), (1, 11, 7, 15), (1, 12, 3, 10);
insert into data.stay_limit (village, room, from_night, to_night, min_nights, max_nights, arrive_ok, leave_ok) values
    (1, 121, '2027-05-01', '2027-05-05', 2, 4, true, true),
    (1, 121, '2027-06-10', '2027-06-10', 1, 400, false, true),
    (1, 121, '2027-06-12', '2027-06-12', 1, 400, true, false);
-- House 11: free until 18:00 three days before, 30 % until 18:00 the day before, then all. House 12 has no steps.
insert into data.cut values (1, 11, 1, 3, 1080, 0), (1, 11, 2, 1, 1080, 30), (1, 11, 3, null, null, 100), (2, 21, 1, null, null, 50);

insert into data.file values (1, test.hash('photo 11'), 'image/webp', 'the original'), (1, test.hash('no photo'), 'image/webp', 'a paper'),
                             (2, test.hash('photo 21'), 'image/webp', 'of another village');
insert into data.file_size values (1, test.hash('photo 11'), 400, 'image/jpeg', 'made small');
insert into data.photo (village, house, room, position, hash, alt_zh, alt_en, drawn) values
    (1, 11, 111, 2, test.hash('photo 11'), '甲间', 'Room A', true), (1, 11, null, 1, test.hash('photo 11'), '院子', '', true),
    (2, 21, null, 1, test.hash('photo 21'), '北院', 'North Court', true);

-- Everybody is signed in from one device; the password's hash is 'hash of <login>'.
create function test.make_person(village int, person bigint, login text, role text, house bigint, since date default '2026-01-01', until date default null)
returns void language sql as $$
    insert into data.person values (village, person, login, '示例' || login, 'hash of ' || login, clock.now(), null);
    insert into data.member (village, person, role, house, since, until) values (village, person, role, house, since, until);
    insert into data.session values (village, test.hash('session of ' || login), person + 5000, person, 'phone', clock.now() - interval '1 hour',
                                     clock.now() - interval '1 hour', clock.now() + interval '1 year');
$$;
select test.make_person(1, 1001, 'owner_11', 'owner', 11), test.make_person(1, 1002, 'helper_11', 'helper', 11),
       test.make_person(1, 1003, 'owner_12', 'owner', 12), test.make_person(1, 1004, 'secretary', 'secretary', null),
       test.make_person(1, 1005, 'assessor', 'assessor', null), test.make_person(1, 1006, 'former_11', 'owner', 11, '2026-01-01', '2027-03-02'),
       test.make_person(1, 1007, 'next_11', 'owner', 11, '2027-03-03'), test.make_person(1, 1008, 'left', 'owner', 11),
       test.make_person(2, 2001, 'owner_21', 'owner', 21), test.make_person(2, 2002, 'secretary_2', 'secretary', null) \g /dev/null
update data.person set ended = clock.now() where login = 'left';

-- --- and into the first of them ------------------------------------------------------------------------------------------------

set local role village;
select test.visit() \g /dev/null
