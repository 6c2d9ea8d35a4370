-- The price of each night and the rule that made it.
begin;
\ir ../setup.sql
select plan(6);

create function pg_temp.rates(room bigint, from_night date, nights int) returns text language sql as $$
    select string_agg(coalesce(p || ' ' || k, '-'), ', ' order by i)
      from booking.rates(1, room, null, from_night, clock.weekends(from_night, nights)) r, unnest(r.prices, r.kinds) with ordinality u (p, k, i)
$$;
select is(pg_temp.rates(111, '2027-03-04', 3), '20000 base, 26000 weekend, 26000 weekend', 'base, then weekend');
select is(pg_temp.rates(111, '2027-08-18', 4), '30000 season, 30000 season, 32000 season, 32000 season', 'the shorter of two seasons, also on a Friday');
select is(pg_temp.rates(111, '2027-10-02', 4), '45000 named, 50000 named, 52000 named, 52000 named', 'the shorter of two named days, of two as short the newer');
select is(pg_temp.rates(112, '2027-03-05', 1), '15000 base', 'no price for weekends: base');
delete from data.rate where room = 112;
insert into data.rate (village, room, kind, from_night, to_night, price_fen) values (1, 112, 'named', '2027-03-06', '2027-03-06', 700);
select is(pg_temp.rates(112, '2027-03-05', 3), '-, 700 named, -', 'a night without a rule');
select is((select array_agg(p) from booking.rates(1, 111, null, '2027-03-04', '{f,t}') r, unnest(r.prices) p), '{20000,26000}', 'weekends are as they are told');

select finish();
rollback;
