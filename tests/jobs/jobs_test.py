"""The jobs program, from outside, in a throwaway cluster: what it does, and what survives when it or the database is killed.

Uses build/jobs (JOBS_BINARY for another). What its SQL functions promise one by one is left to tests/sql/jobs.
"""

import base64
import contextlib
import hashlib
import json
import os
import random
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zlib

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f'{ROOT}/tests/unit', f'{ROOT}/sql']
import edge     # noqa: E402
import tap      # noqa: E402

BINARY = os.path.join(ROOT, os.environ.get('JOBS_BINARY', 'build/jobs'))
SLOW = 4 if os.environ.get('CHECKED') else 1     # a checked build takes its time

# 24 × 16, lying on its side (orientation 6), with the maker of a camera in it.
LYING = base64.b64decode("""
/9j/4QDWRXhpZgAASUkqAAgAAAAHAA8BAgANAAAAcgAAABIBAwABAAAABgAAABoBBQABAAAAYgAAABsBBQABAAAAagAAACgBAwAB
AAAAAgAAABMCAwABAAAAAQAAAGmHBAABAAAAgAAAAAAAAAA4YwAA6AMAADhjAADoAwAAc2VjcmV0Y2FtZXJhAAAGAACQBwAEAAAA
MDIxMAGRBwAEAAAAAQIDAACgBwAEAAAAMDEwMAGgAwABAAAA//8AAAKgBAABAAAAGAAAAAOgBAABAAAAEAAAAAAAAAD/2wBDACgc
HiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZB
QXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAQABgDASIAAhEBAxEB
/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAA
AAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/ALgAAAf/2Q==""")


def png(width, height, seed=0, plain=False):
    """A picture that is never the same twice, or of one colour: large, yet few bytes."""
    dice = random.Random(seed)
    line = bytes(width * 3) if plain else bytes(dice.randrange(256) for _ in range(width * 3))
    rows = b''.join(b'\0' + line[i % 97 * 3:] + line[:i % 97 * 3] for i in range(height))

    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0))
            + chunk(b'IDAT', zlib.compress(rows, 1)) + chunk(b'IEND', b''))


def webp_size(data):
    """Width and height of a WebP with a header (RFC 9649), its flags, and the names of its chunks."""
    assert data[:4] == b'RIFF' and data[8:12] == b'WEBP', data[:16]
    names, at = [], 12
    while at < len(data):
        names.append(data[at:at + 4])
        at += 8 + (struct.unpack('<I', data[at + 4:at + 8])[0] + 1) // 2 * 2
    assert at == len(data) == struct.unpack('<I', data[4:8])[0] + 8
    return *(int.from_bytes(data[i:i + 3], 'little') + 1 for i in (24, 27)), data[20], names


def pdf_text(data, *more):
    """The words of a PDF as they stand; it must be a whole one, with its fonts in it."""
    with tempfile.NamedTemporaryFile(suffix='.pdf') as file:
        file.write(data)
        file.flush()
        fonts = subprocess.run(['pdffonts', file.name], capture_output=True, text=True, check=True)
        assert not fonts.stderr, fonts.stderr
        assert {line.split()[-5] for line in fonts.stdout.splitlines()[2:]} == {'yes'}, fonts.stdout
        return subprocess.run(['pdftotext', '-layout', *more, file.name, '-'], capture_output=True, text=True, check=True).stdout


