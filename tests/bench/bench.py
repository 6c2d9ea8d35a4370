#!/usr/bin/env python3
"""What the site costs, as ratios: the same machine, the same two cores, the same minutes, the same statements.

Starts the real site (WORKERS=2, a new VAR on disk, free ports, the demo village and a village of empty rooms), asks it with
`wrk -t1 -c64`, asks the same cluster with `pgbench -c8 -j1 -M prepared` for the same statements under one Sync as role web, and
prints absolute numbers and ratios. The two take turns, so that what else the machine does hits both; a ratio is the median of the
turns' ratios. README.md says how to read it. A wrong answer anywhere ends with 1; a ratio below what is wanted does not, for a
busy machine can make one: it is marked.

Usage: bench.py [--only handler|stay|find|book|later|growth|memory …] [--seconds 5] [--rounds 3] [--requests 200000]
"""

import argparse
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from target import BENCH, BIN, BOOKINGS_MOST, DEMO, HERE, NIGHTS, ROOT, WRK, ZIPPED, Bare, Site, Writer, command, pgbench, stop, wrk, wrongs  # noqa: E402

STAYS = 1000
LATER_MOST = 2000            # changes or cancellings a second, more than there are
PSS_MOST = 64               # MiB a worker
PSS_NOISE = 1.0             # MiB a worker may grow between the first and the last third of the requests

# part → what is wanted of pgbench's rate, or of that of a handler that only answers as many bytes
WANTED = {'stay': 0.8, 'list': 0.5, 'house': 0.5, 'home': 0.5, 'book': 0.8, 'rows': 0.7, 'later': 0.7}


# --- the parts -----------------------------------------------------------------------------------------------------------

