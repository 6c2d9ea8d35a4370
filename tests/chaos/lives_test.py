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

Usage: lives_test.py [--seconds 48] [--seed …]; RUN_BINARY names another build
"""

import argparse
import collections
import contextlib
import copy
import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
from datetime import date, datetime, timedelta

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [f'{ROOT}/tests', f'{ROOT}/tests/model']
import picture  # noqa: E402
import price  # noqa: E402
import sample  # noqa: E402
import stays as model  # noqa: E402
import wishes  # noqa: E402
from price import SHANGHAI  # noqa: E402
from run import House  # noqa: E402
from sample import number, numbers, text  # noqa: E402
from stays import DAY, Refused, clock, tonight  # noqa: E402
from talk import NO_ANSWER, Database, Tap  # noqa: E402
from wishes import NOBODY, OPERATOR, SECRETARY  # noqa: E402

VILLAGE, HOST = 9700, 'lives.test'
HANDS = 4
ROUND = 6                   # seconds between two moves of the clock
LIVELY = 5                  # stays of a hand that are still to come; more are hardly asked for
SLOW = 4 if os.environ.get('CHECKED') else 1     # a checked build takes its time
SECOND = timedelta(seconds=1)

# look: a guest's stays by their phone, with what happened to them. act: one visit with a session, as the site does it.
ASK = """
create function pg_temp.look(who text) returns text language plpgsql security definer as $$
begin
    perform set_config('visit.village', '%(village)s', true);
    return jsonb_build_object('now', clock.now(), 'stays', (
        select coalesce(jsonb_agg(jsonb_build_object('code', b.code, 'manage', encode(b.manage, 'hex'), 'made', s.made, 'picture', pg_temp.picture(s.stay),
                   'events', (select jsonb_agg(jsonb_build_array(e.act, e.at) order by e.event) from data.event e
                               where e.village = b.village and e.subject = b.booking))), '[]')
          from data.booking b join data.stay s using (village, booking) where b.village = base.village() and s.phone = who));
end $$;
alter function pg_temp.look(text) owner to village;
create function pg_temp.taken() returns text language plpgsql security definer as $$
begin
    perform set_config('visit.village', '%(village)s', true);
    return (select coalesce(jsonb_agg(jsonb_build_array(n.room, n.night, n.until)), '[]') from data.night n
             where n.village = base.village() and n.until > clock.now());
end $$;
alter function pg_temp.taken() owner to village;
create function pg_temp.act(token text, query text) returns text language plpgsql as $$
declare
    answer json;
    state text; key text; said text;
begin
    set local role web;
    perform village.enter('%(host)s', false, 'zh', (select hash from data.release));
    perform account.enter(sha256(token::bytea));
    execute format('select json_agg(t) from (%%s) t', query) into answer;
    set local role none;
    return jsonb_build_object('rows', coalesce(answer, '[]'));
exception when others then
    get stacked diagnostics state = returned_sqlstate, key = constraint_name, said = pg_exception_detail;
    return jsonb_build_object('state', state, 'key', key, 'said', said, 'message', sqlerrm);
