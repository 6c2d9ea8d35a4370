-- Who may what.
begin;
\ir setup.sql
select plan(31);

-- web
select is((select array_agg(c.relname) from pg_class c where c.relnamespace = 'data'::regnamespace and c.relkind in ('r', 'p', 'v', 'S')
              and case c.relkind when 'S' then has_sequence_privilege('web', c.oid, 'usage, select, update')
                  else has_table_privilege('web', c.oid, 'select, insert, update, delete, truncate, references, trigger') or has_any_column_privilege('web', c.oid, 'select, insert, update, references') end),
    '{release}', 'web has no table but the release');
select is(has_table_privilege('web', 'data.release', 'insert, update, delete, truncate'), false, 'which it may only read');
select is((select array_agg(n.nspname) from pg_namespace n where n.nspname in ('data', 'sure', 'base', 'clock', 'village', 'account', 'lodging', 'booking', 'owner', 'desk', 'jobs')
              and has_schema_privilege('web', n.oid, 'create')), null, 'web makes nothing');
select is((select array_agg(p.oid::regprocedure::text) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname in ('base', 'clock', 'village', 'account', 'lodging', 'booking', 'owner', 'desk', 'jobs')
              and has_function_privilege('web', p.oid, 'execute') and not p.prosecdef), null, 'web executes only what guards itself');
select is((select array_agg(p.oid::regprocedure::text) from pg_proc p where p.prosecdef and not coalesce(p.proconfig @> '{"search_path=data, pg_temp"}', false)
              and p.pronamespace in (select oid from pg_namespace where nspname in ('base', 'clock', 'village', 'account', 'lodging', 'booking', 'owner', 'desk', 'jobs'))),
    null, 'and everything that guards itself has a search path of its own');
select is((select array_agg(p.oid::regprocedure::text) from pg_proc p where p.prosecdef
              and p.pronamespace in (select oid from pg_namespace where nspname in ('base', 'clock', 'village', 'account', 'lodging', 'booking', 'owner', 'desk', 'jobs'))
              and pg_get_userbyid(p.proowner) <> 'village'), null, 'and belongs to village');
select is((select array_agg(p.oid::regprocedure::text) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = 'jobs' and p.prosecdef and (has_function_privilege('web', p.oid, 'execute') or not has_function_privilege('jobs', p.oid, 'execute'))), null, 'the jobs'' functions are theirs');
select is((select array_agg(p.oid::regprocedure::text) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname in ('base', 'clock', 'village', 'account', 'lodging', 'booking', 'owner', 'desk') and has_function_privilege('jobs', p.oid, 'execute')), null, 'and they have no others');
select is((select array_agg(rolname) from pg_roles where rolname in ('village', 'web', 'jobs') and (rolsuper or rolbypassrls or rolcreaterole)), null, 'nobody stands above row security');
-- tried, not only read
create function pg_temp.tries(who text, query text) returns text language plpgsql as $$
begin
    execute format('set local role %I', who);
    execute query;
    set local role village;
    return 'done';
exception when others then
    return sqlstate;
end $$;
select is(pg_temp.tries('web', q), '42501', 'web: ' || q) from unnest(array[
    'select from data.booking', 'update data.clock set shift = ''0''', 'insert into data.release values (''x'', now())', 'select clock.now()', 'select base.take(null, 1, 1)',
    'select booking.price(''{111}'', ''2027-03-04'', ''2027-03-05'', 2, ''{}'')', 'select account.me()', 'select booking.rates(1, 111, null, ''2027-03-04'', ''{t}'')', 'select board.enter(1)', 'select data.mark_stale()',
    'select booking.lapse(1)', 'create table data.mine (x int)']) q;
select is(pg_temp.tries('jobs', q), '42501', 'jobs: ' || q) from unnest(array['select from data.booking', 'select board.hosts()']) q;
select is(pg_temp.tries('web', 'select from data.release'), 'done', 'web: select from data.release');
-- row security
select is((select array_agg(c.relname) from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'village' and a.attnum > 0
            where c.relnamespace = 'data'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'village_host' and not (c.relrowsecurity and c.relforcerowsecurity)), null,
    'every table of a village has its wall, for its owner, too');
select is((select array_agg(c.relname::text order by c.relname) from pg_class c where c.relnamespace = 'data'::regnamespace and c.relkind in ('r', 'p')
              and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'village' and a.attnum > 0)),
    '{audit_mark,bucket,clock,holiday,migration,release}', 'and these belong to no village');
select is((select array_agg(c.oid::regclass::text) from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary
             join pg_attribute a on a.attrelid = c.oid and a.attname = 'village' and a.attnum > 0
            where c.relnamespace = 'data'::regnamespace and c.relname <> 'village_host' and i.indkey[0] <> a.attnum), null, 'village comes first in every key');
create function pg_temp.rows(village text) returns text language plpgsql as $$
declare
    t     record;
    many  int;
    found text := '';
begin
    perform set_config('visit.village', village, true);
    for t in select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'data'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity order by 1 loop
        execute 'select count(*) from ' || t.name into many;
        if many > 0 then
            found := found || ' ' || t.name || ' ' || many;
        end if;
    end loop;
    return found;
end $$;
select is(pg_temp.rows(''), '', 'before village.enter nobody sees a row');
select is(pg_temp.rows('3'), '', 'nor in a village there is not');
select is(pg_temp.rows('2'), ' data.cut 1 data.file 1 data.house 1 data.member 2 data.person 2 data.photo 1 data.rate 1 data.room 1 data.session 2 data.stale 2 data.village 1', 'and in a village only its own');
select throws_ok($$insert into data.setting values (1, 'stays_per_phone', 9)$$, '42501', null, 'nor does anything get into another');

select finish();
rollback;
