-- A stay goes a step on by the house or the association.
begin;
\ir ../setup.sql
select plan(49);

create function pg_temp.step(code text, event text, reason text default null) returns text language sql as $$ select s.state || ' ' || s.balance_fen from owner.step(code, event, reason) s $$;
create function pg_temp.no(code text, event text, key text, status text default '409', reason text default null) returns text language sql as $$
    select test.refused(format('select owner.step(%L, %L, %L)', code, event, reason), key, status, event)
$$;
create function pg_temp.held(phone text) returns bigint language sql as $$ select count(*) from data.night n join data.stay s using (village, stay) where s.phone = held.phone and n.until > clock.now() $$;
-- a request
select book(121, '2027-03-10', 2, 1, phone => '1') as code \gset a_
select book(121, '2027-03-14', 1, 1, phone => '2') as code \gset d_
select visit('one.test', 'owner_12');
select pg_temp.no(:'a_code', 'check_in', 'booking.cannot_check_in');
select is(pg_temp.step(:'a_code', 'accept'), 'confirmed 66666', 'accepted');
select is((select until from data.stay where phone = '1'), 'infinity', 'for good');
select is((select count(*)::int from data.night n join data.stay s using (village, stay) where s.phone = '1' and n.until = 'infinity'), 2, 'its nights, too');
select ok((select done is not null from data.deadline d join data.stay s on s.stay = d.subject where s.phone = '1'), 'its deadline is met');
select ok((select vouched is not null from data.stay where phone = '1') and not exists (select from data.night n join data.stay s using (village, stay) where s.phone = '1' and n.unverified), 'the house stands for the guest');
select is((select actor from data.event where act = 'booking.accept'), 'person:1003', 'on record by name');
select pg_temp.no(:'a_code', 'accept', 'booking.cannot_accept');
select pg_temp.no(:'d_code', 'decline', 'booking.no_reason', '422');
select pg_temp.no(:'d_code', 'decline', 'booking.no_reason', '422', 'safety');
select is(pg_temp.step(:'d_code', 'decline', 'full'), 'declined 0', 'declined: nothing is owed');
select is(pg_temp.held('2'), 0::bigint, 'the nights are free');
select is((select reason from data.stay where phone = '2'), 'full', 'the guest reads why');
select pg_temp.no(:'d_code', 'decline', 'booking.cannot_decline', '409', 'full');
select book(121, '2027-03-16', 1, 1, phone => '3') as code \gset l_
select at('2027-03-02 12:00');
select pg_temp.no(:'l_code', 'accept', 'booking.cannot_accept');
-- a confirmed stay is kept
select visit('one.test', 'owner_11');
select book(111, '2027-03-10', 2, phone => '4') as code \gset k_
select pg_temp.no(:'k_code', 'drop', 'booking.kept', '409', 'repair');
select pg_temp.no(:'k_code', 'cancel', 'booking.cannot_step');
select pg_temp.no(:'k_code', 'lapse', 'booking.cannot_step');
select pg_temp.no(:'k_code', 'nonsense', 'booking.cannot_step');
-- arriving
select pg_temp.no(:'k_code', 'check_in', 'booking.not_yet');
select pg_temp.no(:'k_code', 'no_show', 'booking.not_yet');
select at('2027-03-10 05:59');
select pg_temp.no(:'k_code', 'check_in', 'booking.not_yet');
select at('2027-03-10 06:00');
select is(pg_temp.step(:'k_code', 'check_in'), 'checked_in 40000', 'from six in the morning of the day on');
select pg_temp.no(:'k_code', 'check_in', 'booking.cannot_check_in');
select pg_temp.no(:'k_code', 'no_show', 'booking.cannot_no_show');
select pg_temp.no(:'k_code', 'check_out', 'booking.leave_early_first');
select at('2027-03-12 00:00');
select is(pg_temp.step(:'k_code', 'check_out'), 'checked_out 40000', 'from midnight of the day of leaving on');
select is((select ended from data.stay where phone = '4'), clock.now(), 'the stay has ended');
select pg_temp.no(:'k_code', 'check_out', 'booking.cannot_check_out');
-- not coming
select at('2027-03-12 10:00');
select book(111, '2027-03-12', 3, phone => '5') as code \gset n_
select book(112, '2027-03-12', 2, phone => '6') as code \gset m_
update data.stay set arrival = 1500 where phone = '6';
select at('2027-03-12 21:59');
select pg_temp.no(:'n_code', 'no_show', 'booking.not_yet');
select at('2027-03-12 22:00');
select is(pg_temp.step(:'n_code', 'no_show'), 'no_show 68400', 'once check-in has ended: what the cut-offs then say');
select is(pg_temp.held('5'), 0::bigint, 'its nights are on sale again');
select is((select string_agg(what || ' ' || amount_fen, ', ' order by entry) from data.ledger l join data.stay s using (village, stay) where s.phone = '5'), 'stay 68400, no_show -68400, no_show 68400', 'charged under its own name');
select pg_temp.no(:'n_code', 'no_show', 'booking.cannot_no_show');
select pg_temp.no(:'m_code', 'no_show', 'booking.not_yet') ;
select at('2027-03-13 01:00');
select is(pg_temp.step(:'m_code', 'no_show'), 'no_show 30000', 'who said they come late has till then');
select book(111, '2027-03-12', 1, phone => '7') as code \gset o_
select at('2027-03-13 07:00');
select pg_temp.no(:'o_code', 'check_in', 'booking.is_over');
-- the association
select visit('one.test', 'secretary');
select at('2027-03-13 10:00');
select book(111, '2027-03-20', 1, phone => '8') as code \gset s_
insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, stay, 'charge', 700, 'drop', clock.now() from data.stay where phone = '8';
insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, stay, 'payment', 1000, 'cash', clock.now() from data.stay where phone = '8';
select pg_temp.no(:'s_code', 'drop', 'booking.no_reason', '422');
select pg_temp.no(:'s_code', 'drop', 'booking.no_reason', '422', 'full');
select is(pg_temp.step(:'s_code', 'drop', 'safety'), 'cancelled_owner -1000', 'with its word: nothing is owed, what was paid is to be given back');
select is(pg_temp.held('8'), 0::bigint, 'the nights are free');
select is((select on_behalf from data.event where act = 'booking.drop'), 'house:11', 'on record for whom');
select pg_temp.no(:'s_code', 'drop', 'booking.cannot_drop', '409', 'safety');
select book(121, '2027-03-20', 1, 1, phone => '9') as code \gset t_
select is(pg_temp.step(:'t_code', 'accept'), 'confirmed 33333', 'it may do what the house may');
-- strangers
select visit('one.test', 'helper_11');
select pg_temp.no(:'t_code', 'check_in', 'booking.no_stay', '404');
select pg_temp.no('NOTTHERE', 'check_in', 'booking.no_stay', '404');
select visit('one.test', 'assessor');
select pg_temp.no(:'t_code', 'check_in', 'booking.no_stay', '404');
select visit('one.test');
select pg_temp.no(:'t_code', 'check_in', 'account.sign_in_first', '401');
select visit('two.test', 'secretary_2');
select pg_temp.no(:'t_code', 'check_in', 'booking.no_stay', '404');

select finish();
rollback;
