#!/usr/bin/env python3
"""Random villages and random stays: the database against the slow model of price.py, to the fen and to the key.

Every village lives in one transaction that is rolled back, in a throwaway cluster with the deploy script of a build. Its clock is
shifted from moment to moment, often right onto a cut-off or to six in the morning. The seed is printed; a run with it is the same.
Usage: price_test.py [--build build] [--rounds 2000] [--seed …]
"""

import argparse
import collections
import json
import os
import random
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, f'{ROOT}/sql']
import edge  # noqa: E402
import price as model  # noqa: E402

STAYS_IN_A_VILLAGE = 80
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)

# Answers a question as JSON: {"rows": […]}, or how it was refused.
ASK = """
create function public.ask(who text, query text) returns text language plpgsql as $$
declare
    answer json;
    state text; key text; said text;
begin
    execute format('set local role %I', who);
    execute format('select json_agg(t) from (%s) t', query) into answer;
    set local role none;
    return jsonb_build_object('rows', coalesce(answer, '[]'));     -- jsonb is written on one line
exception when others then
    get stacked diagnostics state = returned_sqlstate, key = constraint_name, said = pg_exception_detail;
    return jsonb_build_object('state', state, 'key', key, 'said', said, 'message', sqlerrm);
end $$
"""


class Database:
    def __init__(self, cluster):
        self.process = subprocess.Popen(
            [f'{edge.BIN}/psql', '-X', '-q', '-A', '-t', '-h', cluster.directory, '-U', 'postgres', '-d', 'village', '-v', 'ON_ERROR_STOP=1'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, 'PGOPTIONS': '-c client_min_messages=warning'})

    def tell(self, sql):
        self.process.stdin.write(sql.rstrip().rstrip(';') + ';\n')

    def line(self, sql):
        self.tell(sql)
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit('Bail out! the database has gone')
        return line.rstrip('\n')

    def ask(self, who, query):
        return json.loads(self.line(f'select ask({text(who)}, {text(query)})'))

    def end(self):
        self.process.stdin.close()
        self.process.wait()


# --- SQL literals ------------------------------------------------------------------------------------------------------------

def text(word):
    return 'null' if word is None else "'" + str(word).replace("'", "''") + "'"


def numbers(many, kind):
    return "'{" + ','.join(str(n) for n in many) + "}'::" + kind + '[]'


def hashed(word):
    return 'null' if word is None else f"sha256({text(word)}::bytea)"


def number(one):
    return 'null' if one is None else str(one)


def moment_of(written):
    """The moment in an answer; None stands for none, or for ever where for ever is written as none."""
    return None if written is None else datetime.fromisoformat(written).astimezone(timezone.utc)


# --- a random village --------------------------------------------------------------------------------------------------------

def some_fen(dice):
    return dice.choice([dice.randrange(50, 500) * 100, dice.randrange(10000, 60000), dice.randrange(10000, 60000), dice.randrange(0, 300), 0, 33333])


def span(dice, start, longest):
    first = start + dice.randrange(-10, 60) * DAY
    return first, first + dice.randrange(0, longest) * DAY


