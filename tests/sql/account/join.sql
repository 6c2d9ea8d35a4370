-- An invitation becomes an account, once.
begin;
\ir ../setup.sql
select plan(9);

select visit(login => 'secretary');
select account.invite(hash('i'), 'owner', 12);
select account.invite(hash('j'), 'assessor', null);
select visit();
select refused($$select account.join(hash('i'), 'owner_11', '名', 'h')$$, 'account.login_taken', '23505', 'a login somebody has');
select refused($$select account.join(hash('x'), 'new', '名', 'h')$$, 'account.no_invite', '404', 'an unknown invitation');
select is((select person from account.join(hash('i'), 'new', '新户主', 'new hash'))::bigint, account.me(), 'who joins is there at once');
select rows_are('select p.name, p.password, m.role, m.house, m.since, m.until from data.person p join data.member m using (village, person) where p.login = ''new''',
    $$values ('新户主', 'new hash', 'owner', 12, '2027-03-02', null)$$, 'with the name, the password and the role');
select is(account.may_house(12), true, 'and may act for the house');
select is((select count(*)::int from data.event where act = 'account.join' and subject = account.me()), 1, 'it is on record');
select refused($$select account.join(hash('i'), 'newer', '名', 'h')$$, 'account.no_invite', '404', 'used');
select visit('two.test');
select refused($$select account.join(hash('j'), 'newer', '名', 'h')$$, 'account.no_invite', '404', 'in another village');
select visit();
select at('2027-03-09 10:00');
select refused($$select account.join(hash('j'), 'newer', '名', 'h')$$, 'account.no_invite', '404', 'over');

select finish();
rollback;
