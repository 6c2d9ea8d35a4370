#!/usr/bin/env python3
"""What the house's page says beside its rooms, against the slow model: totals, reasons why not, rooms together, the whole house.

Random villages beside the demo's, each with a host of its own, in the database of the running site, which draws pages from its
boards. Guests come and go, the clock moves on; whenever every board has seen it, random questions are asked and compared. A run with
the same seed is nearly the same: the days, and with them weekends and holidays, are those of the site.
Usage: page_test.py [--pages 1600] [--seed …], with SITE, METRICS, DATABASE and VAR as tests/run.py sets them
"""

import argparse
import collections
import os
import random
import sys
import urllib.parse
from datetime import date, datetime, timedelta

sys.dont_write_bytecode = True
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__))]
import price as model  # noqa: E402
import sample  # noqa: E402
from sample import hashed, moment_of, text, wish_sql  # noqa: E402
from talk import Database, Door, Site, Tap  # noqa: E402

FIRST = 9200            # of the villages' numbers
VILLAGES = 10
STEPS = 4               # in the life of a village
# What a run must have met, or it has not tried enough.
MET = ['total', 'several rooms', 'several rooms and the whole house', 'the whole house alone', *('booking.' + key for key in (
    'too_many_guests', 'leave_first', 'past', 'too_long', 'too_far', 'closed_to_arrival', 'closed_to_departure', 'min_nights', 'max_nights', 'no_price',
    'house_paused')), 'lodging.full']


def holidays_of(database):
    holidays = collections.defaultdict(set)
    for row in database.rows('select day, kind from data.holiday'):
        holidays[date.fromisoformat(row['day'])].add(row['kind'])
    return holidays


