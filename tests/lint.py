#!/usr/bin/env python3
"""The rules of the house that a program can check: who includes whom, who knows which library, names, keys, walls, clocks, texts.

Prints `file:line: rule: what` for each finding and ends with 1 when there is one. What the database decides (keys, walls, rights)
is read from the catalog of a throwaway cluster with the deploy script loaded, not guessed from text. Layout, warnings and
everything a compiler finds are left to clang-format, clang-tidy, cppcheck and gcc. Every exception stands in a table here, with
its reason; one that nothing needs any more is a finding, too.
"""

import glob
import json
import os
import re
import sys
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
os.chdir(ROOT)
sys.dont_write_bytecode = True
sys.path[:0] = ['sql', 'assets/text']
import compile as text_compiler  # noqa: E402  (assets/text/compile.py)
import edge                      # noqa: E402  (sql/edge.py)

# --- what may be, and why ------------------------------------------------------------------------------------------------

TOP = {'app', 'sql', 'assets', 'conf', 'tests', 'build', 'var', 'Makefile', 'README.md', 'LICENSE'}     # and dotfiles

STANDARD_C = {'assert.h', 'ctype.h', 'errno.h', 'float.h', 'inttypes.h', 'limits.h', 'math.h', 'stdalign.h', 'stdarg.h', 'stdbool.h',
              'stddef.h', 'stdint.h', 'stdio.h', 'stdlib.h', 'string.h'}     # not time.h: time has one door
FEATURE_MAY = {'base/visit.h', 'board.h', 'build/sql.h', 'build/page.h', 'build/routes.h', 'build/text.h'}     # and the headers of its own folder
# The board is no feature: features read it, and it keeps memory of its own between visits.
BOARD_MAY = {'base/visit.h', 'base/tick.h', 'board.h', 'state.h', 'build/sql.h', 'build/routes.h', 'sys/queue.h', 'sys/types.h', 'unistd.h'}
FEATURE_MAY_TOO = {
    'app/routes.c': {'base/route.h', 'base/site.h'},     # the table of all rows, those of the ground too; no use case itself
}

# library → its headers, and who knows it
LIBRARIES = {
    'Kore': (r'kore/', {
        'visit.c', 'visit_read.c', 'visit_reply.c', 'visit_password.c', 'door.c', 'start.c', 'sandbox.c', 'sandbox.h', 'log.c',
        'db.c', 'db_batch.c',         # its connections live in Kore's event loop
        'tick.c',       # timers and messages between workers are Kore's
    }),
    'libpq': (r'libpq-fe\.h|postgres', {'db.c', 'db_pool.h'}),
    'sodium': (r'sodium', {'secret.c'}),
    'json-c': (r'json-c/', {'form_json.c'}),
    'zlib': (r'zlib\.h', {'visit_reply.c'}),
}
# Plain C, testable without anything; also through the headers they include.
PLAIN = {'arena', 'date', 'html', 'json', 'lang', 'form', 'form_read', 'form_query', 'form_multipart', 'form_json', 'party', 'calendar', 'door_head', 'place', 'media', 'route', 'db_shape', 'figures'}

LIBRARY_NAMES = re.compile(r'\b(PQ[a-z]\w*|PG(?:conn|result)|PGRES_\w+|kore_\w+|http_\w+|net_\w+|json_object_(?!end\b)\w+|json_tokener_\w+|'
                           r'sodium_\w+|crypto_\w+|randombytes_\w+)\b')
CLOCK_C = re.compile(r'\b(time|gettimeofday|clock_gettime|clock|localtime(?:_r)?|gmtime(?:_r)?|mktime|timegm|ftime)\s*\(')
HELD = re.compile(r'\b(?:(malloc|calloc|realloc|free|strdup|strndup|asprintf)\s*\(|(goto)\b)')

# A room's prefix is the first word of its files' names (visit_read.c is a part of visit); these have another one, or one more.
PREFIXES = {
    'base/arena.c': ('arena_', 'buffer_'),              # a buffer is a text that grows in an arena
    'base/date.c': ('date_', 'moment_'),
    'base/start.c': ('kore_parent_', 'kore_worker_'),   # Kore finds these by name
    'base/sandbox.c': ('kore_seccomp_hook',),           # and this one
}
# Public functions of features that are no half of a use case.
NO_HALF = {
    'fault_draw',      # declared in base/visit.h: the ground calls it for every page about what went wrong
}

