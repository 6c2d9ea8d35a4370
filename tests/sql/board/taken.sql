-- Nights that somebody has.
begin;
\ir ../setup.sql
select plan(5);

select is((select count(*) from board.taken(1, '{11,12}')), 0::bigint, 'none yet');
select book(112, '2027-03-04', 2) \g /dev/null
select rows_are($$select room, night, until from board.taken(1, '{11}') order by night$$,
    $$values (112, '2027-03-04'::date, 'infinity'::timestamptz), (112, '2027-03-05', 'infinity')$$, 'a stay for good');
select book(121, '2027-03-04') \g /dev/null
select is((select until from board.taken(1, '{12}'))::timestamptz, clock.now() + interval '120 minutes', 'a request until its deadline');
select at('2027-03-02 12:00');
select is((select count(*) from board.taken(1, '{12}')), 0::bigint, 'what has run out is free');
select at('2027-03-05 10:00');
select rows_are($$select night from board.taken(1, '{11}')$$, $$values ('2027-03-05'::date)$$, 'what is over is nobody''s business any more');

select finish();
rollback;
