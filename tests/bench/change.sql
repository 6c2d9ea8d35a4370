-- The batch of a change: like change.lua, any stay of the pool gets one or two nights and one or two guests; three of four differ from what it was.
\set i random(0, :count - 1)
\set slot :first + :i
\set code 20000000 + :i
\set room 1000000 + :slot % :rooms
\set day 1 + 2 * (:slot / :rooms)
\set nights random(1, 2)
\set adults random(1, 2)
\set last4 10000 + (13000000000 + :slot) % 10000
\startpipeline
select * from village.enter('bench.test', false, 'zh', :release);
select * from booking.change(:code, sha256(('secret of ' || :code::text)::bytea), array[:room::bigint], :today::date + :day::int, :today::date + :day::int + :nights::int,
    :adults, '{}', right(:last4::text, 4), null, null);
\endpipeline
