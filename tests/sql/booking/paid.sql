-- A guest says: I have transferred.
begin;
\ir ../setup.sql
select plan(5);

select book(111, '2027-03-10', 2) as code \gset
select ok((select transfer > 0 from booking.paid(:'code', hash('manage 13900000001'), 40000, 'ends in 77')), 'as much as the stay costs');
select is((select kind || ' ' || amount_fen || ' ' || said_by || ' ' || note || ' ' || state from data.transfer), 'payment 40000 guest ends in 77 said', 'it waits for the house');
select refused(format($$select booking.paid(%L, test.hash('manage 13900000001'), 40001, '')$$, :'code'), 'booking.pay_too_much', '409', 'not more');
select count(*) from generate_series(1, 4) i, lateral (select i, booking.paid(:'code', hash('manage 13900000001'), 1, '')) p;
select refused(format($$select booking.paid(%L, test.hash('manage 13900000001'), 1, '')$$, :'code'), 'booking.transfers_open', '409', 'not without end');
select refused(format($$select booking.paid(%L, test.hash('show 13900000001'), 1, '')$$, :'code'), 'booking.no_stay', '404', 'the link that shows');

select finish();
rollback;
