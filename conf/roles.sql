-- The roles of the site, on a server that may already have them. With own set (the cluster of `make run`)
-- also the role that owns everything and the database. Run by a role that may do so.
--   village  owns tables and functions; neither superuser nor above row security
--   web      the workers: may execute functions, nothing else
--   jobs     the jobs program: a few functions of its own
\set QUIET on
\if :{?own}
	\set names '{village,web,jobs}'
\else
	\set names '{web,jobs}'
\endif
select format('create role %I login', name)
	from unnest(:'names'::text[]) as name
	where not exists (select from pg_roles where rolname = name) \gexec

-- The site connects with one address and steps into its role, which only a member may.
select format('grant %I to %I', name, current_user)
	from unnest(array['web', 'jobs']) as name
	where not pg_has_role(current_user, name, 'member') \gexec

\if :{?own}
select 'create database village owner village template template0 encoding ''UTF8'''
	where not exists (select from pg_database where datname = 'village') \gexec
revoke all on database village from public;
grant connect on database village to web, jobs;
\endif
