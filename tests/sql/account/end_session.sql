-- Ends one of ones own sessions.
begin;
\ir ../setup.sql
select plan(8);

select refused('select account.end_session(6001)', 'account.sign_in_first', '401', 'nobody');
select visit(login => 'owner_11');
select refused('select account.end_session(6003)', 'account.no_session', '404', 'of somebody else');
select refused('select account.end_session(7001)', 'account.no_session', '404', 'of another village');
select refused('select account.end_session(1)', 'account.no_session', '404', 'of no one');
select is((select ended from account.end_session(6001))::boolean, true, 'one''s own ends');
select is_empty($$select * from account.enter(hash('session of owner_11'))$$, 'and opens nothing any more');
select refused('select account.end_session(6001)', 'account.no_session', '404', 'again');
select is((select actor || ' ' || act from data.event), 'person:1001 account.end_session', 'and is on record');

select finish();
rollback;
