"""How the tests of this folder talk: to a database through psql kept open, to the site by HTTP, and TAP to whoever called them."""

import contextlib
import http.client
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse

PSQL = '/usr/lib/postgresql/15/bin/psql'
NO_ANSWER = (http.client.HTTPException, OSError)

# Answers a question as JSON: {"rows": […]}, or how it was refused.
ASK = """
create function pg_temp.ask(who text, query text) returns text language plpgsql as $$
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
    """As superuser, who may take any role; village: the one it is in from the start. complaints: where psql's go."""

    def __init__(self, conninfo, village=None, complaints=None):
        self.process = subprocess.Popen(
            [PSQL, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', conninfo], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=complaints, text=True, env={
                **os.environ, 'PGOPTIONS': '-c client_min_messages=warning -c timezone=UTC -c statement_timeout=60s', 'PGCLIENTENCODING': 'UTF8'})
        self.tell(ASK)
        if village is not None:
            self.tell(f"set visit.village = '{village}'")
            self.tell("set visit.lang = 'zh'")

    def tell(self, sql):
        self.process.stdin.write(sql.rstrip().rstrip(';') + ';\n')

    def line(self, sql):
        self.tell(sql)
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise ConnectionError('the database has gone')
        return line.rstrip('\n')

    def do(self, sql):
        """Tells, and waits until it is done."""
        self.tell(sql)
        self.line("select 'done'")

    def ask(self, who, query):
        quoted = query.replace("'", "''")
        return json.loads(self.line(f"select pg_temp.ask('{who}', '{quoted}')"))

    def rows(self, query):
        return json.loads(self.line(f"select coalesce(jsonb_agg(t), '[]') from ({query}) t"))

    def end(self):
        self.process.stdin.close()
        self.process.wait()


class Door:
    """A connection to the site that is kept; host names the village."""

    def __init__(self, url, host=None):
        self.connection = http.client.HTTPConnection(urllib.parse.urlparse(url).netloc, timeout=20)
        self.headers = {} if host is None else {'Host': host}

    def ask(self, path, body=None, **headers):
        """(status, answer). A question that got none is asked once more, for the site may close what it has kept; bookings carry a key."""
        method, more = ('GET', {}) if body is None else ('POST', {'Content-Type': 'application/json'})
        for again in (False, True):
            try:
                self.connection.request(method, path, None if body is None else json.dumps(body), {**self.headers, **more, **headers})
                answer = self.connection.getresponse()
                told = answer.read()
                return answer.status, json.loads(told)
            except NO_ANSWER:
                self.connection.close()
                if again:
                    raise

    def end(self):
        self.connection.close()


class Site:
    """The running site that tests/run.py started."""

    def __init__(self):
        self.url, self.inside, self.conninfo = (os.environ[name] for name in ('SITE', 'METRICS', 'DATABASE'))
        with open(os.path.join(os.environ['VAR'], 'kore.conf'), encoding='utf-8') as file:
            self.workers = int(re.search(r'^workers\s+(\d+)', file.read(), re.M)[1])

    def boards(self, village, house=None):
        """What every worker believes of a village, by its process; {} of one that does not know it."""
        found, end = {}, time.monotonic() + 20
        while len(found) < self.workers:
            if time.monotonic() > end:
                raise TimeoutError(f'of {self.workers} workers only {sorted(found)} answer')
            door = Door(self.inside)
            _, told = door.ask(f'/board?village={village}' + (f'&house={house}' if house else ''))
            door.end()
            found[told['worker']] = next((one for one in told['villages'] if one['loaded']), {})
        return found

    def wait(self, what, seconds, condition):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f'not within {seconds} s: {what}')
            time.sleep(0.05)

    def open(self, village, host):
        """Until every worker knows the host and has read its village."""
        def known():
            door = Door(self.url, host)
            door.ask('/api/v1/village')
            door.end()
            return all(self.boards(village, 1).values())
        self.wait(f'{host} is known', 30, known)

    def close(self, database, villages):
        """These villages are no more. No trigger watches while all of one goes; the boards are told, so that they forget it."""
        some = '(' + ', '.join(str(village) for village in villages) + ')'
        tables = [row['name'] for row in database.rows(
            "select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'village'"
            " where c.relnamespace = 'data'::regnamespace and c.relkind = 'r' and c.relname not in ('village', 'village_host', 'stale')")]
        database.do(f'delete from data.village_host where village in {some}')
        database.tell('begin')
        # The jobs program, who else puts their events into the chain at the same moment.
        database.tell("select pg_advisory_xact_lock(hashtextextended('jobs.chain', 0)) \\g /dev/null")
        database.tell('set local session_replication_role = replica')
        for table in tables:
            database.tell(f'delete from data.{table} where village in {some}')
        database.tell(f'delete from data.village where village in {some}')
        for village in villages:
            database.tell(f'insert into data.stale values ({village}, 0, pg_current_xact_id()) on conflict (village, house) do update set xact = excluded.xact')
        database.do('commit')
        with contextlib.suppress(TimeoutError):
            self.wait('the boards forget', 5, lambda: not any(board.get('houses') for village in villages for board in self.boards(village).values()))
        database.do(f'begin; set local session_replication_role = replica; delete from data.stale where village in {some}; commit')

    @staticmethod
    def turn_back(database, shift):
        """What had run out when a board was read is not on it, and is taken again now: the boards must find that out by themselves."""
        database.do(f"update data.clock set shift = '{shift}'")

    @contextlib.contextmanager
    def own_time(self, database):
        """The clock may be moved, and is put back. What is due in the demo village meanwhile is not done: it is to be found as it was."""
        shift = database.line('select shift from data.clock')
        due = "update data.deadline set at = at {} interval '1 year' where village = 1 and done is null"
        database.do(due.format('+'))
        try:
            yield
        finally:
            self.turn_back(database, shift)
            database.do(due.format('-'))


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def say(self, good, about, comments=()):
        self.count += 1
        self.failed += not good
        print(f'{"ok" if good else "not ok"} {self.count} - {about}')
        self.comment('\n'.join(comments))

    @staticmethod
    def comment(said):
        for line in said.splitlines():
            print('# ' + line)
        sys.stdout.flush()

    def differences(self, about, wrong, made):
        """A test that compared so often: at least once, and nothing differed. The first differences are shown."""
        self.say(made > 0 and not wrong, about, [*wrong[:3], *([f'and {len(wrong) - 3} more'] if wrong[3:] else [])])

    def end(self):
        print(f'1..{self.count}')
        sys.exit(1 if self.failed else 0)
