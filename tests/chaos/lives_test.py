#!/usr/bin/env python3
"""Random lives of stays at a running site while database, workers and jobs are killed: an act is wholly done, or it never was.

Some hands act at once, each for stays of its own, all in the same few rooms: as guests through the API, as houses and association (and
as guests where there is only a page for it) through the doors of the database. Before and after each act all there is to know of the
stay is read. What was answered is what the slow model of stays.py says, to the fen; what was refused changed nothing, and is refused
in the model by the same key; what nobody answered is one of the two, and a booking is asked for again with its key until somebody
answers. Only whether the nights of others are free is not foretold. Between rounds the hands rest, the clock moves on, and houses change
their prices. At the end every stay is read once more, and all of them together.

The seed is printed; with it a run is only nearly the same, for threads, days and deaths are the machine's. Left to others: digits of
phones and links that do not open (stays_test.py), crowds on one night (once.test.mjs), the queue, pages.

Usage: lives_test.py [--seconds 44] [--seed …]; RUN_BINARY names another build
"""

import argparse
import collections
import contextlib
import json
import os
import random
import re
import sys
import threading
import time
from datetime import date, datetime, timedelta

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), f'{ROOT}/tests', f'{ROOT}/tests/model']
import sample  # noqa: E402
import stays as model  # noqa: E402
import wishes  # noqa: E402
from faults import HANDS, SLOW, Faults, Line, Site  # noqa: E402
from hands import HOST, VILLAGE, Differs, Hand  # noqa: E402
from price import SHANGHAI  # noqa: E402
from stays import DAY, clock  # noqa: E402
from talk import Tap  # noqa: E402

ROUND = 6                   # seconds between two moves of the clock
SECOND = timedelta(seconds=1)

# Nothing is to be found in a village that is not as it must be: each of these asks for what must not be.
WHOLE = {
    'no night is held without its stay': """
        select n.room, n.night, n.stay from data.night n left join data.stay s using (village, stay)
         where n.village = {v} and n.kind = 'stay' and n.until > clock.now()
           and (s.state not in ('requested', 'confirmed', 'checked_in', 'checked_out') or s.until <> n.until
                or not exists (select from data.stay_room r where r.village = n.village and r.stay = n.stay and r.room = n.room
                                  and n.night >= r.from_night and n.night < r.to_night))""",
    'no stay is without its nights': """
        select s.stay, r.room, d::date from data.stay s join data.stay_room r using (village, stay),
               generate_series(r.from_night, r.to_night - 1, interval '1 day') d
         where s.village = {v} and booking.state(s.state, s.until) in ('requested', 'confirmed', 'checked_in', 'checked_out')
           and not exists (select from data.night n where n.village = s.village and n.room = r.room and n.night = d::date
                              and n.stay = s.stay and n.until > clock.now())""",
    'no two stays have one night of a room': """
        select r.room, d::date from data.stay s join data.stay_room r using (village, stay),
               generate_series(r.from_night, r.to_night - 1, interval '1 day') d
         where s.village = {v} and booking.state(s.state, s.until) in ('requested', 'confirmed', 'checked_in', 'checked_out')
         group by 1, 2 having count(*) > 1""",
    'the rooms of a stay have its dates, and their prices are its total': """
        select s.stay, s.total_fen from data.stay s where s.village = {v}
           and (s.total_fen <> (select sum(x) from data.stay_room r, unnest(r.price_fen) x where r.village = s.village and r.stay = s.stay)
                or exists (select from data.stay_room r where r.village = s.village and r.stay = s.stay
                              and (r.from_night <> s.arrive or r.to_night <> s.leave or cardinality(r.price_fen) <> s.leave - s.arrive
                                   or cardinality(r.rule) <> s.leave - s.arrive)))""",
    'a stay that lives is charged its total once, one that ended not at all': """
        select s.stay, s.state, s.total_fen, l.fens from data.stay s, lateral (
               select coalesce(array_agg(c.amount_fen), '{{}}') as fens from data.ledger c
                where c.village = s.village and c.stay = s.stay and c.kind = 'charge' and c.what = 'stay' and c.reverses is null
                  and not exists (select from data.ledger x where x.village = c.village and x.reverses = c.entry)) l
         where s.village = {v} and l.fens <> case when s.state in ('requested', 'confirmed', 'checked_in', 'checked_out')
                                                  then array[s.total_fen::bigint] else '{{}}' end""",
    'a balance is charges less payments and refunds added': """
        select s.stay, booking.balance(s.village, s.stay) from data.stay s where s.village = {v}
           and not (s.state = 'requested' and s.until <= clock.now())
           and booking.balance(s.village, s.stay) <> (
               select sum(case when l.kind = 'payment' then -l.amount_fen else l.amount_fen end) from data.ledger l
                where l.village = s.village and l.stay = s.stay)""",
    'a transfer that counts has its entry, another has none': """
        select t.transfer, t.state from data.transfer t left join data.ledger l on l.village = t.village and l.entry = t.entry
         where t.village = {v} and (t.state = 'confirmed') <>
               coalesce(l.kind = t.kind and l.amount_fen = t.amount_fen and l.what = 'transfer' and l.stay = t.stay, false)""",
    'a booking has one stay, and every key one booking': """
        select b.booking from data.booking b where b.village = {v}
           and ((select count(*) from data.stay s where s.village = b.village and s.booking = b.booking) <> 1
                or (select count(*) from data.idempotency i where i.village = b.village and i.subject = b.booking) > 1)
        union all select i.subject from data.idempotency i where i.village = {v}
           and not exists (select from data.booking b where b.village = i.village and b.booking = i.subject)""",
}

