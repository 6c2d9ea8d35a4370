-- Handing over a 发票 twice is like once; the rest stands in booking/invoice.sql.
begin;
\ir ../setup.sql
select plan(2);

select book(111, '2027-03-10', 2) as code \gset
select booking.invoice(:'code', hash('manage 13900000001'), '示例公司', '', '');
select visit('one.test', 'helper_11');
select owner.invoice_done(:'code');
select at('2027-03-03 10:00');
select owner.invoice_done(:'code');
select is((select done from data.invoice), '2027-03-02 10:00+08'::timestamptz, 'the first moment stands');
select visit('two.test', 'secretary_2');
select refused(format('select owner.invoice_done(%L)', :'code'), 'booking.no_stay', '404', 'in another village');

select finish();
rollback;