def make_village(dice, start):
    holidays = collections.defaultdict(set)
    for _ in range(dice.randrange(0, 4)):
        first, last = span(dice, start, 8)
        for night in model.nights_of(first, last + DAY):
            holidays[night].add('holiday')
        for _ in range(dice.randrange(0, 3)):      # make-up days, on a weekend near by
            day = dice.choice([first, last]) + dice.randrange(-8, 9) * DAY
            if day.isoweekday() >= 6 and 'holiday' not in holidays[day]:
                holidays[day].add('workday')
    for _ in range(dice.randrange(0, 3)):
        holidays[start + dice.randrange(0, 60) * DAY].add('festival')
    settings = {'stays_per_phone': dice.choice([0, 2, 3]), 'stays_per_device': dice.choice([0, 2, 2]), 'stays_per_address': dice.choice([0, 3, 40]),
                'request_minutes': dice.choice([30, 120, 1440]), 'book_ahead_nights': dice.choice([60, 90, 400])}
    village = model.Village(holidays, settings)
    age = 0
    for number_ in range(1, dice.randrange(2, 5) + 1):
        house = model.House(number_ * 10, dice.random() < 0.3, dice.random() < 0.06)
        house.bands = [(under, dice.choice([0, some_fen(dice)])) for under in dice.sample(range(1, 19), dice.choice([0, 1, 2, 3]))]
        house.ladder = [(nights, dice.randrange(1, 91)) for nights in dice.sample(range(2, 12), dice.choice([0, 1, 2, 3]))]
        if dice.random() < 0.9:
            steps = sorted({(dice.randrange(0, 8), dice.choice([0, 360, 720, 1080, 1439])) for _ in range(dice.randrange(0, 4))},
                           key=lambda step: (-step[0], step[1]))
            percents = sorted(dice.choice([0, 0, 0, 10, 30, 33, 50, 67, 99, 100]) for _ in range(len(steps) + 1))
            house.cuts = [(days, minute, percent) for (days, minute), percent in zip([*steps, (None, None)], percents)]
        village.houses[house.number] = house
        for place in range(1, dice.randrange(1, 4) + 1):
            capacity = dice.randrange(1, 7)
            room = model.Room(house.number * 10 + place, house.number, capacity, dice.randrange(1, capacity + 2), dice.choice([0, some_fen(dice)]),
                              dice.random() < 0.04)
            kinds = ['base'] * dice.choice([1, 1, 1, 1, 2]) + ['weekend'] * dice.choice([0, 1, 1, 2])
            kinds += ['season'] * dice.randrange(0, 4) + ['named'] * dice.randrange(0, 4)
            dice.shuffle(kinds)
            for kind in kinds:
                whole_year = kind in ('base', 'weekend') and dice.random() < 0.85
                first, last = (date(2000, 1, 1), date(2199, 12, 31)) if whole_year else span(dice, start, {'named': 6, 'season': 30}.get(kind, 90))
                age += 1
                room.rates.append(model.Rate(kind, first, last, some_fen(dice), age))
            for _ in range(dice.choice([0, 0, 1, 2])):
                first, last = span(dice, start, 12)
                room.limits.append(model.Limit(first, last, dice.choice([1, 2, 3, 4]), dice.choice([400, 400, 5, 2]),
                                               dice.random() < 0.75, dice.random() < 0.6))
            house.rooms.append(room)
            village.rooms[room.number] = room
    return village


def load(database, village):
    tell = database.tell
    tell('begin')
    tell("insert into data.village values (1, '村', '', '镇', '', '1', 'https://one.test', now()), (2, '邻', '', '镇', '', '2', 'https://two.test', now())")
    tell("insert into data.village_host values ('one.test', 1), ('two.test', 2)")
    for name, value in village.settings.items():
        tell(f"insert into data.setting values (1, '{name}', {value})")
    for day, kinds in sorted(village.holidays.items()):
        for kind in kinds:
            tell(f"insert into data.holiday values ('{day}', '{kind}', '节', '')")
    houses = [(1, house) for house in village.houses.values()] + [(2, model.House(90, False, False))]
    for where, house in houses:
        tell(f"insert into data.house values ({where}, {house.number}, {house.number}, '院', '', 'stone', '', '', '', '', '', '', '', '', 0, 0, 1, '0',"
             f" '', '', '', '', true, 0, '', '', '{{}}', 840, 1320, 720, {house.by_request}, {house.paused})")
        for under, fen in house.bands:
            tell(f'insert into data.child_band values ({where}, {house.number}, {under}, {fen})')
        for nights, percent in house.ladder:
            tell(f'insert into data.ladder values ({where}, {house.number}, {nights}, {percent})')
        for step, (days, minute, percent) in enumerate(house.cuts, 1):
            tell(f'insert into data.cut values ({where}, {house.number}, {step}, {number(days)}, {number(minute)}, {percent})')
    foreign = model.Room(901, 90, 6, 2, 0, False)
    foreign.rates.append(model.Rate('base', date(2000, 1, 1), date(2199, 12, 31), 10000, 10**6))
    for where, room in [(1, room) for room in village.rooms.values()] + [(2, foreign)]:
        tell(f"insert into data.room values ({where}, {room.number}, {room.house}, {room.number}, '间', '', '', '', {room.capacity}, {room.places},"
             f" {room.extra_adult}, '{{double}}', 20, 1, false, null, {room.closed})")
        for limit in room.limits:
            tell('insert into data.stay_limit (village, room, from_night, to_night, min_nights, max_nights, arrive_ok, leave_ok) values '
                 f"({where}, {room.number}, '{limit.first}', '{limit.last}', {limit.least}, {limit.most}, {limit.arrive_ok}, {limit.leave_ok})")
        for rate in room.rates:     # in the order of their age
            tell('insert into data.rate (village, room, kind, from_night, to_night, price_fen) values '
                 f"({where}, {room.number}, '{rate.kind}', '{rate.first}', '{rate.last}', {rate.fen})")
    tell("select set_config('visit.village', '1', true), set_config('visit.lang', 'zh', true) \\g /dev/null")


