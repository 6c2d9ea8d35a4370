"""That tests/lint.py finds what it is there for: a copy of the tree gets one breach of each rule, and each must be told."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE]
import tap                  # noqa: E402

PARTS = ("app", "sql", "assets", "conf", "tests", "Makefile", "README.md")


# (file, what is added to its end, the finding: file, rule and a part of what is said); file without content: as it is.
C_BREACHES = """
#include <time.h>
#include "base/log.h"
void owner_helps(struct visit *v) { (void)v; }

void
owner_helper(struct visit *v)
{
	PQfinish(v->state);
	(void)time(NULL);
	free(v);
	booking_stay_ask(v);
	page_say(TEXT_a, "month.01");
}

void
owner_never_ask(struct visit *v)
{
	(void)v;
}
"""
BREACHES = [
    ("app/owner.c", C_BREACHES, "app/owner.c", [
        "include: a feature does not include time.h", "include: a feature does not include base/log.h", "library: a feature does not know PQfinish",
        "time: time()", "held: free", "state: v->state", "feature: booking_stay_ask", "name: owner_helper is neither",
        "half: no row of app/routes.c names owner_never_ask"]),
    ("app/owner.h", "/* A header. */\ntypedef int owner;\n", "app/owner.h", ["include: a feature has no header", "name: typedef"]),
    ("app/base/date.c", "#include <kore/kore.h>\n#include \"build/sql.h\"\nint\nother_name(void)\n{\n\treturn (0);\n}\n", "app/base/date.c", [
        "include: the ground does not include build/sql.h", "library: date.c does not know Kore", "library: date.c is plain C",
        "name: other_name does not begin with date_ or moment_"]),
    ("app/run/run.h", "#include <kore/kore.h>\n#include \"base/log.h\"\n", "app/run/run.h",
        ["library: only the site knows Kore", "include: a program of its own"]),
    ("app/routes.c", "\tROUTE(GET,  \"/nowhere\", owner_nowhere, none, ANYONE, PAGE, 0)\n", "app/routes.c", ["half: owner_nowhere_ask is in no feature"]),
    ("sql/owner/later.sql", "create or replace function owner.never() returns timestamptz language sql security definer set search_path = public as "
        "$$ select now() + (current_date - date 'today') * interval '1 day' $$;\n", "sql/owner/later.sql",
        ["file: one function, owner.later", "time: now(", "time: current_date", "time: 'today'", "opening: "]),
    ("sql/owner/never.sql", None, "sql/owner/never.sql", ["definer: security definer without"]),
    ("sql/owner/open_to_all.sql", "-- Nobody needs it.\ncreate or replace function owner.open_to_all() returns int language sql as $$ select 1 $$;\n",
        "sql/owner/open_to_all.sql", ["right: everybody may execute it", "right: the web may execute it, though"]),
    ("sql/grants.sql", "grant execute on function owner.open_to_all() to public;\ngrant insert on data.house to web;\n"
        "alter table data.guest_book disable row level security;\n", "sql/grants.sql", ["right: web INSERT on data.house"]),
    ("sql/tables/0099_breach.sql", "-- Breaches.\ncreate table data.alone (a int primary key);\n"
        "create table data.guest_book (entry int not null, village int not null, house bigint, primary key (entry, village), "
        "foreign key (house, village) references data.house (house, village), constraint \"owner.nameless\" check (entry > 0));\n"
        "create table data.keyless (village int not null);\n", "sql/tables/0099_breach.sql",
        ["village: data.alone has no village", "village: data.guest_book has no wall", "village: guest_book_pkey: village is not first",
         "village: guest_book_house_village_fkey: village is not first", "village: data.keyless has no primary key",
         "text: the constraint owner.nameless has no text"]),
    ("sql/elsewhere/one.sql", "-- Nothing.\n", "sql/elsewhere", ["feature: sql/edge.py does not load it"]),
    ("assets/text/zh.po", "\nmsgid \"never.said\"\nmsgstr \"从不\"\n", "assets/text/zh.po",
        ["text: never.said is not in en.po", "text: nobody says never.said"]),
    ("assets/page/owner.html", "{text lang_find_of(v->path, \"a\")}{text lang_find_of(\"nothing.such\", \"a\")}{int time(NULL)}\n", "assets/page/owner.html",
        ["time: time() in a page", "text: the prefix v->path is no literal"]),
    ("assets/text/zh.po", None, "assets/text/zh.po", ["text: no text begins with nothing.such."]),
    ("conf/README.md", "\nTO" "DO: see /ro" "ot/notes and https://registry.npm" "js.org/\n", "conf/README.md",
        ["promise: a promise", "machine: a path of one machine: /", "host: a host of packages"]),
    ("notes.txt", "by hand\n", "notes.txt", ["tree: the top holds only"]),
    ("app/desk.c", "\n" * 700, "app/desk.c", ["long: "]),
]


class LintCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        for part in PARTS:
            where = os.path.join(ROOT, part)
            if os.path.isdir(where):
                shutil.copytree(where, os.path.join(self.folder, part), ignore=shutil.ignore_patterns("node_modules", "__pycache__", "photo"))
            elif os.path.exists(where):
                shutil.copy(where, self.folder)

    def test_breaches(self):
        """one breach of each rule is told, with its file"""
        for path, added, _, _ in BREACHES:
            if added is not None:
                where = os.path.join(self.folder, path)
                os.makedirs(os.path.dirname(where), exist_ok=True)
                with open(where, "a", encoding="utf-8") as file:
                    file.write(added)
        done = subprocess.run([sys.executable, "-B", "tests/lint.py"], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual((done.stderr, done.returncode), ("", 1))
        said = done.stdout.splitlines()
        untold = [f"{path}: {finding}" for _, _, path, findings in BREACHES for finding in findings
                  if not any(line.startswith(path + ":") and finding in line for line in said)]
        self.assertEqual(untold, [], "\n" + done.stdout)


if __name__ == "__main__":
    tap.run()
