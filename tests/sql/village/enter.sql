-- The first call of every visit.
begin;
\ir ../setup.sql
select plan(9);

select set_config('visit.village', '', true);
create function pg_temp.enter(host text, loopback boolean default false, lang text default 'zh', release text default null)
returns text language sql as $$ select id || ' ' || name || ' ' || today || ' ' || base_url from village.enter(host, loopback, lang, coalesce(release, (select r.hash from data.release r))) $$;
select is(pg_temp.enter('one.test'), '1 一村 2027-03-02 https://one.test', 'the village of the host');
select is(base.village(), 1, 'and the visit is there');
select is(pg_temp.enter('www.one.test'), '1 一村 2027-03-02 https://one.test', 'by each of its hosts');
select is(pg_temp.enter('two.test', lang => 'en'), '2 Two 2027-03-02 https://two.test', 'another host, another village, another language');
select is((select count(*)::int from data.house), 1, 'and other rows');
select is(pg_temp.enter('elsewhere.test', true), '1 一村 2027-03-02 https://one.test', 'on loopback any host means the first village');
select is((select place || phone || now from village.enter('one.test', false, 'en', (select hash from data.release))),
    'First Town0391-1000001' || clock.now(), 'with its place, its phone and the moment');
select refused($$select village.enter('elsewhere.test', false, 'zh', (select hash from data.release))$$, 'village.unknown_host', '421');
select refused($$select village.enter('one.test', false, 'zh', 'another release')$$, 'fault.release', '503');

select finish();
rollback;
