"""What bench.py asks and what asks it: the real site, Kore alone, who writes meanwhile; wrk and pgbench."""

import datetime
import glob
import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, f'{ROOT}/tests')
import run as tests  # noqa: E402

BIN = '/usr/lib/postgresql/15/bin'
WRK = ['wrk', '-t1', '--latency', '--timeout', '10s']
BOOKINGS_MOST = 10000       # a second; so many rooms and nights are kept ready for each turn
NIGHTS = 360                # of a room that may be taken, two at a time
# As the proxy in front says it; then each request can come from an address of its own.
BENCH = {'X-Real-IP': '10.0.0.1', 'X-Forwarded-Proto': 'http', 'Host': 'bench.test'}
DEMO = {**BENCH, 'Host': 'demo.test'}
ZIPPED = {'Accept-Encoding': 'gzip'}


def stop(words):
    sys.exit(f'bench: {words}')


def command(*words, **more):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, **more)
    if done.returncode != 0:
        stop(f'{" ".join(words[:3])} … ended with {done.returncode}:\n{done.stdout}')
    return done.stdout


# --- what asks -----------------------------------------------------------------------------------------------------------

wrongs = []     # answers that were not what was asked for; the bench then ends with 1
MS = {'us': 0.001, 'ms': 1, 's': 1000, 'm': 60000}


class Rate:
    """A second, and how long half and 99 of 100 took (ms)."""

    def __init__(self, rate, p50=None, p99=None, answers=0):
        self.rate, self.p50, self.p99, self.answers = rate, p50, p99, answers


def wrk(url, seconds, *script, clients=64):
    lua = ['-s', f'{HERE}/{script[0]}'] if script else []
    said = command(*WRK, f'-c{clients}', f'-d{seconds}s', *lua, url, *(['--', *map(str, script[1:])] if script else []))
    if wrong := re.search(r'Non-2xx or 3xx responses: \d+|Socket errors: .*', said):
        wrongs.append(f'{" ".join(os.path.basename(str(word)) for word in script[:2])}: {wrong[0].strip()} of {re.search(r"([0-9]+) requests in", said)[1]}')
        print(f'  {wrongs[-1]}')
    tail = {share: float(n) * MS[unit] for share, n, unit in re.findall(r'^\s+(50|99)%\s+([\d.]+)(us|ms|s|m)\s*$', said, re.M)}
    if len(tail) < 2:
        stop(f'{url}: wrk says no latencies\n{said}')
    return Rate(float(re.search(r'Requests/sec:\s+([\d.]+)', said)[1]), tail['50'], tail['99'], int(re.search(r'(\d+) requests in', said)[1]))


def pgbench(site, scripts, seconds, role='web', transactions=None, **values):
    words = [word for script in scripts for word in ('-f', script)] + [word for k, v in values.items() for word in ('-D', f'{k}={v}')]
    said = command(f'{BIN}/pgbench', '-n', '-M', 'prepared', '-c8', '-j1', f'-t{transactions}' if transactions else f'-T{seconds}', '-D', f'release={site.release}',
                   '-D', f'today={site.today}', *words, site.database.replace('user=postgres', f'user={role}'))
    failed = re.search(r'number of failed transactions: (\d+)', said)
    if failed and int(failed[1]) or 'aborted' in said:
        stop(f'pgbench {scripts[0]}:\n{said}')
    return Rate(float(re.search(r'tps = ([\d.]+)', said)[1]), float(re.search(r'latency average = ([\d.]+) ms', said)[1]))


# --- who is asked --------------------------------------------------------------------------------------------------------

