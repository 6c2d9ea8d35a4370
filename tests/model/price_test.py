#!/usr/bin/env python3
"""Random villages and random stays: the database against the slow model of price.py, to the fen and to the key.

Every village lives in one transaction that is rolled back, in a throwaway cluster with the deploy script of a build. Its clock is
shifted from moment to moment, often right onto a cut-off or to six in the morning. The seed is printed; a run with it is the same.
What a house's page says of such a village is left to page_test.py.

Usage: price_test.py [--build build] [--rounds 2000] [--seed …]
"""

import argparse
import collections
import json
import os
import random
import sys
from datetime import date, datetime, timedelta, timezone

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, f'{ROOT}/sql']
import edge  # noqa: E402
import price as model  # noqa: E402
import sample  # noqa: E402
from sample import hashed, moment_of, number, text, wish_sql  # noqa: E402
from talk import Database, Tap  # noqa: E402

STAYS_IN_A_VILLAGE = 80
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def load(database, village):
    """As village 1, beside another one with a room of its own."""
    other = model.Village({}, {})
    other.houses[90] = model.House(90, False, False)
    other.houses[90].rooms.append(model.Room(901, 90, 1, 6, 2, 0, False))
    other.houses[90].rooms[0].rates.append(model.Rate('base', date(2000, 1, 1), date(2199, 12, 31), 10000, 1))
    database.tell('begin')
    sample.load(database.tell, village, 1, 'one.test')
    sample.load(database.tell, other, 2, 'two.test')
    for day, kinds in sorted(village.holidays.items()):
        for kind in kinds:
            database.tell(f"insert into data.holiday values ('{day}', '{kind}', '节', '')")
    database.tell("select set_config('visit.village', '1', true), set_config('visit.lang', 'zh', true) \\g /dev/null")


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


def nights_answer(nights):
    return [(row['room'], row['date'], row['price_fen'], row['rule']) for row in nights]


def nights_model(nights):
    return [(room, str(night), fen, kind) for room, night, fen, kind in nights]


def cuts_answer(cuts):
    return [(moment_of(row['until']), row['refund_fen'], row['owed_fen']) for row in cuts]


def cuts_model(cuts, total):
    return [(None if until == model.FOR_EVER else until.astimezone(timezone.utc), total - owed, owed) for until, owed in cuts]


