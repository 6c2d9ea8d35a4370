-- Parts always add up.
begin;
\ir ../setup.sql
select plan(6);

select is(base.shares(100, '{1,1,1}'), '{34,33,33}', 'largest remainder, the first first');
select is(base.shares(100, '{1,0,3}'), '{25,0,75}', 'by weight');
select is(base.shares(10, '{3,3,1}'), '{4,4,2}', 'who lost most comes first') ;
select is(base.shares(7, '{0,0}'), '{4,3}', 'equal parts where nothing weighs');
select is(base.shares(0, '{5,5}'), '{0,0}', 'nothing to share');
select is((select sum(x)::bigint from unnest(base.shares(123456789, '{17,23,5,99,1}')) x), 123456789::bigint, 'to the fen');

select finish();
rollback;
