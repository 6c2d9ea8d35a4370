-- A job from being taken to being done, failed or put back.
begin;
\ir ../setup.sql
reset role;     -- looks into both villages at once
select plan(24);

insert into data.file values (1, hash('one'), 'image/png', 'one');
insert into data.job (village, job, kind, detail, due) overriding system value values
    (1, 901, 'photo.sizes', jsonb_build_object('hash', encode(hash('one'), 'hex')), clock.now() - interval '2 minutes'),
    (1, 902, 'photo.sizes', jsonb_build_object('hash', encode(hash('gone'), 'hex')), clock.now() - interval '1 minute'),
    (1, 903, 'photo.sizes', '{}', clock.now() + interval '1 hour'),
    (1, 904, 'other.kind', '{}', clock.now() - interval '1 hour'),
    (2, 905, 'photo.sizes', '{}', clock.now() - interval '1 second');

select results_eq($$select * from jobs.take('{photo.sizes}', 0)$$, $$values (1, 901::bigint, 'photo.sizes', 1)$$, 'the oldest due job of the kind');
select is(jobs.file(1, 901), 'one'::bytea, 'with its file');
select is(jobs.file(1, 902), null, 'or without');
select is(jobs.file(2, 901), null, 'never of another village');
select ok(exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
                     and (classid::bigint << 32 | objid::bigint) = jobs.job_key(1, 901)), 'the job is this connection''s');
select results_eq($$select village, job from jobs.take('{photo.sizes}', 1)$$, 'values (2, 905::bigint)', 'another village comes first after one had its turn');

select jobs.keep_size(1, 901, 480, 'image/webp', 'small');
select jobs.keep_size(1, 901, 480, 'image/webp', 'again');
select results_eq('select village, hash, width, kind, bytes from data.file_size where width = 480', $$values (1, hash('one'), 480, 'image/webp', 'small'::bytea)$$, 'a size is kept once');
select ok(jobs.finish(1, 901), 'the job is done');
select ok(not jobs.finish(1, 901), 'only once');
select is(done, clock.now(), 'and has its time') from data.job where job = 901;
select ok(not exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
                         and (classid::bigint << 32 | objid::bigint) = jobs.job_key(1, 901)), 'and is let go');

select is(job, 902::bigint, 'the next') from jobs.take('{photo.sizes}', 2);
select jobs.put_back(1, 902);
select is(tries, 0, 'put back it was no try') from data.job where job = 902;
create function pg_temp.try(n int) returns interval language plpgsql as $$
begin
    perform jobs.take('{photo.sizes}', 2);
    return jobs.fail(1, 902, 'no ' || n) - clock.now();
end $$;
select is(pg_temp.try(1), interval '30 seconds', 'tried again in half a minute');
select is(trouble, 'no 1', 'and it says why') from data.job where job = 902;
select is_empty($$select * from jobs.take('{photo.sizes}', 2) where village = 1$$, 'not before');
select jobs.put_back(2, 905);
update data.job set due = 'infinity' where job = 905;
update data.clock set shift = shift + interval '30 seconds';
select is(pg_temp.try(2), interval '2 minutes', 'then in two minutes');
update data.clock set shift = shift + interval '2 minutes';
select is(pg_temp.try(3), interval '8 minutes', 'then in eight');
update data.clock set shift = shift + interval '8 minutes';
select is(pg_temp.try(4), interval '32 minutes', 'then in half an hour');
update data.clock set shift = shift + interval '32 minutes';
select is(jobs.fail(1, job, 'no 5'), 'infinity'::timestamptz, 'and after the fifth time never') from jobs.take('{photo.sizes}', 2);
select is_empty($$select * from jobs.take('{photo.sizes}', 2)$$, 'so it is not taken again');

-- The program died in it each time: nobody called fail.
update data.job set due = clock.now(), tries = 5, trouble = null where job = 902;
select is_empty($$select * from jobs.take('{photo.sizes}', 2)$$, 'one that ended the program five times is not taken');
select is(due, 'infinity'::timestamptz, 'it is given up') from data.job where job = 902;
select is(trouble, 'the program ended in the middle of it', 'and says why') from data.job where job = 902;

select finish();
rollback;
