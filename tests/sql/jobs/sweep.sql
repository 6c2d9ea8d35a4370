-- What is too old goes, what is not stays, in both villages; in bounded batches.
begin;
\ir ../setup.sql
reset role;     -- looks into both villages at once
select plan(9);

delete from data.session;
insert into data.bucket select sha256(x::text::bytea), 1, clock.now() - x * interval '1 hour' from unnest(array[23, 25]) x;
insert into data.idempotency select v, 'booking.book', x::text, '', 1, clock.now() - x * interval '1 hour' from unnest(array[23, 25]) x, unnest(array[1, 2]) v;
insert into data.session select v, sha256(x::text::bytea), x, v * 1000 + 1, '', clock.now(), clock.now(), clock.now() - x * interval '1 day'
  from unnest(array[-1, 29, 31]) x, unnest(array[1, 2]) v;
insert into data.invite (village, token, role, ends, used)
select v, hash(ends || '/' || coalesce(used, 0)), 'owner', clock.now() - ends * interval '1 day', clock.now() - used * interval '1 day'
  from (values (-1, null), (29, null), (31, null), (-1, 29), (25, 31)) x (ends, used), unnest(array[1, 2]) v;
insert into data.job (village, kind, detail, due, done)
select v, 'photo.sizes', jsonb_build_object('days', x), clock.now() - interval '90 days', clock.now() - x * interval '1 day' from unnest(array[6, 8, null]) x, unnest(array[1, 2]) v;
insert into data.paper (village, paper, kind, subject, lang, asked, made)
select v, x, 'receipt', 1, 'zh', clock.now() - x * interval '1 day', made from (values (29, clock.now()), (31, clock.now()), (32, null)) p (x, made), unnest(array[1, 2]) v;

select is(jobs.sweep(), 1 + 2 * (1 + 1 + 2 + 2 + 1), 'so many rows are too old');
select is(jobs.sweep(), 0, 'and then no more');
select results_eq('select at from data.bucket', $$select clock.now() - interval '23 hours'$$, 'buckets of a day stay');
select results_eq('select village, key from data.idempotency order by 1', $$values (1, '23'), (2, '23')$$, 'keys of 24 hours stay');
select results_eq('select village, session from data.session order by 1, 2', 'values (1, -1::bigint), (1, 29), (2, -1), (2, 29)', 'sessions 30 days after their end');
select results_eq('select village, count(*) from data.invite group by 1 order by 1', 'values (1, 3::bigint), (2, 3)', 'invitations 30 days after end or use');
select results_eq('select village, paper from data.paper order by 1', 'values (1, 29::bigint), (2, 29)', 'papers 30 days after they were asked for, made or not');
select results_eq($$select village, detail ->> 'days' from data.job order by 1, 2 nulls last$$, $$values (1, '6'), (1, null), (2, '6'), (2, null)$$,
                  'jobs 7 days after they were done; one that is not done for ever');

insert into data.bucket select sha256(('b' || i)::bytea), 1, clock.now() - interval '2 days' from generate_series(1, 1200) i;
select results_eq('select jobs.sweep() union all select jobs.sweep() union all select jobs.sweep()', 'values (1000), (200), (0)', 'at most 1000 of a kind in a call');

select finish();
rollback;
