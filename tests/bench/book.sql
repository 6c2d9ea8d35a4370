-- The batch of a booking: like book.lua, each transaction takes the next two nights that are free.
\set n :n + 1
\set slot :first + :client_id * :share + :n
\set room 1000000 + :slot % :rooms
\set day 1 + 2 * (:slot / :rooms)
\set phone 13000000000 + :slot
\startpipeline
select * from village.enter('bench.test', false, 'zh', :release);
select * from booking.book(:slot, '\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', null, array[:room::bigint],
    :today::date + :day::int, :today::date + :day::int + 2, 2, '{}', '示例客人', :phone, null, null, '', null,
    '\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', '\x00112233445566778899aabbccddeeff00112233445566778899aabbccddee00',
    null, :slot);
\endpipeline
