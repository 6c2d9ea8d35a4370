-- The house an owners page is about.
begin;
\ir ../setup.sql
select plan(9);

select throws_ok('select account.house(11)', 'HS401', 'account.sign_in_first', 'nobody is sent to sign in');
select visit(login => 'owner_11');
select is(account.house(null), 11::bigint, 'one''s own when none is named');
select is(account.house(11), 11::bigint, 'or the one that is named');
select throws_ok('select account.house(12)', 'HS404', 'account.not_yours', 'not somebody else''s');
select throws_ok('select account.house(21)', 'HS404', 'account.not_yours', 'nor one of another village');
select visit(login => 'secretary');
select is(account.house(12), 12::bigint, 'the office may act for each');
select throws_ok('select account.house(99)', 'HS404', 'account.not_yours', 'but not for one that is not there');
select throws_ok('select account.house(21)', 'HS404', 'account.not_yours', 'nor for one of another village');
select throws_ok('select account.house(null)', 'HS404', 'account.not_yours', 'but has none of its own');

select finish();
rollback;
