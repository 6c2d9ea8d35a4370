-- The rooms of a house as its owner sees them.
begin;
\ir ../setup.sql
select plan(6);

select visit('one.test', 'owner_11');
select rows_are('select id, name, fen, free_nights, closed from owner.rooms(11)', $$values (111, '甲', 20000, 14, false), (112, '乙', 15000, 14, false)$$, 'all free');
select visit();
select book(111, '2027-03-04', 2);
insert into data.night (village, room, night, kind, until) values (1, 112, '2027-03-02', 'closed', 'infinity'), (1, 111, '2027-03-03', 'closed', clock.now());
select visit('one.test', 'owner_11');
select is((select string_agg(id || ' ' || free_nights, ', ') from owner.rooms(11)), '111 2, 112 0', 'for how long; what has run out is free');
select is((select count(*)::int from owner.rooms(null)), 2, 'no house named: the first of one''s own');
select refused('select owner.rooms(12)', 'account.not_yours', '404', 'another house');
select visit();
select refused('select owner.rooms(11)', 'account.sign_in_first', '401');
select visit('two.test', 'owner_21');
select refused('select owner.rooms(11)', 'account.not_yours', '404', 'another village');

select finish();
rollback;
