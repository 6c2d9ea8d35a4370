-- The house of rooms.
begin;
\ir ../setup.sql
select plan(6);

select rows_are('select house, house_name, (names[1]).name, capacity, by_request, check_in_to, cover from lodging.of(''{111}'')',
    $$values (11, '东院', '甲', 5, false, 1320, encode(hash('photo 11'), 'hex'))$$, 'a room with its house and cover');
select rows_are('select names, capacity, beds from lodging.of(''{112,111}'')',
    $$values ('{"(111,甲)","(112,乙)"}', 7, '{double,double}')$$, 'two rooms, in the order of the house');
select is((select cover from lodging.of('{121}')), null, 'a house without photos has no cover');
select refused('select lodging.of(''{99}'')', 'booking.no_room', '404', 'no room');
select refused('select lodging.of(''{}'')', 'booking.no_room', '404', 'none at all');
select refused('select lodging.of(''{211}'')', 'booking.no_room', '404', 'a room of another village');

select finish();
rollback;
