-- Ends the session of this visit.
begin;
\ir ../setup.sql
select plan(6);

select is((select closed from account.close(hash('session of owner_11')))::boolean, true, 'it ends');
select is_empty($$select * from account.enter(hash('session of owner_11'))$$, 'and opens nothing any more');
select is((select closed from account.close(hash('session of owner_11')))::boolean, false, 'ending it twice does nothing');
select is((select closed from account.close(hash('session of no one')))::boolean, false, 'nor does an unknown one');
select is((select closed from account.close(hash('session of owner_21')))::boolean, false, 'nor one of another village');
select visit('two.test', 'owner_21');
select is(account.me(), 2001::bigint, 'which goes on');

select finish();
rollback;
