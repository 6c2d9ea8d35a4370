-- The house takes money: what counts at once, and what the guest confirms first.
begin;
\ir ../setup.sql
select plan(24);

create function pg_temp.take(code text, fen bigint, how text default 'cash') returns text language sql as $$
    select concat_ws(' ', t.state, t.balance_fen, case when t.entry is not null then 'entry' end, case when t.transfer is not null then 'transfer' end) from owner.take(code, fen, how) t
$$;
select book(111, '2027-03-10', 2) as code \gset
select visit('one.test', 'owner_11');
select is(pg_temp.take(:'code', 15000), 'confirmed 25000 entry', 'cash counts at once');
select is((select kind || ' ' || amount_fen || ' ' || what || ' ' || person from data.ledger where kind = 'payment'), 'payment 15000 cash 1001', 'with who took it');
select ok((select vouched is not null from data.stay), 'money stands for a guest');
select refused(format('select owner.take(%L, 25001, ''wechat'')', :'code'), 'booking.pay_too_much', '409');
select is(detail(format('select owner.take(%L, 25001, ''wechat'')', :'code')), '{"most_fen": 25000}', 'how much at most');
select refused(format('select owner.take(%L, 5, ''gold'')', :'code'), 'booking.no_method');
select is(pg_temp.take(:'code', 10000, 'transfer'), 'confirmed 25000 transfer', 'a transfer waits for the guest');
select refused(format('select owner.take(%L, 40001, ''transfer'')', :'code'), 'booking.pay_too_much', '409', 'nor is more said than the stay costs');
select count(*) from generate_series(1, 4) i, lateral (select i, owner.take(:'code', 1, 'transfer')) p;
select refused(format('select owner.take(%L, 1, ''transfer'')', :'code'), 'booking.transfers_open', '409');
select is(pg_temp.take(:'code', 25000, 'alipay'), 'confirmed 0 entry', 'all of it');
select refused(format('select owner.take(%L, 1, ''cash'')', :'code'), 'booking.pay_too_much', '409', 'nothing is left to pay');
-- late money
select visit();
select book(121, '2027-03-10', 2, 1, phone => '2') as code \gset late_
select book(121, '2027-03-20', 1, 1, phone => '3') as code \gset lost_
select at('2027-03-02 12:00');
select book(121, '2027-03-20', 1, 1, phone => '4') as code \gset other_
select visit('one.test', 'owner_12');
select refused(format('select owner.take(%L, 66667, ''cash'')', :'late_code'), 'booking.pay_too_much', '409', 'late money, but not more than it was');
select is(pg_temp.take(:'late_code', 66666), 'confirmed 0 entry', 'money for a stay that had run out takes its nights again');
select is((select count(*)::int from data.night n join data.stay s using (village, stay) where s.phone = '2' and n.until = 'infinity'), 2, 'for good');
select is((select string_agg(what || ' ' || amount_fen, ', ' order by entry) from data.ledger l join data.stay s using (village, stay) where s.phone = '2'), 'stay 66666, lapse -66666, cash 66666, stay 66666', 'charged again');
select is((select count(*)::int from data.event where act = 'booking.revive'), 1, 'and written down');
select is(pg_temp.take(:'lost_code', 33333), 'expired -33333 entry', 'if somebody else has a night the money stands');
select is((select string_agg(code || ' ' || balance_fen, ', ') from owner.money(12)), :'lost_code' || ' -33333', 'on the list of what is to be given back');
select is((select count(*)::int from data.night n join data.stay s using (village, stay) where s.phone = '4' and n.until > clock.now()), 1, 'and takes nothing from them');
select at('2027-03-13 12:00');
select visit();
select book(121, '2027-03-14', 1, 1, phone => '5') as code \gset gone_
select at('2027-03-16 12:00');
select visit('one.test', 'secretary');
select is(pg_temp.take(:'gone_code', 100), 'expired -100 entry', 'nor does a day that is past come again');
select is((select on_behalf from data.event where act = 'booking.payment' order by event desc limit 1), 'house:12', 'the association takes it for the house');
-- strangers
select visit('one.test', 'owner_11');
select refused(format('select owner.take(%L, 1, ''cash'')', :'gone_code'), 'booking.no_stay', '404', 'another house');
select visit();
select refused(format('select owner.take(%L, 1, ''cash'')', :'gone_code'), 'account.sign_in_first', '401');
select visit('two.test', 'owner_21');
select refused(format('select owner.take(%L, 1, ''cash'')', :'gone_code'), 'booking.no_stay', '404', 'another village');

select finish();
rollback;
