"""What may happen to a village, at random and by several hands at once: guests, owners, the association, time, and lost connections."""

import collections
import itertools
import random
import threading
import time
from datetime import date, timedelta

from talk import NO_ANSWER, Database, Door

DAY = timedelta(days=1)

# Does something as one transaction: how it went. Sometimes it is long under way, sometimes undone.
RUN = """
create function pg_temp.run(query text, seconds float, undone boolean) returns text language plpgsql as $$
declare
    n bigint; key text;
begin
    execute query;
    get diagnostics n = row_count;
    if seconds > 0 then perform pg_sleep(seconds); end if;
    if undone then raise exception 'undone'; end if;
    return case n when 0 then 'nothing' else 'done' end;
exception when others then
    get stacked diagnostics key = constraint_name;
    return coalesce(nullif(key, ''), sqlerrm);
end $$
"""


def put_holidays(database, holidays):
    """Those that were, again."""
    rows = ', '.join(f"('{row['day']}', '{row['kind']}', '{row['name_zh']}', $en${row['name_en']}$en$)" for row in holidays)
    database.do(f'begin; delete from data.holiday; insert into data.holiday values {rows}; commit')


class World:
    """The village, and what the hands know of it together."""

    def __init__(self, site, database, village, host):
        self.site, self.village, self.host = site, village, host
        self.rooms = [(row['house'], row['room']) for row in database.rows(f'select house, room from data.room where village = {village}')]
        self.houses = sorted({house for house, _ in self.rooms})
        self.today = date.fromisoformat(database.line(f'select clock.today({village})'))
        self.stays, self.added, self.numbers = [], [], itertools.count(1)
        self.lock, self.done, self.refused = threading.Lock(), collections.Counter(), collections.Counter()

    @staticmethod
    def make(database, village, host, like):
        """A village with the houses, rooms and rules of another one, and nobody in it."""
        database.tell('begin')
        database.tell(f"insert into data.village select {village}, name_zh, name_en, place_zh, place_en, phone, 'http://{host}', made"
                      f' from data.village where village = {like}')
        database.tell(f"insert into data.village_host values ('{host}', {village})")
        for table in ('house', 'room', 'child_band', 'ladder', 'cut'):
            database.tell(f"insert into data.{table} select (jsonb_populate_record(x, jsonb_build_object('village', {village}))).*"
                          f' from data.{table} x where x.village = {like}')
        for table, key, columns in (('whole_rate', 'rate', 'house, kind, from_night, to_night, price_fen'), ('rate', 'rate', 'room, kind, from_night, to_night, price_fen'),
                               ('stay_limit', 'stay_limit', 'room, from_night, to_night, min_nights, max_nights, arrive_ok, leave_ok')):
            database.tell(f'insert into data.{table} (village, {columns}) select {village}, {columns} from data.{table} where village = {like} order by {key}')
        for limit in ('stays_per_phone', 'stays_per_device', 'stays_per_address', 'unverified_share'):
            database.tell(f"insert into data.setting values ({village}, '{limit}', 0)")
        database.do('commit')

    def never(self):
        return [name for name in OPERATIONS if not self.done[name]]


