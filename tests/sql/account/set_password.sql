-- A new password; every other session ends.
begin;
\ir ../setup.sql
select plan(6);

select refused($$select account.set_password('new', hash('x'))$$, 'account.sign_in_first', '401', 'nobody');
select account.open('owner_11', hash('second'), 'a computer', null);
select account.open('owner_11', hash('third'), 'a tablet', null);
select visit(login => 'owner_11');
select is((select ended from account.set_password('new', hash('session of owner_11')))::int, 2, 'the two others end');
select is((select password from data.person where person = 1001), 'new', 'the password is the new one');
select is((select count(*)::int from data.person where password = 'new'), 1, 'and nobody else''s');
select is((select string_agg(device, ' ') from account.sessions(hash('session of owner_11'))), 'phone', 'this session goes on');
select is((select count(*)::int from data.event where act = 'account.set_password' and actor = 'person:1001'), 1, 'it is on record');

select finish();
rollback;
