-- A whole chain has no broken link; whatever is changed, removed or slipped in is found at its first link.
begin;
\ir ../setup.sql
reset role;     -- looks into both villages at once
select plan(9);

insert into data.event (village, at, actor, act, subject) select 1 + i % 2, clock.now(), 'guest', 'booking.book', i from generate_series(1, 20) i;
do $$ begin
    for i in 1 .. 100 loop
        exit when not (select waiting from jobs.chain());
        perform pg_sleep(0.05);
    end loop;
end $$;
select is(count(*), 20::bigint, 'a chain to look at') from data.audit;
select is(jobs.verify_chain(1), null, 'it is whole');
select is(jobs.verify_chain(3), null, 'so is one without links');

create function pg_temp.after(harm text, village int) returns bigint language plpgsql as $$
declare
    found bigint;
begin
    -- As somebody who may do everything, row security and foreign keys set aside; undone afterwards.
    begin
        set local session_replication_role = replica;
        execute harm;
        found := jobs.verify_chain(village);
        raise exception using errcode = 'TT001';
    exception when sqlstate 'TT001' then
        return found;
    end;
end $$;
create function pg_temp.of(link bigint) returns bigint language sql as 'select a.event from data.audit a where a.village = 1 and a.link = $1';

select is(pg_temp.after('update data.event set subject = subject + 1 where village = 1 and event = pg_temp.of(4)', 1), 4::bigint, 'a changed event');
select is(pg_temp.after('update data.event set subject = subject + 1 where village = 1 and event = pg_temp.of(4)', 2), null, 'is the other village''s no trouble');
select is(pg_temp.after('delete from data.event where village = 1 and event = pg_temp.of(6)', 1), 6::bigint, 'a removed event');
select is(pg_temp.after('delete from data.audit where village = 1 and link >= 8', 1), 8::bigint, 'a chain cut off');
select is(pg_temp.after('delete from data.audit where village = 1 and link = 3', 1), 4::bigint, 'a removed link: the next has a wrong number');
select is(pg_temp.after('delete from data.audit where village = 1 and link = 5;
                         update data.audit set link = -link where village = 1 and link > 5;
                         update data.audit set link = -link - 1 where link < 0', 1), 5::bigint, 'links moved together over a gap');

select finish();
rollback;