# A run must have met each of these, done and answered.
MET = ['book', 'change', 'change by the house', 'cancel', 'accept', 'decline', 'drop', 'check_in', 'no_show', 'check_out', 'late', 'late by the house',
       'take at the house', 'take by transfer', 'give_back at the house', 'say a transfer', 'answer yes', 'answer yes by the house',
       'answer no by the house', 'reverse']
FINDINGS = {
    'meanwhile': 'a stay is before an act what it was after the last one: nothing comes late, nothing is lost',
    'done': 'what was answered is done, wholly: the stay is then what the model says',
    'answer': 'the answer says what was done',
    'refused': 'what was refused changed nothing',
    'key': 'what was refused is refused in the model, by the same key and status',
    'silence': 'what nobody answered is wholly done, or never was',
    'once': 'whoever pressed again has one booking',
    'end': 'at the end every stay is what its acts made of it',
}


class Run:
    def __init__(self, site, seed):
        self.site, self.seed, self.dice, self.line = site, seed, random.Random(seed), Line(site.conninfo)
        self.lock, self.happened, self.made, self.wrong = threading.Lock(), collections.Counter(), collections.Counter(), collections.defaultdict(list)
        self.shift, self.changes = timedelta(0), 0
        self.village = self.some_village()
        self.hands = [Hand(self, nth) for nth in range(HANDS)]

    def moment(self):
        """Near enough for wishes; what counts is what was written down."""
        return datetime.now(SHANGHAI) + self.shift

    def seen(self, *what):
        with self.lock:
            self.happened.update(what)

    def compared(self, finding):
        with self.lock:
            self.made[finding] += 1

    def some_village(self):
        """Two houses with few rooms: one decides by request, one does not."""
        dice, start, holidays = self.dice, self.moment().date(), collections.defaultdict(set)
        for row in self.line.rows('select day, kind from data.holiday'):
            holidays[date.fromisoformat(row['day'])].add(row['kind'])
        while True:
            plain = sample.make_village(dice, start, holidays)
            houses = list(plain.houses.values())[:2]
            if all(2 <= len(house.rooms) <= 3 for house in houses):
                break
        village = model.Village(holidays, {**plain.settings, 'stays_per_phone': 0, 'stays_per_device': 0, 'stays_per_address': 0, 'request_minutes': 120})
        for nth, house in enumerate(houses):
            house.paused, house.by_request, house.check_in_to = False, nth == 1, dice.choice([1080, 1320])
            house.cuts = house.cuts if len(house.cuts) > 1 else [(2, 720, 0), (0, 1080, 33), (None, None, 100)]
            village.houses[house.number] = house
            for room in house.rooms:
                room.closed = False
                village.rooms[room.number] = room
        return village

    def open(self):
        self.line.once('select 1')
        tell = self.line.database.tell
        tell('begin')
        sample.load(tell, self.village, VILLAGE, HOST)
        wishes.load_people(tell, self.village, VILLAGE)
        tell(f"insert into data.session select village, sha256(('person ' || person)::bytea), person, person, '', '2020-01-01', '2020-01-01', '2100-01-01'"
             f' from data.person where village = {VILLAGE}')
        self.line.database.do('commit')

    def go_on(self):
        """The hands rest: the clock goes to a moment where something changes, and houses change what they like."""
        now, dice = self.moment(), self.dice
        edges, evenings = [clock(now.date() + DAY, minute) for minute in (0, 361, 720)], []
        for hand in self.hands:
            for life in hand.lives:
                stay = life.stay
                edges += [until for until, _ in stay.cuts] + [stay.until, clock(stay.arrive, 360), clock(stay.leave, 0), clock(stay.leave + DAY, 360)]
                evenings.append(clock(stay.arrive, max(self.village.houses[stay.house].check_in_to, stay.arrival or 0)))
        edges, evenings = ([edge for edge in some if now + timedelta(hours=3) < edge < now + timedelta(hours=24)] for some in (edges, evenings))
        edges = evenings if evenings and dice.random() < 0.5 else edges
        self.shift += dice.choice(edges) - now + dice.choice([-2, -1, 0, 1]) * SECOND if edges else timedelta(hours=6)
        sql = [f"update data.clock set shift = interval '{self.shift.total_seconds()} s'"]
        self.changes += 1
        wishes.house_changes(dice, self.village, self.moment(), sql.append, self.changes, VILLAGE)
        # Told twice it is like once: what a rule adds a second time is the same rule.
        self.line.surely(f"begin; {'; '.join(sql)}; commit; select 'done'")

    def live(self, seconds, faults):
        begun = time.monotonic()
        # What nobody answered is to be met both ways; on a busy machine that takes its time.
        while (gone := time.monotonic() - begun) < seconds or gone < seconds * 2 and not faults.fault and not (
                faults.enough() and self.happened['silence done'] and self.happened['silence unchanged']):
            threads = [threading.Thread(target=hand.work, args=(time.monotonic() + ROUND,)) for hand in self.hands]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            if any(hand.fault for hand in self.hands):
                break
            self.go_on()

    def read_all(self):
        for hand in self.hands:
            for life in list(hand.lives):
                with contextlib.suppress(Differs):
                    hand.must_be_unchanged('end', life, hand.look(life))

    def chain(self):
        """None when it is whole."""
        end = time.monotonic() + 30 * SLOW
        waiting = f'select count(*) from data.event e left join data.audit a using (village, event) where e.village = {VILLAGE} and a.event is null'
        while self.line.surely(waiting) != '0':
            if time.monotonic() > end:
                return 'it does not catch up'
            time.sleep(0.1)
        return self.line.surely(f'select jobs.verify_chain({VILLAGE})') or None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--seconds', type=float, default=44)
    parser.add_argument('--seed', default=str(random.SystemRandom().randrange(10**6)))
    asked = parser.parse_args()
    tap = Tap()
    tap.comment(f'seed {asked.seed}: lives_test.py --seed {asked.seed}')
    site = Site()
    try:
        run = Run(site, asked.seed)
        run.open()
        faults = Faults(site, asked.seed)
        faults.start()
        run.live(asked.seconds, faults)
        faults.stop.set()
        faults.join()
        tap.comment(', '.join(f'{what} {many}' for what, many in sorted(run.happened.items())))
        tap.comment('killed: ' + ', '.join(f'{what} {many}' for what, many in sorted(faults.done.items())))
        run.read_all()
        tap.say(not faults.fault, 'the site comes back from everything', [faults.fault] if faults.fault else [])
        troubles = [hand.fault for hand in run.hands if hand.fault]
        tap.say(not troubles, 'no hand stumbled', troubles)
        for finding, about in FINDINGS.items():
            made = run.made[finding] if finding != 'once' else run.happened['a booking is pressed again']
            tap.differences(f'{about} ({made} times)', run.wrong[finding], made)
        for about, query in WHOLE.items():
            rows = run.line.rows(f'{query.format(v=VILLAGE)} limit 5')
            tap.say(not rows, about, [json.dumps(row) for row in rows])
        bookings = int(run.line.surely(f'select count(*) from data.booking where village = {VILLAGE}'))
        lives = sum(len(hand.lives) for hand in run.hands)
        tap.say(any(run.wrong.values()) or bookings == lives, 'there is no booking that nobody made',
                [] if bookings == lives else [f'{bookings} bookings, {lives} made'])
        why = run.chain()
        tap.say(why is None, 'the audit chain has every event and is whole', [f'broken: {why}'] if why else [])
        for hand in run.hands:
            hand.end()
        run.line.end()
    finally:
        statuses = [line for line in site.log('site.log') if json.loads(line).get('status', 0) >= 500 and json.loads(line)['status'] != 503]
        dead = [line for line in site.log('postgres.log') if re.search('deadlock|PANIC|corrupt|invalid page', line, re.I)]
        code, reports = site.house.end()
    tap.say(not statuses, 'the site never answered 500', statuses[:3])
    tap.say(not dead, 'the database knows of no deadlock and no broken page', dead[:3])
    tap.say(code == 0 and not reports, 'the site ends well', [f'it ended with {code}', *reports.splitlines()] if code or reports else [])
    missed = [what for what in MET if not run.happened[what]]
    tap.say(not missed, 'every act was done', [f'never: {", ".join(missed)}'] if missed else [])
    tap.say(faults.enough(), 'enough was killed', [] if faults.enough() else [f'{dict(faults.done)}'])
    missed = [what for what in ('silence done', 'silence unchanged', 'booking.taken') if not run.happened[what]]
    tap.say(not missed, 'answers were lost of what was done and of what was not, and hands were in each other\'s way', missed)
    tap.end()


if __name__ == '__main__':
    main()