end $$;
""" % {'village': VILLAGE, 'host': HOST}

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


# --- the site, and what may befall it -------------------------------------------------------------------------------------------

class Line:
    """A connection to the database that is opened anew when it has died."""

    def __init__(self, conninfo, functions=(picture.ASK, ASK)):
        self.conninfo, self.functions, self.database = conninfo, functions, None

    def once(self, sql):
        """None: it died over it, and whether it was done nobody knows."""
        try:
            if self.database is None:
                self.database = Database(self.conninfo, complaints=subprocess.DEVNULL)
                for function in self.functions:
                    self.database.tell(function)
            return self.database.line(sql)
        except OSError:
            self.end()
            return None

    def surely(self, sql):
        """Again, until there is an answer: only for what may be done twice."""
        end = time.monotonic() + 60 * SLOW
        while (line := self.once(sql)) is None:
            if time.monotonic() > end:
                raise TimeoutError(f'the database does not come back: {sql}')
            time.sleep(0.2)
        return line

    def rows(self, query):
        return json.loads(self.surely(f"select coalesce(jsonb_agg(t), '[]') from ({query}) t"))

    def end(self):
        if self.database is not None:
            with contextlib.suppress(OSError):
                self.database.process.stdin.close()
            self.database.process.stdout.close()
            self.database.process.wait()
        self.database = None


def processes():
    """pid → (name, parent) of all that live."""
    found = {}
    for pid in filter(str.isdigit, os.listdir('/proc')):
        with contextlib.suppress(OSError), open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as file:
            name, state, parent = re.fullmatch(r'\d+ \((.*)\) (\w) (\d+) .*', file.read().strip(), re.S).groups()
            if state not in 'ZX':
                found[int(pid)] = name, int(parent)
    return found


class Site:
    def __init__(self):
        env = {name: value for name, value in os.environ.items() if name not in (
            'SITE', 'DATABASE_URL', 'PROXY', 'BIND', 'DEMO', 'VAR', 'PORT', 'METRICS_PORT', 'WORKERS')}
        self.house = House(env, os.path.join(ROOT, os.environ.get('RUN_BINARY', 'build/run')))
        self.conninfo, self.place = self.house.database, urllib.parse.urlparse(self.house.env['SITE']).netloc

    def children(self, *names):
        return [pid for pid, (name, parent) in processes().items() if parent == self.house.process.pid and name in names]

    def workers(self):
        all_of_them, parents = processes(), self.children('kore', 'site')
        return sorted(pid for pid, (name, parent) in all_of_them.items() if parent in parents and name in ('kore', 'site'))

    def ask(self, method, path, body=None, **headers):
        """(status, answer), or None. A connection of its own each time: one that was kept may be closed unasked, and who would know?"""
        connection = http.client.HTTPConnection(self.place, timeout=20 * SLOW)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except NO_ANSWER:
            return None
        finally:
            connection.close()

    def is_ready(self):
        """The site, and the database for a new session: while one of a killed database is busy, no other can start."""
        if (self.ask('GET', '/readyz') or [0])[0] != 200:
            return False
        line = Line(self.conninfo, ())
        try:
            return line.once('select 1') == '1'
        finally:
            line.end()

    def log(self, name):
        with open(f'{self.house.var}/log/{name}', encoding='utf-8', errors='replace') as file:
            return file.read().splitlines()


class Faults(threading.Thread):
    """Kills one thing after the other; held: while acts wait under way, for somebody has the table every act writes down in."""

    PLAN = ['database', 'database held', 'worker', 'worker held'] * 2 + ['restart', 'session', 'jobs', 'worker held']

    def __init__(self, site, seed):
        super().__init__(daemon=True)
        self.site, self.dice, self.done, self.stop, self.fault = site, random.Random(f'{seed} faults'), collections.Counter(), threading.Event(), None

    def enough(self):
        return all(self.done[what] >= 4 for what in ('database', 'worker')) and all(self.done[what] for what in ('restart', 'session', 'jobs'))

    def run(self):
        try:
            plan = self.dice.sample(self.PLAN, len(self.PLAN))
            while not self.stop.wait(self.dice.uniform(0.4, 1.4)):
                what, *held = (plan.pop() if plan else self.dice.choice(['worker', 'worker held', 'jobs'])).split()
                self.befall(what, bool(held))
                self.done[what] += 1
        except Exception as trouble:  # noqa: BLE001  told by the test
            self.fault = repr(trouble)

    def wait(self, what, condition, seconds=30):
        end = time.monotonic() + seconds * SLOW
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f'not within {seconds * SLOW} s: {what}')
            time.sleep(0.1)

    def befall(self, what, held):
        """Not longer than a lock may be waited for (3 s)."""
        site, line = self.site, Line(self.site.conninfo, ())
        if held:
            line.once("begin; lock table data.event in exclusive mode; select 'done'")
            for _ in range(30):
                if int(line.once("select count(*) from pg_stat_activity where usename = 'web' and wait_event_type = 'Lock'") or 0) >= 2:
                    break
                time.sleep(0.03)
        else:
            time.sleep(self.dice.uniform(0, 0.02))
        if what == 'worker':
            old = self.dice.choice(workers := site.workers())
            os.kill(old, signal.SIGKILL)
        elif what == 'session':
            workers, old = None, site.children('postgres')[0]
            sessions = [pid for pid, (_, parent) in processes().items() if parent == old]
            os.kill(self.dice.choice(sessions), signal.SIGKILL)
        else:
            workers, [old, *_] = None, site.children('jobs' if what == 'jobs' else 'postgres')
            os.kill(old, signal.SIGINT if what == 'restart' else signal.SIGKILL)
        if held and what == 'worker':
            line.once("rollback; select 'done'")
        line.end()
        if what == 'worker':
            self.wait('another worker', lambda: old not in site.workers() and len(site.workers()) == len(workers))
        elif what == 'jobs':
            self.wait('other jobs', lambda: site.children('jobs') not in ([], [old]))
        elif what != 'session':
            self.wait('another database', lambda: site.children('postgres') not in ([], [old]))
        self.wait('ready again', site.is_ready)


# --- the model of one stay ------------------------------------------------------------------------------------------------------

class World(model.Village):
    """The houses of a village and one stay in them; free: whether nights of others are. What is written down is noted, too."""

    def __init__(self, base, free=True):
        self.__dict__.update(base.__dict__)
        self.base, self.free = base, free
        self.stay, self.taken, self.holder, self.stays = None, {}, {}, []

    def twin(self, free=True):
        other = World(self.base, free)
        if self.stay is not None:
            # Entries are never changed.
            stay = other.stay = copy.copy(self.stay)
            stay.ledger, stay.events, stay.transfers = list(stay.ledger), list(stay.events), [copy.copy(transfer) for transfer in stay.transfers]
            other.taken, other.holder = dict(self.taken), dict.fromkeys(self.holder, stay)
        return other

    def is_free(self, *_):
        return self.free

    def all_free(self, *_):
        return self.free

    def count(self, stay, kind, fen, what, moment):
        was = stay.state_at(moment)
        super().count(stay, kind, fen, what, moment)
        stay.events += ['booking.' + kind] + ['booking.revive'] * (was == 'expired' and stay.state == 'confirmed')

    def lapse(self, stay, moment):
        if stay.state == 'requested' and stay.until <= moment:
            super().lapse(stay, moment)
            stay.events.append('booking.lapse')

    def close(self, stay, moment):
        was = stay.state
        super().close(stay, moment)
        if stay.state != was:
            stay.events.append('booking.close')

    def with_system(self, moment):
        """As it is, and as it is when the jobs program has come by."""
        yield self
        for act in ('lapse', 'close'):
            other = self.twin()
            if other.stay is not None:
                getattr(other, act)(other.stay, moment)
                if other.stay.state != self.stay.state:
                    yield other

    def says(self, moment):
        return {**picture.of_model(self, self.stay, moment), 'events': sorted(self.stay.events)}

    def is_at(self, look):
        """Is it what was read? Numbers of transfers and entries are the database's."""
        if (self.stay is None) != (look.stay is None):
            return False
        if self.stay is None:
            return True
        known = {transfer.number for transfer in self.stay.transfers if transfer.number}
        new = [row[0] for row in look.stay['picture']['transfers'] if row[0] not in known]
        for transfer in self.stay.transfers:
            transfer.number = transfer.number or (new.pop(0) if new else 0)
        return self.says(look.now) == look.says()


