#!/usr/bin/env python3
"""What the site costs, as ratios: the same machine, the same two cores, the same minutes, the same statements.

Starts the real site (WORKERS=2, a new VAR on disk, free ports, the demo village and a village of empty rooms), asks it with
`wrk -t1 -c64`, asks the same cluster with `pgbench -c8 -j1 -M prepared` for the same statements under one Sync as role web, and
prints absolute numbers and ratios. The two take turns, so that what else the machine does hits both; a ratio is the median of the
turns' ratios. README.md says how to read it. A wrong answer anywhere ends with 1; a ratio below what is wanted does not, for a
busy machine can make one: it is marked.

Usage: bench.py [--only handler|stay|list|book|memory …] [--seconds 5] [--rounds 3] [--requests 200000]
"""

import argparse
import datetime
import glob
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
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
STAYS = 1000
PSS_MOST = 64               # MiB a worker
PSS_NOISE = 1.0             # MiB a worker may grow between the first and the last third of the requests
# As the proxy in front says it; then each request can come from an address of its own.
BENCH = {'X-Real-IP': '10.0.0.1', 'X-Forwarded-Proto': 'http', 'Host': 'bench.test'}
DEMO = {**BENCH, 'Host': 'demo.test'}
ZIPPED = {'Accept-Encoding': 'gzip'}

# part → what of pgbench's rate is wanted
WANTED = {'stay': 0.8, 'list': 0.8, 'book': 0.8, 'rows': 0.7}


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
            command(f'{BIN}/psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-v', f'rooms={self.rooms}', '-d', self.database, '-f', f'{HERE}/village.sql')
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


# --- the parts -----------------------------------------------------------------------------------------------------------

