-- A year of demo stays behind today and five months ahead, for load.sql, which has houses, rooms, prices and closures in already.
--
-- Nothing is random: every choice is thrown from the room and the week, so two loads on one day give the same stays, and a load
-- on the next day gives nearly the same. Each week of a room has three parts that cannot overlap, Monday and Tuesday, Wednesday
-- and Thursday, the weekend; each part holds one stay or none. Now and then one long stay takes the whole week.

create function pg_temp.dice(throw text, sides int) returns int language sql immutable as $$
    select ((hashtextextended(throw, 0) & 9223372036854775807) % sides)::int
$$;

-- Which nights of a week a stay may take: it arrives so many days after Monday, for so many nights.
create temp table demo_shape (part text, nr int, day int, nights int);
insert into demo_shape values
    ('early', 0, 0, 1), ('early', 1, 0, 2), ('early', 2, 0, 2), ('early', 3, 1, 1),
    ('late', 0, 2, 1), ('late', 1, 2, 2), ('late', 2, 2, 2), ('late', 3, 3, 1),
    ('weekend', 0, 4, 1), ('weekend', 1, 4, 2), ('weekend', 2, 4, 2), ('weekend', 3, 5, 1), ('weekend', 4, 4, 3), ('weekend', 5, 5, 2),
    ('week', 0, 0, 5), ('week', 1, 0, 7), ('week', 2, 1, 4), ('week', 3, 0, 6);

-- How full the village is in percent of the parts taken, month by month, when one looks back.
create temp table demo_month (month int, percent int);
insert into demo_month values (1, 28), (2, 32), (3, 36), (4, 44), (5, 44), (6, 38), (7, 52), (8, 54), (9, 40), (10, 54), (11, 42), (12, 34);

create temp table demo_plan as
with day as materialized (
    select clock.today(1) as today
), room_week as materialized (
    select h.house, h.position as house_nr, h.style, r.room, r.position as room_nr, r.capacity, w.monday::date as monday, day.today,
           h.position || '.' || r.position || '.' || w.monday::date as throw,
           -- a few houses have sold out one of the coming weekends
           w.monday::date between day.today - 6 and day.today + 20 and h.position not in (1, 24)
           and pg_temp.dice('full ' || h.position || w.monday::date, 7) = 0 as full_weekend
      from day, data.house h join data.room r using (village, house),
           generate_series(date_trunc('week', day.today - 365), day.today + 150, interval '7 days') w (monday)
), part as materialized (
    select w.*, s.part, w.monday + s.day as arrive, w.monday + s.day + s.nights as leave
      from room_week w
      join demo_shape s on s.nr = case
               when s.part = 'weekend' and w.full_weekend then 1
               else pg_temp.dice(s.part || w.throw, case s.part when 'weekend' then 6 else 4 end) end
     where (s.part = 'week') = (pg_temp.dice('long' || w.throw, 100) < 3 and not w.full_weekend)
), wanted as (
    select p.*, p.part = 'weekend' and p.full_weekend as forced,
           exists (select from demo_period d where d.price = 'peak' and d.from_night < p.leave and d.to_night >= p.arrive) as peak
      from part p
)
select w.house, w.house_nr, w.style, w.room, w.room_nr, w.capacity, w.arrive, w.leave, w.today, w.forced, 'shawang stay ' || w.part || w.throw as throw
  from wanted w join demo_month m on m.month = extract(month from w.arrive)
 where w.leave > w.today - 365
   and (w.forced or w.part = 'week' or pg_temp.dice('taken' || w.part || w.throw, 100) < greatest(
           case when w.leave <= w.today then m.percent when w.arrive <= w.today + 21 then 59 when w.arrive <= w.today + 45 then 38
                when w.arrive <= w.today + 75 then 22 when w.arrive <= w.today + 110 then 13 else 6 end
           * case w.part when 'weekend' then 1.4 else 1 end,
           case when w.peak then case when w.leave <= w.today then 96 else 55 end else 0 end))
   -- left free for whoever tries the demo: the first room of the first house, and nearly all of the last house
   and not (w.leave > w.today and w.arrive <= w.today + 22 and (w.house_nr = 1 and w.room_nr = 1 or w.house_nr = 24 and w.room_nr < 5))
   and not exists (select from data.night n where n.village = 1 and n.room = w.room and n.night >= w.arrive and n.night < w.leave)
   and not exists (select from data.stay_limit l where l.village = 1 and l.room = w.room
                      and (w.leave - w.arrive < l.min_nights and l.from_night < w.leave and l.to_night >= w.arrive
                           or not l.arrive_ok and w.arrive between l.from_night and l.to_night));

