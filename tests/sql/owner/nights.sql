-- Who has which night of a house.
begin;
\ir ../setup.sql
select plan(6);

select book(111, '2027-03-04', 2) as code \gset
select book(121, '2027-03-04', 1, 1, phone => '2');
insert into data.night (village, room, night, kind, until) values (1, 112, '2027-03-05', 'repair', 'infinity'), (1, 112, '2027-03-06', 'closed', clock.now());
create function pg_temp.nights(house bigint, from_day date, days int) returns text language sql as $$ select string_agg(room || ' ' || to_char(night, 'MMDD') || ' ' || state || coalesce(' ' || guest_name, ''), ', ') from owner.nights(house, from_day, days) $$;
select visit('one.test', 'owner_11');
select is(pg_temp.nights(11, '2027-03-02', 14), '111 0304 stay 示例客人, 111 0305 stay 示例客人, 112 0305 repair', 'stays by name, what the house took, not what has run out');
select is(pg_temp.nights(11, null, 3), '111 0304 stay 示例客人', 'from tonight on, so many days');
select is((select distinct code from owner.nights(11, null, 14) where code is not null), :'code', 'a way to the stay');
select visit('one.test', 'owner_12');
select is(pg_temp.nights(12, null, 14), '121 0304 requested 示例客人', 'a request is told apart');
select refused('select owner.nights(11, null, 14)', 'account.not_yours', '404', 'another house');
select visit();
select refused('select owner.nights(11, null, 14)', 'account.sign_in_first', '401');

select finish();
rollback;
