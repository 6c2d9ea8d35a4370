-- The one room asked for.
begin;
\ir ../setup.sql
select plan(13);

select is((booking.fits(11, '{111}', 2, '{}')).room, 111::bigint, 'a room of its house');
select is((booking.fits(null, '{111}', 2, '{1,2,3}')).house, 11::bigint, 'or of any; full');
select is((booking.fits(11, '{112}', 2, null)).room, 112::bigint, 'children may be left out');
select throws_ok($$select booking.fits(11, '{111,112}', 2, '{}')$$, 'HS422', 'booking.one_room', 'two rooms');
select throws_ok($$select booking.fits(11, '{}', 2, '{}')$$, 'HS422', 'booking.one_room', 'none');
select throws_ok($$select booking.fits(11, null, 2, '{}')$$, 'HS422', 'booking.one_room', 'nothing said');
select throws_ok($$select booking.fits(12, '{111}', 2, '{}')$$, 'HS404', 'booking.no_room', 'of another house');
select throws_ok($$select booking.fits(null, '{211}', 2, '{}')$$, 'HS404', 'booking.no_room', 'of another village');
select throws_ok($$select booking.fits(12, '{122}', 2, '{}')$$, 'HS409', 'booking.house_paused', 'closed');
select throws_ok($$select booking.fits(11, '{112}', 2, '{1}')$$, 'HS422', 'booking.too_many_guests', 'too small');
select throws_ok($$select booking.fits(11, '{112}', 3, null)$$, 'HS422', 'booking.too_many_guests', 'too small, children left out');
select is(detail($$select booking.fits(11, '{112}', 3, '{}')$$), '{"capacity": 2}', 'whom it holds is said');
update data.house set paused = true where house = 11;
select throws_ok($$select booking.fits(11, '{111}', 2, '{}')$$, 'HS409', 'booking.house_paused', 'a house that pauses');

select finish();
rollback;
