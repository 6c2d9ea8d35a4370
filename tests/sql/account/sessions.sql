-- Where who acts is signed in.
begin;
\ir ../setup.sql
select plan(3);

select refused($$select account.sessions(hash('x'))$$, 'account.sign_in_first', '401', 'nobody');
select account.open('owner_11', hash('second'), 'a computer', null);
select visit(login => 'owner_11');
select at('2027-03-02 10:05');
select account.enter(hash('second'));
select rows_are($$select device, made, seen, own from account.sessions(hash('second'))$$,
    $$values ('a computer', '2027-03-02 10:00+08'::timestamptz, clock.now()::timestamptz, true),
             ('phone', '2027-03-02 09:00+08', '2027-03-02 10:00+08', false)$$, 'one''s own, the latest first, with this one marked');
select account.close(hash('second'));
select is((select count(*)::int from account.sessions(hash('second'))), 1, 'an ended one is gone');

select finish();
rollback;