class Hand:
    """One that does something after the other. What goes wrong on the way is no fault: a refusal, a lost connection, a deadlock."""

    def __init__(self, world, seed):
        self.world, self.dice = world, random.Random(seed)
        self.database = Database(world.site.conninfo, world.village)
        self.database.tell(RUN)
        self.door = Door(world.site.url, world.host)
        self.only = self.fault = None

    def work(self, count, end):
        world = self.world
        try:
            while (done := sum(world.done.values())) < count and time.monotonic() < end:
                # What makes the boards read everything anew is left out at the end: they have two seconds then.
                last = done > count - 100 or time.monotonic() > end - 2
                self.act(self.dice.choices(list(OPERATIONS), [0 if last and name in WHOLE else weight for name, (weight, _) in OPERATIONS.items()])[0])
        except Exception as trouble:  # noqa: BLE001  told by the test
            self.fault = repr(trouble)

    def act(self, name):
        went = OPERATIONS[name][1](self)
        went = went[1:] if went[0] == '=' else self.run(went)
        with self.world.lock:
            if went == 'done':
                self.world.done[name] += 1
            else:
                self.world.refused[went] += 1
        return went == 'done'

    def act_in_each(self):
        """One operation in each house, all kinds in turn: {house: its kind}. Nothing else of a house's is done after it."""
        names = [name for name in OPERATIONS if name not in WHOLE]
        self.dice.shuffle(names)
        done = {}
        for self.only in self.world.houses:
            while not any(self.act(names[0]) for _ in range(4)):     # what cannot be done here may in the next house
                names.append(names.pop(0))
            done[self.only] = names[0]
            names.append(names.pop(0))
        self.only = None
        return done

    def run(self, sql):
        slow = self.dice.choice([0.02, 0.1, 0.3]) if self.dice.random() < 0.02 else 0
        undone = 'true' if self.dice.random() < 0.02 else 'false'
        quoted = sql.replace("'", "''")
        return self.database.line(f"select pg_temp.run('{quoted}', {slow}, {undone})")

    def end(self):
        self.database.end()
        self.door.end()

    # --- what is chosen ---

    def room(self):
        return self.dice.choice([room for house, room in self.world.rooms if self.only in (None, house)])

    def house(self):
        return self.only or self.dice.choice(self.world.houses)

    def night(self):
        return self.world.today + self.dice.choice([self.dice.randrange(0, 40), self.dice.randrange(-3, 410)]) * DAY

    def span(self, longest):
        first = self.night()
        return f"'{first}', '{first + self.dice.randrange(0, longest) * DAY}'"

    def fen(self):
        return self.dice.randrange(0, 900) * 100 + self.dice.choice([0, 0, 1, 99])

    def one_of(self, table, where):
        """The condition for one row of a table."""
        key = table.removeprefix('whole_')     # a rate of a house is told by its number, like that of a room
        return (f'village = {self.world.village} and {key} = (select x.{key} from data.{table} x where x.village = {self.world.village} and {where}'
                ' order by random() limit 1)')

    # --- guests ---

    def book(self):
        dice, world = self.dice, self.world
        house = self.house()
        rooms = [room for of, room in world.rooms if of == house]
        rooms = dice.sample(rooms, min(len(rooms), dice.choice([1, 1, 1, 2, 3])))
        arrive, phone = world.today + dice.choice([dice.randrange(0, 40), dice.randrange(0, 390)]) * DAY, f'138{dice.randrange(10**8):08}'
        try:
            status, told = self.door.ask('/api/v1/bookings', {
                'rooms': rooms, 'arrive': str(arrive), 'leave': str(arrive + dice.randrange(1, 6) * DAY), 'adults': max(1, len(rooms)),
                'guest': {'name': '客人', 'phone': phone}}, **{'Idempotency-Key': f'hand-{dice.random()}-{time.time_ns()}'})
        except NO_ANSWER:
            return '=no answer'
        if status != 201:
            return '=' + told['key']
        world.stays.append((house, told['code'], told['secret'], phone))
        return '=done'

    def cancel(self):
        with self.world.lock:
            stays = [stay for stay in self.world.stays if self.only in (None, stay[0])]
            if not stays:
                return '=nobody to cancel'
            self.world.stays.remove(stay := self.dice.choice(stays))
        _, code, secret, phone = stay
        try:
            status, told = self.door.ask(f'/api/v1/bookings/{code}/cancel', {'phone_last4': phone[-4:]}, Authorization=f'Bearer {secret}')
        except NO_ANSWER:
            return '=no answer'
        return '=done' if status == 200 else '=' + told['key']

    def book_slowly(self):
        """A booking whose transaction is long under way while others come and go."""
        arrive, key = self.world.today + self.dice.randrange(0, 60) * DAY, f'slow-{self.dice.random()}-{time.time_ns()}'
        secret = f"sha256('{key}'::bytea)"
        return (f"select pg_sleep({self.dice.choice([0.05, 0.3, 0.6])}) from (select count(*) from booking.book('{key}', {secret}, null, '{{{self.room()}}}',"
                f" '{arrive}', '{arrive + self.dice.randrange(1, 4) * DAY}', 1, '{{}}', '客人', '13700000000', null, null, '', null, {secret}, {secret},"
                " null, null) offset 0) x")

    # --- owners ---

    def close_nights(self):
        kind = self.dice.choice(['closed', 'repair', 'imported'])
        until = self.dice.choice(["'infinity'", "'infinity'", f"clock.now() + interval '{self.dice.randrange(1, 20)} s'", "clock.now() + interval '1 day'"])
        return ('insert into data.night as n (village, room, night, stay, kind, until)'
                f" select {self.world.village}, {self.room()}, x::date, null, '{kind}', {until}"
                f" from generate_series({self.span(5).replace(', ', '::date, ')}::date, interval '1 day') x on conflict on constraint \"booking.taken\" do update"
                " set stay = null, kind = excluded.kind, until = excluded.until where n.until <= clock.now()")

    def add_house(self):
        """Like one that is there. Every other opens later, and may be dropped before."""
        world, house, nth = self.world, self.house(), next(self.world.numbers)
        if nth > 40:
            return '=enough houses'
        new = 10**6 + nth
        like = f'x.village = {world.village} and x.house = {house}'
        home = f"'house', {new}, 'position', {nth}, 'name_zh', '新院', 'paused', {nth % 2 == 1}"
        room = f"'house', {new}, 'room', {new * 100} + row_number() over (order by x.room), 'closed', false"
        went = self.run(
            f'do $do$ begin insert into data.house select (jsonb_populate_record(x, jsonb_build_object({home}))).* from data.house x where {like};'
            f' insert into data.room select (jsonb_populate_record(x, jsonb_build_object({room}))).* from data.room x where {like};'
            f" insert into data.rate (village, room, kind, price_fen) select village, room, 'base', {self.fen()} from data.room"
            f' where village = {world.village} and house = {new}; end $do$')
        rooms = self.database.rows(f'select room from data.room where village = {world.village} and house = {new}')
        if rooms:
            world.houses.append(new)
            world.rooms.extend((new, row['room']) for row in rooms)
            world.added += [new] * (nth % 2)
        return '=done' if rooms else f'={went}'

    def drop_house(self):
        """Only one that has no guest yet; else its rows are held."""
        world = self.world
        with world.lock:
            if not world.added:
                return '=no house to drop'
            house = world.added.pop()
        rooms = f'village = {world.village} and room in (select room from data.room where village = {world.village} and house = {house})'
        went = self.run('do $do$ begin ' + ''.join(f'delete from data.{table} where {rooms}; ' for table in ('night', 'rate', 'stay_limit', 'room'))
                        + ''.join(f'delete from data.{table} where village = {world.village} and house = {house}; ' for table in ('child_band', 'ladder', 'cut', 'whole_rate'))
                        + f'delete from data.house where village = {world.village} and house = {house}; end $do$')
        if self.database.line(f'select exists (select from data.house where village = {world.village} and house = {house})') == 't':
            return f'={went}'
        with world.lock:
            world.houses.remove(house)
            world.rooms[:] = [(of, room) for of, room in world.rooms if of != house]
        return '=done'

    # --- time, and what befalls a machine ---

    def move_clock(self):
        """On, and sometimes back, as the tests do; then the boards are told to read all anew."""
        by = self.dice.choice(['1 minute', '20 minutes', '1 hour', '5 hours', '1 day', '-10 minutes', '-3 hours', '-1 day'])
        return f"update data.clock set shift = least(greatest(shift + interval '{by}', '0'), '3 days'); update data.village set phone = phone"

    def holiday(self):
        if self.dice.random() < 0.3:
            return f"delete from data.holiday where day = (select day from data.holiday where day > '{self.night()}' order by day limit 1)"
        kind = self.dice.choice(['holiday', 'holiday', 'holiday', 'workday', 'festival'])
        return f"insert into data.holiday values ('{self.night()}', '{kind}', '节', '') on conflict do nothing"


