-- What a guest may take along.
begin;
\ir ../setup.sql
select plan(8);

select book(111, '2027-03-10', 2) as code \gset
select booking.invoice(:'code', hash('manage 13900000001'), '示例公司', '91', 'a@example.org');
select booking.paid(:'code', hash('manage 13900000001'), 10, 'a note');
create function pg_temp.export(code text, last4 text default '0001') returns jsonb language sql as $$ select coalesce(document::jsonb, to_jsonb(refused)) from booking.export(code, test.hash('manage 13900000001'), last4) $$;
select is(pg_temp.export(:'code', '9'), '"booking.last4_wrong"', 'needs the last four digits');
select pg_temp.export(:'code') as document \gset
select is(:'document'::jsonb #>> '{booking,guest_phone}', '13900000001', 'the phone');
select is(:'document'::jsonb #>> '{stay,total_fen}', '40000', 'the stay');
select is(jsonb_array_length(:'document'::jsonb -> 'nights'), 2, 'its nights');
select is(:'document'::jsonb #>> '{money,0,amount_fen}', '40000', 'its money');
select is((:'document'::jsonb #>> '{transfers,0,note}') || (:'document'::jsonb #>> '{invoice,title}'), 'a note示例公司', 'what was said and asked');
select ok(:'document' not like '%' || encode(hash('manage 13900000001'), 'hex') || '%' and :'document' not like '%secret%', 'no secrets');
select refused(format($$select booking.export(%L, test.hash('show 13900000001'), '0001')$$, :'code'), 'booking.no_stay', '404', 'the link that shows');

select finish();
rollback;
