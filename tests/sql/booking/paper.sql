-- Asking for a receipt.
begin;
\ir ../setup.sql
select plan(6);

select book(111, '2027-03-10', 2) as code \gset
select id from booking.paper(:'code', hash('manage 13900000001')) \gset
select is((select count(*)::int from data.job where kind = 'paper.make' and detail = jsonb_build_object('paper', :id)), 1, 'a job makes it');
select is((select id::bigint from booking.paper(:'code', hash('manage 13900000001'))), :id::bigint, 'pressed twice it is the same');
select at('2027-03-02 10:02');
select isnt((select id::bigint from booking.paper(:'code', hash('manage 13900000001'))), :id::bigint, 'later it is a new one');
select visit('one.test', null, 'en');
select isnt((select id::bigint from booking.paper(:'code', hash('manage 13900000001'))), :id::bigint, 'in another language as well');
select is((select string_agg(lang, ' ' order by lang) from data.paper), 'en zh zh', 'each in its own');
select refused(format($$select booking.paper(%L, test.hash('show 13900000001'))$$, :'code'), 'booking.no_stay', '404', 'the link that shows');

select finish();
rollback;
