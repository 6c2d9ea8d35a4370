-- The program stops in good order: the job is free again, and this was no try.
create or replace function jobs.put_back(village int, job bigint) returns void
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    perform set_config('visit.village', $1::text, true);
    update data.job x set tries = greatest(x.tries - 1, 0) where x.village = $1 and x.job = $2 and x.done is null;
    perform pg_advisory_unlock(jobs.job_key($1, $2));
end $$;