def whole_stamp(until):
    """The database leaves out the last noughts of a second."""
    return until if until == 'infinity' else picture.stamp(datetime.fromisoformat(until))


class Look:
    """What was read of a stay; stay is None while there is none."""

    def __init__(self, line, phone):
        said = json.loads(line.surely(f"select pg_temp.look('{phone}')"))
        self.now, self.many = datetime.fromisoformat(said['now']), len(said['stays'])
        self.stay = said['stays'][0] if said['stays'] else None
        self.events = self.stay['events'] if self.stay else []

    def says(self):
        said = picture.of_database(self.stay['picture'])
        said['state']['until'] = whole_stamp(said['state']['until'])
        said['nights'] = [[room, night, whole_stamp(until)] for room, night, until in said['nights']]
        return {**said, 'events': sorted(act for act, _ in self.events)}

    def entries(self):
        return [row[4] for row in self.stay['picture']['ledger']]


class Differs(Exception):
    pass


class Life:
    """A stay: its world as the model has it, and what was done."""

    def __init__(self, hand, nth):
        self.name, self.phone, self.key = f'{hand.name}/{nth}', f'13{hand.nth}{nth:08}', f'lives {hand.name} {nth} {time.time_ns()}'
        self.world, self.code, self.secret, self.manage, self.house, self.told = World(hand.base), None, None, None, None, []

    @property
    def stay(self):
        return self.world.stay