# Tables that belong to no village.
NO_VILLAGE = {
    'clock': 'the shift of tests', 'release': 'of the functions', 'migration': 'which tables are there', 'holiday': 'the same for the whole country',
    'bucket': 'keyed hashes that name nobody', 'audit_mark': 'one mark for the chains of all villages',
}
NO_WALL = {'village_host': 'it finds the village, before there is one to be walled into'}
CLOCK_SQL = re.compile(r'(?<!clock\.)\bnow\s*\(|\b(?:current_date|current_time|current_timestamp|localtime|localtimestamp|clock_timestamp|'
                       r"statement_timestamp|transaction_timestamp|timeofday)\b|'(?:now|today|tomorrow|yesterday)'|(?<![.\w])age\s*\(", re.I)
CLOCK_HOME = 'sql/clock/now.sql'

# Texts said by counting on from the first of them.
TEXT_COUNTED = {
    'month': 'TEXT_month_01 + month - 1', 'weekday': 'TEXT_weekday_1 + weekday', 'weekday_short': 'TEXT_weekday_short_1 + weekday',
}
# expression → the prefixes it may stand for, where lang_find_of(prefix, word) gets one that is no literal.
TEXT_PREFIXES = {}

# Files over 600 lines, how long they may get, and why they are one.
LONG = {
    'tests/unit/form_test.c': (1500, 'the tests of form.c'),
}
LINES_MOST = 600

PROMISE = re.compile(r'\b(TO' r'DO|FIX' r'ME|XX' r'X|HA' r'CK)\b')
MACHINE = re.compile(r'(?<![\w.@$})])/(?:work|root|home/\w+|Users/\w+|tmp/stub)(?:/|\b)')
REGISTRY = re.compile(r'registry\.npmjs\.org|npmmirror|pypi\.org|pythonhosted|deb\.debian\.org|security\.debian\.org|proxy\.golang\.org|crates\.io'
                      r'|(?:mirrors?|registry)\.[\w-]+\.(?:com|cn|org|net)', re.I)

# --- findings ------------------------------------------------------------------------------------------------------------

findings = []
needed = set()


def say(path, line, rule, what):
    findings.append((path, line, rule, what))


def excepted(table, key):
    """Whether key stands in a table of exceptions; remembers that it is needed there."""
    needed.add((id(table), key))
    return key in table


def unneeded(table, name):
    for key in table:
        if (id(table), key) not in needed:
            say('tests/lint.py', 1, 'exception', f'{name} excepts {key}, which nothing needs')


# --- reading -------------------------------------------------------------------------------------------------------------

SKIPPED = {'build', 'var', 'node_modules', '.git', '__pycache__'}
texts = {}


def read(path):
    if path not in texts:
        with open(path, encoding='utf-8') as file:
            texts[path] = file.read()
    return texts[path]


def all_files():
    for folder, folders, files in os.walk('.'):
        folders[:] = sorted(f for f in folders if f not in SKIPPED)
        for name in sorted(files):
            yield os.path.join(folder, name)[2:]


def line_of(text, place):
    return text.count('\n', 0, place) + 1


def blank(found):
    """As many lines, no words."""
    return re.sub(r'[^\n]', ' ', found[0])


C_REMARK = r'/\*.*?\*/|//[^\n]*'
C_WORDS = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''


def c_code(text, strings=False):
    """Without remarks, and without what stands in quotes unless asked for."""
    return re.sub(f'{C_REMARK}|{C_WORDS}', lambda m: m[0] if strings and m[0][0] in '"\'' else blank(m), text, flags=re.S)


def sql_code(text):
    return re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", lambda m: m[0] if m[0][0] == "'" else blank(m), text, flags=re.S)


def includes(path):
    """(line, header, in quotes) of each."""
    for found in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', read(path), re.M):
        yield line_of(read(path), found.start()), found[2], found[1] == '"'


