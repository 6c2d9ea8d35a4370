-- Every room that can be booked, with its total; what booking.quote says, too.
begin;
\ir ../setup.sql
select plan(8);

create function pg_temp.offers(house bigint, arrive date, leave date, adults int, children int[] default '{}') returns text language sql as $$
    select string_agg(o.room || '=' || o.total_fen, ' ' order by o.room) from lodging.offers(house, arrive, leave, adults, children) o
$$;
select is(pg_temp.offers(null, '2027-03-04', '2027-03-05', 2), '111=20000 112=15000 121=38333', 'the whole village');
select is(pg_temp.offers(11, '2027-03-04', '2027-03-05', 2), '111=20000 112=15000', 'one house');
select is(pg_temp.offers(null, '2027-03-04', '2027-03-05', 2, '{3,3,3}'), '111=20000', 'whom it holds');
select is(pg_temp.offers(null, '2027-05-01', '2027-05-02', 1), '111=26000 112=15000', 'whose rules it keeps');
select is(pg_temp.offers(12, '2027-03-02', '2027-03-05', 1), '121=89999', 'the ladder is taken on each room''s own total');
select is((select count(*)::int from lodging.offers(null, '2027-03-02', '2027-03-20', 2, '{}') o
            where o.total_fen is distinct from (select q.total_fen from booking.quote(null, array[o.room], '2027-03-02', '2027-03-20', 2, '{}') q)), 0, 'as quoted');
delete from data.rate where room = 112;
insert into data.rate (village, room, kind, from_night, to_night, price_fen) values (1, 112, 'base', '2027-01-01', '2027-03-04', 15000);
select is(pg_temp.offers(11, '2027-03-04', '2027-03-06', 2), '111=46000', 'a night without a price is not sold');
select is(pg_temp.offers(21, '2027-03-04', '2027-03-06', 2), null, 'nor is a room of another village');

select finish();
rollback;
