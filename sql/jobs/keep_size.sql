-- Keeps a picture made from the file of a job, under the width it is asked for by; the same again changes nothing.
create or replace function jobs.keep_size(village int, job bigint, width int, kind text, bytes bytea) returns void
language plpgsql security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
begin
    perform set_config('visit.village', $1::text, true);
    insert into file_size (village, hash, width, kind, bytes)
    select j.village, decode(j.detail ->> 'hash', 'hex'), $3, $4, $5 from job j where j.village = $1 and j.job = $2
    on conflict do nothing;
end $$;
