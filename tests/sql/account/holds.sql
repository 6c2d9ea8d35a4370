-- Is a membership in force today?
begin;
\ir ../setup.sql
select plan(3);

select rows_are('select p.login, account.holds(m) from data.member m join data.person p using (village, person) where p.login in (''owner_11'', ''former_11'', ''next_11'') order by 1',
    $$values ('former_11', false), ('next_11', false), ('owner_11', true)$$, 'from its first day to before its last');
select at('2027-03-02 05:00');
select is((select account.holds(m) from data.member m where m.person = 1006), true, 'last night it still was');
select at('2027-03-03 07:00');
select is((select account.holds(m) from data.member m where m.person = 1007), true, 'tomorrow the next is');

select finish();
rollback;
