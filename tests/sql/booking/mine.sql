-- The stays of this device.
begin;
\ir ../setup.sql
select plan(6);

select book(111, '2027-03-10', phone => '13900000001') as late, book(112, '2027-03-04', phone => '13900000002') as early, book(112, '2027-03-02', phone => '13900000003') as first \gset
create function pg_temp.mine(codes text[], words text[]) returns text language sql as $$
    select string_agg(concat_ws(' ', m.arrive, m.state, m.house_name, m.total_fen), ', ') from booking.mine(codes, (select array_agg(test.hash(w) order by nr) from unnest(words) with ordinality t (w, nr))) m
$$;
select is(pg_temp.mine(array[:'late', :'early'], '{manage 13900000001,manage 13900000002}'), '2027-03-04 confirmed 东院 15000, 2027-03-10 confirmed 东院 20000', 'the next first');
select is(pg_temp.mine(array[:'late', :'early'], '{show 13900000001,manage 13900000002}'), '2027-03-04 confirmed 东院 15000, 2027-03-10 confirmed 东院', 'a link that shows has no total');
select is(pg_temp.mine(array[:'late', :'early'], '{manage 13900000001,manage 13900000001}'), '2027-03-10 confirmed 东院 20000', 'a link that died is left out');
select is(pg_temp.mine('{}', '{}'), null, 'none');
select at('2027-03-04 10:00');
select is(pg_temp.mine(array[:'first', :'late'], '{manage 13900000003,manage 13900000001}'), '2027-03-10 confirmed 东院 20000, 2027-03-02 confirmed 东院 15000', 'what is over comes last');
select visit('two.test');
select is(pg_temp.mine(array[:'late'], '{manage 13900000001}'), null, 'another village has its own');

select finish();
rollback;
