-- What becomes free is held for who is next.
begin;
\ir ../setup.sql
select plan(23);

create function pg_temp.wait(house bigint, arrive date, leave date, phone text, adults int default 2) returns text language sql as $$
    select code from booking.wait(house, arrive, leave, adults, '{}', '客' || phone, phone, test.hash('wait ' || phone), test.hash('show ' || phone), null, null)
$$;
create function pg_temp.free(phone text) returns void language sql as $$ select booking.finish(s, 'cancelled_guest', '-infinity', 'cancel', 0) from data.stay s where s.phone = $1 and s.ended is null $$;
create function pg_temp.offer() returns int language plpgsql as $$
declare
    n int := jobs.waiting();
begin
    perform test.visit();
    return n;
end $$;
insert into data.setting values (1, 'unverified_share', 0);
select book(111, '2027-03-10', 2, phone => '1') as code \gset a_
select book(112, '2027-03-10', 2, phone => '2') as code \gset b_
select pg_temp.wait(11, '2027-03-10', '2027-03-12', '3') as code \gset first_
select at('2027-03-02 10:01');
select pg_temp.wait(11, '2027-03-11', '2027-03-12', '4') as code \gset second_
select at('2027-03-02 10:02');
select pg_temp.wait(11, '2027-03-10', '2027-03-12', '5', 4) as code \gset party_
select is(pg_temp.offer(), 0, 'nothing is free, nothing is offered');
select pg_temp.free('2');
select is(pg_temp.offer(), 1, 'one room becomes free: one is offered');
select rows_are($$select s.state, s.arrive, s.leave, s.total_fen::bigint, s.until, b.code, b.guest_name from data.stay s join data.booking b using (village, booking) where s.phone = '3'$$,
    format($$values ('held', '2027-03-10'::date, '2027-03-12'::date, 30000::bigint, '2027-03-02 12:02+08'::timestamptz, %L, '客3')$$, :'first_code'), 'to the first, at today''s price, for as long as is set');
select is((select count(*)::int from data.night n join data.stay s using (village, stay) where s.phone = '3' and n.until = s.until), 2, 'the nights are held');
select is((select may from booking.open(:'first_code', hash('wait 3'))), 'manage', 'by the link of the queue');
select is(pg_temp.offer(), 0, 'once');
-- taken up
select is((select state from booking.take_up(:'first_code', hash('wait 3'))), 'confirmed', 'the guest takes it');
select is((select state from booking.take_up(:'first_code', hash('wait 3'))), 'confirmed', 'twice is like once');
select is((select count(*)::int from data.night n join data.stay s using (village, stay) where s.phone = '3' and n.until = 'infinity'), 2, 'for good');
select is((select state from data.waiting where phone = '3'), 'taken', 'the place is used');
-- refused by the guest: the next in turn
select pg_temp.free('3');
select is(pg_temp.offer(), 1, 'free again: the next');
select is((select phone from data.stay where state = 'held'), '4', 'in turn');
select is((select state from booking.cancel(:'second_code', hash('wait 4'), '9', 0)), 'held', 'digits are asked for, as for every cancelling');
update data.booking set guest_phone = '13900000004' where code = :'second_code';
select is((select state || ' ' || owed_fen from booking.cancel(:'second_code', hash('wait 4'), '0004', 0)), 'cancelled_guest 0', 'no, thank you: it costs nothing');
select is((select state from data.waiting where phone = '4'), 'left', 'the place is gone');
select is(pg_temp.offer(), 0, 'for the party one room is not enough');
select pg_temp.free('1');
select is(pg_temp.offer(), 1, 'two are');
select is((select string_agg(r.room::text, ',' order by r.room) from data.stay_room r join data.stay s using (village, stay) where s.state = 'held'), '111', 'the fewest that take it') ;
-- not answered
select at('2027-03-02 12:02');
select is((select done from jobs.deadlines()), 1, 'time runs out');
select visit();
select is((select state from data.waiting where phone = '5'), 'passed', 'the place is gone');
select refused(format($$select booking.take_up(%L, test.hash('wait 5'))$$, :'party_code'), 'booking.cannot_take_up', '409');
-- a house that decides; a day that is past
select book(121, '2027-03-10', 1, 1, phone => '6') as code \gset c_
select pg_temp.wait(12, '2027-03-10', '2027-03-11', '7', 1) as code \gset ask_
select pg_temp.free('6');
select pg_temp.offer();
select is((select state || ' ' || (until = '2027-03-02 14:02+08') from booking.take_up(:'ask_code', hash('wait 7'))), 'requested true', 'where the house decides it is asked') ;
select book(121, '2027-03-12', 1, 1, phone => '8') as code \gset d_
select pg_temp.wait(12, '2027-03-12', '2027-03-13', '9', 1) as code \gset over_
select at('2027-03-13 10:00');
select pg_temp.offer();
select is((select state from data.waiting where phone = '9'), 'over', 'nobody waits for a day that is past');

select finish();
rollback;