class Bench:
    def __init__(self, site, asked):
        self.site, self.asked = site, asked
        self.lines, self.ratios, self.words = [], [], []

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

    def find(self):
        """Pages drawn from the board, at any dates, while bookings are written all the time, against as many bytes from a bare handler."""
        site = self.site
        days = [(site.day(day), site.day(day + nights)) for day in range(1, 301) for nights in (1, 2, 3)]
        houses = [int(h) for h in site.ask('select house from data.house where village = 1').split()]
        kinds = [('the list', 'list', [f'/houses?arrive={a}&leave={b}&adults={2 + n % 3}' for n, (a, b) in enumerate(days)]),
                 ("a house's page", 'house', [f'/house/{houses[n % len(houses)]}?arrive={a}&leave={b}&adults={2 + n % 2}' for n, (a, b) in enumerate(days)]),
                 ('the front page', 'home', ['/'])]
        before = self.figures()
        with Bare(site) as bare, Writer(site) as writer:
            for words, name, paths in kinds:
                pages = [site.call('GET', path, headers=DEMO) for path in paths[::max(1, len(paths) // 30)]]
                if any(status != 200 or b'</html>' not in page for status, page in pages):
                    stop(f'{name} was answered {[status for status, _ in pages if status != 200]}')
                size = round(statistics.mean(len(page) for _, page in pages))
                plain = site.requests(name, [('GET', path, DEMO, '') for path in paths])
                zipped = site.requests(f'{name}_zipped', [('GET', path, {**DEMO, **ZIPPED}, '') for path in paths])
                same = site.requests('same', [('GET', f'/?{size}', BENCH, '')])
                rates = self.turns(lambda s, same=same: wrk(bare.url, s, 'ask.lua', same), lambda s, plain=plain: wrk(site.url, s, 'ask.lua', plain),
                                   lambda s, zipped=zipped: wrk(site.url, s, 'ask.lua', zipped))
                self.line(f'Kore alone, {size / 1024:.0f} KiB', rates[0])
                self.line(f'{words}, any dates ({size / 1024:.0f} KiB)', rates[1], rates[0], WANTED[name])
                self.line('the same, compressed', rates[2], rates[0])
        seen = sorted(writer.seen)
        asked = self.figures()['db_batch_total'] - before['db_batch_total']
        rooms, held = (self.figures()[f'board_{word}'] for word in ('rooms', 'bytes'))
        self.words.append(f'{writer.made} bookings written meanwhile, {asked:,.0f} batches to the database in all; on the list of a worker after '
                          f'{statistics.median(seen):.0f} ms, the last of {len(seen)} after {seen[-1]:.0f} ms (wanted ≤ 300{"" if seen[-1] <= 300 else ": ABOVE"}); '
                          f'{held / rooms / 1024:.1f} KiB of board a room (wanted ≤ 8{"" if held / rooms <= 8192 else ": ABOVE"})')
        print(f'  {self.words[-1]}')

    def growth(self):
        """What a list costs in villages of more rooms, among more villages, and after more bookings."""
        site = self.site
        far = f'arrive={site.day(70)}&leave={site.day(72)}&adults=2'

        def rate(name, hosts, path):
            file = site.requests(name, [('GET', path, {**BENCH, 'Host': host}, '') for host in hosts])
            # Each worker reads a village when it is first asked for it; who waits for too long meanwhile is told to come again.
            command(*WRK, '-c16', f'-d{3 + len(hosts) // 20}s', '-s', f'{HERE}/ask.lua', site.url, '--', file)
            return statistics.median(wrk(site.url, 2, 'ask.lua', file, clients=16).rate for _ in range(3))

        def say(name, words):
            self.words.append(f'{name}: {words}')
            print(f'  {name:28} {words}', flush=True)

        for nr, rooms in enumerate((100, 1000, 10000)):
            site.village(9100 + nr, rooms, f'grown{rooms}.test')
            begun = time.monotonic()
            while site.call('GET', f'/houses?{far}', headers={'Host': f'grown{rooms}.test'})[0] == 503:     # who waited for 5 s comes again
                pass
            read = time.monotonic() - begun
            say(f'{rooms:,} rooms in a village', f'{rate(f"rooms{rooms}", [f"grown{rooms}.test"], f"/api/v1/houses?{far}&only_count=1"):,.0f} counts a second, '
                f'read within {read:.2f} s of the first visit')
        for many in (1, 30, 300):
            for nr in range(many):
                site.village(9200 + nr, 100, f'village{nr}.test')
            say(f'{many} villages of 100 rooms', f'{rate(f"villages{many}", [f"village{n}.test" for n in range(many)], f"/houses?{far}"):,.0f} lists a second')
        for stays in (10 ** 4, 10 ** 5, 10 ** 6):
            site.history(stays)
            say(f'{stays:,} past bookings', f'{rate(f"past{stays}", ["demo.test"], f"/houses?{far}"):,.0f} lists a second, a round of the board {site.round_ms():.2f} ms')

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

    def later(self):
        """Changing and cancelling stays, against pgbench calling the same functions for the same pool of stays."""
        site = self.site
        days = ','.join(site.day(n) for n in range(1, NIGHTS + 2))
        most = self.asked.seconds * LATER_MOST
        count = (2 * self.asked.rounds * most + 2 * LATER_MOST + 7) // 8 * 8
        first = site.take(count)
        pgbench(site, [f'{HERE}/book.sql'], None, transactions=count // 8, n=-1, first=first, share=count // 8, rooms=site.rooms)
        # Planned while the tables look empty it would read all of them for each row.
        site.ask('analyze data.booking, data.idempotency')
        site.ask(f"""update data.booking b set code = (20000000 + g)::text, manage = sha256(('secret of ' || (20000000 + g)::text)::bytea)
            from generate_series(0, {count - 1}) g join data.idempotency i on i.village = 9000 and i.scope = 'booking.book' and i.key = ({first} + g)::text
             where b.village = 9000 and b.booking = i.subject""")
        site.ask('vacuum analyze data.booking, data.stay, data.night, data.stay_room, data.ledger')
        before = int(site.ask("select count(*) from data.event where village = 9000 and act = 'booking.change'"))
        rates = self.turns(lambda s: pgbench(site, [f'{HERE}/change.sql'], s, first=first, count=count, rooms=site.rooms),
                           lambda s: wrk(site.url, s, 'later.lua', 'change', first, count, site.rooms, days, 0))
        made = int(site.ask("select count(*) from data.event where village = 9000 and act = 'booking.change'")) - before
        if made < 0.6 * (sum(r.answers for r in rates[1]) + sum(r.rate for r in rates[0]) * self.asked.seconds):
            stop(f'only {made} changes were written down')
        self.line('pgbench: booking.change', rates[0])
        self.line('a change (POST …/change)', rates[1], rates[0], WANTED['later'])

        self.used = 0

        def next_of(seconds):
            self.used += seconds * LATER_MOST
            return self.used - seconds * LATER_MOST

        rates = self.turns(lambda s: pgbench(site, [f'{HERE}/cancel.sql'], s, n=-1, first=first, share=s * LATER_MOST // 8, **{'from': next_of(s)}),
                           lambda s: wrk(site.url, s, 'later.lua', 'cancel', first, count, site.rooms, days, next_of(s)))
        broken = site.ask("""select count(*) from data.stay s where s.village = 9000 and case s.state when 'confirmed' then s.total_fen else 0 end <>
            (select sum(l.amount_fen) from data.ledger l where l.village = 9000 and l.stay = s.stay and (l.what in ('stay', 'change') or l.reverses is not null))""")
        if broken != '0':
            stop(f'{broken} stays whose money does not add up')
        self.line('pgbench: booking.cancel', rates[0])
        self.line('cancelling (POST …/cancel)', rates[1], rates[0], WANTED['later'])

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
        away = int(re.search(r'visit_answers_total\{class="5xx"\} (\d+)', site.inside('/metrics'))[1])
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
        self.words.append(f'{asked:,} mixed requests: largest worker {"PSS" if kind else "RSS (PSS needs root)"} {sizes[0]:.1f} → {sizes[-1]:.1f} MiB, '
                             f'most {max(sizes):.1f} (wanted ≤ {PSS_MOST}{"" if max(sizes) <= PSS_MOST else ": ABOVE"}), '
                             f'last third − first third {grown:+.2f} MiB ({"flat" if grown <= PSS_NOISE else "GROWS"}), no fault')
        print(f'  {self.words[-1]}')

    def figures(self):
        return {name: float(value) for name, value in re.findall(r'^(\w+) (\d+)$', self.site.inside('/metrics'), re.M)}

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
        for words in self.words:
            print(words)
        if wrongs:
            print('Not everything was answered well (503: the machine is too busy for so many at once):', *wrongs, sep='\n  ')
            sys.exit(1)


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
    parts = ('handler', 'stay', 'find', 'book', 'later', 'growth', 'memory')
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
        wanted += LATER_MOST * (2 * asked.rounds * asked.seconds + 2) + 8 if 'later' in (asked.only or parts) else 0
        site = Site(folder, wanted + STAYS + 10000)
        print(machine(site, cores))
        if load > 0.5:
            print(f'The machine was busy before (load {load:.1f}): absolute numbers are too low, ratios noisy.')
        bench = Bench(site, asked)
        for part in asked.only or parts:
            print(f'{part}, {asked.rounds} turns of {asked.seconds} s' if part not in ('growth', 'memory') else part)
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
