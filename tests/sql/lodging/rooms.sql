-- The rooms of a house for dates and a party.
begin;
\ir ../setup.sql
select plan(14);

create function pg_temp.rooms(house bigint, arrive date, leave date, adults int default 2, children int[] default '{}') returns text language sql as $$
    select string_agg(concat_ws(' ', r.name, r.total_fen, r.why), ', ' ) from lodging.rooms(house, arrive, leave, adults, children) r
$$;
select is(pg_temp.rooms(11, '2027-03-04', '2027-03-06'), '甲 46000, 乙 30000', 'the total of each');
select is(pg_temp.rooms(11, null, null), '甲, 乙', 'without dates only what they are');
select is(pg_temp.rooms(11, '2027-03-04', '2027-03-06', 2, '{8}'), '甲 52000, 乙 booking.too_many_guests', 'too small');
select is(pg_temp.rooms(11, '2027-03-04', '2027-03-06', 2, null), '甲 46000, 乙 30000', 'children may be left out');
select is(pg_temp.rooms(12, '2027-05-01', '2027-05-02', 1), '丙 booking.min_nights, 丁 booking.house_paused', 'the house''s own rules, and a closed room');
select book(112, '2027-03-05');
select is(pg_temp.rooms(11, '2027-03-04', '2027-03-06'), '甲 46000, 乙 lodging.full', 'full');
select is((select free_cancel_until from lodging.rooms(11, '2027-03-10', '2027-03-11', 2, '{}') limit 1), '2027-03-07 18:00+08'::timestamptz, 'with the last free moment to cancel');
select is((select string_agg(from_fen::text, ' ') from lodging.rooms(11, null, null, 2, '{}')), '20000 15000', 'and the base price');
select is(pg_temp.rooms(11, '2027-03-01', '2027-03-02'), '甲 booking.past, 乙 booking.past', 'what has passed cannot be had');
select is(pg_temp.rooms(11, '2027-03-03', '2027-06-02'), '甲 booking.too_long, 乙 booking.too_long', 'nor can it be had for too long');
select is(pg_temp.rooms(11, '2028-04-03', '2028-04-07'), '甲 booking.too_far, 乙 booking.too_far', 'or too far ahead');
select is(pg_temp.rooms(11, '2027-03-03', '2027-03-03'), '甲 booking.leave_first, 乙 booking.leave_first', 'or for no night');
select is(pg_temp.rooms(21, '2027-03-04', '2027-03-06'), null, 'none of another village');
update data.house set paused = true where house = 11;
select is(pg_temp.rooms(11, '2027-03-11', '2027-03-12'), '甲 booking.house_paused, 乙 booking.house_paused', 'a house that pauses');

select finish();
rollback;