# --- the comparison ----------------------------------------------------------------------------------------------------------

class Finding:
    """One kind of comparison: how often it was made, and the first differences."""

    def __init__(self, name):
        self.name, self.made, self.wrong = name, 0, []

    def same(self, got, wanted, example):
        self.made += 1
        if got != wanted:
            self.wrong.append(f'{example}\n  database: {got}\n  model:    {wanted}')


def refusal(answer):
    """(status, key, detail) of an answer that says no; None when it says yes."""
    if 'rows' in answer:
        return None
    if not answer['state'].startswith('HS'):
        return answer['state'], answer['message'], {}
    return int(answer['state'][2:]), answer['key'], json.loads(answer['said'] or '{}')


def nights_answer(rows):
    return [(row['date'], row['price_fen'], row['rule']) for row in rows]


def nights_model(nights):
    return [(str(night), fen, kind) for night, fen, kind in nights]


def cuts_answer(rows):
    return [(moment_of(row['until']), row['refund_fen'], row['owed_fen']) for row in rows]


def cuts_model(cuts, total):
    return [(None if until == model.FOR_EVER else until.astimezone(timezone.utc), total - owed, owed) for until, owed in cuts]


class Round:
    def __init__(self, database, findings, seen, seed, world):
        self.database, self.findings, self.seen = database, findings, seen
        self.name = f'{seed}/{world}'
        self.dice = random.Random(self.name)
        start = date(2026, 1, 1) + self.dice.randrange(0, 1500) * DAY
        self.village = make_village(self.dice, start)
        self.moment = datetime(start.year, start.month, start.day, self.dice.randrange(24), self.dice.randrange(60), tzinfo=model.SHANGHAI)
        # Few hands, so that the limits are met, or many, so that they are not.
        self.phones, self.devices, self.addresses = (self.dice.choice(many) for many in ((5, 40), (3, 30), (1, 30)))
        self.fickle = self.dice.choice([0.15, 0.8])     # how likely one cancels
        self.made = []       # (stay of the model, code)
        load(database, self.village)

    def go_on(self):
        """Time goes on, or stands, or comes to a moment where something changes."""
        dice = self.dice
        steps = [self.moment, self.moment + dice.randrange(0, 4 * 3600) * SECOND, self.moment + dice.randrange(0, 12 * 3600) * SECOND]
        edges = [until for stay, _ in self.made for until, _ in stay.cuts] + [stay.until for stay, _ in self.made]
        six = self.moment.astimezone(model.SHANGHAI).replace(hour=6, minute=0, second=0)
        edges = [edge_ for edge_ in [*edges, six] if self.moment < edge_ < self.moment + 2 * DAY]
        if edges:
            steps += [dice.choice(edges) + dice.choice([-1, 0, 1]) * SECOND]
        self.moment = max(self.moment, dice.choice(steps))
        self.database.tell(f"update data.clock set shift = '{self.moment.isoformat()}'::timestamptz - now()")

    def some_wish(self):
        dice, village = self.dice, self.village
        room = dice.choice(list(village.rooms.values()))
        rooms, house = [room.number], dice.choice([None, room.house])
        odd = dice.random()
        if odd < 0.015:
            rooms = dice.choice([[], [room.number, room.number + 1], [901], [7]])
        elif odd < 0.03:
            house = dice.choice([90, 7, *village.houses])
        ahead = dice.choice([dice.randrange(0, 10), dice.randrange(0, 30), dice.randrange(0, 60), dice.choice([-1, 0, 59, 60, 89, 90, 399, 400])])
        arrive = model.tonight(self.moment) + ahead * DAY
        nights = dice.choice([1, 1, 2, 2, 3, dice.randrange(1, 8), dice.randrange(1, 15), dice.choice([0, -1, 60, 61])])
        most = max(1, room.capacity)
        adults = dice.randrange(1, most + 1)
        children = [dice.randrange(0, 18) for _ in range(dice.randrange(0, max(1, most - adults + 1)))]
        if dice.random() < 0.05:
            adults += dice.randrange(1, 4)
        return house, rooms, arrive, arrive + nights * DAY, adults, children

    @staticmethod
    def wish_sql(wish):
        house, rooms, arrive, leave, adults, children = wish
        return f"{number(house)}, {numbers(rooms, 'bigint')}, '{arrive}'::date, '{leave}'::date, {adults}, {numbers(children, 'int')}"

    def told(self, wish, more=''):
        return f'village {self.name}, {self.moment.isoformat()}: {self.wish_sql(wish)} {more}'

    def stay(self):
        self.go_on()
        wish = self.some_wish()
        self.quote(wish)
        if self.dice.random() < 0.25:
            self.list(wish)
        self.book(wish)
        for _ in range(self.dice.choice([0, 0, 1, 1, 2])):
            if self.made:
                self.go_on()
                lively = [made for made in self.made if made[0].state_at(self.moment) in ('requested', 'confirmed')]
                some = lively if lively and self.dice.random() < 0.8 else self.made
                self.look(*self.dice.choice(some))
                if self.dice.random() < self.fickle:
                    self.cancel(*self.dice.choice(some))

    def quote(self, wish):
        finding = self.findings['quote']
        answer = self.database.ask('web', f'select * from booking.quote({self.wish_sql(wish)})')
        try:
            room, nights, total, cuts = self.village.quote(*wish, self.moment)
        except model.Refused as no:
            self.seen[no.key] += 1
            finding.same(refusal(answer), (no.status, no.key, no.detail), self.told(wish))
            return
        if 'rows' not in answer:
            finding.same(refusal(answer), 'a quote', self.told(wish))
            return
        row = answer['rows'][0]
        free = self.village.free_until(cuts, self.moment)
        finding.same((row['total_fen'], nights_answer(row['nights']), cuts_answer(row['cancel']), moment_of(row['free_cancel_until'])),
                     (total, nights_model(nights), cuts_model(cuts, total), free and free.astimezone(timezone.utc)), self.told(wish))
        for _, _, kind in nights:
            self.seen[kind] += 1
        raw = [self.village.rule(room, night).fen + self.village.extra(room, *wish[4:]) for night, _, _ in nights]
        self.seen['ladder'] += sum(raw) != total
        self.seen['extra guests'] += self.village.extra(room, *wish[4:]) > 0
        if self.dice.random() < 0.5:
            return
        # and the same from where it is reckoned
        rows = self.database.ask('village', f'select night as date, price_fen, rule from booking.price({self.wish_sql(wish).split(", ", 1)[1]}) order by night')
        self.findings['price'].same(nights_answer(rows['rows']), nights_model(nights), self.told(wish))

    def list(self, wish):
        _, rooms, arrive, leave, adults, children = wish
        house = self.village.houses.get(self.village.rooms[rooms[0]].house if rooms and rooms[0] in self.village.rooms else 0)
        if house is None:
            return
        answer = self.database.ask('web', f"select id, total_fen, why from lodging.rooms({house.number}, '{arrive}', '{leave}', {adults}, {numbers(children, 'int')})")
        wanted = [(room.number, *self.village.why_not(room, arrive, leave, adults, children, self.moment)) for room in house.rooms]
        got = [(row['id'], row['total_fen'], row['why']) for row in answer['rows']] if 'rows' in answer else refusal(answer)
        self.findings['list'].same(got, wanted, self.told(wish, 'as a list'))

    def book_sql(self, wish, key, request, phone, device, address, seen):
        return (f"select * from booking.book({text(key)}, {hashed(request)}, {self.wish_sql(wish)}, '客人', {text(phone)}, null, 900, '', {number(seen)},"
                f" {hashed('manage ' + key)}, {hashed('show ' + key)}, {hashed(device)}, {hashed(address)})")

    def book(self, wish):
        dice, finding = self.dice, self.findings['book']
        phone = f'139{dice.randrange(0, self.phones):08}'
        device, address = (dice.choice([None, *[f'{what}{dice.randrange(0, many)}'] * 4]) for what, many in (('device', self.devices), ('address', self.addresses)))
        key, seen = f'{self.name}-{len(self.made)}-{dice.random()}', None
        try:
            if dice.random() < 0.5:
                seen = self.village.quote(*wish, self.moment)[2] + dice.choice([0, 0, 0, 1, -1])
                seen = max(seen, 0)
        except model.Refused:
            pass
        query = self.book_sql(wish, key, 'one', phone, device, address, seen)
        answer = self.database.ask('web', query)
        before = dict(self.village.taken)
        try:
            stay = self.village.book(*wish, phone, device, address, seen, self.moment)
        except model.Refused as no:
            self.seen[no.key] += 1
            finding.same(refusal(answer), (no.status, no.key, no.detail), self.told(wish, f'seen {seen}'))
            return
        if 'rows' not in answer:
            finding.same(refusal(answer), 'a booking', self.told(wish, f'seen {seen}'))
            self.village.stays.pop()      # so that what follows is no difference of its own
            self.village.taken = before
            return
        row = answer['rows'][0]
        until = None if stay.until == model.FOR_EVER else stay.until.astimezone(timezone.utc)
        finding.same((row['state'], moment_of(row['until']), row['total_fen'], nights_answer(row['nights']), cuts_answer(row['cancel'])),
                     (stay.state, until, stay.total, nights_model(stay.nights), cuts_model(stay.cuts, stay.total)), self.told(wish))
        self.seen['booked'] += 1
        stay.key = key
        self.made.append((stay, row['code']))
        if dice.random() < 0.1:
            again = self.database.ask('web', query)
            finding.same('rows' in again and again['rows'][0], row, self.told(wish, 'the same key again'))
            other = self.database.ask('web', self.book_sql(wish, key, 'two', phone, device, address, seen))
            finding.same(refusal(other), (409, 'booking.key_used', {}), self.told(wish, 'another request under the key'))
        if dice.random() < 0.3:
            stay.paid = dice.choice([stay.total, stay.total // 3])
            self.database.tell("insert into data.ledger (village, stay, kind, amount_fen, what, at) select 1, s.stay, 'payment', "
                               f"{stay.paid}, 'stay', clock.now() from data.stay s join data.booking b using (village, booking) where b.code = {text(row['code'])}")

    def look(self, stay, code):
        row = self.database.ask('web', f"select * from booking.stay({text(code)}, {hashed('manage ' + stay.key)})")
        example = f'village {self.name}, {self.moment.isoformat()}: the page of {code}'
        if 'rows' not in row:
            self.findings['stay'].same(refusal(row), 'a stay', example)
            return
        row = row['rows'][0]
        state = stay.state_at(self.moment)
        owed, free = self.village.owed(stay.cuts, self.moment), self.village.free_until(stay.cuts, self.moment)
        self.findings['stay'].same(
            (row['state'], row['total_fen'], row['balance_fen'], row['owed_fen'], row['refund_fen'], moment_of(row['free_cancel_until']),
             nights_answer(row['nights']), cuts_answer(row['cancel']), row['can_cancel']),
            (state, stay.total, stay.charged - stay.paid, owed, stay.total - owed, free and free.astimezone(timezone.utc),
             nights_model(stay.nights), cuts_model(stay.cuts, stay.total), state in ('requested', 'confirmed')), example)

    def cancel(self, stay, code):
        dice, finding = self.dice, self.findings['cancel']
        seen = dice.choice([None, self.village.owed(stay.cuts, self.moment), max(0, self.village.owed(stay.cuts, self.moment) - 1), stay.total])
        answer = self.database.ask('web', f"select * from booking.cancel({text(code)}, {hashed('manage ' + stay.key)}, {text(stay.phone[-4:])}, {number(seen)})")
        example = f'village {self.name}, {self.moment.isoformat()}: cancelling {code}, seen {seen}'
        again = stay.state == 'cancelled_guest'
        try:
            owed = self.village.cancel(stay, seen, self.moment)
        except model.Refused as no:
            self.seen[no.key] += 1
            finding.same(refusal(answer), (no.status, no.key, no.detail), example)
            return
        got = answer['rows'][0] if 'rows' in answer else {}
        finding.same((got.get('state'), got.get('refused'), got.get('owed_fen'), got.get('refund_fen'), got.get('balance_fen')) if got else refusal(answer),
                     ('cancelled_guest', None, owed, stay.total - owed, owed - stay.paid), example)
        self.seen['cancelled again' if again else 'cancelled for a part' if 0 < owed < stay.total else 'cancelled for all' if owed else 'cancelled for nothing'] += 1

    def end(self):
        """At last the books: what every stay owes, and who has which night."""
        rows = json.loads(self.database.line(
            "select jsonb_build_object('owes', (select json_object_agg(b.code, (select sum(case l.kind when 'payment' then -l.amount_fen else l.amount_fen end) "
            "from data.ledger l where l.stay = s.stay)) from data.stay s join data.booking b using (booking)), "
            "'taken', (select coalesce(json_agg(json_build_array(n.room, n.night) order by n.room, n.night), '[]') from data.night n where n.until > clock.now()))"))
        self.findings['ledger'].same(rows['owes'] or {}, {code: stay.charged - stay.paid for stay, code in self.made}, f'village {self.name}: the ledger')
        self.findings['nights'].same(sorted(map(tuple, rows['taken'])),
                                     sorted((room, str(night)) for (room, night), until in self.village.taken.items() if until > self.moment),
                                     f'village {self.name}: who has which night')
        self.database.tell('rollback')


FINDINGS = {
    'quote': 'a quote has the total, every night, its rule, every cut-off, or the same refusal',
    'price': 'booking.price says the same nights',
    'list': 'the rooms of a house have the same totals and reasons why not',
    'book': 'a booking keeps what was quoted, or is refused by the same key',
    'stay': 'the page of a stay says the state, what is owed and what comes back at that moment',
    'cancel': 'cancelling costs what the cut-offs say, once',
    'ledger': 'the ledger of every stay adds up',
    'nights': 'the nights that are taken are the same',
}
# What a run must have met, or it has not tried enough.
MET = ['base', 'weekend', 'season', 'named', 'ladder', 'extra guests', 'booked', 'cancelled for nothing', 'cancelled for a part', 'cancelled for all',
       'cancelled again', *('booking.' + key for key in (
           'leave_first', 'past', 'too_long', 'too_far', 'one_room', 'no_room', 'house_paused', 'too_many_guests', 'closed_to_arrival',
           'closed_to_departure', 'min_nights', 'max_nights', 'no_price', 'taken', 'phone_limit', 'device_limit', 'address_limit', 'price_changed',
           'cannot_cancel', 'owed_changed'))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', default=f'{ROOT}/build')
    parser.add_argument('--rounds', type=int, default=2000, help='random stays')
    parser.add_argument('--seed', default=str(random.SystemRandom().randrange(10**6)))
    asked = parser.parse_args()
    print(f'# seed {asked.seed}, {asked.rounds} stays: price_test.py --seed {asked.seed} --rounds {asked.rounds}', flush=True)
    findings, seen = {name: Finding(name) for name in FINDINGS}, collections.Counter()
    with edge.Cluster() as cluster:
        cluster.psql('village', edge.read(f'{asked.build}/deploy.sql'), 'village')
        database = Database(cluster)
        database.tell('set timezone = \'UTC\'')
        database.tell(ASK)
        for done in range(asked.rounds):
            if done % STAYS_IN_A_VILLAGE == 0:
                if done:
                    round_.end()
                round_ = Round(database, findings, seen, asked.seed, done // STAYS_IN_A_VILLAGE)
            round_.stay()
        round_.end()
        database.end()
    print('# ' + ', '.join(f'{what} {many}' for what, many in sorted(seen.items())))
    count = failed = 0
    for name, about in FINDINGS.items():
        count += 1
        wrong = findings[name].wrong
        good = findings[name].made > 0 and not wrong
        failed += not good
        print(f'{"ok" if good else "not ok"} {count} - {about} ({findings[name].made} times)')
        for example in wrong[:3]:
            print('\n'.join('# ' + line for line in example.splitlines()))
        if wrong[3:]:
            print(f'# and {len(wrong) - 3} more')
    missed = [what for what in MET if not seen[what]]
    count += 1
    # Too few rounds need not meet everything.
    good = not missed or asked.rounds < 2000
    failed += not good
    print(f'{"ok" if good else "not ok"} {count} - every rule and every refusal was met')
    if missed:
        print(f'# never: {", ".join(missed)}')
    print(f'1..{count}')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
