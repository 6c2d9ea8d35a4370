-- Opens a session.
begin;
\ir ../setup.sql
select plan(11);

select rows_are($$select * from account.open('owner_11', hash('new'), 'a phone', null)$$,
    $$values (1001, 7776000, 11, false)$$, 'an owner stays for 90 days');
select is(account.me(), 1001::bigint, 'and is there at once');
select rows_are('select person, device, made, seen, ends from data.session where token = hash(''new'')',
    $$values (1001, 'a phone', clock.now(), clock.now(), clock.now() + interval '90 days')$$, 'the session is kept by its hash');
select is((select password from data.person where person = 1001), 'hash of owner_11', 'the password stays');
select rows_are($$select * from account.open('secretary', hash('newer'), 'a computer', 'stronger hash')$$,
    $$values (1004, 43200, null, true)$$, 'the office stays for 12 hours');
select is((select password from data.person where person = 1004), 'stronger hash', 'a stronger hash is kept');
select is((select seconds from account.open('assessor', hash('newest'), '', null))::int, 43200, 'so does an assessor');
select is((select string_agg(actor || act, ' ' order by event) from data.event),
    'person:1001account.open person:1004account.open person:1005account.open', 'each is on record');
select refused($$select account.open('nobody', hash('x'), '', null)$$, 'account.wrong', '422', 'an unknown login');
select refused($$select account.open('left', hash('x'), '', null)$$, 'account.wrong', '422', 'somebody who left');
select refused($$select account.open('owner_21', hash('x'), '', null)$$, 'account.wrong', '422', 'of another village');

select finish();
rollback;
