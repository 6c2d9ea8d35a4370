-- What was made of a paper is kept once, with the end of its job.
begin;
\ir ../setup.sql
reset role;     -- looks into both villages at once
select plan(10);

insert into data.paper (village, paper, kind, subject, lang, asked)
values (1, 71, 'receipt', 1, 'zh', clock.now()), (2, 71, 'receipt', 1, 'zh', clock.now());
insert into data.job (village, job, kind, detail, due) overriding system value
values (1, 801, 'paper.make', '{"paper": 71}', clock.now()), (1, 802, 'paper.make', '{"paper": 72}', clock.now());

select is(job, 801::bigint, 'the paper is asked for') from jobs.take('{paper.make}', 0);
update data.clock set shift = shift + interval '2 seconds';
select ok(jobs.keep_paper(1, 801, 'a paper'), 'it is kept');
select results_eq('select village, bytes, made from data.paper order by 1', $$values (1, 'a paper'::bytea, clock.now()), (2, null, null)$$, 'there, and nowhere else');
select is(done, clock.now(), 'and the job is done') from data.job where job = 801;
select ok(not exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()), 'and let go');
select ok(not jobs.keep_paper(1, 801, 'another'), 'only once');
select is(bytes, 'a paper'::bytea, 'and nothing changes') from data.paper where village = 1;
select is(job, 802::bigint, 'the next') from jobs.take('{paper.make}', 0);
select ok(jobs.keep_paper(1, 802, 'a paper'), 'one that was forgotten meanwhile');
select is(count(*), 2::bigint, 'does not come back') from data.paper;

select finish();
rollback;
