#!/usr/bin/env python3
"""Runs the pgTAP tests in a throwaway cluster with the deploy script of a build and says one stream of TAP.

Each file makes its own villages (setup.sql) in a transaction that it rolls back. Three tests are said by this runner: a file that
does not run to its end or to its plan, a function the web may call without a test of its own, and a refusal no test asks for.
Usage: run.py [--build build] [feature or feature/verb …]
"""

import argparse
import glob
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, f'{ROOT}/sql')
import edge  # noqa: E402

CALLABLE = """
select n.nspname || '/' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
 where n.nspname not in ('pg_catalog', 'information_schema', 'public') and has_function_privilege('web', p.oid, 'execute') order by 1
"""


class Stream:
    """One numbering over all files."""

    def __init__(self):
        self.number, self.failed = 0, 0

    def line(self, good, name, said=''):
        self.number += 1
        self.failed += not good
        print(f'{"ok" if good else "not ok"} {self.number} - {name}', flush=True)
        for line in said.rstrip().splitlines():
            print(f'# {line}', flush=True)

    def file(self, name, output, complaints, code):
        print(f'# {name}')
        planned, run = None, 0
        for line in output.splitlines():
            if found := re.match(r'1\.\.(\d+)', line):
                planned = int(found[1])
            elif found := re.match(r'(not )?ok \d+(?: - (.*))?$', line):
                run += 1
                self.line(not found[1], f'{name}: {found[2] or "without a name"}')
            elif line.startswith('#'):
                print(line)
        if code or complaints.strip() or planned != run:
            self.line(False, f'{name}: the file runs to its end', f'planned {planned}, run {run}, ended with {code}\n{complaints}')


def ask(cluster, database, *more):
    return subprocess.run([f'{edge.BIN}/psql', '-X', '-q', '-A', '-t', '-h', cluster.directory, '-U', 'postgres', '-d', database,
                           '-v', 'ON_ERROR_STOP=1', *more], capture_output=True, text=True, errors='replace',
                          env={**os.environ, 'PGOPTIONS': '-c client_min_messages=warning -c timezone=UTC'})


def tests_of(names):
    files = sorted(glob.glob(f'{HERE}/*/*.sql')) + [f'{HERE}/grants.sql']
    wanted = [f for f in files if not names or any(os.path.relpath(f, HERE)[:-4].startswith(n) for n in names)]
    return files, wanted


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', default=f'{ROOT}/build')
    parser.add_argument('names', nargs='*')
    asked = parser.parse_args()
    files, wanted = tests_of(asked.names)
    stream = Stream()
    with edge.Cluster() as cluster:
        cluster.psql('village', edge.read(f'{asked.build}/deploy.sql'), 'village')
        cluster.psql('postgres', 'create extension pgtap', 'village')
        for path in wanted:
            done = ask(cluster, 'village', '-f', path)
            stream.file(os.path.relpath(path, HERE)[:-4], done.stdout, done.stderr, done.returncode)
        if not asked.names:
            print('# every function has its test')
            there = {os.path.relpath(f, HERE)[:-4] for f in files}
            for name in ask(cluster, 'village', '-c', CALLABLE).stdout.split():
                stream.line(name in there, f'every function has its test: {name}')
            print('# every refusal is asked for')
            text = ''.join(edge.read(f) for f in files)
            for key in edge.read(f'{asked.build}/refusals').split():
                stream.line(re.search(rf'{re.escape(key)}\b', text) is not None, f'every refusal is asked for: {key}')
    print(f'1..{stream.number}')
    sys.exit(1 if stream.failed or not stream.number else 0)


if __name__ == '__main__':
    main()
