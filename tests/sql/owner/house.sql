-- The head of the owners pages.
begin;
\ir ../setup.sql
select plan(10);

select refused('select owner.house(null)', 'account.sign_in_first', '401', 'nobody');
select visit(login => 'owner_11');
select rows_are('select * from owner.house(null)', $$values (11, '东院', 2, 2)$$, 'one''s own when none is named');
select book(112, '2027-03-02');
select is((select free_tonight from owner.house(11))::int, 1, 'a taken room is not free tonight');
select refused('select owner.house(12)', 'account.not_yours', '404', 'a house of somebody else');
select refused('select owner.house(21)', 'account.not_yours', '404', 'a house of another village');
select visit(login => 'former_11');
select refused('select owner.house(11)', 'account.not_yours', '404', 'who was its owner until today');
select visit(login => 'assessor');
select refused('select owner.house(null)', 'account.not_yours', '404', 'who has none');
select visit(login => 'secretary', lang => 'en');
select is((select id || ' ' || name from owner.house(12)), '12 西院', 'the office may act for each; Chinese where English is empty');
update data.room set closed = true where room = 121;
select is((select rooms || ' ' || free_tonight from owner.house(12)), '2 0', 'a closed room is there but not free');
reset role;
select make_house(1, 13, 3, '新院', 'New Court', false);
set local role village;
select rows_are('select * from owner.house(13)', $$values (13, '新院', 0, 0)$$, 'a house without rooms has a head, too')
  from set_config('visit.lang', 'zh', true);

select finish();
rollback;
