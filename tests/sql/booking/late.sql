-- The guest says when they come.
begin;
\ir ../setup.sql
select plan(6);

select book(111, '2027-03-10', 2) as code \gset
select is((select state from booking.late(:'code', hash('manage 13900000001'), 1500)), 'confirmed', 'one at night');
select is((select arrival || ' ' || (select actor from data.event where act = 'booking.late') from data.stay), '1500 guest', 'is kept and written down');
select refused(format($$select booking.late(%L, test.hash('show 13900000001'), 900)$$, :'code'), 'booking.no_stay', '404', 'the link that shows');
select visit('one.test', 'owner_12');
select is((select state from booking.late(:'code', hash('manage 13900000001'), 1501)), 'confirmed', 'an owner may be a guest elsewhere');
select is((select on_behalf from data.event where act = 'booking.late' order by event desc limit 1), null, 'and acts for nobody then');
update data.stay set state = 'checked_in';
select refused(format($$select booking.late(%L, test.hash('manage 13900000001'), 900)$$, :'code'), 'booking.cannot_late', '409');

select finish();
rollback;
