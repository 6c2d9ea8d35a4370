-- Until when cancelling costs what.
begin;
\ir ../setup.sql
select plan(5);

create function pg_temp.cuts(house bigint, arrive date, total bigint) returns text language sql as $$
    select string_agg(c.until || ' ' || c.owed_fen, ', ' order by nr) from unnest(booking.cuts(house, arrive, total)) with ordinality c (until, owed_fen, nr)
$$;
set local timezone = 'Asia/Shanghai';
select is(pg_temp.cuts(11, '2027-03-10', 10005), '2027-03-07 18:00:00+08 0, 2027-03-09 18:00:00+08 3002, infinity 10005', 'moments in the village; percent half up (3001.5)');
select is(pg_temp.cuts(11, '2027-03-10', 10001), '2027-03-07 18:00:00+08 0, 2027-03-09 18:00:00+08 3000, infinity 10001', 'and down below it (3000.3)');
select is(pg_temp.cuts(12, '2027-03-10', 10001), 'infinity 0', 'a house without steps is free for ever');
select is(pg_temp.cuts(21, '2027-03-10', 10001), 'infinity 0', 'and so is what is not of this village');
delete from data.cut where house = 11 and days_before is null;
select is(pg_temp.cuts(11, '2027-03-10', 10001), '2027-03-07 18:00:00+08 0, 2027-03-09 18:00:00+08 3000, infinity 3000', 'without a last step the dearest holds for ever after');

select finish();
rollback;
