-- Opening nights; the rest stands in close_nights.sql.
begin;
\ir ../setup.sql
select plan(4);

insert into data.night (village, room, night, kind, until) values (1, 111, '2027-03-05', 'imported', 'infinity'), (1, 111, '2027-03-06', 'repair', 'infinity');
select visit('one.test', 'secretary');
select is((select opened::int from owner.open_nights(11, '{111.2027-03-05,111.2027-03-06}')), 1, 'not what another site''s calendar took');
select is((select on_behalf from data.event where act = 'owner.open_nights'), 'house:11', 'the association for the house');
select refused($$select owner.open_nights(11, '{}')$$, 'owner.none_chosen');
select visit('one.test', 'owner_12');
select refused($$select owner.open_nights(12, '{111.2027-03-06}')$$, 'booking.no_room', '404', 'a room of another house');

select finish();
rollback;