FEATURES = sorted(p for p in glob.glob('app/*.c') + glob.glob('app/*/*.c')
                  if p.split('/')[1] not in ('base', 'jobs', 'run', 'board'))
BOARD = sorted(glob.glob('app/board/*.[ch]')) + ['app/board.h']
BASE = sorted(glob.glob('app/base/*.[ch]'))


def feature_of(path):
    return path.split('/')[1].removesuffix('.c')


def public_functions(path):
    """(line, name) of each function others can call. The type stands on the line above the name."""
    code = c_code(read(path))
    for found in re.finditer(r'^([A-Za-z_][^\n;{}#]*)\n([a-z_]\w*)\((?=[^;{}]*\)\s*\{)', code, re.M):
        if not re.match(r'static\b', found[1]):
            yield line_of(code, found.start(2)), found[2]


# --- 1: a feature knows the ground's one door and what the build made ------------------------------------------------------

def rule_feature():
    names = {feature_of(p) for p in FEATURES}
    for path in FEATURES:
        own = {os.path.basename(p) for p in glob.glob(f'{os.path.dirname(path)}/*.h')} if path.count('/') > 1 else set()
        may = FEATURE_MAY | FEATURE_MAY_TOO.get(path, set()) | own
        for line, header, quoted in includes(path):
            if header not in (may if quoted else STANDARD_C):
                say(path, line, 'include', f'a feature does not include {header}')
        code = c_code(read(path))
        for found in LIBRARY_NAMES.finditer(code):
            say(path, line_of(code, found.start()), 'library', f'a feature does not know {found[0]}')
        for found in CLOCK_C.finditer(code):
            say(path, line_of(code, found.start()), 'time', f'{found[1]}() in a feature; v->village has today and now')
        for found in HELD.finditer(code):
            say(path, line_of(code, found.start()), 'held', f'{found[1] or found[2]} in a feature, which holds and frees nothing')
        for found in re.finditer(r'\bv->state\b', code):
            say(path, line_of(code, found.start()), 'state', "v->state is visit.c's own")
        for found in re.finditer(r'\b([a-z]+)_\w+_(?:ask|answer)\b', code):
            if found[1] in names and found[1] != feature_of(path) and path != 'app/routes.c':
                say(path, line_of(code, found.start()), 'feature', f'{found[0]} is another feature, which nobody may call')
    for path in glob.glob('app/*.h'):
        if path != 'app/board.h':
            say(path, 1, 'include', 'a feature has no header: nobody may call it')
    for path in sorted(glob.glob('assets/page/*.html')):
        for found in CLOCK_C.finditer(read(path)):
            say(path, line_of(read(path), found.start()), 'time', f'{found[1]}() in a page')


# --- the board: between the ground and the features ------------------------------------------------------------------------------

def rule_board():
    for path in BOARD:
        for line, header, _ in includes(path):
            if header not in BOARD_MAY | STANDARD_C:
                say(path, line, 'include', f'the board does not include {header}')
        code = c_code(read(path))
        for found in LIBRARY_NAMES.finditer(code):
            say(path, line_of(code, found.start()), 'library', f'the board does not know {found[0]}')
        for found in CLOCK_C.finditer(code):
            say(path, line_of(code, found.start()), 'time', f'{found[1]}(); tick.h has the clock')
        for line, function in public_functions(path):
            if not function.startswith('board_'):
                say(path, line, 'name', f'{function} does not begin with board_')


# --- 2: the ground knows no feature, and each library has one home ----------------------------------------------------------

def libraries_of(path, seen):
    """What a file of the ground includes, also through headers."""
    for _, header, quoted in includes(path):
        if quoted and os.path.exists(f'app/base/{header}'):
            if header not in seen:
                seen.add(header)
                yield from libraries_of(f'app/base/{header}', seen)
        else:
            for library, (pattern, _) in LIBRARIES.items():
                if re.match(pattern, header):
                    yield library


