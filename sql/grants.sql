-- Who may what. Functions are nobody's by default; `web` gets those that guard themselves (security definer), `jobs` its few.

revoke all on all functions in schema base, clock, village, account, lodging, booking, owner, desk, board, jobs from public;

do $$
declare
    f record;
    t record;
begin
    for f in select p.oid::regprocedure as name, n.nspname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
              where p.prosecdef and n.nspname in ('village', 'account', 'lodging', 'booking', 'owner', 'desk', 'board', 'jobs') loop
        execute format('grant execute on function %s to %I', f.name, case f.nspname when 'jobs' then 'jobs' else 'web' end);
    end loop;

    -- One wall for every table of a village: rows of the village of this visit, for everybody, the owner of the tables too.
    for t in select c.oid::regclass as name from pg_class c join pg_attribute a on a.attrelid = c.oid
              where c.relnamespace = 'data'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'village' and a.attnum > 0
                and c.relname <> 'village_host' loop
        execute format('alter table %s enable row level security, force row level security', t.name);
        execute format('drop policy if exists here on %s', t.name);
        execute format('create policy here on %s using (village = (select nullif(current_setting(''visit.village'', true), '''')::int))', t.name);
    end loop;
end $$;

grant usage on schema village, account, lodging, booking, owner, desk, board, sure to web;
grant usage on schema jobs, sure to jobs;
grant usage on schema data to web, jobs;
grant select on data.release to web, jobs;