class Round:
    def __init__(self, database, findings, seen, seed, world):
        self.database, self.findings, self.seen = database, findings, seen
        self.name = f'{seed}/{world}'
        self.dice = random.Random(self.name)
        start = date(2026, 1, 1) + self.dice.randrange(0, 1500) * DAY
        self.village = sample.make_village(self.dice, start)
        self.moment = datetime(start.year, start.month, start.day, self.dice.randrange(24), self.dice.randrange(60), tzinfo=model.SHANGHAI)
        # Few hands, so that the limits are met, or many, so that they are not.
        # One of the three is scarce, so that each limit is met first somewhere.
        self.phones, self.devices, self.addresses = self.dice.choice([(2, 30, 30), (40, 2, 30), (40, 30, 1)])
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

    def told(self, wish, more=''):
        return f'village {self.name}, {self.moment.isoformat()}: {wish_sql(wish)} {more}'

    def stay(self):
        self.go_on()
        wish = sample.some_wish(self.dice, self.village, self.moment)
        self.quote(wish)
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
        answer = self.database.ask('web', f'select * from booking.quote({wish_sql(wish)})')
        try:
            rooms, nights, total, cuts = self.village.quote(*wish, self.moment)
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
        self.count(rooms, nights, total, *wish[4:])
        if self.dice.random() < 0.5:
            return
        # and the same from where it is reckoned
        n = (wish[3] - wish[2]).days
        answer = self.database.ask('village', f"select p.ids[(i - 1) / {n} + 1] as room, '{wish[2]}'::date + (i - 1) % {n} as date, p.fens[i] as price_fen, p.rules[i] as rule"
                                   f' from booking.price({wish_sql(wish).split(", ", 1)[1]}) p, generate_series(1, cardinality(p.fens)) i order by i')
        self.findings['price'].same(nights_answer(answer['rows']), nights_model(nights), self.told(wish))

    def count(self, rooms, nights, total, adults, children):
        more = self.village.extra(rooms, adults, children)
        house = self.village.houses[self.village.rooms[nights[0][0]].house]
        raw = sum((self.village.rule(house, night) if kind == 'whole' else self.village.rule(self.village.rooms[room], night)).fen * (kind != 'whole' or room == nights[0][0])
                  + more[room] for room, night, _, kind in nights)
        self.seen.update(kind for _, _, _, kind in nights)
        self.seen['ladder'] += raw != total
        self.seen['extra guests'] += sum(more.values()) > 0
        self.seen['several rooms'] += len(rooms) > 1
        self.seen['several rooms on the ladder'] += len(rooms) > 1 and raw != total
        self.seen['extra guests in several rooms'] += sum(fen > 0 for fen in more.values()) > 1
        self.seen['a whole house for fewer adults'] += len(rooms) > adults

    def book_sql(self, wish, key, request, phone, device, address, seen):
        return (f"select * from booking.book({text(key)}, {hashed(request)}, {wish_sql(wish)}, '客人', {text(phone)}, null, 900, '', {number(seen)},"
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
        owed, free = 0 if stay.state == 'requested' else self.village.owed(stay.cuts, self.moment), self.village.free_until(stay.cuts, self.moment)
        self.findings['stay'].same(
            (row['state'], row['total_fen'], row['balance_fen'], row['owed_fen'], row['refund_fen'], moment_of(row['free_cancel_until']),
             nights_answer(row['nights']), cuts_answer(row['cancel']), row['can_cancel']),
            (state, stay.total, (0 if state == 'expired' else stay.charged) - stay.paid, owed, stay.total - owed, free and free.astimezone(timezone.utc),
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
        books = json.loads(self.database.line(
            "select jsonb_build_object('owes', (select json_object_agg(b.code, (select sum(case l.kind when 'payment' then -l.amount_fen else l.amount_fen end) "
            "from data.ledger l where l.stay = s.stay)) from data.stay s join data.booking b using (booking)), "
            "'taken', (select coalesce(json_agg(json_build_array(n.room, n.night) order by n.room, n.night), '[]') from data.night n where n.until > clock.now()))"))
        self.findings['ledger'].same(books['owes'] or {}, {code: stay.charged - stay.paid for stay, code in self.made}, f'village {self.name}: the ledger')
        self.findings['nights'].same(sorted(map(tuple, books['taken'])),
                                     sorted((room, str(night)) for (room, night), until in self.village.taken.items() if until > self.moment),
                                     f'village {self.name}: who has which night')
        self.database.tell('rollback')


FINDINGS = {
    'quote': 'a quote has the total, every night, its rule, every cut-off, or the same refusal',
    'price': 'booking.price says the same nights',
    'book': 'a booking keeps what was quoted, or is refused by the same key',
    'stay': 'the page of a stay says the state, what is owed and what comes back at that moment',
    'cancel': 'cancelling costs what the cut-offs say, once',
    'ledger': 'the ledger of every stay adds up',
    'nights': 'the nights that are taken are the same',
}
# What a run must have met, or it has not tried enough.
MET = ['base', 'weekend', 'season', 'named', 'ladder', 'extra guests', 'several rooms', 'several rooms on the ladder',
       'extra guests in several rooms', 'a whole house for fewer adults', 'booked', 'cancelled for nothing', 'cancelled for a part', 'cancelled for all',
       'cancelled again', *('booking.' + key for key in (
           'leave_first', 'past', 'too_long', 'too_far', 'one_house', 'no_room', 'house_paused', 'too_many_guests', 'too_many_rooms', 'closed_to_arrival',
           'closed_to_departure', 'min_nights', 'max_nights', 'no_price', 'taken', 'phone_limit', 'device_limit', 'address_limit', 'price_changed',
           'cannot_cancel', 'owed_changed'))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', default=f'{ROOT}/build')
    parser.add_argument('--rounds', type=int, default=2000, help='random stays')
    parser.add_argument('--seed', default=str(random.SystemRandom().randrange(10**6)))
    asked = parser.parse_args()
    tap = Tap()
    tap.comment(f'seed {asked.seed}, {asked.rounds} stays: price_test.py --seed {asked.seed} --rounds {asked.rounds}')
    findings, seen = {name: Finding(name) for name in FINDINGS}, collections.Counter()
    with edge.Cluster() as cluster:
        cluster.psql('village', edge.read(f'{asked.build}/deploy.sql'), 'village')
        database = Database(f'host={cluster.directory} user=postgres dbname=village')
        for done in range(asked.rounds):
            if done % STAYS_IN_A_VILLAGE == 0:
                if done:
                    round_.end()
                round_ = Round(database, findings, seen, asked.seed, done // STAYS_IN_A_VILLAGE)
            round_.stay()
        round_.end()
        database.end()
    tap.comment(', '.join(f'{what} {many}' for what, many in sorted(seen.items())))
    for name, about in FINDINGS.items():
        tap.differences(f'{about} ({findings[name].made} times)', findings[name].wrong, findings[name].made)
    missed = [what for what in MET if not seen[what]]
    # Too few rounds need not meet everything.
    tap.say(not missed or asked.rounds < 2000, 'every rule and every refusal was met', [f'never: {", ".join(missed)}'] if missed else [])
    tap.end()


if __name__ == '__main__':
    main()