def rule_base():
    headers = {os.path.basename(p) for p in BASE if p.endswith('.h')}
    known = set()
    for path in BASE:
        name = os.path.basename(path)
        for line, header, quoted in includes(path):
            if quoted and header not in headers:
                say(path, line, 'include', f'the ground does not include {header}')
            for library, (pattern, homes) in LIBRARIES.items():
                if re.match(pattern, header):
                    known.add((library, name))
                    if name not in homes:
                        say(path, line, 'library', f'{name} does not know {library}; only {", ".join(sorted(homes))}')
        if name.rsplit('.', 1)[0] in PLAIN:
            for library in set(libraries_of(path, set())) & {'Kore', 'libpq', 'sodium'}:
                say(path, 1, 'library', f'{name} is plain C and comes to {library} through its headers')
    for library, (_, homes) in LIBRARIES.items():
        for name in sorted(homes):
            if (library, name) not in known:
                say('tests/lint.py', 1, 'exception', f'{name} may know {library} and does not')
    for path in sorted(glob.glob('app/run/*.[ch]') + glob.glob('app/jobs/*.[ch]')):
        own = {os.path.basename(p) for p in glob.glob(f'{os.path.dirname(path)}/*.h')}
        for line, header, quoted in includes(path):
            if re.match(r'kore/', header):
                say(path, line, 'library', 'only the site knows Kore')
            elif quoted and header not in own and not (path.startswith('app/jobs/') and (
                    header in ('build/text.h', 'build/sql.h') or header.startswith('base/') and header[5:] in headers)):
                say(path, line, 'include', f'a program of its own does not include {header}')


# --- names -----------------------------------------------------------------------------------------------------------------

def routes():
    """(line, use, form) of each row."""
    text = c_code(read('app/routes.c'), strings=True)
    for found in re.finditer(r'^\s*ROUTE\(\w+,\s*"[^"]*",\s*(\w+),\s*(\w+),', text, re.M):
        yield line_of(text, found.start(1)), found[1], found[2]


def declared_in_own(path):
    """What the files of a feature's folder share, by the headers in it."""
    if path.count('/') < 2:
        return set()
    headers = glob.glob(f'{os.path.dirname(path)}/*.h')
    return {name for p in headers for name in re.findall(rf'\b({feature_of(path)}_\w+)\(', c_code(read(p)))}


def rule_names():
    for path in BASE:
        if not path.endswith('.c'):
            continue
        name = path[4:]
        allowed = PREFIXES.get(name, (os.path.basename(path)[:-2].split('_')[0] + '_',))
        if excepted(PREFIXES, name):
            for prefix in allowed:
                if not any(f.startswith(prefix) for _, f in public_functions(path)):
                    say('tests/lint.py', 1, 'exception', f'{path} has no function {prefix}…')
        for line, function in public_functions(path):
            if not function.startswith(allowed):
                say(path, line, 'name', f'{function} does not begin with {" or ".join(allowed)}')
    unneeded(PREFIXES, 'PREFIXES')

    halves = {}
    for path in FEATURES:
        for line, function in public_functions(path):
            if excepted(NO_HALF, function):
                continue
            if function in declared_in_own(path):
                continue
            if not re.fullmatch(f'{feature_of(path)}_[a-z0-9_]+_(?:ask|answer)', function):
                say(path, line, 'name', f'{function} is neither static nor {feature_of(path)}_<verb>_ask or _answer')
            halves[function] = (path, line)
    unneeded(NO_HALF, 'NO_HALF')
    ground = set(re.findall(r'\bvoid\s+(site_\w+)\(', read('app/base/site.h')))
    ground |= {function for path in BOARD for _, function in public_functions(path) if re.search(r'_(?:ask|answer)$', function)}
    used = set()
    for line, *uses in routes():
        for use in uses:
            for half in (f'{use}_ask', f'{use}_answer'):
                used.add(half)
                if use != 'none' and half not in halves and half not in ground:
                    say('app/routes.c', line, 'half', f'{half} is in no feature')
    for half in sorted(ground - used):
        say('app/base/site.h', 1, 'half', f'no row of app/routes.c names {half}')
    for half, (path, line) in halves.items():
        if half not in used:
            say(path, line, 'half', f'no row of app/routes.c names {half}')

    for path in sorted(glob.glob('app/**/*.[ch]', recursive=True)):
        code = c_code(read(path))
        for found in re.finditer(r'\btypedef\b', code):
            say(path, line_of(code, found.start()), 'name', 'typedef; a struct is called struct')


