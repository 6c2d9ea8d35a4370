-- At least `stays` stays of the demo village that lie behind today: booking, stay, room, nights, charge and event, as booking.book writes
-- them. They copy what is there; only their number matters.
-- Run as superuser: psql -v stays=100000 -f history.sql
begin;
set session_replication_role = replica;     -- no triggers, no checks of references: there are a million of them
create temp table more as
select i, ('x' || substr(md5('history ' || i), 1, 12))::bit(48)::bigint as id
  from generate_series((select count(*) from data.booking where village = 1), :stays) i;
create temp table sample as select row_number() over () - 1 as nr, room, house from data.room where village = 1;
insert into data.booking (village, booking, code, guest_name, guest_phone, lang, manage, show, made)
select 1, id, 'H' || i, '示例客人', '13000000000', 'zh', sha256(('m' || i)::bytea), sha256(('s' || i)::bytea), clock.now() - interval '2 years' from more;
insert into data.stay (village, stay, booking, house, state, until, arrive, leave, adults, total_fen, cuts, house_name, phone, made, ended)
select 1, m.id, m.id, s.house, 'checked_out', 'infinity', clock.today(1) - 400 - (m.i / 122)::int * 2, clock.today(1) - 398 - (m.i / 122)::int * 2, 2, 40000,
       '{}', '老柿院', '13000000000', clock.now() - interval '2 years', clock.now() - interval '1 year'
  from more m join sample s on s.nr = m.i % 122;
insert into data.stay_room select 1, m.id, s.room, t.arrive, t.leave, '{20000,20000}', '{base,base}'
  from more m join sample s on s.nr = m.i % 122 join data.stay t on t.village = 1 and t.stay = m.id;
insert into data.night select 1, r.room, r.from_night + n, r.stay, 'stay', 'infinity' from data.stay_room r join more m on m.id = r.stay, generate_series(0, 1) n where r.village = 1
on conflict do nothing;
insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, id, 'charge', 40000, 'stay', clock.now() from more;
insert into data.event (village, at, actor, act, subject, detail) select 1, clock.now(), 'guest', 'booking.book', id, jsonb_build_object('stay', id, 'total_fen', 40000) from more;
commit;
vacuum (analyze) data.booking, data.stay, data.stay_room, data.night, data.ledger, data.event;
