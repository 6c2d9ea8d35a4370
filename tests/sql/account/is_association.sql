-- Does who acts belong to the office?
begin;
\ir ../setup.sql
select plan(6);

create function pg_temp.belongs(login text, host text default 'one.test') returns boolean language plpgsql as $$
begin
    perform test.visit(host, login);
    return account.is_association();
end $$;
select is(pg_temp.belongs('secretary'), true, 'the secretary');
select is(pg_temp.belongs('assessor'), false, 'not an assessor');
select is(pg_temp.belongs('owner_11'), false, 'not an owner');
select is(pg_temp.belongs(null), false, 'not nobody');
select is(pg_temp.belongs('secretary_2', 'two.test'), true, 'another village has its own');
select set_config('visit.person', '1004', true);
select is(account.is_association(), false, 'whom the first village''s secretary does not join');

select finish();
rollback;