class Session:
    """psql kept open: a transaction that somebody else has not ended."""

    def __init__(self, cluster):
        self.process = subprocess.Popen(['psql', '-X', '-q', '-A', '-t', '-h', cluster.directory, '-U', 'postgres', '-d', 'village'],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def ask(self, sql):
        self.process.stdin.write(f'{sql};\n\\echo end of answer\n')
        self.process.stdin.flush()
        lines = []
        while (line := self.process.stdout.readline()) != 'end of answer\n':
            if not line:
                raise AssertionError(f'the session is gone: {lines}')
            lines.append(line.rstrip('\n'))
        return '\n'.join(lines)

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


class Program:
    def __init__(self, cluster, **more):
        self.log = tempfile.TemporaryFile('w+')
        self.process = subprocess.Popen([BINARY], stdout=self.log, stderr=subprocess.STDOUT, cwd='/', env={
            **os.environ, 'DATABASE_JOBS': f'host={cluster.directory} dbname=village user=jobs',
            'RUNAS': 'postgres' if os.geteuid() == 0 else '', **more})

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def lines(self):
        return [json.loads(line) for line in self.said().splitlines()]

    def stop(self):
        """Seconds it took, and how it ended."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(10)
        return time.monotonic() - begun, code

    def kill(self):
        self.process.kill()
        self.process.wait()


class Jobs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.cluster = cls.stack.enter_context(edge.Cluster())
        cls.addClassCleanup(cls.stack.close)
        cls.cluster.psql('village', edge.deploy_script(f'{ROOT}/sql')[1], 'village')
        cls.ask("""insert into data.village select v, '村', 'Village', '', '', '', '', clock.now() from unnest(array[1, 2]) v;
                   insert into data.village_host values ('one', 1), ('two', 2);
                   insert into data.house select v, 1, 1, '老院', 'Old Court', 'stone', '', '', '', '', '柿园路 1 号', '1 Persimmon Road', '', '', 0, 0, 1,
                       '0391-0000001', '', '', '', '', true, 0, '', '', '{}', 0, 0, 0 from unnest(array[1, 2]) v;
                   insert into data.room select v, r, 1, r, '房' || r, 'Room ' || r, '', '', 2, 2, 0, '{double}', 20, 1 from unnest(array[1, 2]) v, unnest(array[1, 2]) r;
                   insert into data.person values (1, 1, 'host', '示例房东', '', clock.now())""")

    def server(self, word, how='fast'):
        self.cluster.run(f'{edge.BIN}/pg_ctl', '-D', f'{self.cluster.directory}/data', '-w', '-m', how, '-l', f'{self.cluster.directory}/log',
                         '-o', f"-F -c listen_addresses='' -c unix_socket_directories={self.cluster.directory} -c fsync=off", word)

    def setUp(self):
        self.programs = []

    def tearDown(self):
        for program in self.programs:
            if program.process.poll() is None:
                program.kill()
            said = program.said()
            program.log.close()
            self.assertNotRegex(said, 'Sanitizer|runtime error')
        self.ask('truncate data.job, data.file, data.paper cascade; update data.clock set shift = interval \'0\'')

    @classmethod
    def ask(cls, sql):
        return cls.cluster.psql('postgres', sql, 'village').strip()

    def start(self, **more):
        self.programs.append(Program(self.cluster, **more))
        return self.programs[-1]

    def until(self, seconds, sql, wanted):
        end = time.monotonic() + seconds * SLOW
        while (found := self.ask(sql)) != wanted:
            if time.monotonic() > end:
                said = ''.join(program.said() for program in self.programs)
                self.fail(f'{sql}\nis still {found!r} after {seconds * SLOW} s, not {wanted!r}\n{said}')
            time.sleep(0.05)

    def until_said(self, program, text, times=1):
        end = time.monotonic() + 15 * SLOW
        while program.said().count(text) < times:
            self.assertLess(time.monotonic(), end, program.said())
            time.sleep(0.02)

    def photo(self, village, data):
        name = hashlib.sha256(data).hexdigest()
        self.ask(f"insert into data.file values ({village}, '\\x{name}', 'image/png', '\\x{data.hex()}');"
                 f"insert into data.job (village, kind, detail, due) values ({village}, 'photo.sizes', '{{\"hash\": \"{name}\"}}', clock.now())")
        return name

    def sizes(self, name):
        rows = self.ask(f"select width, kind, encode(bytes, 'hex') from data.file_size where hash = '\\x{name}' order by width").splitlines()
        return [(int(width), kind, bytes.fromhex(data)) for width, kind, data in (row.split('|') for row in rows)]

    def receipt(self, stay, lang, guest='示例客人', nights=2, rooms=1, entries=''):
        """Somebody asks for the receipt of a stay from 3 December 2026 on, each night ¥280.50; entries: rows of its ledger beside the first."""
        guest = guest.replace("'", "''")
        self.ask(f"""insert into data.booking (village, booking, code, guest_name, guest_phone, lang, manage, show, made)
                         values (1, {stay}, 'CODE{stay}', '{guest}', '', 'zh', sha256(''), sha256(''), clock.now());
                     insert into data.stay (village, stay, booking, house, state, until, arrive, leave, adults, total_fen, cuts, house_name, phone, made)
                         values (1, {stay}, {stay}, 1, 'checked_out', 'infinity', '2026-12-03', date '2026-12-03' + {nights}, 2, 0, '{{}}', 'House of {stay}', '', clock.now());
                     insert into data.stay_room select 1, {stay}, r, '2026-12-03', date '2026-12-03' + {nights}, array_fill(28050, array[{nights}]),
                         array_fill('base'::text, array[{nights}]) from generate_series(1, {rooms}) r;
                     insert into data.ledger (village, entry, stay, kind, amount_fen, reverses, what, at, person) overriding system value
                         select 1, {stay} * 1000 + 1000000 + nr, {stay}, kind, fen, {stay} * 1000 + 1000000 + reverses, what, '2026-12-05 10:00+08', person
                           from (values (0, 'charge', {nights * rooms * 28050}, null::int, 'stay', null::int) {entries}) e (nr, kind, fen, reverses, what, person);
                     insert into data.paper (village, paper, kind, subject, lang, asked) values (1, {stay}, 'receipt', {stay}, '{lang}', clock.now());
                     insert into data.job (village, kind, detail, due) values (1, 'paper.make', '{{"paper": {stay}}}', clock.now())""")

    def made(self, stay):
        return bytes.fromhex(self.ask(f"select encode(bytes, 'hex') from data.paper where paper = {stay} and made is not null"))

    def happen(self, village, times=1):
        self.ask(f"insert into data.event (village, at, actor, act, subject) select {village}, clock.now(), 'guest', 'test.act', i "
                 f'from generate_series(1, {times}) i')

    def requests(self, village, first, count, due):
        """Requests a house has not answered, with their deadlines."""
        ids = f'from generate_series({first}, {first + count - 1}) i'
        self.ask(f"""insert into data.booking (village, booking, code, guest_name, guest_phone, lang, manage, show, made)
                         select {village}, i, i::text, '', '', 'zh', sha256(''), sha256(''), clock.now() {ids};
                     insert into data.stay (village, stay, booking, house, state, until, arrive, leave, adults, total_fen, cuts, house_name, phone, made)
                         select {village}, i, i, 1, 'requested', {due}, '2030-01-01', '2030-01-02', 2, 30000, '{{}}', '', '', clock.now() {ids};
                     insert into data.ledger (village, stay, kind, amount_fen, what, at) select {village}, i, 'charge', 30000, 'stay', clock.now() {ids};
                     insert into data.deadline (village, subject, act, at) select {village}, i, 'booking.lapse', {due} {ids}""")

    def chained(self, seconds=3):
        self.until(seconds, 'select count(*) from data.event e where not exists (select from data.audit a where (a.village, a.event) = (e.village, e.event))', '0')
        self.assertEqual(self.ask('select count(*) from (select village, link, event, lag(event) over w, lag(link, 1, 0::bigint) over w from data.audit '
                                  'window w as (partition by village order by link)) x (v, l, e, eb, lb) where e <= eb or l <> lb + 1'), '0')
        self.assertEqual(self.ask('select coalesce(jobs.verify_chain(1), 0), coalesce(jobs.verify_chain(2), 0)'), '0|0')

    def test_chain(self):
        """events are in the chain within two seconds, and who listens is told"""
        listener = Session(self.cluster)
        self.addCleanup(listener.end)
        listener.ask('listen event_chained')
        self.start()
        self.happen(1, 3)
        self.happen(2, 2)
        self.chained(2)
        self.assertIn('"event_chained"', listener.ask('select 1'))

    def test_late(self):
        """an event that commits late still comes in its order"""
        self.start()
        self.happen(1)
        self.chained()
        late = Session(self.cluster)
        self.addCleanup(late.end)
        late.ask('begin')
        first = int(late.ask("insert into data.event (village, at, actor, act, subject) values (1, clock.now(), 'late', 'test.act', 1) returning event"))
        self.happen(1)
        self.happen(2)
        time.sleep(2.5)
        self.assertEqual(self.ask(f'select count(*) from data.event e where e.event > {first}'), '2')
        self.assertEqual(self.ask(f'select count(*) from data.audit a where a.event >= {first}'), '0', 'an event went before an earlier one')
        late.ask('commit')
        self.until(2, f'select count(*) from data.audit a where a.event >= {first}', '3')
        self.chained()

    def test_late_and_undone(self):
        """one that never commits holds up nothing once it is undone"""
        self.start()
        late = Session(self.cluster)
        self.addCleanup(late.end)
        late.ask("begin; insert into data.event (village, at, actor, act, subject) values (1, clock.now(), 'late', 'test.act', 1)")
        self.happen(1)
        time.sleep(1.5)
        late.ask('rollback')
        self.chained(2)

    def test_deadline(self):
        """a request lapses when its time has come, and only once; an act nobody knows is told once"""
        program = self.start()
        self.requests(1, 100, 1, "clock.now() + interval '1 second'")
        self.ask("insert into data.deadline (village, subject, act, at) values (2, 7, 'nobody.knows', clock.now())")
        self.until(4, 'select state from data.stay where stay = 100', 'expired')
        time.sleep(2.2)
        self.assertEqual(self.ask("select count(*) from data.event where act = 'booking.lapse' and subject = 100"), '1')
        said = [line for line in program.lines() if line['what'] == 'deadline']
        self.assertEqual([line['say'] for line in said], ['village 2, subject 7: nobody knows the act nobody.knows'])
        self.ask("delete from data.deadline where act = 'nobody.knows'")

    def test_pictures(self):
        """pictures get both widths, upright, without what the camera wrote, never larger than they were"""
        big, lying, small = self.photo(1, png(1600, 1000)), self.photo(2, LYING), self.photo(1, png(600, 20))
        self.start()
        self.until(10, 'select count(*) from data.job where done is not null and trouble is null', '3')
        for name, wanted in ((big, [(480, 480, 300), (960, 960, 600)]), (lying, [(480, 16, 24), (960, 16, 24)]),
                             (small, [(480, 480, 16), (960, 600, 20)])):
            made = self.sizes(name)
            self.assertEqual([(width, *webp_size(data)[:2]) for width, _, data in made], wanted)
            for _, kind, data in made:
                self.assertEqual(kind, 'image/webp')
                self.assertEqual(webp_size(data)[2:], (0, [b'VP8X', b'VP8 ']), 'something beside the picture')
                self.assertNotIn(b'secretcamera', data)

    def test_broken_pictures(self):
        """a picture that is none ends in trouble, is tried again later, and stops no other"""
        whole = png(700, 500, 1)
        bomb = png(40, 40, 2).replace(struct.pack('>II', 40, 40), struct.pack('>II', 40000, 40000), 1)
        bad = [self.photo(1, data) for data in (whole[:len(whole) // 2], b'', b'no picture', LYING[:300], bomb,
                                                b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')]
        gone = self.photo(2, png(10, 10, 3))
        self.ask(f"delete from data.file where hash = '\\x{gone}'")
        good = [self.photo(1, png(500, 300, 4)), self.photo(2, png(500, 300, 5))]
        program = self.start()
        self.until(15, 'select count(*) from data.job where done is not null', '2')
        self.until(15, 'select count(*) from data.job where done is null and tries = 1 and trouble <> \'\' and due > clock.now()', str(len(bad) + 1))
        self.assertEqual([len(self.sizes(name)) for name in bad + good], [0] * len(bad) + [2] * len(good))
        self.assertEqual(self.ask('select trouble from data.job where village = 2 and done is null'), 'the file is not there')
        self.assertIsNone(program.process.poll())
        self.ask("update data.clock set shift = interval '31 seconds'")
        self.until(15, 'select count(*) from data.job where done is null and tries = 2', str(len(bad) + 1))

    def test_papers(self):
        """a receipt says who, when, what was paid and given back, in its language, and that it is no 发票"""
        entries = """, (1, 'payment', 90000, null, 'cash', 1), (2, 'payment', -90000, 1, 'mistake', 1), (3, 'payment', 60000, null, 'wechat', 1),
                     (4, 'charge', -56100, 0, 'change', null), (5, 'charge', 28050, null, 'stay', null), (6, 'charge', 5000, null, 'drop', null),
                     (7, 'refund', 26000, null, 'transfer', 1)"""
        self.receipt(11, 'zh', '示例王小明', entries=entries)
        self.receipt(12, 'en', "Ann O'Neill", entries=entries)
        program = self.start()
        self.until(30, 'select count(*) from data.paper where made is not null', '2')
        self.assertEqual(self.ask('select count(*) from data.job where done is null or trouble is not null'), '0')
        self.assertEqual([line['say'] for line in program.lines()], ['started', 'connected'], 'the libraries write into the log')
        zh, en = pdf_text(self.made(11)), pdf_text(self.made(12))
        for said in ('村民宿行业协会', 'CODE11', '示例王小明', 'House of 11', '柿园路 1 号', '0391-0000001', '2026年12月3日 周四', '2026年12月5日 周六，2 晚', '房1',
                     '本凭据不是发票；需要发票请向房东索取。'):
            self.assertIn(said, zh)
        for said in (r'收款，现金（已冲销） +¥900\n', r'冲销：收款，现金（记错） +-¥900\n', r'收款，微信 +¥600\n', r'冲销：房费（改订） +-¥561\n', r'改订减少的房晚 +¥50\n',
                     r'退款，转账 +-¥260\n', r'经手：示例房东', r'房1 +¥280.50\n', r'2 ?晚 +¥561\n', r'应收合计 +¥330.50\n', r'已付 +¥600\n', r'已退 +¥260\n',
                     r'应退还 +¥9.50\n'):
            self.assertRegex(zh, said)
        self.assertRegex(zh, r'(?m)^收款凭据')
        self.assertEqual(zh.count('发票'), 2, 'only where it says that it is none')
        for said in ('Village Homestay Association', 'CODE12', "Ann O'Neill", '1 Persimmon Road', 'Thu 3 Dec 2026', 'Sat 5 Dec 2026, 2 nights', 'Room 1',
                     'This is not a tax invoice (发票); ask your host for one.'):
            self.assertIn(said, en)
        for said in (r'Payment, cash \(reversed\) +¥900\n', r'Stay +¥280.50\n', r'Nights dropped by a change +¥50\n', r'Refund, transfer +-¥260\n', r'2 nights +¥561\n',
                     r'Total charged +¥330.50\n', r'Paid +¥600\n', r'Given back +¥260\n', r'To be given back +¥9.50\n'):
            self.assertRegex(en, said)
        self.assertRegex(en, r'(?m)^ *Receipt')
        self.assertEqual((en.count('发票'), en.count('voice')), (1, 1))

    def test_long_paper(self):
        """sixty nights of two rooms take several pages; each says which it is, nothing is left out, and the file stays small"""
        self.receipt(13, 'en', nights=60, rooms=2)
        self.start()
        self.until(30, 'select count(*) from data.paper where made is not null', '1')
        pages = pdf_text(self.made(13)).split('\f')[:-1]
        self.assertGreater(len(pages), 3)
        for i, page in enumerate(pages, 1):
            self.assertRegex(page, rf'Village Homestay Association +{i} ?/ ?{len(pages)}\n')
            self.assertIn('CODE13', page)
        self.assertEqual(len(re.findall(r' Room [12] +¥280.50\n', ''.join(pages))), 120)
        self.assertRegex(pages[-1], r'Still to pay +¥33,660\n')
        self.assertLess(len(self.made(13)), 300000)

    def test_names_meant_ill(self):
        """names that are endless, turn the writing round, break lines or pile up marks change nothing else on the paper"""
        names = ['名' * 5000, 'W' * 5000, '\u202e\u2067txt.exe\u200f', 'one\r\ntwo\u2028three\tfour', 'Z' + '\u0301' * 3000, '😀👩‍👩‍👧🏳️‍🌈', 'محمد عبد الله', '\u200b', '<b>&amp;"']
        self.receipt(14, 'zh')
        for i, name in enumerate(names):
            self.receipt(20 + i, 'zh', name)
        self.start()
        self.until(60, 'select count(*) from data.paper where made is not null', str(len(names) + 1))
        area = ('-x', '320', '-y', '150', '-W', '275', '-H', '120')     # beside the name
        beside = pdf_text(self.made(14), *area)
        self.assertIn('2026年12月3日 周四', beside)
        for i in range(len(names)):
            text = pdf_text(self.made(20 + i))
            self.assertEqual(pdf_text(self.made(20 + i), *area), beside)
            self.assertEqual(text.count('\f'), 1)
            self.assertRegex(text, r'还应付 +¥561\n')
            self.assertNotRegex(text, r'([名W])\1{80}')
            self.assertNotRegex(text, '\u0301{4}|[\u202e\u2067]')
        self.assertIn('one two three four', pdf_text(self.made(23)))
        self.assertIn('<b>&amp;', pdf_text(self.made(28)))

    def test_paper_killed(self):
        """the process that draws is killed: the job says so and is tried again; a paper that is not there stops nothing"""
        self.receipt(40, 'zh', entries=''.join(f", ({i}, 'charge', 1, null, 'drop', null)" for i in range(1, 10)), nights=60, rooms=2)
        self.ask("""insert into data.job (village, kind, detail, due) values (2, 'paper.make', '{"paper": 40}', clock.now() - interval '1 minute'),
                                                                             (1, 'paper.make', '{}', clock.now() - interval '1 minute')""")
        program = self.start()
        children = f'/proc/{program.process.pid}/task/{program.process.pid}/children'
        end, killed = time.monotonic() + 15 * SLOW, ''
        while not killed and time.monotonic() < end:
            with open(children, encoding='ascii') as file:
                killed = file.read().strip()
        os.kill(int(killed), signal.SIGKILL)
        self.until(10, "select count(*) from data.job where tries = 1 and trouble = 'making it was ended by signal 9' and due > clock.now()", '1')
        self.until(10, "select count(*) from data.job where tries = 1 and trouble = 'the paper is not there' and due > clock.now()", '2')
        self.assertEqual(self.ask('select count(*) from data.paper where made is not null'), '0')
        self.ask("update data.clock set shift = interval '31 seconds'")
        self.until(10, 'select tries, trouble is null from data.job where done is not null', '2|t')
        self.assertIn('CODE40', pdf_text(self.made(40)))
        self.assertIsNone(program.process.poll())

    def test_killed(self):
        """two programs, killed again and again in the middle of it: everything is done, and exactly once"""
        self.ask('truncate data.audit')
        self.ask("update data.audit_mark set seen = 0, xact = '0', settled = 0")
        names = [self.photo(1 + i % 2, png(1400, 900, 10 + i)) for i in range(8)]
        for i in range(4):
            self.receipt(50 + i, 'zh')
        self.happen(1, 6000)
        self.requests(1, 1000, 500, "clock.now() - interval '1 hour'")
        self.requests(2, 1000, 500, "clock.now() - interval '1 hour'")
        dice = random.Random(5)
        for _ in range(4):     # after a fifth death a job would be given up
            pair = [self.start(), self.start()]
            time.sleep(dice.uniform(0.1, 0.8) * SLOW)
            for program in pair:
                program.kill()
        self.start()
        self.start()
        self.until(30, 'select count(*) from data.job where done is null', '0')
        self.until(10, 'select count(*) from data.deadline where done is null', '0')
        self.chained(10)
        self.assertEqual([len(self.sizes(name)) for name in names], [2] * 8)
        self.assertEqual([pdf_text(self.made(50 + i)).count(f'CODE5{i}') for i in range(4)], [1] * 4)
        self.assertEqual(self.ask("select count(*) from data.stay where stay >= 1000 and state = 'expired'"), '1000')
        self.assertEqual(self.ask("select count(*), count(distinct (village, subject)) from data.event where act = 'booking.lapse' and subject >= 1000"), '1000|1000')
        self.assertEqual(self.ask('select count(*), sum(amount_fen) from data.ledger where stay >= 1000'), '2000|0')

    def test_database_restarted(self):
        """the database is restarted under it, both ways: it comes back and goes on"""
        program = self.start()
        self.until_said(program, '"connected"')
        for times, how in enumerate(('fast', 'immediate'), 1):
            name = self.photo(1, png(1400, 900, 30 + times))
            time.sleep(0.3)
            self.server('restart', how)
            self.until_said(program, '"connected again"', times)
            self.happen(1)
            self.chained()
            self.until(15, "select count(*) from data.job where done is null", '0')
            self.assertEqual(len(self.sizes(name)), 2)
        # One connection that is cut, not the server.
        self.ask("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'jobs'")
        self.until_said(program, '"connected again"', 3)
        self.happen(2)
        self.chained()
        self.assertIsNone(program.process.poll())

    def test_database_away(self):
        """it waits for a database that is not there yet, and stops at once all the same"""
        self.server('stop')
        try:
            program, other = self.start(), self.start()
            time.sleep(2)
            self.assertIsNone(program.process.poll(), program.said())
            self.assertEqual(program.said().count('no connection'), 1, 'it says the same again and again')
            seconds, code = other.stop()
            self.assertEqual(code, 0)
            self.assertLess(seconds, 1 * SLOW)
        finally:
            self.server('start')
        self.until_said(program, '"connected"')
        self.happen(1)
        self.chained()

    def test_stop(self):
        """TERM ends it within a second, in the middle of a picture, too, which then was not tried"""
        self.photo(1, png(9000, 9000, 50, plain=True))
        program = self.start()
        self.until(10, 'select tries from data.job', '1')
        seconds, code = program.stop()
        self.assertEqual((code, self.ask('select tries, done is null, trouble is null from data.job')), (0, '0|t|t'))
        self.assertLess(seconds, 1 * SLOW)
        self.assertEqual(self.ask('select count(*) from data.file_size'), '0')

    def test_stop_while_waiting(self):
        """TERM while a statement waits for somebody's lock"""
        holder = Session(self.cluster)
        self.addCleanup(holder.end)
        program = self.start()
        self.until_said(program, '"connected"')
        holder.ask('begin; lock table data.deadline in access exclusive mode')
        self.until(5, "select count(*) > 0 from pg_stat_activity where application_name = 'jobs' and wait_event_type = 'Lock'", 't')
        seconds, code = program.stop()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 1 * SLOW)

    def test_missing_function(self):
        """a function that is not there (a release under way) is said, and the rest goes on"""
        text = self.ask("select pg_get_functiondef('jobs.deadlines()'::regprocedure)")
        self.ask('alter function jobs.deadlines() rename to away')
        try:
            program = self.start()
            self.happen(1)
            self.chained()
            self.assertIn('42883', program.said())
        finally:
            self.ask('alter function jobs.away() rename to deadlines')
        self.assertTrue(text)

    def test_rights_and_log(self):
        """it gives up root, refuses a start without its settings, and its log is JSON, a line each"""
        program = self.start()
        self.until_said(program, '"connected"')
        if os.geteuid() == 0:
            with open(f'/proc/{program.process.pid}/status', encoding='ascii') as file:
                ids = {line.split(':')[0]: line.split(':')[1].split() for line in file}
            self.assertNotIn('0', ids['Uid'] + ids['Gid'] + ids['Groups'])
            self.assertEqual(self.start(RUNAS='nobody-of-that-name').process.wait(5), 1)
        self.assertEqual(self.start(DATABASE_JOBS='').process.wait(5), 1)
        program.stop()
        lines = program.lines()
        self.assertEqual([line['say'] for line in lines], ['started', 'connected', 'stopped'])
        for line in lines:
            self.assertEqual(list(line), ['at', 'what', 'say'])
            self.assertRegex(line['at'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$')


if __name__ == '__main__':
    tap.run()