# --- SQL as text ---------------------------------------------------------------------------------------------------------------

def rule_sql_files():
    for folder in sorted(f for f in os.listdir('sql') if os.path.isdir(f'sql/{f}')):
        if folder not in ('tables', 'demo') and folder not in edge.FEATURES:
            say(f'sql/{folder}', 1, 'feature', 'sql/edge.py does not load it')
    for path in sorted(p for feature in edge.FEATURES for p in glob.glob(f'sql/{feature}/*.sql')):
        code = sql_code(read(path))
        feature, verb = path[4:-4].split('/')
        made = [(line_of(code, m.start()), m[1].lower(), m[2]) for m in re.finditer(
            r'\bcreate\s+(?:or\s+replace\s+)?(function|procedure|type|table|view|trigger|index|domain)\s+([\w.]+)', code, re.I)]
        if verb == 'types':
            for line, kind, name in made:
                if kind != 'type' or not name.startswith(feature + '.'):
                    say(path, line, 'file', f'{kind} {name} does not belong here')
            continue
        if [(kind, name) for _, kind, name in made] != [('function', f'{feature}.{verb}')]:
            say(path, 1, 'file', f'one function, {feature}.{verb}; here: {", ".join(name for _, _, name in made) or "none"}')
    for path in sorted(glob.glob('sql/**/*.sql', recursive=True) + glob.glob('conf/*.sql')):
        code = sql_code(read(path))
        for found in CLOCK_SQL.finditer(code):
            if path != CLOCK_HOME:
                say(path, line_of(code, found.start()), 'time', f'{found[0]} outside {CLOCK_HOME}; clock.now() and clock.today() are the clock')
    if not CLOCK_SQL.search(sql_code(read(CLOCK_HOME))):
        say(CLOCK_HOME, 1, 'exception', 'the clock asks no clock')


# --- SQL as the database sees it -------------------------------------------------------------------------------------------------

CATALOG = """
select json_build_object(
    'tables', (select json_agg(json_build_object(
            'name', c.relname, 'village', exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'village' and not a.attisdropped),
            'wall', c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid),
            'keys', (select json_agg(json_build_object('name', k.conname, 'kind', k.contype, 'to', t.relname,
                                'columns', (select json_agg(a.attname order by n.nr) from unnest(k.conkey) with ordinality n (num, nr)
                                              join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.num),
                                'their', (select json_agg(a.attname order by n.nr) from unnest(k.confkey) with ordinality n (num, nr)
                                              join pg_attribute a on a.attrelid = k.confrelid and a.attnum = n.num)))
                       from pg_constraint k left join pg_class t on t.oid = k.confrelid where k.conrelid = c.oid and k.contype in ('p', 'u', 'f')),
            'granted', (select json_agg(distinct g.grantee::regrole || ' ' || g.privilege_type) from aclexplode(c.relacl) g where g.grantee <> c.relowner)
            ) order by c.relname)
        from pg_class c where c.relnamespace = 'data'::regnamespace and c.relkind in ('r', 'p')),
    'functions', (select json_agg(json_build_object(
            'name', n.nspname || '.' || p.proname, 'definer', p.prosecdef, 'config', p.proconfig,
            'overloaded', (select count(*) > 1 from pg_proc o where o.pronamespace = p.pronamespace and o.proname = p.proname),
            'public', p.proacl is null or exists (select from aclexplode(p.proacl) g where g.grantee = 0),
            'web', has_function_privilege('web', p.oid, 'execute')) order by n.nspname, p.proname)
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = any (string_to_array('%s', ' '))),
    'constraints', (select json_agg(json_build_object('name', k.conname, 'table', c.relname))
        from pg_constraint k join pg_class c on c.oid = k.conrelid where k.conname like '%%.%%'));
"""
catalog = {}


def load_catalog():
    try:
        with edge.Cluster() as cluster:
            _, script = edge.deploy_script('sql')
            cluster.psql('village', script, 'village')
            catalog.update(json.loads(cluster.psql('village', CATALOG % ' '.join(edge.FEATURES), 'village')))
    except SystemExit as error:
        catalog['trouble'] = str(error)


