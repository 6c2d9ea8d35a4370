#!/usr/bin/env python3
"""The edge between SQL and C.

Loads sql/ into a throwaway PostgreSQL cluster, so that what does not compile stops the build; reads the signatures of the
functions the site may call from pg_proc (never from text); and writes

  deploy.sql     everything a database needs, one transaction, safe to run again
  sql.h, sql.c   a struct for the arguments and for a row of every function, their shapes, and a call each
  refusals       every key somebody may be refused with, for the check that each has a text
  routes.h       the two halves of every use case in app/routes.c
  openapi.json   app/openapi.json with the schemas of the answers put in
"""

import argparse
import glob
import hashlib
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile

BIN = '/usr/lib/postgresql/15/bin'
FEATURES = ['base', 'clock', 'account', 'booking', 'lodging', 'village', 'owner', 'desk', 'board', 'jobs']     # types of rows in this order


# --- the deploy script ---------------------------------------------------------------------------------------------------

def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def function_files(root):
    """Types of answers first, then functions, in any order: bodies are checked once all of them are there."""
    files = [f for feature in FEATURES for f in sorted(glob.glob(f'{root}/{feature}/*.sql'))]
    types = [f for f in files if f.endswith('/types.sql')]
    return types, [f for f in files if f not in types]


def deploy_script(root):
    tables = sorted(glob.glob(f'{root}/tables/*.sql'))
    types, functions = function_files(root)
    parts = []
    for path in tables:
        name = os.path.basename(path)[:-4]
        parts.append(f"select not exists (select from data.migration where name = '{name}') as missing \\gset\n\\if :missing\n"
                     f"{read(path)}\ninsert into data.migration values ('{name}');\n\\endif\n")
    bodies = ''.join(read(path) for path in functions)
    features = ', '.join(f"'{f}'" for f in FEATURES)
    parts.append(f"""
-- Functions and the types of their rows are made anew: what has no file any more is gone.
do $$ declare x record; begin
    for x in select oid::regprocedure as name from pg_proc where pronamespace in (select oid from pg_namespace where nspname in ({features})) loop
        execute 'drop function ' || x.name;
    end loop;
    for x in select c.oid::regclass as name from pg_class c where c.relkind = 'c' and c.relnamespace in (select oid from pg_namespace where nspname in ({features})) loop
        execute 'drop type if exists ' || x.name || ' cascade';
    end loop;
end $$;
set local check_function_bodies = off;
""")
    parts.append(''.join(read(path) for path in types))
    parts.append(bodies)
    parts.append('set local check_function_bodies = on;\n')
    parts.append(bodies)     # once more, now that each can see all others
    parts.append(read(f'{root}/grants.sql'))
    body = '\n'.join(parts)
    release = hashlib.sha256(body.encode()).hexdigest()[:16]
    return release, f"""-- release {release}
\\set ON_ERROR_STOP 1
set client_min_messages = warning;
begin;
select pg_advisory_xact_lock(7368);
create schema if not exists data;
create table if not exists data.migration (name text primary key);
{body}
delete from data.release;
insert into data.release values ('{release}', clock.now());
commit;
"""


# --- the throwaway cluster -----------------------------------------------------------------------------------------------

