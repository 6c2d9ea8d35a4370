-- The bare rows of a booking, as superuser: no function, no rule, no wall, no question asked; the same keys, foreign keys and disk.
\set n :n + 1
\set slot :first + :client_id * :share + :n
\set room 1000000 + :slot % :rooms
\set house 1000000 + :slot % :rooms / 5
\set day 1 + 2 * (:slot / :rooms)
\set phone 13000000000 + :slot
\set booking random(1, 281474976710655)
\set stay random(1, 281474976710655)
\set code random(100000000000, 999999999999)
\startpipeline
insert into data.idempotency values (9000, 'booking.book', :slot,
    '\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', :booking, now());
insert into data.night (village, room, night, stay, kind, until, unverified) values
    (9000, :room, :today::date + :day::int, :stay, 'stay', 'infinity', true), (9000, :room, :today::date + :day::int + 1, :stay, 'stay', 'infinity', true);
insert into data.booking (village, booking, code, guest_name, guest_phone, lang, manage, show, address, made)
values (9000, :booking, :code, '示例客人', :phone, 'zh', '\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff',
    '\x00112233445566778899aabbccddeeff00112233445566778899aabbccddee00', :slot, now());
insert into data.stay (village, stay, booking, house, state, until, arrive, leave, adults, children, note, total_fen, cuts, house_name, phone, address, made)
values (9000, :stay, :booking, :house, 'confirmed', 'infinity', :today::date + :day::int, :today::date + :day::int + 2, 2, '{}', '', 66600,
    '{"(\"2027-01-01 18:00:00+08\",0,0)","(\"2027-01-02 18:00:00+08\",33300,50)","(infinity,66600,100)"}', '老柿院', :phone, :slot, now());
insert into data.stay_room values (9000, :stay, :room, :today::date + :day::int, :today::date + :day::int + 2, '{33300,33300}', '{base,base}');
insert into data.ledger (village, stay, kind, amount_fen, what, at) values (9000, :stay, 'charge', 66600, 'stay', now());
insert into data.event (village, at, actor, act, subject, detail)
values (9000, now(), 'guest', 'booking.book', :booking, '{"stay": 281474976710655, "total_fen": 66600}');
\endpipeline
