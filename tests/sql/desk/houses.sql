-- Every house with tonights free rooms, for the office.
begin;
\ir ../setup.sql
select plan(6);

select refused('select desk.houses()', 'account.sign_in_first', '401', 'nobody');
select visit(login => 'owner_11');
select refused('select desk.houses()', 'account.not_yours', '404', 'an owner');
select visit(login => 'assessor');
select refused('select desk.houses()', 'account.not_yours', '404', 'an assessor');
select visit(login => 'secretary');
select book(111, '2027-03-02');
select rows_are('select * from desk.houses()', $$values
    (11, '东院', 2, 1, '示例owner_11 · 示例helper_11', false),
    (12, '西院', 2, 1, '示例owner_12', false)$$, 'the office sees all of its village');
select visit('two.test', 'secretary_2');
select is((select array_agg(id::bigint) from desk.houses()), '{21}'::bigint[], 'and another office its own');
select visit('two.test');
select set_config('visit.person', '1004', true);
select refused('select desk.houses()', 'account.not_yours', '404', 'an office of another village');

select finish();
rollback;
