-- Removes what nobody needs any more, at most 1000 rows of a kind and village in a call; says how many. To be called until it
-- is 0. Keys of acts after 24 hours, sessions and invitations 30 days after their end or use, papers 30 days after they were asked
-- for, buckets after a day, jobs done 7 days ago. What law or the association wants kept is none of these.
create or replace function jobs.sweep() returns int
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    t    timestamptz := clock.now();
    gone int := 0;
    n    int;
    v    int;
begin
    -- A row in use is left for the next time; ctid holds, for the row is locked until it is deleted.
    delete from bucket b where b.ctid = any (array(
        select x.ctid from bucket x where x.at < t - interval '1 day' limit 1000 for update skip locked));
    get diagnostics gone = row_count;
    for v in select * from jobs.villages() loop
        perform set_config('visit.village', v::text, true);
        delete from idempotency i where i.village = v and i.ctid = any (array(
            select x.ctid from idempotency x where x.village = v and x.made < t - interval '24 hours'
             limit 1000 for update skip locked));
        get diagnostics n = row_count;
        gone := gone + n;
        delete from session s where s.village = v and s.ctid = any (array(
            select x.ctid from session x where x.village = v and x.ends < t - interval '30 days'
             limit 1000 for update skip locked));
        get diagnostics n = row_count;
        gone := gone + n;
        delete from invite i where i.village = v and i.ctid = any (array(
            select x.ctid from invite x where x.village = v and least(x.ends, x.used) < t - interval '30 days'
             limit 1000 for update skip locked));
        get diagnostics n = row_count;
        gone := gone + n;
        -- Whoever wants it again asks again: what it says is in the ledger.
        delete from paper p where p.village = v and p.ctid = any (array(
            select x.ctid from paper x where x.village = v and x.asked < t - interval '30 days'
             limit 1000 for update skip locked));
        get diagnostics n = row_count;
        gone := gone + n;
        delete from job j where j.village = v and j.ctid = any (array(
            select x.ctid from job x where x.village = v and x.done < t - interval '7 days'
             limit 1000 for update skip locked));
        get diagnostics n = row_count;
        gone := gone + n;
    end loop;
    return gone;
end $$;
