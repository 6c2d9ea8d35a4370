"""A site of a test's own, what may befall it, and a connection to its database that is opened anew when it has died."""

import collections
import contextlib
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

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f'{ROOT}/tests', f'{ROOT}/tests/model']
from run import House  # noqa: E402
from talk import NO_ANSWER, Database  # noqa: E402

HANDS = 4                   # that act at once
SLOW = 4 if os.environ.get('CHECKED') else 1     # a checked build takes its time


class Line:
    """functions: what every new connection makes first."""

    def __init__(self, conninfo, functions=()):
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
        line = Line(self.conninfo)
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
            while not self.stop.wait(self.dice.uniform(0.3, 1)):
                what, *held = (plan.pop() if plan else self.dice.choice(['worker', 'worker held', 'jobs'])).split()
                self.done[what] += self.befall(what, bool(held))
        except Exception as trouble:  # noqa: BLE001  told by the test
            self.fault = repr(trouble)

    def wait(self, what, condition, seconds=30):
        end = time.monotonic() + seconds * SLOW
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f'not within {seconds * SLOW} s: {what}')
            time.sleep(0.1)

    def befall(self, what, held):
        """How many were killed. Nobody holds a lock longer than it may be waited for (3 s)."""
        site, line = self.site, Line(self.site.conninfo)
        if held:
            line.once("begin; lock table data.event in exclusive mode; select 'done'")
            end = time.monotonic() + 1.5
            while time.monotonic() < end and int(line.once("select count(*) from pg_stat_activity where wait_event_type = 'Lock'") or 0) < HANDS:
                time.sleep(0.03)
        else:
            time.sleep(self.dice.uniform(0, 0.02))
        if what == 'worker':
            # All of them where acts wait: each may have one of those that were sent through the site.
            workers = site.workers()
            old = workers if held else [self.dice.choice(workers)]
            for pid in old:
                os.kill(pid, signal.SIGKILL)
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
            self.wait('other workers', lambda: len(now := site.workers()) == len(workers) and not set(now) & set(old))
        elif what == 'jobs':
            self.wait('other jobs', lambda: site.children('jobs') not in ([], [old]))
        elif what != 'session':
            self.wait('another database', lambda: site.children('postgres') not in ([], [old]))
        self.wait('ready again', site.is_ready)
        return len(old) if what == 'worker' else 1
