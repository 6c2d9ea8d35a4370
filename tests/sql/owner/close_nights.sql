-- Nights a house keeps for itself, and gives back.
begin;
\ir ../setup.sql
select plan(18);

select book(111, '2027-03-04', 1);
select visit('one.test', 'owner_11');
create function pg_temp.shut() returns text language sql as $$ select string_agg(room || ' ' || to_char(night, 'MMDD') || ' ' || kind, ', ' order by room, night) from data.night where kind <> 'stay' and until > clock.now() $$;
select is((select closed::int from owner.close_nights(11, '{111.2027-03-05,112.2027-03-04,111.2027-03-05}', 'closed')), 2, 'each once');
select is(pg_temp.shut(), '111 0305 closed, 112 0304 closed', 'closed');
select is((select closed::int from owner.close_nights(11, '{112.2027-03-04}', 'repair')), 1, 'again, for another reason');
select is(pg_temp.shut(), '111 0305 closed, 112 0304 repair', 'is that reason then');
select refused($$select owner.close_nights(11, '{111.2027-03-03,111.2027-03-04}', 'closed')$$, 'booking.taken', '409', 'a guest''s night');
select is(pg_temp.shut(), '111 0305 closed, 112 0304 repair', 'all or none');
select refused($$select owner.close_nights(11, '{}', 'closed')$$, 'owner.none_chosen');
select refused($$select owner.close_nights(11, '{111.2027-03-03}', 'holiday')$$, 'owner.no_why');
select refused($$select owner.close_nights(11, '{121.2027-03-03}', 'closed')$$, 'booking.no_room', '404', 'a room of another house');
select is((select count(*)::int from data.stale where house = 11), 1, 'the boards hear of it');
select visit();
select refused($$select test.book(112, '2027-03-04', phone => '2')$$, 'booking.taken', '409', 'nobody can book it');
-- open
select visit('one.test', 'helper_11');
select is((select opened::int from owner.open_nights(11, '{112.2027-03-04,111.2027-03-04,112.2027-03-09}')), 1, 'only what the house had closed');
select is(pg_temp.shut(), '111 0305 closed', 'open');
select is((select count(*)::int from data.night where kind = 'stay' and until = 'infinity'), 1, 'the guest''s night is theirs');
select is((select string_agg(act, ' ' order by event) from data.event where act like 'owner.%'), 'owner.close_nights owner.close_nights owner.open_nights', 'on record');
-- strangers
select visit('one.test', 'owner_12');
select refused($$select owner.close_nights(11, '{111.2027-03-08}', 'closed')$$, 'account.not_yours', '404', 'another house');
select visit();
select refused($$select owner.close_nights(11, '{111.2027-03-08}', 'closed')$$, 'account.sign_in_first', '401');
select visit('two.test', 'owner_21');
select refused($$select owner.close_nights(21, '{111.2027-03-08}', 'closed')$$, 'booking.no_room', '404', 'a room of another village');

select finish();
rollback;