def table_home(name):
    for path in sorted(glob.glob('sql/tables/*.sql')):
        if found := re.search(rf'create (?:unlogged )?table data\.{name}\b', read(path)):
            return path, line_of(read(path), found.start())
    return 'sql/edge.py', 1


def rule_tables():
    for table in catalog['tables']:
        name, where = table['name'], table_home(table['name'])
        keys = table['keys'] or []
        for granted in table['granted'] or []:
            if (name, granted) not in {('release', 'web SELECT'), ('release', 'jobs SELECT')}:
                say('sql/grants.sql', 1, 'right', f'{granted} on data.{name}; roles may only execute functions')
        if not table['village']:
            if not excepted(NO_VILLAGE, name):
                say(*where, 'village', f'data.{name} has no village')
            continue
        walled = not excepted(NO_WALL, name) or name not in NO_WALL
        if not walled:
            continue
        if not table['wall']:
            say(*where, 'village', f'data.{name} has no wall: row security is not on and forced')
        if not any(k['kind'] == 'p' for k in keys):
            say(*where, 'village', f'data.{name} has no primary key')
        for key in keys:
            if key['columns'][0] != 'village':
                say(*where, 'village', f'{key["name"]}: village is not first')
            elif key['kind'] == 'f' and key['their'][0] != 'village':
                say(*where, 'village', f'{key["name"]}: village does not lead to village')
    unneeded(NO_VILLAGE, 'NO_VILLAGE')
    unneeded(NO_WALL, 'NO_WALL')


def rule_functions():
    for function in catalog['functions']:
        path = f'sql/{function["name"].replace(".", "/")}.sql'
        if function['definer'] and not any(c.replace('"', '') == 'search_path=data, pg_temp' for c in function['config'] or []):
            say(path, 1, 'definer', 'security definer without `set search_path = data, pg_temp`')
        if function['public']:
            say(path, 1, 'right', 'everybody may execute it')
        if function['web'] and not function['definer']:
            say(path, 1, 'right', 'the web may execute it, though it is not security definer')
        if function['overloaded']:
            say(path, 1, 'file', 'two functions of one name')


# --- 7: texts ------------------------------------------------------------------------------------------------------------------

def rule_texts():
    known = {}
    for lang in text_compiler.LANGUAGES:
        path = f'assets/text/{lang}.po'
        if not os.path.exists(path):
            say(path, 1, 'text', 'there is no such file')
            return
        known[lang] = {m[1]: line_of(read(path), m.start()) for m in re.finditer(r'^msgid "([^"]+)"', read(path), re.M)}
    for one, other in (('zh', 'en'), ('en', 'zh')):
        for key, line in known[one].items():
            if key not in known[other]:
                say(f'assets/text/{one}.po', line, 'text', f'{key} is not in {other}.po')
    for constraint in catalog['constraints'] or []:
        if constraint['name'] not in known['zh']:
            say(*table_home(constraint['table']), 'text', f'the constraint {constraint["name"]} has no text')

    said, ways, prefixes = set(edge.refusals('sql', {'refusals': [c['name'] for c in catalog['constraints'] or []]})), set(), set()
    for key in sorted(said - set(known['zh'])):
        say('sql', 1, 'text', f'{key} is refused with and has no text')
    sources = FEATURES + BASE + BOARD + sorted(glob.glob('app/jobs/*.c') + glob.glob('assets/page/*.html') + glob.glob('assets/site/*.js')
                                       + [p for f in edge.FEATURES for p in glob.glob(f'sql/{f}/*.sql')])
    for path in sources:
        text = read(path) if path.endswith(('.html', '.js')) else sql_code(read(path)) if path.endswith('.sql') else c_code(read(path), strings=True)
        said |= set(re.findall(r'\{say ([\w.-]+)', text))
        said |= set(re.findall(r'''["']([a-z][\w.-]*)["']''', text))
        ways |= set(re.findall(r'\bTEXT_(\w+)', text))
        for found in re.finditer(r'lang_find_of\(([^,]*),', text):
            if literal := re.fullmatch(r'\s*"([\w.-]+)"\s*', found[1]):
                prefixes.add(literal[1])
            elif path not in ('app/base/lang.c', 'app/base/lang.h') and not excepted(TEXT_PREFIXES, found[1].strip()):
                say(path, line_of(text, found.start()), 'text', f'the prefix {found[1].strip()} is no literal; tell tests/lint.py its values')
    prefixes |= {prefix for values in TEXT_PREFIXES.values() for prefix in values}
    for prefix in TEXT_COUNTED:
        if any(way.startswith(prefix + '_') and way[len(prefix) + 1:].isdigit() for way in ways):
            excepted(TEXT_COUNTED, prefix)
            prefixes.add(prefix)
    unneeded(TEXT_COUNTED, 'TEXT_COUNTED')
    unneeded(TEXT_PREFIXES, 'TEXT_PREFIXES')
    for key, line in known['zh'].items():
        if not (key in said or re.sub(r'[.-]', '_', key) in ways or any(key.startswith(prefix + '.') for prefix in prefixes)):
            say('assets/text/zh.po', line, 'text', f'nobody says {key}')
    for prefix in sorted(prefixes):
        if not any(key.startswith(prefix + '.') for key in known['zh']):
            say('assets/text/zh.po', 1, 'text', f'no text begins with {prefix}.')


