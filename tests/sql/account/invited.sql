-- What an invitation is for.
begin;
\ir ../setup.sql
select plan(7);

select visit(login => 'secretary');
select account.invite(hash('i'), 'owner', 11);
select account.invite(hash('a'), 'assessor', null);
select visit();
select rows_are($$select * from account.invited(hash('i'))$$,
    $$values ('owner', '东院', '2027-03-09 10:00+08'::timestamptz)$$, 'role, house and until when');
select isnt_empty($$select * from account.invited(hash('i'))$$, 'looking uses nothing up');
select is((select house_name from account.invited(hash('a'))), null, 'the association has no house');
select refused($$select account.invited(hash('x'))$$, 'account.no_invite', '404', 'unknown');
select at('2027-03-09 10:00');
select refused($$select account.invited(hash('i'))$$, 'account.no_invite', '404', 'over');
select at('2027-03-02 10:00');
select visit('two.test');
select refused($$select account.invited(hash('i'))$$, 'account.no_invite', '404', 'in another village');
select visit();
select account.join(hash('i'), 'new', '新户主', 'new hash');
select visit();
select refused($$select account.invited(hash('i'))$$, 'account.no_invite', '404', 'used');

select finish();
rollback;