# --- hands ----------------------------------------------------------------------------------------------------------------------

class Hand:
    """Does one act after the other for stays of its own."""

    def __init__(self, run, nth):
        self.run, self.nth, self.name, self.base = run, nth, f'{run.seed}/{nth}', run.village
        self.dice, self.line = random.Random(self.name), Line(run.site.conninfo)
        self.lives, self.made, self.fault = [], 0, None

    def work(self, end):
        try:
            while time.monotonic() < end:
                try:
                    self.some_act()
                except Differs:
                    pass
        except Exception as trouble:  # noqa: BLE001  told by the test
            self.fault = repr(trouble)

    # --- one act, and what came of it ---

    def differs(self, finding, life, got, wanted):
        lines = [f'stay {life.name}:', *life.told[-25:]]
        self.run.wrong[finding].append('\n'.join([*lines, f'  site:  {got}', f'  model: {wanted}']))
        if life in self.lives:
            self.lives.remove(life)
        raise Differs

    def look(self, life):
        look = Look(self.line, life.phone)
        if look.many > 1:
            self.differs('once', life, f'{look.many} bookings', 'one')
        return look

    def unchanged(self, life, look):
        """The world that was read when nothing was done but by the jobs program, or None."""
        return next((world for world in life.world.with_system(look.now) if world.is_at(look)), None)

    def must_be_unchanged(self, finding, life, look):
        self.run.compared(finding)
        world = self.unchanged(life, look)
        if world is None:
            self.differs(finding, life, look.stay and look.says(), life.stay and life.world.says(look.now))
        life.world = world

    @staticmethod
    def outcomes(life, call, moments, look):
        """All that the act can come to, as (world, answer), and all refusals, as {(key, status)}: nights may be free or not, jobs come before or after."""
        done, refused = [], {}
        for moment in moments:
            for before in life.world.with_system(moment):
                for free in (True, False):
                    world = before.twin(free)
                    try:
                        answer = call(world, world.stay, moment)
                    except Refused as no:
                        refused[no.key, no.status] = no.detail
                    else:
                        done += [(after, answer) for after in world.with_system(look.now)]
        return done, refused

    def act(self, life, name, send, call):
        """send does it and says how it went: ('yes', row), ('no', key, status, detail),
        ('silence', why) or, of the database, ('fault', state, message). call does it in a model. True when it is done."""
        before = self.look(life)
        self.must_be_unchanged('meanwhile', life, before)
        went, *said = send(before)
        if went == 'silence':
            self.settle()
        after = self.look(life)
        life.told.append(f'{before.now.astimezone(SHANGHAI).isoformat()} {name}: {went} {said}')
        # An act is done at the moment it was written down.
        new = [datetime.fromisoformat(at) for _, at in after.events[len(before.events):]]
        done, refused = self.outcomes(life, call, [*new, before.now, after.now], after)
        found = next(((world, answer) for world, answer in done if world.is_at(after)), None)
        run = self.run
        if went == 'no':
            key, status, detail = said
            self.must_be_unchanged('refused', life, after)
            run.compared('key')
            if (key, status) not in refused:
                self.differs('key', life, said, f'refused {refused}, {len(done)} ways to do it')
            if any(detail.get(what) != value for what, value in refused[key, status].items()):
                self.differs('key', life, said, refused)
            run.seen(f'{name} refused', key)
            return False
        if went == 'fault':
            # The database said itself that it undid the act; it may only have been in a hurry, or away.
            self.must_be_unchanged('refused', life, after)
            run.seen(f'fault {said[0]}')
            if said[0] not in ('55P03', '57014', '57P01', '57P02', '57P03'):
                self.differs('key', life, said, 'no fault')
            return False
        if went == 'silence' and found is None:
            self.must_be_unchanged('silence', life, after)
            run.seen('silence unchanged', f'silence unchanged: {name}', f'silence: {said[0]}')
            return False
        run.compared('silence' if went == 'silence' else 'done')
        if found is None:
            self.differs('done', life, after.stay and after.says(), [world.says(after.now) for world, _ in done] or f'refused {refused}')
        nothing_new = life.stay is not None and found[0].stay.events == life.stay.events
        if went == 'yes':
            [row] = said
            run.compared('answer')
            # The same may be found in several ways; one of them is what was answered.
            fitting = [answer for world, answer in done if world.is_at(after)]
            if not any(all(row.get(what, 'missing') == value for what, value in answer.items()) for answer in fitting):
                self.differs('answer', life, row, fitting)
            if row.get('transfer') and row['transfer'] not in [transfer.number for transfer in found[0].stay.transfers]:
                self.differs('answer', life, row, 'the number of a transfer of this stay')
            run.seen(name)
        elif nothing_new:
            run.seen('silence over nothing')
        else:
            run.seen('silence done', f'silence done: {name}', f'silence: {said[0]}')
        life.world = found[0]
        return True

    def settle(self):
        """Whose answer was lost may be under way still: until whoever began before has ended."""
        begun = self.line.surely('select clock_timestamp()')
        time.sleep(0.05)
        for _ in range(2):
            while self.line.surely("select count(*) from pg_stat_activity where usename = 'web' and state <> 'idle'"
                                   f" and coalesce(xact_start, query_start, backend_start) < '{begun}'") != '0':
                time.sleep(0.02)
            time.sleep(0.02)

    # --- doors ---

    def press(self, path, body, **headers):
        said = self.run.site.ask('POST', path, body, Host=HOST, **{'Content-Type': 'application/json', **headers})
        if said is None:
            return 'silence', 'the connection was lost'
        status, told = said[0], json.loads(said[1])
        if status < 300:
            return 'yes', told
        if status == 503:
            return 'silence', '503'
        return 'no', told.get('key'), status, told

    def by_guest(self, life, act, path, body, call):
        def send(_):
            return self.press(f'/api/v1/bookings/{life.code}/{path}', body, Authorization=f'Bearer {life.secret}')
        return self.act(life, act, send, call)

    def ask(self, token, query):
        line = self.line.once(f"select pg_temp.act({text(token)}, {text(query)})")
        if line is None:
            return 'silence', 'the database was lost'
        answer = json.loads(line)
        if no := picture.refusal(answer):
            key, status, detail = no
            return ('no', key, status, detail) if isinstance(status, int) else ('fault', status, key)
        return 'yes', answer['rows'][0]

    def by_link(self, life, act, door, arguments, call):
        """A guest where the API has no word for it."""
        query = ', '.join([text(life.code), f"'\\x{life.manage}'::bytea", *arguments])
        return self.act(life, act, lambda _: self.ask('nobody', f'select * from booking.{door}({query})'), call)

    def by_house(self, life, act, door, arguments, call, person=None):
        """call is told as whom one acts there."""
        person = wishes.some_person(self.dice, self.base, life.house) if person is None else person
        query = ', '.join([text(life.code), *arguments])

        def with_right(world, stay, moment):
            return call(world, stay, moment, wishes.acts_as(person, life.house))
        return self.act(life, act, lambda _: self.ask(f'person {person}', f'select * from owner.{door}({query})'), with_right)

    # --- acts ---

    def hint(self, life=None):
        """What others have now, so that most wishes can be had. They may be had by others in a moment."""
        village = model.Village(self.base.holidays, self.base.settings)
        village.houses, village.rooms = self.base.houses, self.base.rooms
        village.stays = [life.stay] if life else []
        for room, night, until in json.loads(self.line.surely('select pg_temp.taken()')):
            village.taken[room, date.fromisoformat(night)] = price.FOR_EVER if until == 'infinity' else datetime.fromisoformat(until)
        return village

    def book(self, life=None):
        """life: whose nights somebody else wants."""
        self.made += 1
        new, moment = Life(self, self.made), self.run.moment()
        if life is None:
            house, rooms, arrive, leave, adults, children = wishes.near_wish(self.dice, self.hint(), moment, 5)
        else:
            house, rooms, arrive, leave, adults, children = life.house, life.stay.rooms, life.stay.arrive, life.stay.leave, life.stay.adults, life.stay.children
        if not rooms or adults > 12 or len(children) > 6:
            return
        body = {'rooms': list(rooms), 'arrive': str(arrive), 'leave': str(leave), 'adults': adults, 'children': list(children),
                'guest': {'name': '客人', 'phone': new.phone}, **({} if house is None else {'house': house})}

        def send(_):
            end = time.monotonic() + 60 * SLOW
            while (went := self.press('/api/v1/bookings', body, **{'Idempotency-Key': new.key}))[0] == 'silence':
                self.run.seen('a booking is pressed again')
                if time.monotonic() > end:
                    raise TimeoutError('the site does not come back')
                time.sleep(0.2)
            if went[0] == 'yes':
                new.code, new.secret = went[1]['code'], went[1]['secret']
            return went

        def call(world, _, moment):
            stay = world.stay = world.book(house, list(rooms), arrive, leave, adults, list(children), new.phone, None, None, None, moment)
            stay.number, stay.events = 0, ['booking.book']
            return {'state': stay.state, 'total_fen': stay.total}
        if self.act(new, 'book', send, call):
            found = self.look(new).stay
            new.house, new.manage = new.stay.house, found['manage']
            self.lives.append(new)
            if found['code'] != new.code:
                self.differs('answer', new, found['code'], new.code)

    def cancel(self, life):
        owed = life.stay.owed_at(self.run.moment())
        seen = self.dice.choice([None, owed, owed, max(0, owed - 1), life.stay.total])

        def call(world, stay, moment):
            again = stay.state == 'cancelled_guest'
            world.cancel(stay, seen, moment)
            stay.events += [] if again else ['booking.cancel']
            owed = sum(entry.fen for entry in stay.ledger if entry.what == 'cancel' and entry.reverses is None)
            return {'state': stay.state, 'owed_fen': owed, 'refund_fen': stay.total - owed, 'balance_fen': stay.balance(moment)}
        self.by_guest(life, 'cancel', 'cancel', {'phone_last4': life.phone[-4:], **({} if seen is None else {'seen_owed_fen': seen})}, call)

    def change_wish(self, life, who):
        def often(key):
            return self.run.happened[key]
        while True:
            wish = wishes.change_wish(self.dice, self.hint(life), life.stay, who, self.run.moment(), often)
            if wish[0] and 1 <= wish[3] <= 12 and len(wish[4]) <= 6:
                return wish

    @staticmethod
    def do_change(world, stay, moment, who, wish, seen_total=None, seen_owed=None):
        owed, plan = world.change(stay, who, *wish, moment, seen_total, seen_owed)
        stay.events += [] if plan is None else ['booking.change']
        return {'state': stay.state_at(moment), 'total_fen': stay.total, 'owed_fen': owed, 'balance_fen': stay.balance(moment)}

    def change(self, life):
        wish, seen = self.change_wish(life, 'guest'), {}
        rooms, arrive, leave, adults, children = wish
        if self.dice.random() < 0.6:
            with contextlib.suppress(Refused):
                owed, plan = life.world.twin().change(life.stay, 'guest', *wish, self.run.moment(), only_look=True)
                if plan is not None:
                    less = self.dice.choice([0] * 8 + [1])
                    seen = {'seen_total_fen': max(0, plan.total - less), 'seen_owed_fen': max(0, owed - less)}

        def call(world, stay, moment):
            return self.do_change(world, stay, moment, 'guest', wish, seen.get('seen_total_fen'), seen.get('seen_owed_fen'))
        self.by_guest(life, 'change', 'change', {'rooms': list(rooms), 'arrive': str(arrive), 'leave': str(leave), 'adults': adults,
                                                 'children': list(children), 'phone_last4': life.phone[-4:], **seen}, call)

    def change_in_house(self, life):
        person = wishes.some_person(self.dice, self.base, life.house)
        wish = self.change_wish(life, 'association' if person in (SECRETARY, OPERATOR) else 'house')
        rooms, arrive, leave, adults, children = wish

        def call(world, stay, moment, who):
            return self.do_change(world, stay, moment, who, wish)
        self.by_house(life, 'change by the house', 'change', [
            numbers(rooms, 'bigint'), f"'{arrive}'::date", f"'{leave}'::date", str(adults), numbers(children, 'int')], call, person)

    def step(self, life, event):
        person, reason = wishes.some_person(self.dice, self.base, life.house), self.dice.choice(['other'] * 9 + [None])
        if event == 'drop' and person != NOBODY and self.dice.random() < 0.7:
            person = SECRETARY

        def call(world, stay, moment, who):
            world.step(stay, event, who, reason, moment)
            stay.events.append('booking.' + event)
            return {'state': stay.state, 'balance_fen': stay.balance(moment)}
        self.by_house(life, event, 'step', [text(event), text(reason)], call, person)

    def late(self, life):
        arrival = self.dice.choice([0, 840, 1200, 1380, 1439, 1560, 1800])

        def call(world, stay, moment, who='guest'):
            world.late(stay, who, arrival, moment)
            stay.events.append('booking.late')
            return {'state': stay.state_at(moment)}
        if self.dice.random() < 0.6:
            self.by_guest(life, 'late', 'arrival', {'arrival': arrival}, call)
        else:
            self.by_house(life, 'late by the house', 'late', [number(arrival)], call)

    def take(self, life, kind='payment'):
        how = self.dice.choice(['cash', 'wechat', 'alipay', 'card', 'transfer', 'transfer', 'transfer'])
        fen = wishes.some_money(self.dice, life.world.most(life.stay, kind, self.run.moment()), life.stay.total)

        def call(world, stay, moment, _):
            if transfer := world.pay(stay, kind, fen, how, moment):
                transfer.number = None
                stay.events.append('booking.say_transfer')
            return {'state': stay.state_at(moment), 'balance_fen': stay.balance(moment)}
        door = 'take' if kind == 'payment' else 'give_back'
        self.by_house(life, f"{door} {'by transfer' if how == 'transfer' else 'at the house'}", door, [number(fen), text(how)], call)

    def give_back(self, life):
        self.take(life, 'refund')

    def paid(self, life):
        fen = wishes.some_money(self.dice, life.stay.total, life.stay.total)

        def call(world, stay, moment):
            world.say(stay, 'payment', fen, 'guest', moment).number = None
            stay.events.append('booking.say_transfer')
            return {}
        self.by_link(life, 'say a transfer', 'paid', [number(fen), "'转了'"], call)

    def answer(self, life):
        yes = self.dice.random() < 0.75
        some = [nth for nth, transfer in enumerate(life.stay.transfers) if transfer.state == 'said']
        nth = self.dice.choice(some if some and self.dice.random() < 0.85 else range(len(life.stay.transfers)))
        transfer = life.stay.transfers[nth]

        def call(world, stay, moment, who='guest'):
            was = stay.transfers[nth].state
            world.answer(stay, stay.transfers[nth], who, yes, moment)
            stay.events += ['booking.settle_transfer'] if stay.transfers[nth].state != was else []
            return {'balance_fen': stay.balance(moment)}
        arguments, act = [number(transfer.number), str(yes)], f"answer {'yes' if yes else 'no'}"
        if (transfer.said_by == 'house') != (self.dice.random() < 0.15):
            self.by_link(life, act, 'answer_transfer', arguments, call)
        else:
            self.by_house(life, f'{act} by the house', 'answer_transfer', arguments, call)

    def reverse(self, life):
        some = [nth for nth, entry in enumerate(life.stay.ledger) if entry.reverses is None and (entry.kind != 'charge' or entry.what in model.FAVOURS)]
        nth = self.dice.choice(some if some and self.dice.random() < 0.9 else range(len(life.stay.ledger)))

        def call(world, stay, moment, _):
            world.reverse(stay, stay.ledger[nth])
            stay.events.append('booking.reverse')
            return {'balance_fen': stay.balance(moment)}
        self.by_house(life, 'reverse', 'reverse', [number(self.look(life).entries()[nth]), "'记错了'"], call)

    def outbid(self, life):
        self.book(life)
        self.take(life)

    def some_act(self):
        dice, moment = self.dice, self.run.moment()
        lively = [life for life in self.lives if life.stay.state_at(moment) in ('requested', 'confirmed', 'checked_in')]
        if not self.lives or dice.random() < (0.3 if len(lively) < LIVELY else 0.04):
            return self.book()
        owed = [life for life in self.lives if life.world.most(life.stay, 'refund', moment) > 0]
        life = dice.choice(owed if owed and dice.random() < 0.15 else lively if lively and dice.random() < 0.8 else self.lives[-5:])
        stay = life.stay
        acts = {
            'requested': ['accept'] * 4 + ['decline', 'cancel', 'late', 'take', 'paid', 'check_in'] + ['change', 'change_in_house'] * 2,
            'confirmed': ['change'] * 5 + ['change_in_house', 'check_in'] * 3 + ['no_show', 'take', 'late', 'paid'] * 2 + ['cancel', 'drop', 'accept'],
            'checked_in': ['change', 'change_in_house', 'check_out'] * 3 + ['take', 'take', 'paid', 'late', 'cancel'],
            'expired': ['take', 'paid', 'change', 'accept', 'give_back', *['take', 'paid', 'outbid'] * 2],
        }.get(stay.state_at(moment), ['give_back', 'reverse'] * 2 + ['take', 'paid', 'cancel', 'change', 'change_in_house', 'drop', 'check_out', 'late'])
        if stay.transfers:
            acts = [*acts, *['answer'] * (len(acts) // (2 if any(transfer.state == 'said' for transfer in stay.transfers) else 6))]
        if any(entry.kind != 'charge' or entry.what in model.FAVOURS for entry in stay.ledger):
            acts = [*acts, 'reverse']
        act = dice.choice(acts)
        if hasattr(self, act):
            return getattr(self, act)(life)
        return self.step(life, act)

    def end(self):
        self.line.end()


# --- the run --------------------------------------------------------------------------------------------------------------------

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
        edges = [clock(now.date() + DAY, minute) for minute in (0, 361, 720)]
        for hand in self.hands:
            for life in hand.lives:
                stay = life.stay
                edges += [until for until, _ in stay.cuts] + [stay.until, clock(stay.arrive, self.village.houses[stay.house].check_in_to)]
                edges += [clock(stay.arrive, 360), clock(stay.leave, 0), clock(stay.leave + DAY, 360)]
        edges = [edge for edge in edges if now + timedelta(hours=1) < edge < now + timedelta(hours=22)]
        self.shift += dice.choice(edges) - now + dice.choice([-2, -1, 0, 1]) * SECOND if edges else timedelta(hours=6)
        sql = [f"update data.clock set shift = interval '{self.shift.total_seconds()} s'"]
        self.changes += 1
        wishes.house_changes(dice, self.village, self.moment(), sql.append, self.changes, VILLAGE)
        # Told twice it is like once: what a rule adds a second time is the same rule.
        self.line.surely(f"begin; {'; '.join(sql)}; commit; select 'done'")

    def live(self, seconds, faults):
        begun = time.monotonic()
        while (gone := time.monotonic() - begun) < seconds or not faults.enough() and gone < seconds * 1.4 and not faults.fault:
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
    parser.add_argument('--seconds', type=float, default=48)
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