class Bench:
    def __init__(self, site, asked):
        self.site, self.asked = site, asked
        self.lines, self.ratios, self.memory_words = [], [], None

    def turns(self, *runs):
        """Each of runs in turn, so many rounds, after a short one that counts for nothing; a list of rates for each."""
        for one in runs:
            one(1)
        rates = [[] for _ in runs]
        for _ in range(self.asked.rounds):
            for place, one in enumerate(runs):
                self.site.settle()
                rates[place].append(one(self.asked.seconds))
        return rates

    def line(self, name, rates, against=None, wanted=None):
        """One line of the table: the median rate, its spread, latencies, and the median of the ratios turn by turn."""
        all_rates = [r.rate for r in rates]
        p50, p99 = (statistics.median(r.p50 for r in rates), statistics.median(r.p99 for r in rates) if rates[0].p99 is not None else None)
        cells = [name, f'{statistics.median(all_rates):,.0f}', f'{min(all_rates):,.0f} … {max(all_rates):,.0f}', f'{p50:.1f}', '' if p99 is None else f'{p99:.1f}', '']
        if against is not None:
            ratio = statistics.median(a.rate / b.rate for a, b in zip(rates, against))
            cells[5] = f'{ratio:.2f}'
            if wanted is not None:
                cells[5] += f' (wanted {wanted:.1f}{"" if ratio >= wanted else ": BELOW"})'
                self.ratios.append((name, ratio, wanted))
        self.lines.append(cells)
        print(f'  {name:44} {cells[1]:>8}/s   p50 {cells[3]:>6} ms{"   p99 " + cells[4] + " ms" if cells[4] else "":20} {cells[5]}', flush=True)

    def handler(self):
        page = next(iter(re.findall(r'href="(/asset/[^"]+\.css)"', self.site.call('GET', '/')[1].decode())), None) or stop('the page names no style sheet')
        health = self.site.requests('health', [('GET', '/healthz', BENCH, '')])
        sheet = self.site.requests('sheet', [('GET', page, BENCH, '')])
        nothing = self.site.requests('nothing', [('GET', '/', BENCH, '')])
        with Bare(self.site) as bare:
            rates = self.turns(lambda s: wrk(bare.url, s, 'ask.lua', nothing), lambda s: wrk(self.site.url, s, 'ask.lua', health), lambda s: wrk(self.site.url, s, 'ask.lua', sheet))
        size = len(self.site.call('GET', page)[1])
        self.line('Kore, a handler that does nothing', rates[0])
        self.line('trivial handler (/healthz)', rates[1], rates[0])
        self.line(f'from memory ({size / 1024:.0f} KiB style sheet)', rates[2], rates[0])

    def stay(self):
        site = self.site
        first = site.take(STAYS)
        pgbench(site, [f'{HERE}/book.sql'], None, transactions=STAYS // 8, n=-1, first=first, share=STAYS // 8, rooms=site.rooms)
        # Codes and secrets of our own, so that pgbench can tell one by its number, too.
        made = site.ask("""with nth as (select booking, 10000000 + row_number() over (order by booking) as code from data.booking where village = 9000)
            update data.booking b set code = nth.code::text, manage = sha256(('secret of ' || nth.code)::bytea) from nth
             where b.village = 9000 and b.booking = nth.booking returning b.code""").splitlines()
        blocks = [('GET', f'/stay/{code}', {**BENCH, 'Cookie': f'stays={code}.secret of {code}'}, '') for code in made]
        status, page = site.call('GET', blocks[5][1], headers=blocks[5][2])
        if status != 200 or made[5] not in page.decode():
            stop(f'{blocks[5][1]} was answered {status}')
        plain = site.requests('stay', blocks)
        zipped = site.requests('stay_zipped', [(m, p, {**h, **ZIPPED}, b) for m, p, h, b in blocks])
        rates = self.turns(lambda s: pgbench(site, [f'{HERE}/stay.sql'], s, stays=len(made)),
                           lambda s: wrk(site.url, s, 'ask.lua', plain), lambda s: wrk(site.url, s, 'ask.lua', zipped))
        self.line('pgbench: the statements of a stay', rates[0])
        self.line(f"a stay's page ({len(page) / 1024:.0f} KiB)", rates[1], rates[0], WANTED['stay'])
        self.line('the same, compressed', rates[2], rates[0])

    def list(self):
        site = self.site
        paths = [f'/houses?arrive={site.day(day)}&leave={site.day(day + nights)}&adults=2' for day in range(1, 301) for nights in (1, 2, 3)]
        status, page = site.call('GET', paths[5], headers=DEMO)
        if status != 200 or page.count(b'/house/') < 3:
            stop(f'{paths[5]} was answered {status} with {page.count(b"/house/")} links to houses')
        plain = site.requests('list', [('GET', path, DEMO, '') for path in paths])
        zipped = site.requests('list_zipped', [('GET', path, {**DEMO, **ZIPPED}, '') for path in paths])
        rates = self.turns(lambda s: pgbench(site, [f'{HERE}/list.sql'], s), lambda s: wrk(site.url, s, 'ask.lua', plain, clients=16),
                           lambda s: wrk(site.url, s, 'ask.lua', zipped, clients=16))
        self.line('pgbench: the statements of a list', rates[0])
        self.line(f'the list for any dates ({len(page) / 1024:.0f} KiB)', rates[1], rates[0], WANTED['list'])
        self.line('the same, compressed', rates[2], rates[0])

    def book(self):
        site = self.site
        days = ','.join(site.day(n) for n in range(1, NIGHTS + 2))

        def by_site(seconds):
            return wrk(site.url, seconds, 'book.lua', site.take(seconds * BOOKINGS_MOST), site.rooms, days)

        def by_pgbench(script, role):
            def run(seconds):
                share = seconds * BOOKINGS_MOST // 8
                return pgbench(site, [f'{HERE}/{script}'], seconds, role, n=-1, first=site.take(share * 8), share=share, rooms=site.rooms)
            return run

        before = int(site.ask('select count(*) from data.booking where village = 9000'))
        rates = self.turns(by_pgbench('rows.sql', 'postgres'), by_pgbench('book.sql', 'web'), by_site)
        broken = site.ask("""select count(*) from data.stay s where s.village = 9000 and
            (select count(*) from data.night n where n.village = s.village and n.stay = s.stay) <> s.leave - s.arrive""")
        made = int(site.ask('select count(*) from data.booking where village = 9000')) - before
        if broken != '0' or made < sum(r.answers for r in rates[2]):
            stop(f'{broken} stays without all of their nights, {made} bookings in all')
        self.line('pgbench: the bare rows of a booking', rates[0])
        self.line('pgbench: booking.book', rates[1], rates[0])
        self.line('a booking (POST /api/v1/bookings)', rates[2], rates[1], WANTED['book'])
        self.line('a booking, against the bare rows', rates[2], rates[0], WANTED['rows'])

    def mixed(self):
        """Requests of every kind that a worker must forget completely."""
        site, demo = self.site, {**DEMO, **ZIPPED}
        houses = [int(h) for h in site.ask('select house from data.house where village = 1').split()]
        rooms = [int(r) for r in site.ask('select room from data.room where village = 1 order by room limit 40').split()]
        photos = site.ask("select distinct encode(hash, 'hex') from data.photo where village = 1").split()
        code, secret = site.book()
        out = []
        for n, house in enumerate(houses):
            dates = f'arrive={site.day(n + 3)}&leave={site.day(n + 5)}&adults=2'
            out += [('GET', '/', demo, ''), ('GET', f'/houses?{dates}', demo, ''), ('GET', f'/house/{house}?{dates}', demo, ''),
                    ('GET', f'/house/{house}', {**demo, 'Accept-Language': 'en'}, ''), ('GET', f'/api/v1/houses/{house}?{dates}', demo, ''),
                    ('GET', f'/book?rooms={rooms[n % len(rooms)]}&{dates}', demo, ''), ('GET', '/sign-in', demo, ''), ('GET', '/me', demo, ''),
                    ('GET', '/healthz', demo, ''), ('GET', f'/nowhere/{n}', demo, ''), ('GET', '/stay/AAAAAAAA', demo, ''),
                    ('GET', f'/stay/{code}', {**demo, 'Host': 'bench.test', 'Cookie': f'stays={code}.{secret}'}, ''),
                    ('POST', '/book', {**demo, 'Content-Type': 'application/x-www-form-urlencoded'}, 'guest.name=x&token=none'),
                    ('POST', '/api/v1/bookings', {**demo, 'Content-Type': 'application/json', 'Idempotency-Key': f'bench mixed {n}'}, '{"rooms":[1],"adults":"x"}'),
                    ('POST', '/api/v1/quotes', {**demo, 'Content-Type': 'application/json'},
                     json.dumps({'rooms': [rooms[n % len(rooms)]], 'arrive': site.day(n + 3), 'leave': site.day(n + 5), 'adults': 2}))]
        out += [('GET', f'/photo/{photo}-{width}', demo, '') for photo in photos for width in (480, 960)]
        out += [('GET', path, demo, '') for path in sorted(set(re.findall(r'"(/asset/[^"#]+)', site.call('GET', '/')[1].decode())))]
        return out

    def ask_mixed(self, path, count):
        """At least count requests, half of them of kinds that are refused; whatever is answered, it is no fault of the site (5xx)."""
        asked = 0
        while asked < count:
            said = command(*WRK, '-c16', '-d5s', '-s', f'{HERE}/ask.lua', self.site.url, '--', path)
            if 'Socket errors' in said:
                stop(said)
            asked += int(re.search(r'answers (\d+)', said)[1])
        return asked

    def memory(self):
        site = self.site
        path = site.requests('mixed', self.mixed())
        before = site.workers()
        self.ask_mixed(path, 20000)     # every photo is in the cache, every connection is up
        samples, asked = [site.memory()], 0
        print(f'  {"after 0 requests":32} {self.said(samples[-1])}', flush=True)
        while asked < self.asked.requests:
            asked += self.ask_mixed(path, max(self.asked.requests // 12, 1))
            samples.append(site.memory())
            print(f'  {f"after {asked:,} requests":28} {self.said(samples[-1])}', flush=True)
        if site.workers() != before or not before:
            stop(f'the workers were {before} and are {site.workers()}')
        away = int(re.search(r'visit_answers_total\{class="5xx"\} (\d+)', self.metrics())[1])
        with open(f'{site.house.var}/log/site.log', encoding='utf-8') as file:
            faults = [line for line in file if '"status":500' in line]
        if faults:
            stop(f'{len(faults)} faults, the first of them {faults[0]}')
        if away:
            wrongs.append(f'mixed requests: {away} answers of 503')
        kind = 1 if samples[0][0][1] is not None else 0
        sizes = [max(worker[kind] for worker in sample) for sample in samples]
        third = max(1, len(sizes) // 3)
        grown = statistics.median(sizes[-third:]) - statistics.median(sizes[:third])
        self.memory_words = (f'{asked:,} mixed requests: largest worker {"PSS" if kind else "RSS (PSS needs root)"} {sizes[0]:.1f} → {sizes[-1]:.1f} MiB, '
                             f'most {max(sizes):.1f} (wanted ≤ {PSS_MOST}{"" if max(sizes) <= PSS_MOST else ": ABOVE"}), '
                             f'last third − first third {grown:+.2f} MiB ({"flat" if grown <= PSS_NOISE else "GROWS"}), no fault')
        print(f'  {self.memory_words}')

    def metrics(self):
        asked = urllib.request.Request(f'{self.site.house.env["METRICS"]}/metrics', headers={'X-Real-IP': '127.0.0.1', 'X-Forwarded-Proto': 'http'})
        with urllib.request.urlopen(asked, timeout=5) as answer:
            return answer.read().decode()

    @staticmethod
    def said(sample):
        return '   '.join(f'RSS {rss:6.1f}' + (f'  PSS {pss:6.1f} MiB' if pss is not None else ' MiB') for rss, pss in sample)

    def table(self):
        """For README.md."""
        if self.lines:
            print('\n| | a second | least … most | p50 ms | p99 ms | ratio |\n|---|--:|--:|--:|--:|--:|')
            for cells in self.lines:
                print(f'| {" | ".join(cells)} |')
        for name, ratio, wanted in self.ratios:
            print(f'{"ok   " if ratio >= wanted else "BELOW"} {ratio:.2f} (wanted {wanted:.1f})  {name}')
        if self.memory_words:
            print(self.memory_words)
        if wrongs:
            print('Not everything was answered well (503: the machine is too busy for so many at once):', *wrongs, sep='\n  ')
            sys.exit(1)


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
                if to.getresponse().read() == b'ok\n':
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


# --- the machine ---------------------------------------------------------------------------------------------------------

def two_cores():
    """Everything below runs on the first two cores this process may use."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:2])
    return len(cores[:2]), os.cpu_count()


def syncs(folder):
    """Pages written and synced in a second: what a durable commit of one client waits for."""
    with open(f'{folder}/sync', 'wb') as file:
        begun, count = time.monotonic(), 0
        while time.monotonic() - begun < 0.5:
            os.pwrite(file.fileno(), bytes(8192), count % 64 * 8192)
            os.fdatasync(file.fileno())
            count += 1
    return count / (time.monotonic() - begun)


def machine(site, cores):
    def first(path, pattern):
        with open(path, encoding='utf-8') as file:
            return (re.search(pattern, file.read(), re.M) or [None, '?'])[1]

    settings = dict(line.split('|') for line in site.ask(
        "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers')").splitlines())
    for name in ('fsync', 'synchronous_commit', 'full_page_writes'):
        if settings[name] != 'on':
            stop(f'{name} is {settings[name]}: what is measured must be durable')
    where = os.path.realpath(f'{site.house.var}/postgres')
    kind = command('df', '--output=fstype', where).splitlines()[-1]
    version = re.search(r'[\d.]+', command('kore', '-v'))
    model, memory = first('/proc/cpuinfo', r'model name\s*: (.*)'), int(first('/proc/meminfo', r'MemTotal:\s+(\d+)'))
    return (f'{model}, {cores[0]} of {cores[1]} cores, {memory / 1048576:.0f} GiB, Linux {os.uname().release}, {kind}, {syncs(site.folder):,.0f} syncs/s; '
            f'PostgreSQL {site.ask("show server_version").split()[0]} (fsync, synchronous_commit, full_page_writes on), '
            f'Kore {version[0] if version else "?"}, 2 workers, 8 write connections')


def main():
    sys.stdout.reconfigure(line_buffering=True)
    parts = ('handler', 'stay', 'list', 'book', 'memory')
    parser = argparse.ArgumentParser()
    parser.add_argument('--only', action='append', choices=parts)
    parser.add_argument('--seconds', type=int, default=5)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--requests', type=int, default=200000)
    asked = parser.parse_args()
    for program in ('wrk', 'kore', f'{BIN}/pgbench', f'{ROOT}/build/run'):
        if shutil.which(program) is None:
            stop(f'there is no {program}; `make bench` installs and builds what is needed')
    load = os.getloadavg()[0]
    cores = two_cores()
    # On a disk, whatever lies under the system's folder for what may be lost.
    tempfile.tempdir = '/var/tmp'
    folder = tempfile.mkdtemp(prefix='bench-')
    os.chmod(folder, 0o755)
    site = None
    try:
        print('Starting the site, the demo village and a village of empty rooms')
        wanted = BOOKINGS_MOST * 3 * (asked.rounds * asked.seconds + 1) if 'book' in (asked.only or parts) else 0
        site = Site(folder, wanted + STAYS + 1000)
        print(machine(site, cores))
        if load > 0.5:
            print(f'The machine was busy before (load {load:.1f}): absolute numbers are too low, ratios noisy.')
        bench = Bench(site, asked)
        for part in asked.only or parts:
            print(f'{part}, {asked.rounds} turns of {asked.seconds} s' if part != 'memory' else 'memory')
            getattr(bench, part)()
        bench.table()
    except RuntimeError as error:
        stop(error)
    finally:
        if site is not None:
            site.house.end()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    main()
