-- What a receipt says: all of it, in its language, in the order it is written, and nothing of anybody else's.
begin;
\ir ../setup.sql
select plan(13);

-- Two rooms of the east court for two nights, booked, paid in part, paid wrongly, changed.
select test.book(null, '2027-03-10', 2, 4, rooms => array[111, 112]) as code \gset
select stay as stay, total_fen as total from data.stay \gset
insert into data.ledger (village, entry, stay, kind, amount_fen, reverses, what, at, person, reason) overriding system value
values (1, 9001, :stay, 'payment', 50000, null, 'wechat', '2027-03-03 09:00+08', 1001, null),
       (1, 9002, :stay, 'payment', -50000, 9001, 'mistake', '2027-03-03 09:05+08', 1001, 'typed one nought too many'),
       (1, 9003, :stay, 'payment', 5000, null, 'cash', '2027-03-03 09:06+08', null, null),
       (1, 9004, :stay, 'refund', 1000, null, 'transfer', '2027-03-04 23:30+08', 1002, null),
       (1, 9005, :stay, 'charge', 300, null, 'drop', '2027-03-05 08:00+08', 1001, null),
       (1, 9006, :stay, 'charge', -300, 9005, 'favour', '2027-03-05 09:00+08', 1001, 'a friend');
insert into data.paper (village, paper, kind, subject, lang, asked) values (1, 71, 'receipt', :stay, 'zh', clock.now()), (1, 72, 'receipt', :stay, 'en', clock.now()),
                                                                           (1, 73, 'receipt', 999, 'zh', clock.now());
insert into data.job (village, job, kind, detail, due) overriding system value
values (1, 801, 'paper.make', '{"paper": 71}', clock.now()), (1, 802, 'paper.make', '{"paper": 72}', clock.now()), (1, 803, 'paper.make', '{"paper": 73}', clock.now()),
       (1, 804, 'paper.make', '{"paper": 74}', clock.now());

select test.rows_are($$select part, words from jobs.paper(1, 801) where words is not null and part not in ('code', 'night', 'entry')$$,
    $$values ('lang', 'zh'), ('village', '一村'), ('phone', '0391-1000001'), ('guest', '示例客人'), ('house', '东院'), ('address', '地址'),
             ('house_phone', '0391-2000000'), ('room', '甲'), ('room', '乙')$$, 'who, where and which rooms, in Chinese');
select test.rows_are($$select part, words from jobs.paper(1, 802) where part in ('lang', 'village', 'address', 'room')$$,
    $$values ('lang', 'en'), ('village', 'One'), ('address', 'Address'), ('room', '甲 in English'), ('room', '乙 in English')$$, 'and in English');
select is(words, :'code', 'its code') from jobs.paper(1, 801) where part = 'code';
select test.rows_are($$select part, day from jobs.paper(1, 801) where part in ('arrive', 'leave')$$,
    $$values ('arrive', date '2027-03-10'), ('leave', '2027-03-12')$$, 'from when to when');
select is(at, clock.now(), 'when it was made') from jobs.paper(1, 801) where part = 'made';
select is(what, 'confirmed', 'the state the stay is in') from jobs.paper(1, 801) where part = 'state';
select test.rows_are($$select day, words, fen from jobs.paper(1, 801) where part = 'night'$$,
    $$select r.from_night + i - 1, m.name_zh, r.price_fen[i] from data.stay_room r join data.room m using (village, room), generate_series(1, 2) i order by 1, m.position$$,
    'every night of every room with its price, by date');
select test.rows_are($$select what, fen, mark, why, words, note from jobs.paper(1, 801) where part = 'entry'$$, format(
    $$values ('charge.stay', %s, null, null, null, null), ('payment.wechat', 50000, 'reversed', null, '示例owner_11', null),
             ('payment.wechat', -50000, 'reversal', 'mistake', '示例owner_11', 'typed one nought too many'), ('payment.cash', 5000, null, null, null, null),
             ('refund.transfer', 1000, null, null, '示例helper_11', null), ('charge.drop', 300, 'reversed', null, null, null),
             ('charge.drop', -300, 'reversal', 'favour', null, 'a friend')$$, :'total'), 'every entry, in order, what was taken back and for what');
select test.rows_are($$select part, fen from jobs.paper(1, 801) where part in ('charged', 'paid', 'given_back', 'balance')$$, format(
    $$values ('charged', %s), ('paid', 5000), ('given_back', 1000), ('balance', %s)$$, :'total', :total - 4000), 'what it comes to');
select is((select fen from jobs.paper(1, 801) where part = 'balance'), booking.balance(1, :stay), 'which is what the balance is everywhere');

select is_empty('select * from jobs.paper(1, 803)', 'nothing of a stay that is not there');
select is_empty('select * from jobs.paper(1, 804)', 'of a paper that is not there');
select is_empty('select * from jobs.paper(2, 801)', 'or of another village');

select finish();
rollback;
