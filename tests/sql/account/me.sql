-- Who acts in this visit.
begin;
\ir ../setup.sql
select plan(3);

select is(account.me(), null, 'nobody at first');
select visit(login => 'owner_11');
select is(account.me(), 1001::bigint, 'whose session was entered');
select visit();
select is(account.me(), null, 'a new visit begins with nobody');

select finish();
rollback;
