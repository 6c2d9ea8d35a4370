-- Every event becomes a link, once, in order, village by village. That a late commit is waited for needs two sessions: see
-- tests/jobs. Here events and chain are one transaction, so nothing else may be writing to the cluster; it is called until it works.
begin;
\ir ../setup.sql
reset role;     -- looks into both villages at once
select plan(12);

create function pg_temp.chain() returns int language plpgsql as $$
declare
    r     record;
    total int := 0;
begin
    for i in 1 .. 100 loop
        select * into r from jobs.chain();
        total := total + r.chained;
        exit when not r.waiting;
        perform pg_sleep(case when r.chained = 0 then 0.05 else 0 end);
    end loop;
    return total;
end $$;
create function pg_temp.happen(village int, times int) returns void language sql as $$
    insert into data.event (village, at, actor, act, subject, detail)
    select $1, '2026-05-01 12:00:00.25+08', 'guest', 'booking.book', i, '{"b": 1, "a": "x"}' from generate_series(1, $2) i;
$$;

select is(pg_temp.chain(), 0, 'nothing happened, nothing to do');
select pg_temp.happen(1, 2);
select pg_temp.happen(2, 3);
select pg_temp.happen(1, 1);
select is(pg_temp.chain(), 6, 'all events are chained');
select is(pg_temp.chain(), 0, 'once');
select results_eq('select village, link from data.audit order by village, link', 'values (1, 1::bigint), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)',
                  'each village has a chain of its own, without gaps');
select results_eq('select event from data.audit where village = 1 order by link', 'select event from data.event where village = 1 order by event',
                  'in the order of events');
select is(settled, (select max(event) from data.event), 'the mark stands at the last event') from data.audit_mark;

-- The hash, reckoned by hand.
select is(a.hash, sha256(decode(repeat('00', 32), 'hex') || convert_to(format(
    '[1, %s, "2026-05-01T04:00:00.250000Z", "guest", null, "booking.book", 1, {"a": "x", "b": 1}]', a.event), 'UTF8')),
    'the first link hangs on 32 zero bytes') from data.audit a where village = 1 and link = 1;
set local timezone = 'America/New_York';
select is(b.hash, sha256(a.hash || convert_to(format(
    '[1, %s, "2026-05-01T04:00:00.250000Z", "guest", null, "booking.book", 2, {"a": "x", "b": 1}]', b.event), 'UTF8')),
    'every other on the hash before it') from data.audit a join data.audit b using (village) where village = 1 and a.link = 1 and b.link = 2;

select pg_temp.happen(1, 2500);
select is(chained, 1000, 'at most 1000 in a call') from jobs.chain();
select is(pg_temp.chain(), 1500, 'the rest in the next ones');
select is(count(*), max(link), 'still without gaps') from data.audit where village = 1;

-- A logical copy brings a mark whose transactions are of another cluster.
update data.audit_mark set seen = seen + 5, xact = '9000000000000000';
select pg_temp.happen(2, 7);
select is(pg_temp.chain(), 7, 'a mark from a former life holds up nothing');

select finish();
rollback;
