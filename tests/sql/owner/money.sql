-- Stays whose money is open.
begin;
\ir ../setup.sql
select plan(6);

create function pg_temp.money(house bigint default 11) returns text language sql as $$ select string_agg(guest_name || ' ' || balance_fen || ' ' || waiting, ', ') from owner.money(house) $$;
select book(111, '2027-03-10', 2, phone => '1') as code \gset a_
select book(111, '2027-03-20', 1, phone => '2') as code \gset b_
select visit('one.test', 'owner_11');
select is(pg_temp.money(), null, 'what is to be paid on arrival is not open');
select owner.take(:'b_code', 20000, 'cash');
select visit();
select booking.cancel(:'b_code', hash('manage 2'), '2', 20000);
update data.booking set guest_phone = '00000002' where code = :'b_code';
select booking.cancel(:'b_code', hash('manage 2'), '0002', 20000);
select booking.paid(:'a_code', hash('manage 1'), 500, '');
select visit('one.test', 'owner_11');
select is(pg_temp.money(), '示例客人 -20000 0, 示例客人 40000 1', 'to be given back first; then what waits for an answer');
select owner.answer_transfer(:'a_code', (select transfer from data.transfer), false);
update data.stay set state = 'no_show' where phone = '1';
select is(pg_temp.money(), '示例客人 -20000 0, 示例客人 40000 0', 'and what is owed by who has gone');
select refused('select owner.money(12)', 'account.not_yours', '404', 'another house');
select visit();
select refused('select owner.money(11)', 'account.sign_in_first', '401');
select visit('two.test', 'secretary_2');
select refused('select owner.money(11)', 'account.not_yours', '404', 'another village');

select finish();
rollback;
