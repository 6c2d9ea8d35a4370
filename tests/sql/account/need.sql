-- Stops a visit of nobody.
begin;
\ir ../setup.sql
select plan(2);

select throws_ok('select account.need()', 'HS401', 'account.sign_in_first', 'nobody is sent to sign in');
select visit(login => 'owner_11');
select is(account.need(), 1001::bigint, 'somebody goes on');

select finish();
rollback;
