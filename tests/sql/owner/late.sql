-- When the guest comes, as told by phone.
begin;
\ir ../setup.sql
select plan(4);

select book(111, '2027-03-10', 2) as code \gset
select visit('one.test', 'helper_11');
select is((select state from owner.late(:'code', 1560)), 'confirmed', 'two at night');
select is((select arrival from data.stay), 1560, 'is kept');
update data.stay set state = 'checked_in';
select refused(format('select owner.late(%L, 900)', :'code'), 'booking.cannot_late', '409');
select visit('one.test', 'owner_12');
select refused(format('select owner.late(%L, 900)', :'code'), 'booking.no_stay', '404', 'another house');

select finish();
rollback;
