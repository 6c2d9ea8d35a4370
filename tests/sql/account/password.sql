-- The hash of who acts.
begin;
\ir ../setup.sql
select plan(3);

select refused($$select account.password(hash('x'))$$, 'account.sign_in_first', '401', 'nobody');
select visit(login => 'owner_11');
select rows_are($$select * from account.password(hash('x'))$$, $$values (true, 'hash of owner_11')$$, 'one''s own');
select account.password(hash('x')) from generate_series(1, 4);
select is((select tried from account.password(hash('x')))::boolean, false, 'too fast is said');

select finish();
rollback;
