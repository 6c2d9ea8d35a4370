-- The rooms asked for.
begin;
\ir ../setup.sql
select plan(20);

create function pg_temp.fits(house bigint, rooms bigint[], adults int, children int[]) returns text language sql as $$
    select string_agg(f.room::text, ' ' order by i) from unnest(booking.fits(house, rooms, adults, children)) with ordinality f (village, room, house, position, name_zh, name_en, about_zh, about_en, capacity, base_guests, extra, beds, area, floor, step_free, ceiling, closed, i)
$$;
select is(pg_temp.fits(11, '{111}', 2, '{}'), '111', 'a room of its house');
select is(pg_temp.fits(null, '{111}', 2, '{1,2,3}'), '111', 'or of any; full');
select is(pg_temp.fits(11, '{112}', 2, null), '112', 'children may be left out');
select is(pg_temp.fits(11, '{112,111}', 3, '{}'), '111 112', 'two rooms, in the order of their numbers');
select is(pg_temp.fits(11, '{111,112}', 6, '{1}'), '111 112', 'together they hold seven');
select is(pg_temp.fits(11, '{111,112}', 1, '{}'), '111 112', 'the whole house may be had for one alone');
insert into data.room select village, 113, house, 3, name_zh, name_en, about_zh, about_en, 2, 2, 0, beds, area_m2, floor, step_free, ceiling_fen, false from data.room where room = 112;
select throws_ok($$select booking.fits(11, '{111,112}', 1, '{}')$$, 'HS422', 'booking.too_many_rooms', 'but not two of its rooms of three');
select is(pg_temp.fits(11, '{111,112}', 2, '{}'), '111 112', 'a grown-up for each will do');
select throws_ok($$select booking.fits(11, '{111,111}', 2, '{}')$$, 'HS404', 'booking.no_room', 'one room twice');
select throws_ok($$select booking.fits(null, '{111,121}', 2, '{}')$$, 'HS422', 'booking.one_house', 'rooms of two houses');
select throws_ok($$select booking.fits(11, '{111,112}', 6, '{1,2}')$$, 'HS422', 'booking.too_many_guests', 'eight in seven places');
select throws_ok($$select booking.fits(11, '{}', 2, '{}')$$, 'HS404', 'booking.no_room', 'none');
select throws_ok($$select booking.fits(11, null, 2, '{}')$$, 'HS404', 'booking.no_room', 'nothing said');
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