class Cluster:
    """A PostgreSQL of our own in a temporary directory, never as root."""

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix='edge-', dir='/tmp')
        self.as_user = []
        if os.geteuid() == 0:
            user = pwd.getpwnam('postgres')
            os.chown(self.directory, user.pw_uid, user.pw_gid)
            self.as_user = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups']
        data = f'{self.directory}/data'
        self.run(f'{BIN}/initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N')
        self.run(f'{BIN}/pg_ctl', '-D', data, '-w', '-l', f'{self.directory}/log', '-o',
                 f"-F -c listen_addresses='' -c unix_socket_directories={self.directory} -c fsync=off", 'start')
        self.psql('postgres', 'create role village login; create role web login; create role jobs login; create database village owner village')
        return self

    def __exit__(self, *_):
        subprocess.run([*self.as_user, f'{BIN}/pg_ctl', '-D', f'{self.directory}/data', '-m', 'immediate', 'stop'],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd='/')
        shutil.rmtree(self.directory, ignore_errors=True)

    def run(self, *command):
        done = subprocess.run([*self.as_user, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd='/', text=True)
        if done.returncode:
            sys.exit(f'edge: {command[0]} failed\n{done.stdout}')

    def psql(self, user, sql, database='postgres'):
        done = subprocess.run(['psql', '-X', '-q', '-A', '-t', '-h', self.directory, '-U', user, '-d', database, '-v', 'ON_ERROR_STOP=1'],
                              input='\n'.join(s.strip() + ';' for s in sql.split(';') if s.strip()) if user == 'postgres' else sql,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            sys.exit(explain(done.stderr, sql))
        return done.stdout


def explain(trouble, script):
    """psql names a line of the whole script; say which statement that was."""
    found = re.search(r'<stdin>:(\d+): (ERROR.*)', trouble, re.S)
    if not found:
        return f'edge: {trouble}'
    lines = script.splitlines()[:int(found[1])]
    heads = [line for line in lines if line.startswith('create ')]
    return f'sql: {heads[-1] if heads else ""}\n{found[2]}'


# --- signatures ----------------------------------------------------------------------------------------------------------

SIGNATURES = """
with row_type as (
    select t.oid, n.nspname || '.' || t.typname as name, t.typrelid
      from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'c'
), value_type as (   -- what a declared type is underneath
    select t.oid as declared, coalesce(b.oid, t.oid) as base, t.typnotnull as sure,
           case when e.oid is null then coalesce(b.typname, t.typname) else e.typname end as name,
           e.oid is not null as list, r.name as row_name,
           coalesce(b.oid, t.oid)::int8 as oid
      from pg_type t
      left join pg_type b on b.oid = nullif(t.typbasetype, 0)
      left join pg_type e on e.oid = nullif(t.typelem, 0) and t.typcategory = 'A'
      left join row_type r on r.oid = coalesce(e.oid, t.oid)
)
select json_build_object(
    'rows', (select json_object_agg(r.name, (select json_agg(json_build_object('name', a.attname, 'type', v.name, 'sure', v.sure, 'list', v.list,
                                                 'row', v.row_name) order by a.attnum)
                                               from pg_attribute a join value_type v on v.declared = a.atttypid
                                              where a.attrelid = r.typrelid and a.attnum > 0 and not a.attisdropped))
               from row_type r join pg_class c on c.oid = r.typrelid and c.relkind = 'c'),
    'functions', (select json_agg(json_build_object(
            'name', n.nspname || '.' || p.proname, 'writes', p.provolatile = 'v', 'one', p.prorows = 1, 'returns_set', p.proretset,
            'fields', (select json_agg(json_build_object('name', coalesce(p.proargnames[i], ''), 'mode', coalesce(p.proargmodes[i], 'i'),
                                          'type', v.name, 'sure', v.sure, 'list', v.list, 'row', v.row_name, 'oid', v.oid) order by i)
                         from generate_series(1, coalesce(cardinality(p.proallargtypes), p.pronargs)) i
                         join value_type v on v.declared = coalesce(p.proallargtypes[i], p.proargtypes[i - 1]))) order by n.nspname, p.proname)
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname not in ('pg_catalog', 'information_schema') and has_function_privilege('web', p.oid, 'execute')),
    'refusals', (select json_agg(conname) from pg_constraint where conname like '%.%'));
"""

# SQL type → (enum, C type, C type when it may be absent, C type of a list, JSON schema)
TYPES = {
    'int8':        ('DB_BIGINT', 'int64_t', 'struct maybe_bigint', 'struct id_list', {'type': 'integer'}),
    'int4':        ('DB_INT', 'int32_t', 'struct maybe_int', 'struct int_list', {'type': 'integer'}),
    'bool':        ('DB_BOOL', 'bool', 'struct maybe_bool', None, {'type': 'boolean'}),
    'text':        ('DB_TEXT', 'const char *', 'const char *', 'struct text_list', {'type': 'string'}),
    'date':        ('DB_DATE', 'struct date', 'struct date', None, {'type': 'string', 'format': 'date'}),
    'timestamptz': ('DB_MOMENT', 'struct moment', 'struct moment', None, {'type': 'string', 'format': 'date-time'}),
    'bytea':       ('DB_BYTES', 'struct bytes', 'struct bytes', 'struct bytes_list', None),
}


def c_name(name):
    return name.replace('.', '_')


class Field:
    def __init__(self, raw, where, rows):
        self.name, self.list, self.row = raw['name'], raw['list'], raw['row']
        self.sure, self.oid = raw['sure'], raw.get('oid')
        self.where = where
        if not self.name:
            sys.exit(f'sql: {where}: an argument without a name')
        if self.row is None and raw['type'] not in TYPES:
            sys.exit(f'sql: {where}.{self.name}: type {raw["type"]} does not cross the edge')
        if self.row is not None and self.row not in rows:
            sys.exit(f'sql: {where}.{self.name}: {self.row} is not a composite of answers')
        self.kind = None if self.row else TYPES[raw['type']]

    def declaration(self):
        if self.row:
            kind = f'struct {c_name(self.row)}{"_list" if self.list else ""}'
        else:
            kind = self.kind[3] if self.list else self.kind[1 if self.sure else 2]
        if kind is None:
            sys.exit(f'sql: {self.where}.{self.name}: a list of that type does not cross the edge')
        return f'\t{kind}{"" if kind.endswith("*") else " "}{self.name};'

    def shape(self, struct):
        kind = 'DB_ROW' if self.row else self.kind[0]
        row = f'&{c_name(self.row)}_shape' if self.row else 'NULL'
        flag = {True: 'true', False: 'false'}
        return (f'\t{{ "{self.name}", {kind}, {flag[self.list]}, {flag[not self.sure and not self.list]}, '
                f'offsetof(struct {struct}, {self.name}), {row} }},')

    def schema(self):
        one = {'$ref': f'#/components/schemas/{self.row}'} if self.row else self.kind[4]
        if one is None:
            return None
        if self.list:
            return {'type': 'array', 'items': one}
        if self.row or self.sure:
            return one
        return {**one, 'type': [one['type'], 'null']}


def struct_text(name, fields):
    return '\n'.join([f'struct {name} {{', *(f.declaration() for f in fields), '};', ''])


def field_text(struct, fields):
    return '\n'.join([f'static const struct db_field {struct}_field[] = {{', *(f.shape(struct) for f in fields), '};', ''])


def shape_text(sql_name, struct, fields):
    out = [field_text(struct, fields) + f'static const struct db_shape {struct}_shape = {{ "{sql_name}", sizeof(struct {struct}), {len(fields)}, {struct}_field }};', '']
    return '\n'.join(out)


def json_heads(name, struct):
    return [f'void json_{name}(struct json *, const struct {struct} *);     /* its fields into an open object */',
            f'void json_{name}_list(struct json *, const char *name, const struct {struct} *, size_t count);']


def json_bodies(name, struct, shape):
    return [f'void\njson_{name}(struct json *j, const struct {struct} *row)\n{{\n\tdb_json_row(j, &{shape}, row);\n}}\n',
            f'void\njson_{name}_list(struct json *j, const char *name, const struct {struct} *row, size_t count)\n'
            f'{{\n\tdb_json_list(j, name, &{shape}, row, count);\n}}\n']


def in_order(rows):
    """Composites after the composites within them."""
    done = []

    def visit(name):
        if name in done:
            return
        for raw in rows[name] or []:
            if raw['row']:
                visit(raw['row'])
        done.append(name)
    for name in sorted(rows):
        visit(name)
    return done


def write_c(out, release, found):
    rows = {k: v for k, v in (found['rows'] or {}).items() if not k.startswith('data.')}
    head = ['/* Made by sql/edge.py from the signatures in the database. */', '#ifndef BUILD_SQL_H', '#define BUILD_SQL_H', '',
            '#include "base/db.h"', '', 'struct visit;', '']
    body = ['/* Made by sql/edge.py from the signatures in the database. */', '#include <stddef.h>', '',
            '#include "base/visit.h"', '#include "build/sql.h"', '',
            '/* visit.c: adds a call to the batch of this visit, and finds its rows. */',
            'void\t\t visit_call(struct visit *, const struct db_call *, const void *);',
            'const void\t*visit_rows(struct visit *, const struct db_call *, size_t *);', '']
    schemas = {}
    for name in in_order(rows):
        fields = [Field(raw, name, rows) for raw in rows[name]]
        struct = c_name(name)
        head += [struct_text(struct, fields), f'struct {struct}_list {{ size_t count; const struct {struct} *item; }};',
                 *json_heads(struct, struct), '']
        body += [shape_text(name, struct, fields), *json_bodies(struct, struct, f'{struct}_shape')]
        schemas[name] = object_schema(fields)
    calls = []
    for function in found['functions']:
        name, struct = function['name'], c_name(function['name'])
        if not function['returns_set']:
            sys.exit(f'sql: {name} answers no rows; what the site calls returns a table')
        fields = [Field(raw, name, rows) for raw in function['fields'] or []]
        modes = [raw['mode'] for raw in function['fields'] or []]
        ask = [f for f, m in zip(fields, modes) if m == 'i']
        answer = [f for f, m in zip(fields, modes) if m == 't']
        want = f'const struct {struct} *want' if ask else ''
        if ask:
            head.append(struct_text(struct, ask))
            body.append(field_text(struct, ask))
            body += [f'static const uint32_t {struct}_oid[] = {{ {", ".join(str(f.oid) for f in ask)} }};', '']
        head += [struct_text(f'{struct}_row', answer),
                 f'void sql_{struct}(struct visit *{", " + want if want else ""});',
                 f'const struct {struct}_row *sql_{struct}_rows(struct visit *, size_t *count);',
                 f'const struct {struct}_row *sql_{struct}_row(struct visit *);     /* {"the row" if function["one"] else "the first row, NULL when there is none"}; NULL when it was not asked */',
                 *json_heads(struct, f'{struct}_row'), '']
        body.append(shape_text(name, f'{struct}_row', answer))
        marks = ', '.join(f'${i + 1}' for i in range(len(ask)))
        calls.append(f'\t{{ "{name}", "select * from {name}({marks})", {"true" if function["writes"] else "false"}, {"true" if function["one"] else "false"},\n'
                     + (f'\t    {{ "{name}", sizeof(struct {struct}), {len(ask)}, {struct}_field }},\n' if ask else f'\t    {{ "{name}", 0, 0, NULL }},\n')
                     + f'\t    {{ "{name}", sizeof(struct {struct}_row), {len(answer)}, {struct}_row_field }}, {struct + "_oid" if ask else "NULL"} }},')
        place = len(calls) - 1
        body += [f'void\nsql_{struct}(struct visit *v{", " + want if want else ""})\n{{\n\tvisit_call(v, &db_calls[{place}], {"want" if want else "NULL"});\n}}\n',
                 f'const struct {struct}_row *\nsql_{struct}_rows(struct visit *v, size_t *count)\n{{\n\treturn visit_rows(v, &db_calls[{place}], count);\n}}\n',
                 f'const struct {struct}_row *\nsql_{struct}_row(struct visit *v)\n{{\n\tsize_t count;\n\n\treturn visit_rows(v, &db_calls[{place}], &count);\n}}\n',
                 *json_bodies(struct, f'{struct}_row', f'{struct}_row_shape')]
        schemas[name] = object_schema(answer)
    head.append('#endif')
    body += ['const struct db_call db_calls[] = {', *calls, '};', f'const size_t db_calls_count = {len(calls)};',
             f'const char db_release[] = "{release}";', '']
    write(f'{out}/sql.h', '\n'.join(head) + '\n')
    write(f'{out}/sql.c', '\n'.join(body))
    return schemas


def object_schema(fields):
    properties = {f.name: f.schema() for f in fields if f.schema() is not None}
    return {'type': 'object', 'required': list(properties), 'properties': properties}


def write_openapi(out, root, schemas):
    base = json.loads(read(f'{root}/../app/openapi.json'))
    base.setdefault('components', {}).setdefault('schemas', {})
    wanted, queue = {}, re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(base))
    while queue:
        name = queue.pop()
        if name in wanted or name in base['components']['schemas']:
            continue
        if name not in schemas:
            sys.exit(f'app/openapi.json: no function or row is called {name}')
        wanted[name] = schemas[name]
        queue += re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(schemas[name]))
    base['components']['schemas'].update(sorted(wanted.items()))
    routes = set(re.findall(r'ROUTE\((\w+),\s*"(/api/[^"]*)"', read(f'{root}/../app/routes.c')))
    told = {(method.upper(), path) for path, methods in base['paths'].items() for method in methods}
    for method, path in sorted(routes ^ told):
        sys.exit(f'{method} {path} stands in only one of app/routes.c and app/openapi.json')
    write_routes(out, root)
    write(f'{out}/openapi.json', json.dumps(base, ensure_ascii=False, separators=(',', ':')))


