-- A receipt, once it is made.
begin;
\ir ../setup.sql
select plan(6);

select book(111, '2027-03-10', 2) as code \gset
select book(111, '2027-03-20', 2, phone => '2') as code \gset two_
select id from booking.paper(:'code', hash('manage 13900000001')) \gset
create function pg_temp.made(code text, id bigint, word text default 'manage 13900000001') returns text language sql as $$ select concat_ws(' ', m.ready::boolean::text, m.trouble::boolean::text, encode(m.bytes, 'escape')) from booking.paper_made(code, test.hash(word), id) m $$;
select is(pg_temp.made(:'code', :id), 'false false', 'not yet');
update data.job set due = 'infinity', trouble = 'x';
select is(pg_temp.made(:'code', :id), 'false true', 'it was given up');
update data.paper set made = clock.now(), bytes = 'a paper';
update data.job set due = clock.now(), done = clock.now();
select is(pg_temp.made(:'code', :id), 'true false a paper', 'there it is');
select refused(format($$select booking.paper_made(%L, test.hash('manage 2'), %s)$$, :'two_code', :id), 'booking.no_paper', '404', 'of another stay');
select refused(format($$select booking.paper_made(%L, test.hash('show 13900000001'), %s)$$, :'code', :id), 'booking.no_paper', '404', 'the link that shows');
select refused(format($$select booking.paper_made(%L, test.hash('guess'), %s)$$, :'code', :id), 'booking.no_stay', '404', 'a wrong secret');

select finish();
rollback;
