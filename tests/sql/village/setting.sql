-- What the association set, or the default.
begin;
\ir ../setup.sql
select plan(8);

select is(village.setting('stays_per_phone'), 4::bigint, 'the default');
insert into data.setting values (1, 'stays_per_phone', 9);
select is(village.setting('stays_per_phone'), 9::bigint, 'what was set');
select is(village.setting('nothing'), null, 'an unknown name has none');
select ok(village.setting(n) > 0, n || ' has a default') from unnest('{stays_per_device,stays_per_address,request_minutes,book_ahead_nights}'::text[]) n;
select visit('two.test');
select is(village.setting('stays_per_phone'), 4::bigint, 'another village has its own');

select finish();
rollback;
