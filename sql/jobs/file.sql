-- The bytes of the file that a job's detail names by its hash; null when there is none.
create or replace function jobs.file(village int, job bigint) returns bytea
language plpgsql stable security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    found_bytes bytea;
begin
    perform set_config('visit.village', $1::text, true);
    select f.bytes into found_bytes from job j join data.file f on f.village = j.village and f.hash = decode(j.detail ->> 'hash', 'hex')
     where j.village = $1 and j.job = $2;
    return found_bytes;
end $$;