def write_routes(out, root):
    """The two halves of every use case that app/routes.c names."""
    uses = sorted(set(re.findall(r'^\s*ROUTE\(\w+,\s*"[^"]*",\s*(\w+)', read(f'{root}/../app/routes.c'), re.M)))
    uses = [use for use in uses if not use.startswith('site_')]     # base/site.h has these
    lines = ['/* Made by sql/edge.py from app/routes.c. */', '#ifndef BUILD_ROUTES_H', '#define BUILD_ROUTES_H', '', 'struct visit;', '']
    for use in uses:
        lines += [f'void {use}_ask(struct visit *);', f'void {use}_answer(struct visit *);']
    write(f'{out}/routes.h', '\n'.join([*lines, '', '#endif', '']))


def refusals(root, found):
    types, functions = function_files(root)
    keys = set(found['refusals'] or [])
    for path in functions:
        keys |= set(re.findall(r"refuse\('([^']+)'", read(path)))
        keys |= set(re.findall(r"(?:then|else|why :=) '([a-z]+\.[a-z0-9_]+)'", read(path)))
    return sorted(keys)


def write(path, text):
    """Only when it changed, so that what depends on it is not built again for nothing."""
    if os.path.exists(path) and read(path) == text:
        return
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--out', required=True)
    out = parser.parse_args().out
    root = os.path.dirname(os.path.abspath(__file__))
    os.makedirs(out, exist_ok=True)
    release, script = deploy_script(root)
    with Cluster() as cluster:
        cluster.psql('village', script, 'village')
        found = json.loads(cluster.psql('village', SIGNATURES, 'village'))
    write(f'{out}/deploy.sql', script)
    schemas = write_c(out, release, found)
    write(f'{out}/refusals', '\n'.join(refusals(root, found)) + '\n')
    write_openapi(out, root, schemas)


if __name__ == '__main__':
    main()
