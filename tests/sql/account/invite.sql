-- A link that makes one account.
begin;
\ir ../setup.sql
select plan(14);

select refused($$select account.invite(hash('i'), 'helper', 11)$$, 'account.sign_in_first', '401', 'nobody');
select visit(login => 'owner_11');
select is((select ends from account.invite(hash('i'), 'helper', 11))::timestamptz, clock.now() + interval '7 days', 'an owner invites a helper for 7 days');
select rows_are('select role, house, made_by, used from data.invite', $$values ('helper', 11, 1001, null::timestamptz)$$, 'as it was said');
select is((select actor || ' ' || act || ' ' || detail from data.event), 'person:1001 account.invite {"role": "helper", "house": 11}', 'it is on record');
select refused($$select account.invite(hash('j'), 'helper', 12)$$, 'account.not_yours', '404', 'for a house of somebody else');
select refused($$select account.invite(hash('j'), 'helper', 21)$$, 'account.not_yours', '404', 'for a house of another village');
select refused($$select account.invite(hash('j'), 'secretary', null)$$, 'account.not_yours', '404', 'an owner for the office');
select refused($$select account.invite(hash('j'), 'king', null)$$, 'account.no_role', '422', 'a role there is not');
select refused($$select account.invite(hash('j'), 'helper', null)$$, 'account.no_role', '422', 'a helper of no house');
select refused($$select account.invite(hash('j'), 'secretary', 11)$$, 'account.no_role', '422', 'a secretary of a house');
select visit(login => 'secretary');
select isnt_empty($$select * from account.invite(hash('k'), 'owner', 12)$$, 'the office invites an owner');
select isnt_empty($$select * from account.invite(hash('l'), 'assessor', null)$$, 'and its own people');
select refused($$select account.invite(hash('m'), 'owner', 99)$$, 'lodging.no_house', '404', 'for a house there is not');
select refused($$select account.invite(hash('m'), 'owner', 21)$$, 'lodging.no_house', '404', 'for a house of another village');

select finish();
rollback;