class Life:
    """A village of the site, and the same in the model."""

    def __init__(self, site, seed, number, start, holidays):
        self.site, self.number, self.host = site, number, f'page{number}.test'
        self.name = f'{seed}/{number}'
        self.dice = random.Random(self.name)
        self.village = sample.make_village(self.dice, start, holidays)
        self.village.settings |= {'unverified_share': 0, 'stays_per_phone': 0, 'stays_per_device': 0, 'stays_per_address': 0}
        self.door = Door(site.url, self.host)
        self.wrong, self.stays, self.marks = [], [], 0

    def go_on(self, database, moment):
        """Guests of this moment, in one transaction; then all boards have seen it."""
        dice = self.dice
        tell = database.tell
        tell('begin')
        tell(f"update data.clock set shift = '{moment.isoformat()}'::timestamptz - now()")
        tell(f"select set_config('visit.village', '{self.number}', true) \\g /dev/null")
        for _ in range(30):
            wish = sample.some_wish(dice, self.village, moment)
            key = f'{self.name}-{dice.random()}'
            try:
                stay = self.village.book(*wish, None, None, None, None, moment)
            except model.Refused:
                continue
            answer = database.ask('web', f"select code from booking.book({text(key)}, {hashed(key)}, {wish_sql(wish)}, '客人', '13900000000', null, 900, '', null,"
                                         f" {hashed('manage ' + key)}, {hashed('show ' + key)}, null, null)")
            if 'rows' not in answer:
                self.wrong.append(f'village {self.name}, {moment}: no booking of {wish_sql(wish)}: {answer}')
                continue
            self.stays.append((stay, key, answer['rows'][0]['code']))
        for stay, key, code in dice.sample(self.stays, len(self.stays) // 6):
            try:
                self.village.cancel(stay, None, moment)
            except model.Refused:
                continue
            database.ask('web', f"select state from booking.cancel({text(code)}, {hashed('manage ' + key)}, '0000', null)")
        self.marks += 1
        mark, house = f'{self.number}.{self.marks}', min(self.village.houses)
        tell(f'update data.house set name_zh = {text(mark)} where village = {self.number} and house = {house}')
        database.do('commit')
        shift = moment - datetime.now(model.SHANGHAI)

        def seen():
            return all(board and board['houses'][0]['name'] == mark
                       and abs(datetime.fromisoformat(board['now']) - datetime.now(model.SHANGHAI) - shift) < timedelta(seconds=2)
                       for board in self.site.boards(self.number, house).values())
        self.site.wait(f'every board has seen {mark}', 10, seen)

    def page(self, moment, seen):
        """One question: of a party for one room mostly, or for as many as the house has."""
        dice = self.dice
        house = dice.choice(list(self.village.houses.values()))
        rooms = dice.sample(house.rooms, dice.choice([1, 1, 1, min(2, len(house.rooms)), dice.randrange(1, len(house.rooms) + 1)]))
        arrive, leave = sample.some_dates(dice, model.tonight(moment))
        adults, children = sample.some_party(dice, sum(room.capacity for room in rooms), len(rooms))
        if dice.random() < 0.1:      # a school class, and hardly a grown-up for each room
            adults, children = dice.randrange(1, 4), [dice.randrange(0, 18) for _ in range(dice.randrange(3, 7))]
        adults, children, house = min(adults, 12), children[:6], house.number
        wish = arrive, leave, adults, children
        query = urllib.parse.urlencode({'arrive': arrive, 'leave': leave, 'adults': adults, 'children': children}, doseq=True)
        status, page = self.door.ask(f'/api/v1/houses/{house}?{query}')
        told = f'village {self.name}, {moment.isoformat()}: /api/v1/houses/{house}?{query}'
        if status != 200:
            self.wrong.append(f'{told}\n  site: {status} {page}')
            return
        # in the order of their positions
        wanted = []
        for room in sorted(self.village.houses[house].rooms, key=lambda room: room.position):
            total, why = self.village.why_not(room, *wish, moment)
            seen[why or 'total'] += 1
            wanted.append((room.number, total, why, self.free_until(house, arrive, total, moment)))
        self.same([(room['id'], room['total_fen'], room['why'], moment_of(room['free_cancel_until'])) for room in page['rooms']], wanted, told)
        # Which of several that are equally cheap is the site's own choice.
        several, whole = self.village.choices(house, *wish, moment)
        found = {choice['whole']: choice for choice in page['choices']}
        self.same([choice['whole'] for choice in page['choices']], [is_whole for is_whole, some in ((False, several), (True, whole)) if some], told)
        for is_whole, some in ((False, several), (True, whole)):
            if some and is_whole in found:
                choice = found[is_whole]
                numbers = tuple(sorted(room['id'] for room in choice['rooms']))
                self.same((numbers, choice['total_fen'], moment_of(choice['free_cancel_until'])),
                          (numbers if numbers in some else list(some), total := min(some.values()), self.free_until(house, arrive, total, moment)), told)
        seen['several rooms'] += bool(several)
        seen['several rooms and the whole house'] += bool(several and whole)
        seen['the whole house alone'] += bool(whole and not several)

    def free_until(self, house, arrive, total, moment):
        return None if total is None else self.village.free_until(self.village.cut_offs(self.village.houses[house], arrive, total), moment)

    def same(self, got, wanted, told):
        if got != wanted:
            self.wrong.append(f'{told}\n  site:  {got}\n  model: {wanted}')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--pages', type=int, default=1600)
    parser.add_argument('--seed', default=str(random.SystemRandom().randrange(10**6)))
    asked = parser.parse_args()
    tap, site, seen = Tap(), Site(), collections.Counter()
    tap.comment(f'seed {asked.seed}: page_test.py --seed {asked.seed}')
    database = Database(site.conninfo)
    now = datetime.fromisoformat(database.line("select to_json(clock.now()) #>> '{}'")).astimezone(model.SHANGHAI)
    dice, holidays, made = random.Random(asked.seed), holidays_of(database), 0
    lives = [Life(site, asked.seed, FIRST + i, now.date(), holidays) for i in range(VILLAGES)]
    with site.own_time(database):
        try:
            database.tell('begin')
            for life in lives:
                sample.load(database.tell, life.village, life.number, life.host)
            database.do('commit')
            for life in lives:
                site.open(life.number, life.host)
            moment = now
            for _ in range(STEPS):
                for life in lives:
                    # On, by hours; at half past, for cut-offs and the morning come at full hours or a minute before.
                    moment += timedelta(minutes=dice.randrange(0, 300))
                    moment = moment.replace(minute=30, second=0, microsecond=0) + timedelta(hours=moment.minute >= 30)
                    life.go_on(database, moment)
                    for _ in range(asked.pages // STEPS // VILLAGES):
                        life.page(moment, seen)
                        made += 1
        finally:
            site.close(database, [life.number for life in lives])
    database.end()
    tap.comment(', '.join(f'{what} {many}' for what, many in sorted(seen.items())))
    wrong = [example for life in lives for example in life.wrong]
    tap.differences(f'the page of a house has the totals, the reasons why not and the choices of several rooms that the model has ({made} pages)', wrong, made)
    missed = [what for what in MET if not seen[what]]
    tap.say(not missed or asked.pages < 1600, 'every reason and every kind of choice was met', [f'never: {", ".join(missed)}'] if missed else [])
    tap.end()


if __name__ == '__main__':
    main()
