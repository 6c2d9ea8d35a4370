-- The house changes a stay with the guest.
begin;
\ir ../setup.sql
select plan(9);

create function pg_temp.change(code text, rooms bigint[], arrive date, leave date, adults int default 2) returns text language sql as $$
    select concat_ws(' ', c.state, c.total_fen, c.owed_fen, c.balance_fen) from owner.change(code, rooms, arrive, leave, adults, '{}') c
$$;
select book(121, '2027-03-10', 2, 1) as code \gset
select visit('one.test', 'owner_12');
select owner.step(:'code', 'accept', null);
select is(pg_temp.change(:'code', '{121}', '2027-03-10', '2027-03-13', 1), 'confirmed 96665 0 96665', 'where the house decides it adds nights itself');
select is(pg_temp.change(:'code', '{121}', '2027-03-10', '2027-03-13', 1), 'confirmed 96665 0 96665', 'as it is: nothing happens');
select is((select count(*)::int from data.event where act = 'booking.change'), 1, 'written down once');
select at('2027-03-10 15:00');
select owner.step(:'code', 'check_in', null);
select at('2027-03-11 09:00');
select is(pg_temp.change(:'code', '{121}', '2027-03-10', '2027-03-11', 1), 'checked_in 33333 0 33333', 'leaving early; this house asks nothing for that');
select is((select count(*)::int from data.night where until > clock.now()), 1, 'the nights not slept are on sale again; the one slept stays');
select is(split_part(pg_temp.change(:'code', '{121}', '2027-03-10', '2027-03-14', 1), ' ', 1), 'checked_in', 'staying on');
select refused(format('select owner.change(%L, ''{121}'', ''2027-03-11'', ''2027-03-14'', 1, ''{}'')', :'code'), 'booking.change_in_house', '409');
select visit('one.test', 'owner_11');
select refused(format('select owner.change(%L, ''{121}'', ''2027-03-11'', ''2027-03-14'', 1, ''{}'')', :'code'), 'booking.no_stay', '404', 'another house');
select visit('one.test', 'secretary');
select owner.step(:'code', 'check_out', null) from generate_series(1, 0);
select is(split_part(pg_temp.change(:'code', '{121}', '2027-03-10', '2027-03-13', 1), ' ', 1), 'checked_in', 'the association may, too');

select finish();
rollback;
