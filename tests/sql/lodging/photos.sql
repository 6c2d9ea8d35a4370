-- The photos of a house.
begin;
\ir ../setup.sql
select plan(4);

select rows_are('select * from lodging.photos(11)', $$values (encode(hash('photo 11'), 'hex'), '院子', true, null, null),
    (encode(hash('photo 11'), 'hex'), '甲间', true, null, 111)$$, 'in their order');
select is_empty('select * from lodging.photos(12)', 'a house without any');
select is_empty('select * from lodging.photos(21)', 'none of another village');
select visit('two.test', lang => 'en');
select is((select alt from lodging.photos(21))::text, 'North Court', 'which has its own, in English');

select finish();
rollback;
