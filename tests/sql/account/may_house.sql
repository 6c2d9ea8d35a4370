-- Who may work for a house.
begin;
\ir ../setup.sql
select plan(8);

create function pg_temp.may(login text, host text default 'one.test') returns text language plpgsql as $$
begin
    perform test.visit(host, login);
    return concat_ws(' ', account.may_house(11), account.may_house(12), account.may_house(21));
end $$;
select is(pg_temp.may(null), 'f f f', 'nobody: none');
select is(pg_temp.may('owner_11'), 't f f', 'an owner: one''s own');
select is(pg_temp.may('helper_11'), 't f f', 'a helper, too');
select is(pg_temp.may('former_11'), 'f f f', 'a former owner: none');
select is(pg_temp.may('next_11'), 'f f f', 'an owner to come: none yet');
select is(pg_temp.may('assessor'), 'f f f', 'an assessor: none');
select ok(pg_temp.may('secretary') like 't t %', 'the office: each of the village');
select is(pg_temp.may('owner_21', 'two.test'), 'f f t', 'in another village its own');

select finish();
rollback;