-- Who comes, when they booked, and what became of it.
create temp table demo_stay as
with guest as (
    select p.*, pg_temp.dice('guest' || throw, 99999) + 1 as guest, pg_temp.dice('party' || throw, 100) as party,
           array[2 + pg_temp.dice('older' || throw, 10)] as one_child,
           array[5 + pg_temp.dice('older' || throw, 8), 1 + pg_temp.dice('younger' || throw, 5)] as two_children,
           p.arrive - (pg_temp.dice('lead' || throw, 100) ^ 2 / 250)::int as wish
      from demo_plan p
), party as (
    select g.*,
           case when capacity = 1 then 1
                when capacity = 2 then case when party < 18 then 1 else 2 end
                when style = 'family' or party < 75 then 2
                else least(capacity, 3) end as adults,
           case when capacity < 3 or style <> 'family' and (party < 45 or party >= 75) then '{}'::int[]
                when capacity > 3 and party % 2 = 0 then two_children
                else one_child end as children,
           case when wish < today then wish else today - 1 - pg_temp.dice('early' || throw, 20) end as made_day
      from guest g
), made as (
    select p.*,
           clock.at(made_day, 420 + pg_temp.dice('hour' || throw, case when made_day = arrive then 360 else 900 end))
               + pg_temp.dice('second' || throw, 60) * interval '1 second' as made,
           pg_temp.dice('fate' || throw, 100) as fate
      from party p
), state as (
    select m.*, case when fate < 7 and not forced then 'cancelled_guest'
                     when leave < today and leave - arrive = 1 and fate >= 98 then 'no_show'
                     when leave < today then 'checked_out'
                     when arrive < today then 'checked_in'
                     else 'confirmed' end as state
      from made m
), ended as (
    select s.*, date_trunc('second', case state
               when 'cancelled_guest' then made + (least(clock.at(arrive, 1080), clock.at(today, 360)) - made) * (10 + pg_temp.dice('cancel' || throw, 85)) / 100.0
               when 'no_show' then clock.at(arrive + 1, 360)
               when 'checked_out' then clock.at(leave, 450 + pg_temp.dice('leave' || throw, 250)) end) as ended
      from state s
)
select pg_temp.id(throw) | 1 as booking, pg_temp.id(throw || ' house') | 1 as stay, e.*,
       (select string_agg(substr('23456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + get_byte(decode(md5(throw), 'hex'), i) % 30, 1), '' order by i)
          from generate_series(0, 7) i) as code,
       case when guest % 17 = 0 then 'en' else 'zh' end as lang, (13900000000 + guest)::text as phone
  from ended e;

create temp table demo_price as
select s.stay, (select sum(f) from unnest(p.fens) f)::bigint as total_fen, p.fens as price_fen, p.rules as rule
  from demo_stay s, lateral booking.price(array[s.room], s.arrive, s.leave, s.adults, s.children) p;

-- Nobody opens these stays by a link: the two hashes belong to no secret.
insert into data.booking (village, booking, code, guest_name, guest_phone, lang, manage, show, made)
select 1, booking, code, case lang when 'en' then 'Demo guest ' else '示例客人' end || lpad(guest::text, 5, '0'), phone, lang,
       decode(md5('manage' || throw) || md5(throw), 'hex'), decode(md5('show' || throw) || md5(throw), 'hex'), made
  from demo_stay;

insert into data.stay (village, stay, booking, house, state, until, arrive, leave, adults, children, arrival, note, total_fen, cuts,
                       house_name, phone, made, ended, vouched)
select 1, stay, booking, s.house, state, 'infinity', arrive, leave, adults, children,
       case when pg_temp.dice('arrival?' || throw, 10) < 7 then 840 + 30 * pg_temp.dice('arrival' || throw, 14) end,
       coalesce(case when lang = 'en' then (array['We arrive by the late bus.', 'A quiet room, please.'])[1 + pg_temp.dice('note' || throw, 12)]
                else (array['晚上八点左右到，麻烦留门。', '老人腿脚不好，想住一楼。', '孩子想看晒柿子。', '能早点放行李吗？'])[1 + pg_temp.dice('note' || throw, 24)]
                end, ''),
       total_fen, booking.cuts(s.house, arrive, total_fen), case lang when 'en' then h.name_en else h.name_zh end, s.phone, made, ended,
       case when state in ('checked_in', 'checked_out') then clock.at(arrive, 900) end
  from demo_stay s join demo_price using (stay) join data.house h on h.village = 1 and h.house = s.house;

insert into data.stay_room (village, stay, room, from_night, to_night, price_fen, rule)
select 1, stay, room, arrive, leave, price_fen, rule from demo_stay join demo_price using (stay);

insert into data.night (village, room, night, stay, kind, until)
select 1, room, arrive + i, stay, 'stay', 'infinity' from demo_stay, generate_series(0, leave - arrive - 1) i where state <> 'cancelled_guest';

-- Money: the charge when booked; reversed, and what the cut-offs say charged instead, when cancelled or not come; paid at the house.
create temp table demo_owed as
select s.stay, s.state, coalesce(d.ended, d.made) as at,
       case s.state when 'cancelled_guest' then (booking.cut_now(s.cuts, d.ended)).owed_fen
                    when 'no_show' then (s.cuts[cardinality(s.cuts)]).owed_fen else s.total_fen end as owed_fen
  from data.stay s join demo_stay d using (stay) where s.village = 1;

insert into data.ledger (village, stay, kind, amount_fen, what, at)
select 1, stay, 'charge', total_fen, 'stay', made from demo_stay join demo_price using (stay) order by made, stay;
insert into data.ledger (village, stay, kind, amount_fen, reverses, what, at)
select 1, l.stay, 'charge', -l.amount_fen, l.entry, case o.state when 'no_show' then 'no_show' else 'cancel' end, o.at
  from demo_owed o join data.ledger l on l.village = 1 and l.stay = o.stay where o.state in ('cancelled_guest', 'no_show') order by o.at, o.stay;
insert into data.ledger (village, stay, kind, amount_fen, what, at)
select 1, stay, 'charge', owed_fen, case state when 'no_show' then 'no_show' else 'cancel' end, at from demo_owed
 where state in ('cancelled_guest', 'no_show') and owed_fen > 0 order by at, stay;
insert into data.ledger (village, stay, kind, amount_fen, what, at, person)
select 1, s.stay, 'payment', o.owed_fen, (array['cash', 'wechat', 'wechat', 'alipay'])[1 + pg_temp.dice('how' || s.throw, 4)], p.at, m.person
  from demo_stay s join demo_owed o using (stay)
  left join data.member m on m.village = 1 and m.house = s.house and m.role = 'owner',
       lateral (select least(case when s.state = 'cancelled_guest' then s.ended + interval '20 hours'
                                  else clock.at(s.arrive, 900 + pg_temp.dice('pay' || s.throw, 300)) end, clock.at(s.today, 360)) as at) p
 where o.owed_fen > 0
   and (s.state = 'checked_out' or s.state in ('checked_in', 'cancelled_guest') and pg_temp.dice('paid' || s.throw, 10) < 6)
 order by p.at, s.stay;

-- What the acts themselves would have written down.
insert into data.event (village, at, actor, act, subject, detail)
select 1, at, 'guest', act, booking, detail
  from (select made as at, 'booking.book' as act, booking, jsonb_build_object('stay', stay, 'total_fen', total_fen) as detail
          from demo_stay join demo_price using (stay)
        union all
        select ended, 'booking.cancel', booking, jsonb_build_object('stay', stay, 'owed_fen', owed_fen)
          from demo_stay join demo_owed using (stay) where demo_stay.state = 'cancelled_guest') e
 order by at, booking, act;

-- Something waits for an answer in each house with an owner: a transfer a guest says they made, and a 发票 somebody asked for.
with coming as (
    select s.stay, s.total_fen, row_number() over (partition by s.house order by s.arrive, s.stay) as nth
      from data.stay s join data.member m on m.village = 1 and m.house = s.house and m.role = 'owner'
     where s.village = 1 and s.state = 'confirmed' and s.arrive > clock.today(1)
), said as (
    insert into data.transfer (village, transfer, stay, kind, amount_fen, said_by, note, at)
    select 1, pg_temp.id('transfer ' || stay), stay, 'payment', total_fen / 2, 'guest', '微信转的，尾号 0101', clock.at(clock.today(1), 360) from coming where nth = 1 and total_fen > 1
)
insert into data.invoice (village, stay, title, tax_no, email, at)
select 1, stay, '示例商贸有限公司', '91410000DEMO00001X', 'bill@example.org', clock.at(clock.today(1), 360) from coming where nth = 2;
