-- A sessions token makes a visit somebodys.
begin;
\ir ../setup.sql
select plan(11);

select rows_are($$select * from account.enter(hash('session of owner_11'))$$,
    $$values (1001, '示例owner_11', 11, false)$$, 'an owner with the house');
select is(account.me(), 1001::bigint, 'and acts from now on');
select rows_are($$select * from account.enter(hash('session of secretary'))$$,
    $$values (1004, '示例secretary', null, true)$$, 'the office without one');
select is((select house from account.enter(hash('session of former_11'))), null, 'a former owner has no house');
select visit();
select is_empty($$select * from account.enter(hash('session of no one'))$$, 'an unknown token is nobody''s');
select is_empty($$select * from account.enter(hash('session of left'))$$, 'nor is one of somebody who left');
select is_empty($$select * from account.enter(hash('session of owner_21'))$$, 'nor is one of another village');
select is(account.me(), null, 'the visit goes on as nobody');
select is((select seen from data.session where person = 1001), clock.now(), 'when it was seen is written down');
select at('2027-03-02 10:00:30');
select account.enter(hash('session of owner_11'));
select is((select seen from data.session where person = 1001), '2027-03-02 10:00+08'::timestamptz, 'but not again within a minute');
select visit();
select at('2028-03-02 10:00');
select set_config('visit.person', '', true);
select is_empty($$select * from account.enter(hash('session of owner_11'))$$, 'a session ends when its time is over');

select finish();
rollback;
