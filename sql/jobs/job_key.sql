-- The advisory lock that whoever works on a job holds. It belongs to the connection: when the program or the database dies, the
-- job is free at once, yet no transaction is open while the work lasts (that would hold up the chain and the board).
create or replace function jobs.job_key(village int, job bigint) returns bigint
language sql immutable as $$
    select hashtextextended(format('job %s %s', village, job), 0)
$$;
