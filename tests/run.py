#!/usr/bin/env python3
"""Runs the suites and says what they found; the last line is `N passed, N failed`.

A suite is a list of programs that say TAP. Counted are the tests that hold no others. A skipped test counts as failed unless
it stands in SKIPS, and so does a program or a suite without a single test, one that says fewer tests than it planned, and one
that ends with an error though every test passed.

Suites that need the site get one of their own: free ports, a new VAR, the demo village, gone at the end. They find it by
  SITE, METRICS    http addresses         VAR         its run-time data
  DATABASE         conninfo of the superuser in the site's database
  HOUSE            process of the supervisor
Usage: run.py [--checked] [suite …]; --checked runs the build under sanitizers (build/asan).
"""

import argparse
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# name of a test → why it may be skipped
SKIPS = {}

RESULT = re.compile(r'^( *)(not )?ok\b(?: +\d+)?(?: +- +| +|$)(.*)$')
PLAN = re.compile(r'^( *)1\.\.(\d+)')
DIRECTIVE = re.compile(r'(?:^| )# *(SKIP|[T]ODO)\b *(.*)$', re.IGNORECASE)


class Tally:
    def __init__(self):
        self.passed = 0
        self.failures = []

    def fail(self, where, why):
        self.failures.append((where, why))
        print(f'  FAILED {where}')
        for line in why.rstrip().splitlines():
            print(f'    {line}')


def read_tap(output):
    """(tests, planned): tests are (name, ok, directive, what was said after it), planned is the sum of the outermost plans."""
    tests, seen, planned, named, ahead = [], set(), 0, False, []
    for line in output.splitlines():
        if found := PLAN.match(line):
            if not found[1]:
                planned, named = planned + int(found[2]), True
            continue
        found = RESULT.match(line)
        if not found:
            if tests:
                tests[-1]['said'].append(line)
            if line.startswith('#') and not line.startswith('# Subtest'):
                ahead.append(line)
            continue
        depth = len(found[1])
        parent = any(other > depth for other in seen)
        seen = {other for other in seen if other < depth} | {depth}
        name, directive = found[3], None
        if mark := DIRECTIVE.search(name):
            name, directive = name[:mark.start()], f'{mark[1]} {mark[2]}'.strip()
        tests.append({'name': name.strip(), 'ok': not found[2], 'directive': directive, 'said': list(ahead) if not tests else [], 'depth': depth,
                      'parent': parent})
    # A parent that failed though its tests passed has something to say of its own: a hook, or a plan not met.
    counted = [t for i, t in enumerate(tests) if not t['parent'] or not t['ok'] and not failed_inside(tests, i)]
    return counted, planned if named else None, sum(1 for t in tests if t['depth'] == 0)


def failed_inside(tests, place):
    for test in reversed(tests[:place]):
        if test['depth'] <= tests[place]['depth']:
            return False
        if not test['ok']:
            return True
    return False


def execute(command, env, seconds):
    """Output, complaints, exit code. A command that takes too long is ended with all it started."""
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, errors='replace', start_new_session=True) as process:
        try:
            output, complaints = process.communicate(timeout=seconds)
            return output, complaints, process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, complaints = process.communicate()
            return output, f'{complaints}\nended after {seconds} s', 124


def run_program(tally, name, command, env, seconds=600):
    begun = time.monotonic()
    output, complaints, code = execute(command, env, seconds)
    tests, planned, outermost = read_tap(output)
    before, passed = len(tally.failures), 0
    for test in tests:
        where = f'{name}: {test["name"]}'
        said = '\n'.join(test['said'][:60])
        if test['directive'] and test['name'] not in SKIPS:
            tally.fail(where, f'not run: {test["directive"]}')
        elif not test['ok']:
            tally.fail(where, said)
        elif test['name'].endswith('.mjs') and os.path.exists(os.path.join(ROOT, test['name'])):
            tally.fail(where, 'this file has no test')
        else:
            passed += 1
    tail = (complaints or output)[-4000:]
    if not tests:
        tally.fail(name, f'no test; ended with {code}\n{tail}')
    elif planned is not None and planned != outermost:
        tally.fail(name, f'{planned} tests planned, {outermost} run; ended with {code}\n{tail}')
    elif code != 0 and len(tally.failures) == before:
        tally.fail(name, f'every test passed, yet it ended with {code}\n{tail}')
    tally.passed += passed
    print(f'  {name}: {passed} passed, {len(tally.failures) - before} failed, {time.monotonic() - begun:.1f} s', flush=True)


