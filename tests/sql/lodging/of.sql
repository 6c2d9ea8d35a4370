-- The house of a room.
begin;
\ir ../setup.sql
select plan(4);

select rows_are('select house, house_name, room_name, capacity, by_request, check_in_to, cover from lodging.of(111)',
    $$values (11, '东院', '甲', 5, false, 1320, encode(hash('photo 11'), 'hex'))$$, 'a room with its house and cover');
select is((select cover from lodging.of(121)), null, 'a house without photos has no cover');
select refused('select lodging.of(99)', 'booking.no_room', '404', 'no room');
select refused('select lodging.of(211)', 'booking.no_room', '404', 'a room of another village');

select finish();
rollback;
