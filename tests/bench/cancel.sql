-- The batch of cancelling: like cancel.lua, each transaction the next stay of the pool.
\set n :n + 1
\set i :from + :client_id * :share + :n
\set code 20000000 + :i
\set last4 10000 + (13000000000 + :first + :i) % 10000
\startpipeline
select * from village.enter('bench.test', false, 'zh', :release);
select * from booking.cancel(:code, sha256(('secret of ' || :code::text)::bytea), right(:last4::text, 4), null);
\endpipeline
