-- Guests are forgotten on schedule.
begin;
\ir ../setup.sql
select plan(7);

insert into data.setting values (1, 'keep_guest_days', 10);
select book(111, '2027-03-10', 2, phone => '1') as code \gset a_
select book(112, '2027-03-10', 2, phone => '2') as code \gset b_
select book(121, '2027-03-10', 2, 1, phone => '3') as code \gset c_
update data.stay set state = 'checked_out', ended = clock.now() where phone in ('1', '2');
insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, stay, 'payment', total_fen, 'cash', clock.now() from data.stay where phone = '1';
select at('2027-03-22 10:00');
select is(jobs.forget_guests(), 0, 'not before the days are over');
select at('2027-03-23 10:00');
select is(jobs.forget_guests(), 2, 'then who owes nothing: paid, or run out');
select visit();
select is((select string_agg(guest_phone, ',' order by guest_phone) from data.booking), ',,2', 'not who owes something');
insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, stay, 'payment', total_fen, 'cash', clock.now() from data.stay where phone = '2';
select is(jobs.forget_guests(), 1, 'money settled late');
select visit();
select is((select count(*)::int from data.booking where guest_name = '' and erased is not null), 3, 'all of them in the end');
select is((select string_agg(distinct actor, ',') from data.event where act = 'booking.forget'), 'system', 'by the system');
select is(jobs.forget_guests(), 0, 'once');

select finish();
rollback;