def value(sql):
    """An operation whose SQL is filled in: {v} the village, {room}, {house}, {span} two days, {fen}, {some} a number, {chance} true now and then."""
    def made(hand):
        return sql.format(v=hand.world.village, room=hand.room(), house=hand.house(), span=hand.span(12), fen=hand.fen(),
                          some=hand.dice.randrange(1, 6), chance='true' if hand.dice.random() < 0.2 else 'false')
    return made


def row_of(table, sql, where):
    """The same for one row of a table of those of a room or house."""
    return lambda hand: value(sql)(hand) + hand.one_of(table, where.format(room=hand.room(), house=hand.house()))


# Those after which a whole village is read anew, and those of which the board shows nothing by itself.
UNSEEN = {'a child band', 'no child band', 'a step of the ladder', 'no step of the ladder', 'a cut-off', 'another last cut-off', 'change a room'}
WHOLE = {'another order', 'add a house', 'drop a house', 'a setting', 'a holiday', 'move the clock', 'kill the connections'}
# name → (weight, what it does: SQL, or how the API answered behind a "=")
OPERATIONS = {
    'book': (30, Hand.book),
    'cancel': (12, Hand.cancel),
    'book slowly': (0.5, Hand.book_slowly),
    'add a rate': (7, lambda hand: value("insert into data.rate (village, room, kind, from_night, to_night, price_fen) values ({v}, {room}, '"
                                         + hand.dice.choice(['weekend', 'season', 'named', 'named', 'base']) + "', {span}, {fen})")(hand)),
    'drop a rate': (5, row_of('rate', 'delete from data.rate where ', "x.room = {room} and (x.kind <> 'base' or random() < 0.1)")),
    'change a rate': (5, row_of('rate', 'update data.rate set price_fen = {fen}, to_night = greatest(to_night - {some}, from_night) where ',
                                'x.room = {room}')),
    'a price for the whole house': (4, value("insert into data.whole_rate (village, house, kind, from_night, to_night, price_fen) values ({v}, {house}, 'named', {span}, {fen})")),
    'no price for the whole house': (6, row_of('whole_rate', 'delete from data.whole_rate where ', 'x.house = {house}')),
    'add a limit': (3, lambda hand: value('insert into data.stay_limit (village, room, from_night, to_night, min_nights, max_nights, arrive_ok, leave_ok)'
                                          ' values ({v}, {room}, {span}, {some}, ' + hand.dice.choice(['400', '400', '9']) + ', not {chance}, not {chance})')(hand)),
    'drop a limit': (6, row_of('stay_limit', 'delete from data.stay_limit where ', 'x.room = {room}')),
    'change a limit': (2, row_of('stay_limit', 'update data.stay_limit set min_nights = {some}, arrive_ok = not {chance} where ', 'x.room = {room}')),
    'a child band': (2, value('insert into data.child_band values ({v}, {house}, {some} * 3, {fen}) on conflict (village, house, under_age)'
                              ' do update set fen = excluded.fen')),
    'no child band': (1, value('delete from data.child_band where village = {v} and house = {house} and under_age >= {some} * 3')),
    'a step of the ladder': (2, value('insert into data.ladder values ({v}, {house}, {some} + 1, {some} * 9) on conflict (village, house, nights)'
                                      ' do update set percent = excluded.percent')),
    'no step of the ladder': (1, value('delete from data.ladder where village = {v} and house = {house} and nights > {some}')),
    'a cut-off': (2, value('update data.cut set percent = (percent + {some} * 11) % 101 where village = {v} and house = {house} and step <= {some}')),
    'another last cut-off': (1, value('delete from data.cut where village = {v} and house = {house} and days_before is null')),
    'close nights': (7, Hand.close_nights),
    'open nights': (4, value("delete from data.night where village = {v} and room = {room} and kind <> 'stay'")),
    'end a closure': (2, value("update data.night set until = clock.now() + interval '{some} s' where village = {v} and room = {room} and kind <> 'stay'")),
    'pause a house': (2, value('update data.house set paused = {chance} where village = {v} and house = {house} and paused <> {chance}')),
    'close a room': (2, value('update data.room set closed = {chance} where village = {v} and room = {room} and closed <> {chance}')),
    'change a room': (2, value('update data.room set capacity = {some}, base_guests = greatest({some} - 1, 1), extra_adult_fen = {fen}, position = {some}'
                               ' where village = {v} and room = {room}')),
    'another order': (0.3, value('update data.house set position = {some} where village = {v} and house = {house}')),
    'add a house': (0.4, Hand.add_house),
    'drop a house': (0.4, Hand.drop_house),
    'a setting': (0.3, lambda hand: value("insert into data.setting values ({v}, " + hand.dice.choice(
        ["'request_minutes', {some}", "'book_ahead_nights', 395 + {some}", "'longest_nights', 40 + {some}"])
        + ') on conflict (village, name) do update set value = excluded.value')(hand)),
    'a holiday': (0.3, Hand.holiday),
    'move the clock': (0.3, Hand.move_clock),
    'kill the connections': (0.2, lambda hand: "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'web' and datname = current_database()"),
}
