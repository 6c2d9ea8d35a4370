-- Due deadlines are met once, in every village; an unknown act stays and is told, and holds up no other.
begin;
\ir ../setup.sql
reset role;     -- looks into both villages at once
select plan(14);

create function pg_temp.stay(village int, stay bigint, state text, until timestamptz) returns void language sql as $$
    insert into data.booking (village, booking, code, guest_name, guest_phone, lang, manage, show, made)
    values ($1, $2, $2::text, '', '', 'zh', sha256(''), sha256(''), clock.now());
    insert into data.stay (village, stay, booking, house, state, until, arrive, leave, adults, total_fen, cuts, house_name, phone, made)
    values ($1, $2, $2, $1 * 10 + 1, $3, $4, '2030-01-01', '2030-01-02', 2, 30000, '{}', '', '', clock.now());
    insert into data.ledger (village, stay, kind, amount_fen, what, at) values ($1, $2, 'charge', 30000, 'stay', clock.now());
    insert into data.deadline (village, subject, act, at) values ($1, $2, 'booking.lapse', $4);
$$;
select pg_temp.stay(1, 11, 'requested', clock.now() - interval '1 second');
select pg_temp.stay(1, 12, 'requested', clock.now() + interval '1 minute');
select pg_temp.stay(1, 13, 'confirmed', 'infinity');
update data.deadline set at = clock.now() - interval '1 hour' where subject = 13;
select pg_temp.stay(2, 21, 'requested', clock.now() - interval '1 second');
insert into data.deadline (village, subject, act, at) values (1, 99, 'nobody.knows', clock.now() - interval '1 day');

select is(done, 3, 'what is due is met, in all villages') from jobs.deadlines();
select results_eq('select stay, state from data.stay order by stay', $$values (11::bigint, 'expired'), (12, 'requested'), (13, 'confirmed'), (21, 'expired')$$,
                  'only what has run out lapses');
select results_eq('select subject from data.deadline where done is null order by subject', 'values (12::bigint), (99)', 'the rest stays due');
select results_eq($$select village, actor, subject, detail ->> 'stay' from data.event where act = 'booking.lapse' order by village$$,
                  $$values (1, 'system', 11::bigint, '11'), (2, 'system', 21, '21')$$, 'each lapse is written down once, as the system''s act');
select is(sum(amount_fen), 0::numeric, 'a lapsed stay owes nothing') from data.ledger where stay in (11, 21);

select is(done, 0, 'nothing is met twice') from jobs.deadlines();
select is(count(*), 2::bigint, 'and nothing is written down twice') from data.event where act = 'booking.lapse';
select is(count(*), 6::bigint, 'nor reversed twice') from data.ledger;
select matches(trouble, '^village 1, subject 99: .*nobody\.knows$', 'the unknown act is told') from jobs.deadlines();

select at('2027-03-02 10:02');
select is(done, 1, 'the next one when its time has come') from jobs.deadlines();
select is(state, 'expired', 'and so it lapses') from data.stay where stay = 12;
select is(ended, until, 'at the moment it had run out, not when it was noticed') from data.stay where stay = 12;

-- Bounded: a heap is met in several calls.
insert into data.deadline (village, subject, act, at) select 2, 1000 + i, 'booking.lapse', clock.now() - interval '1 day' from generate_series(1, 250) i;
select is(done, 200, 'at most 200 in a call') from jobs.deadlines();
select is(done, 50, 'and the rest in the next') from jobs.deadlines();

select finish();
rollback;