# --- every file -------------------------------------------------------------------------------------------------------------------

OPENINGS = {
    '.c': ('/*',), '.h': ('/*',), '.css': ('/*',), '.js': ('/*', '//'), '.mjs': ('/*', '//'), '.sql': ('--', '\\'), '.lua': ('--',), '.html': ('{#',),
    '.py': ('"""', '#'), '.sh': ('#',), '.conf': ('#',), '.po': ('#', 'msgid ""'), '.service': ('#',), '.timer': ('#',),
}
COMMENT_FREE = {'.csv', '.txt', '.json', '.svg', '.webp', '.jpg', '.png', '.md', '.lock'}


def opens_with_remark(path, text):
    lines = text.splitlines()
    if lines and lines[0].startswith('#!'):
        lines = lines[1:]
    first = next((line.strip() for line in lines if line.strip()), '')
    return first.startswith(OPENINGS[os.path.splitext(path)[1]])


def rule_files():
    for name in sorted(os.listdir('.')):
        if name not in TOP and not name.startswith('.'):
            say(name, 1, 'tree', f'the top holds only {", ".join(sorted(TOP))}')
    for path in all_files():
        try:
            text = read(path)
        except UnicodeDecodeError:
            continue
        if path.startswith('tests/fuzz/corpus/'):
            continue
        if os.path.splitext(path)[1] in OPENINGS and not opens_with_remark(path, text):
            say(path, 1, 'opening', 'the file does not open with its purpose')
        lines = text.count('\n')
        if lines > LINES_MOST and path != 'tests/package-lock.json' and os.path.splitext(path)[1] not in ('.csv', '.po', '.svg'):
            most, _ = LONG.get(path, (LINES_MOST, ''))
            excepted(LONG, path)
            if lines > most:
                say(path, 1, 'long', f'{lines} lines; {most} are the most')
        if path == 'tests/lint.py':
            continue
        for rule, pattern, what in (('promise', PROMISE, 'a promise'), ('machine', MACHINE, 'a path of one machine'),
                                    ('host', REGISTRY, 'a host of packages')):
            for found in pattern.finditer(text):
                say(path, line_of(text, found.start()), rule, f'{what}: {found[0]}')
    unneeded(LONG, 'LONG')


def main():
    loader = threading.Thread(target=load_catalog)
    loader.start()
    for rule in (rule_feature, rule_board, rule_base, rule_names, rule_sql_files, rule_files):
        rule()
    loader.join()
    if 'trouble' in catalog:
        say('sql', 1, 'sql', f'cannot be loaded: {catalog["trouble"]}')
    else:
        for rule in (rule_tables, rule_functions, rule_texts):
            rule()
    for path, line, rule, what in sorted(set(findings)):
        print(f'{path}:{line}: {rule}: {what}')
    sys.exit(1 if findings else 0)


if __name__ == '__main__':
    main()