class Site:
    def __init__(self, folder, wanted):
        env = {k: v for k, v in os.environ.items() if k not in ('DATABASE_URL', 'BIND', 'BASE_URL', 'SITE_BINARY', 'JOBS_BINARY', 'MAKEFLAGS')}
        # wrk speaks as a proxy does, so that bookings can come from many addresses.
        self.house = tests.House({**env, 'WORKERS': '2', 'PROXY': '127.0.0.1', 'LC_ALL': 'C.UTF-8'}, f'{ROOT}/build/run')
        self.folder, self.database, self.url = folder, self.house.database, self.house.env['SITE']
        try:
            self.release = self.ask('select hash from data.release')
            self.today = self.ask("select set_config('visit.village', '1', false); select clock.today(1)").splitlines()[-1]
            rooms = -(-wanted * 2 // NIGHTS)
            self.rooms, self.next = max(2000, rooms), 0
            command(f'{BIN}/psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-v', f'rooms={self.rooms}', '-v', 'village=9000', '-v', 'host=bench.test', '-d', self.database, '-f', f'{HERE}/village.sql')
            self.ask("insert into data.village_host values ('demo.test', 1)")
            # The demo's pictures are made in the first minute, on the same two cores.
            while int(self.ask('select count(*) from data.job where done is null and due < clock.now()')) > 0:
                time.sleep(1)
        except BaseException:
            self.house.end()
            raise

    def ask(self, sql):
        return command(f'{BIN}/psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', self.database, '-c', sql).strip()

    def day(self, nth):
        return (datetime.date.fromisoformat(self.today) + datetime.timedelta(days=nth)).isoformat()

    def take(self, count):
        """Room and nights for so many bookings, by their first number."""
        first, self.next = self.next, self.next + count
        if self.next * 2 > self.rooms * NIGHTS:
            stop('no room is left; fewer --rounds or --seconds')
        return first

    def call(self, method, path, body=None, headers=None):
        to = http.client.HTTPConnection(self.url.removeprefix('http://'), timeout=10)
        to.request(method, path, body and json.dumps(body), {**BENCH, 'Content-Type': 'application/json', **(headers or {})})
        answer = to.getresponse()
        said = answer.read()
        to.close()
        return answer.status, said

    def inside(self, path):
        asked = urllib.request.Request(f'{self.house.env["METRICS"]}{path}', headers={'X-Real-IP': '127.0.0.1', 'X-Forwarded-Proto': 'http'})
        with urllib.request.urlopen(asked, timeout=5) as answer:
            return answer.read().decode()

    def village(self, village, rooms, host):
        """One more village of empty rooms, unless it is there."""
        command(f'{BIN}/psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-v', f'rooms={rooms}', '-v', f'village={village}', '-v', f'host={host}',
                '-d', self.database, '-f', f'{HERE}/village.sql')

    def history(self, stays):
        """At least so many stays of the demo village that are over, with the rows a booking writes."""
        command(f'{BIN}/psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-v', f'stays={stays}', '-d', self.database, '-f', f'{HERE}/history.sql')

    def round_ms(self):
        """What the board asks every 250 ms, as the database counts it."""
        said = self.ask("""select set_config('visit.village', '1', false); select max(xact)::text::bigint from data.event;
            do $$ begin perform count(*) from board.changes('{1}', (select max(xact)::text::bigint from data.event)); end $$;
            explain (analyze, timing off, format json) select * from board.changes('{1}', (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint))""")
        return float(re.search(r'"Execution Time": ([\d.]+)', said)[1])

    def book(self):
        """(code, secret) of a stay, by the API."""
        n = self.take(1)
        day = 1 + 2 * (n // self.rooms)
        status, said = self.call('POST', '/api/v1/bookings', {
            'rooms': [1000000 + n % self.rooms], 'arrive': self.day(day), 'leave': self.day(day + 2), 'adults': 2,
            'guest': {'name': '示例客人', 'phone': str(13000000000 + n)}},
            {'Idempotency-Key': f'bench key {n}', 'X-Real-IP': f'10.{n // 65536}.{n // 256 % 256}.{n % 256}'})
        if status != 201:
            stop(f'a booking was answered {status}: {said.decode()}')
        answer = json.loads(said)
        return answer['code'], answer['secret']

    def requests(self, name, blocks):
        """A file for ask.lua; a block is (method, path, headers, body)."""
        path = f'{self.folder}/{name}'
        with open(path, 'w', encoding='utf-8') as file:
            for method, where, headers, body in blocks:
                lines = [f'{method} {where}', *(f'{k}: {v}' for k, v in headers.items())]
                file.write('\n'.join(lines) + f'\n\n{body}\n---\n')
        return path

    def workers(self):
        """pid → of each worker."""
        parents = {}
        for path in glob.glob('/proc/[0-9]*/stat'):
            try:
                with open(path, encoding='utf-8', errors='replace') as file:
                    pid, rest = file.read().split(' (', 1)
                parents[int(pid)] = (int(rest.rsplit(')', 1)[1].split()[1]), rest.rsplit(')', 1)[0])
            except OSError:
                continue
        kore = {pid for pid, (parent, name) in parents.items() if parent == self.house.process.pid and name.startswith('kore')}
        return sorted(pid for pid, (parent, _) in parents.items() if parent in kore)

    def memory(self):
        """(RSS, PSS) of each worker in MiB; PSS is None where only root may see it."""
        out = []
        for pid in self.workers():
            with open(f'/proc/{pid}/status', encoding='utf-8') as file:
                rss = int(re.search(r'VmRSS:\s+(\d+)', file.read())[1]) / 1024
            try:
                with open(f'/proc/{pid}/smaps_rollup', encoding='utf-8') as file:
                    pss = int(re.search(r'^Pss:\s+(\d+)', file.read(), re.M)[1]) / 1024
            except PermissionError:
                pss = None
            out.append((rss, pss))
        return out

    def settle(self):
        """Each turn begins right after a checkpoint: who writes then pays for whole pages, and all pay the same."""
        self.ask('checkpoint')
        time.sleep(0.3)


class Writer:
    """Twenty bookings a second by the API, and how long it takes until each worker's list has them."""

    def __init__(self, site):
        self.site, self.made, self.seen, self.over = site, 0, [], threading.Event()

    def __enter__(self):
        self.threads = [threading.Thread(target=self.write), threading.Thread(target=self.watch)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def write(self):
        due = time.monotonic()
        while not self.over.is_set():
            self.site.book()
            self.made += 1
            due += 0.05
            time.sleep(max(0, due - time.monotonic()))

    def watch(self):
        """A night of the demo village is closed and opened again; each worker's board is asked until it says so."""
        site = self.site
        house, room = site.ask('select house, room from data.room where village = 1 order by room limit 1').split('|')
        night, taken = 300, False
        while not self.over.is_set():
            taken = not taken
            site.ask(f"insert into data.night (village, room, night, kind, until) values (1, {room}, '{site.day(night)}', 'closed', 'infinity')" if taken
                     else f"delete from data.night where village = 1 and room = {room} and night = '{site.day(night)}' and kind = 'closed'")
            begun, there = time.monotonic(), set()
            while len(there) < 2 and time.monotonic() - begun < 10:
                board = json.loads(site.inside(f'/board?village=1&house={house}'))
                rooms = board['villages'][0]['houses'][0]['rooms']
                until = next(r for r in rooms if r['room'] == int(room))['until'][night]
                if (until == 'infinity') == taken and board['worker'] not in there:
                    there.add(board['worker'])
                    self.seen.append((time.monotonic() - begun) * 1000)
            self.over.wait(0.3)


class Bare:
    """Kore alone, with as many workers as the site."""

    def __init__(self, site):
        self.folder, port = f'{site.folder}/bare', tests.free_port()
        self.url = f'http://127.0.0.1:{port}'
        os.mkdir(self.folder)
        features = open('/usr/share/kore/features', encoding='utf-8').read().split()
        command('gcc', '-std=gnu11', '-O2', '-fPIC', '-shared', *features, '-isystem', '/usr/include/postgresql', '-o', f'{self.folder}/bare.so', f'{HERE}/bare.c')
        root = os.geteuid() == 0
        with open(f'{self.folder}/kore.conf', 'w', encoding='utf-8') as file:
            file.write(f'root {self.folder}\npidfile {self.folder}/pid\n{"runas postgres" if root else ""}\nworkers 2\nworker_accept_threshold 1\n'
                       f'worker_set_affinity 0\nhttp_keepalive_time 8\nhttp_request_limit 2000\nload {self.folder}/bare.so\n'
                       f'server main {{\n\tbind 127.0.0.1 {port}\n\ttls no\n}}\ndomain * {{\n\tattach main\n\troute / bare_answer\n}}\n')
        self.words = ['kore', '-c', f'{self.folder}/kore.conf', '-fn' if root else '-fnr']

    def __enter__(self):
        with open(f'{self.folder}/said', 'w', encoding='utf-8') as log:
            self.process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        for _ in range(100):
            try:
                to = http.client.HTTPConnection(self.url.removeprefix('http://'), timeout=1)
                to.request('GET', '/')
                if to.getresponse().read() == b'xxx':
                    return self
            except OSError:
                time.sleep(0.05)
        self.__exit__()
        with open(f'{self.folder}/said', encoding='utf-8') as log:
            stop(f'Kore alone does not start:\n{log.read()}')

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            self.process.wait()
