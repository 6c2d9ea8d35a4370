-- The job did not work: says why, and when it is tried again: after half a minute, then four times as long each time. After the
-- fifth try never, until somebody who has mended the cause sets `due` and `tries`. Returns when.
create or replace function jobs.fail(village int, job bigint, trouble text) returns timestamptz
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    again timestamptz;
begin
    perform set_config('visit.village', $1::text, true);
    update data.job x
       set trouble = $3,
           due = case when x.tries >= 5 then 'infinity' else clock.now() + interval '30 seconds' * 4 ^ greatest(x.tries - 1, 0) end
     where x.village = $1 and x.job = $2 and x.done is null
    returning x.due into again;
    perform pg_advisory_unlock(jobs.job_key($1, $2));
    return again;
end $$;
