-- Keeps what was made of the paper of a job, and the job is done: one transaction. False: it was done already, and nothing changes.
-- A paper that was forgotten meanwhile (booking.forget, jobs.sweep) does not come back.
create or replace function jobs.keep_paper(village int, job bigint, bytes bytea) returns boolean
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    if not jobs.finish($1, $2) then
        return false;
    end if;
    update data.paper p set bytes = $3, made = clock.now()
      from data.job j
     where j.village = $1 and j.job = $2 and p.village = j.village and p.paper = (j.detail ->> 'paper')::bigint;
    return true;
end $$;
