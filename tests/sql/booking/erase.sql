-- Being forgotten.
begin;
\ir ../setup.sql
select plan(17);

create function pg_temp.erase(code text, last4 text default '0001', word text default 'manage 13900000001') returns text language sql as $$ select coalesce(refused, 'done') from booking.erase(code, test.hash(word), last4) $$;
select book(111, '2027-03-10', 2, device => 'd', address => 'a') as code \gset
select booking.invoice(:'code', hash('manage 13900000001'), '示例公司', '91', 'a@example.org');
select booking.paid(:'code', hash('manage 13900000001'), 10, 'a note') as paid \gset
select refused(format($$select booking.erase(%L, test.hash('manage 13900000001'), '0001')$$, :'code'), 'booking.erase_later', '409');
select booking.cancel(:'code', hash('manage 13900000001'), '0001', 0);
select refused(format($$select booking.erase(%L, test.hash('manage 13900000001'), '0001')$$, :'code'), 'booking.erase_unpaid', '409', 'a transfer waits');
select booking.answer_transfer(:'code', hash('manage 13900000001'), (select transfer from data.transfer), false);
insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, stay, 'payment', 5, 'cash', clock.now() from data.stay;
select refused(format($$select booking.erase(%L, test.hash('manage 13900000001'), '0001')$$, :'code'), 'booking.erase_unpaid', '409', 'money is open');
insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, stay, 'refund', 5, 'cash', clock.now() from data.stay;
select booking.paper(:'code', hash('manage 13900000001'));
select booking.look_up(:'code', '13900000001', hash('key'), hash('c'), hash('a'));
select is(pg_temp.erase(:'code', '1111'), 'booking.last4_wrong', 'needs the last four digits');
select is(pg_temp.erase(:'code'), 'done', 'erased');
select rows_are('select guest_name, guest_phone, guest_email, device, address, erased from data.booking', $$values ('', '', null::text, null::bytea, null::bytea, clock.now())$$, 'nobody''s booking');
select rows_are('select phone, note, device, address from data.stay', $$values ('', '', null::bytea, null::bytea)$$, 'nobody''s stay');
select is((select note from data.transfer), '', 'words are gone');
select is_empty('select from data.invoice', 'requests, too');
select is_empty('select from data.paper', 'papers');
select is_empty('select from data.booking_key', 'keys of devices');
select is_empty($$select from data.idempotency where scope = 'booking.book'$$, 'and what would hand out the link again');
select is((select count(*)::int from data.ledger), 4, 'the money remains');
select refused(format($$select booking.open(%L, test.hash('manage 13900000001'))$$, :'code'), 'booking.no_stay', '404', 'the links are dead');
select is((select count(*)::int from data.event e where e.detail::text ~ '139|示例'), 0, 'what is on record for ever never knew who it was');
select book(111, '2027-03-20', phone => '13900000002') as code \gset two_
select refused(format($$select booking.erase(%L, test.hash('show 13900000002'), '0002')$$, :'two_code'), 'booking.no_stay', '404', 'the link that shows');
select is(booking.masked('13900000001') || ' ' || booking.masked('123'), '139****0001 ***', 'what a masked phone looks like');

select finish();
rollback;
