-- Puts events into the chain of their village, strictly in the order of their numbers and each exactly once: chained says how
-- many, at most 1000 in a call. waiting: there is more, or a transaction still under way may bring an earlier one; call again.
-- To be called as a transaction of its own. Only one works at a time. After a batch it tells whoever listens: event_chained.
create or replace function jobs.chain() returns table (chained int, waiting boolean)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    drawn   bigint;
    mark    audit_mark;
    count   int := 0;
    v       int;
    last    audit;
    e       event;
begin
    -- Read before this transaction gets a number of its own: whoever drew one of these has a lower number than that.
    select case when s.is_called then s.last_value else 0 end into drawn from event_event_seq s;
    select * into mark from audit_mark;
    if mark.settled = drawn or not pg_try_advisory_xact_lock(hashtextextended('jobs.chain', 0)) then
        return query select 0, false;
        return;
    end if;
    select * into mark from audit_mark;
    -- A mark above every number in use is from the former life of a restored copy: its transactions have ended long ago.
    if mark.settled = mark.seen or mark.xact >= pg_snapshot_xmax(pg_current_snapshot()) then
        update audit_mark set seen = drawn, xact = pg_current_xact_id() returning * into mark;
    end if;
    if mark.xact > pg_snapshot_xmin(pg_current_snapshot()) then
        return query select 0, true;
        return;
    end if;
    for v in select * from jobs.villages() loop
        perform set_config('visit.village', v::text, true);
        last := null;
        select * into last from audit a where a.village = v order by a.link desc limit 1;
        for e in select * from event x where x.village = v and x.event > coalesce(last.event, 0) and x.event <= mark.seen
                  order by x.event limit 1000 - count loop
            insert into audit (village, link, event, hash)
            values (v, coalesce(last.link, 0) + 1, e.event, jobs.link_hash(last.hash, e)) returning * into last;
            count := count + 1;
        end loop;
        exit when count = 1000;
    end loop;
    if count < 1000 then
        update audit_mark set settled = mark.seen;
    end if;
    if count > 0 then
        perform pg_notify('event_chained', '');
    end if;
    return query select count, count = 1000 or mark.seen < drawn;
end $$;
