-- The job is done. False: it was done already, or is not there.
create or replace function jobs.finish(village int, job bigint) returns boolean
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    perform set_config('visit.village', $1::text, true);
    update data.job x set done = clock.now(), trouble = null where x.village = $1 and x.job = $2 and x.done is null;
    if not found then
        return false;
    end if;
    perform pg_advisory_unlock(jobs.job_key($1, $2));
    return true;
end $$;
