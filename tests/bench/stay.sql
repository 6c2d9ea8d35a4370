-- The batch of a stay's own page, of any of those bench.py made.
\set code 10000000 + random(1, :stays)
\startpipeline
select * from village.enter('bench.test', false, 'zh', :release);
select * from booking.stay(:code, sha256(('secret of ' || :code::text)::bytea));
\endpipeline
