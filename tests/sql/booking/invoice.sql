-- A guest asks the house for a 发票, and the house hands it over.
begin;
\ir ../setup.sql
select plan(8);

select book(111, '2027-03-10', 2) as code \gset
select is((select at::timestamptz from booking.invoice(:'code', hash('manage 13900000001'), '示例公司', '91410000X', 'a@example.org')), clock.now(), 'asked');
select booking.invoice(:'code', hash('manage 13900000001'), '另一家公司', '', '');
select is((select title || tax_no || email from data.invoice), '另一家公司', 'written over while it is not done');
select refused(format($$select booking.invoice(%L, test.hash('show 13900000001'), 'x', '', '')$$, :'code'), 'booking.no_stay', '404', 'the link that shows');
select visit('one.test', 'owner_11');
select is((select invoice_title from owner.stay(:'code')), '另一家公司', 'the house reads it');
select is((select title from owner.invoice_done(:'code')), '另一家公司', 'done');
select visit();
select refused(format($$select booking.invoice(%L, test.hash('manage 13900000001'), 'x', '', '')$$, :'code'), 'booking.invoice_done', '409');
select book(111, '2027-03-20', phone => '2') as code \gset two_
select visit('one.test', 'owner_11');
select refused(format('select owner.invoice_done(%L)', :'two_code'), 'booking.no_invoice', '404');
select visit('one.test', 'owner_12');
select refused(format('select owner.invoice_done(%L)', :'code'), 'booking.no_stay', '404', 'another house');

select finish();
rollback;