# --- a site to test against ----------------------------------------------------------------------------------------------

def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


class House:
    """A site of its own, started when the first suite asks for it."""

    def __init__(self, env, run):
        self.folder = tempfile.mkdtemp(prefix='house-test-')
        os.chmod(self.folder, 0o755)
        self.log = os.path.join(self.folder, 'said')
        var, port, metrics = os.path.join(self.folder, 'var'), free_port(), free_port()
        settings = {**env, 'VAR': var, 'PORT': str(port), 'METRICS_PORT': str(metrics), 'DEMO': '1'}
        with open(self.log, 'w', encoding='utf-8') as log:
            self.process = subprocess.Popen([run], cwd=ROOT, env=settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True)
        self.var = var
        begun = time.monotonic()
        while 'The village is open at' not in self.said():
            if self.process.poll() is not None or time.monotonic() - begun > 300:
                said = self.said()
                self.end()
                raise RuntimeError(f'the site does not start:\n{said}')
            time.sleep(0.1)
        with open(os.path.join(var, 'environment'), encoding='utf-8') as file:
            self.database = re.search(r'DATABASE_WEB="(.*)"', file.read())[1].replace('user=web', 'user=postgres')
        self.env = {**env, 'SITE': f'http://127.0.0.1:{port}', 'METRICS': f'http://127.0.0.1:{metrics}', 'VAR': var,
                    'DATABASE': self.database, 'HOUSE': str(self.process.pid)}

    def said(self):
        with open(self.log, encoding='utf-8', errors='replace') as file:
            return file.read()

    def end(self):
        """Exit code, and what the sanitizers wrote."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        reports = []
        for path in sorted(glob.glob(f'{self.var}/log/*.log')):
            with open(path, encoding='utf-8', errors='replace') as file:
                text = file.read()
            if found := re.search(r'AddressSanitizer|runtime error:|LeakSanitizer', text):
                reports.append(f'{os.path.basename(path)}:\n{text[max(0, found.start() - 200):found.start() + 4000]}')
        place = os.path.realpath(os.path.join(self.var, 'postgres'))
        if place.startswith('/var/lib/shawang/'):
            shutil.rmtree(os.path.dirname(place), ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.process.returncode, '\n'.join(reports)


# --- the suites ----------------------------------------------------------------------------------------------------------

def found(pattern):
    return sorted(p for p in glob.glob(os.path.join(ROOT, pattern), recursive=True)
                  if not os.path.basename(p).startswith('_') and '/node_modules/' not in p)


def node(files):
    return ['node', '--test', '--test-reporter=tap', *files]


class Suites:
    def __init__(self, tally, checked):
        self.tally, self.house, self.checked = tally, None, checked
        self.build = os.path.join(ROOT, 'build/asan' if checked else 'build')
        self.env = {**os.environ, 'CMOCKA_MESSAGE_OUTPUT': 'TAP', 'LC_ALL': 'C.UTF-8', 'PYTHONDONTWRITEBYTECODE': '1'}
        for name in ('SITE', 'DATABASE_URL', 'PROXY', 'BIND', 'DEMO', 'VAR', 'PORT', 'METRICS_PORT', 'NODE_OPTIONS', 'MAKEFLAGS'):
            self.env.pop(name, None)
        self.run = os.path.join(self.build, 'run')
        self.env['RUN_BINARY'] = self.run
        if checked:
            # Leaks cannot be looked for behind Kore's filter of system calls.
            self.env |= {'SITE_BINARY': f'{self.build}/site', 'JOBS_BINARY': f'{self.build}/jobs',
                         'ASAN_OPTIONS': 'detect_leaks=0', 'UBSAN_OPTIONS': 'print_stacktrace=1', 'CHECKED': '1'}

    def site(self):
        if self.house is None:
            self.house = House(self.env, self.run)
        return self.house

    def unit(self):
        checked = {**self.env, 'ASAN_OPTIONS': 'detect_leaks=1'}
        for source in found('tests/unit/*_test.c'):
            name = os.path.basename(source)[:-2]
            run_program(self.tally, f'unit/{name}', [f'{self.build}/unit/{name}'], checked)
        for script in found('tests/unit/*_test.py'):
            run_program(self.tally, f'unit/{os.path.basename(script)[:-3]}', [sys.executable, '-B', script], self.env)

    def sql(self):
        """In a throwaway cluster of its own, each file in a transaction that it rolls back."""
        run_program(self.tally, 'sql', [sys.executable, '-B', 'tests/sql/run.py', '--build', 'build'], self.env)

    def door(self):
        self.node_files('tests/door/*.test.mjs', self.env)

    def node_files(self, pattern, env):
        for path in found(pattern):
            # How a page looks does not depend on the build; its C runs in the other files, too.
            if self.checked and os.path.basename(path) in ('pages.test.mjs', 'journey.test.mjs', 'stays.test.mjs', 'owner.test.mjs', 'lighthouse.test.mjs'):
                continue
            run_program(self.tally, os.path.relpath(path, f'{ROOT}/tests')[:-9], node([path]), env)

    def with_site(self, folder):
        files = found(f'tests/{folder}/*.test.mjs') + found(f'tests/{folder}/*_test.py')
        if files:
            env = self.site().env
            self.node_files(f'tests/{folder}/*.test.mjs', env)
            for path in found(f'tests/{folder}/*_test.py'):
                run_program(self.tally, os.path.relpath(path, f'{ROOT}/tests')[:-3], [sys.executable, '-B', path], env)

    def site_suite(self):
        self.with_site('site')

    def model(self):
        self.with_site('model')

    def chaos(self):
        self.node_files('tests/chaos/*.test.mjs', self.env)
        # Random lives try the functions more than the C, and want a fast site to be in each other's way.
        if not self.checked:
            self.python_files('tests/chaos/*_test.py')

    def jobs(self):
        self.python_files('tests/jobs/*_test.py')

    def python_files(self, pattern):
        for path in found(pattern):
            run_program(self.tally, os.path.relpath(path, f'{ROOT}/tests')[:-3], [sys.executable, '-B', path], self.env)

    def supervisor(self):
        self.node_files('tests/run/*.test.mjs', self.env)

    def end(self):
        if self.house is None:
            return
        code, reports = self.house.end()
        if code != 0:
            self.tally.fail('the site', f'it ended with {code}:\n')
        if reports:
            self.tally.fail('the site', reports)


def main():
    sys.stdout.reconfigure(line_buffering=True)
    parser = argparse.ArgumentParser()
    parser.add_argument('--checked', action='store_true')
    parser.add_argument('suites', nargs='*')
    asked = parser.parse_args()
    tally = Tally()
    suites = Suites(tally, asked.checked)
    all_suites = {'unit': suites.unit, 'sql': suites.sql, 'door': suites.door, 'site': suites.site_suite}
    # Rooms that a tree may not have yet.
    for name, run in (('model', suites.model), ('chaos', suites.chaos), ('jobs', suites.jobs), ('run', suites.supervisor)):
        if os.path.isdir(os.path.join(ROOT, 'tests', name)):
            all_suites[name] = run
    unknown = [name for name in asked.suites if name not in all_suites]
    if unknown:
        sys.exit(f'No such suite: {", ".join(unknown)}. There are: {", ".join(all_suites)}.')
    try:
        # Sanitizers see the C of the checked build only: what never runs it (SQL, its model, the door's own echo site) is tried once.
        for name in asked.suites or [n for n in all_suites if not (asked.checked and n in ('sql', 'model', 'door'))]:
            before = tally.passed + len(tally.failures)
            print(f'{name}{", checked build" if asked.checked else ""}')
            try:
                all_suites[name]()
            except RuntimeError as error:
                tally.fail(name, str(error))
            if tally.passed + len(tally.failures) == before:
                tally.fail(name, 'the suite has no test')
    finally:
        suites.end()
    if tally.failures:
        print('\nFailed:')
        for where, _ in tally.failures:
            print(f'  {where}')
    print(f'{tally.passed} passed, {len(tally.failures)} failed')
    sys.exit(1 if tally.failures or tally.passed == 0 else 0)


if __name__ == '__main__':
    main()
