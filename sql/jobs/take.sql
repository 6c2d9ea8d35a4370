-- Takes one due job of these kinds, villages after `after` first, so that none waits for another's heap; no row: nothing is due.
-- The job is the connection's until jobs.finish, jobs.fail or jobs.put_back, or until it breaks. Every taking counts as a try,
-- so a job that ends the program each time is given up after the fifth; until then it is not to be taken twice by one connection.
create or replace function jobs.take(kinds text[], after int) returns table (village int, job bigint, kind text, tries int)
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    v int;
    j job;
begin
    for v in select x from jobs.villages() x order by x <= take.after, x loop
        perform set_config('visit.village', v::text, true);
        for j in select * from job x where x.village = v and x.done is null and x.due <= clock.now() and x.kind = any (take.kinds)
                  order by x.due, x.job limit 100 for update skip locked loop
            if j.tries >= 5 then
                update job x set due = 'infinity', trouble = coalesce(x.trouble, 'the program ended in the middle of it')
                 where x.village = v and x.job = j.job;
            elsif pg_try_advisory_lock(jobs.job_key(v, j.job)) then
                update job x set tries = x.tries + 1 where x.village = v and x.job = j.job;
                return query select v, j.job, j.kind, j.tries + 1;
                return;
            end if;
        end loop;
    end loop;
end $$;
