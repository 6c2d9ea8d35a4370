"""The text compiler: what it makes, that C takes it, and each reason for which it stops the build."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "assets", "text")]
import compile as texts     # noqa: E402
import tap                  # noqa: E402

FLAGS = ("-std=gnu11 -O2 -Wall -Wextra -Werror -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes "
         "-Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2").split()


def po(**forms):
    """A .po entry with the key a.b, or a plural one from one= and other=."""
    if "text" in forms:
        return f'msgid "a.b"\nmsgstr "{forms["text"]}"\n'
    lines = ['msgid "a.b"', 'msgid_plural "a.b"', f'msgstr[0] "{forms["one"]}"']
    return "\n".join(lines + ([f'msgstr[1] "{forms["other"]}"'] if "other" in forms else [])) + "\n"


class TextCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def build(self, zh, en, refusals=None):
        paths = {"zh": self.write("zh.po", zh), "en": self.write("en.po", en)}
        return texts.build(paths, refusals)

    def problems(self, zh, en, refusals=None):
        """The problems without the folder: zh.po:1: what."""
        header, table, found = self.build(zh, en, refusals)
        self.assertEqual((header is None, table is None), (bool(found), bool(found)))
        return [str(each).removeprefix(self.folder + os.sep) for each in found]

    def stops(self, zh, en, *wanted):
        """Exactly these problems, each given as its beginning or a part of it."""
        found = self.problems(zh, en)
        self.assertEqual(len(found), len(wanted), found)
        for one, part in zip(found, wanted):
            self.assertIn(part, one)


class Makes(TextCase):
    def test_order(self):
        """keys come in the order of strcmp, as C names"""
        both = "".join(f'msgid "{key}"\nmsgstr "1"\n' for key in ("b", "a_c", "a.b", "a-d", "a0"))
        header, table, _ = self.build(both, both)
        names = [line.strip(" \t,") for line in header.split("\n") if line.startswith("\t")]
        self.assertEqual(names, ["TEXT_a_d", "TEXT_a_b", "TEXT_a0", "TEXT_a_c", "TEXT_b"])
        self.assertLess(table.index('"a-d"'), table.index('"a.b"'))

    def test_strings(self):
        """head, comments, continued strings and escapes are read as gettext does"""
        zh = ('msgid ""\nmsgstr "Language: zh\\n"\n\n#: page\n# note\n'
              'msgid "a.b"\nmsgstr ""\n"一\\n"\n"\\"二\\"\\\\ \\t"\n#~ msgid "old"\n')
        entries, problems = texts.read_po(self.write("zh.po", zh))
        self.assertEqual((list(entries), problems), (["a.b"], []))
        self.assertEqual(entries["a.b"].forms, {0: '一\n"二"\\ \t'})

    def test_compiled(self):
        """C takes the table without a warning and reads the same texts from it"""
        zh = ('msgid "x.plain"\nmsgstr "好\\n\\"引\\" ??/ \\\\"\n'
              'msgid "x.count"\nmsgid_plural "x.count"\nmsgstr[0] "{n} 晚"\n')
        en = ('msgid "x.plain"\nmsgstr "odd\u200b1 ???=?\u202e"\n'
              'msgid "x.count"\nmsgid_plural "x.count"\nmsgstr[0] "one night"\nmsgstr[1] "{n} nights"\n')
        self.write("zh.po", zh)
        self.write("en.po", en)
        out = os.path.join(self.folder, "out")
        files = [os.path.join(self.folder, name) for name in ("zh.po", "en.po")]
        self.assertEqual(texts.main(["--out", out] + files), 0)
        main = self.write("main.c", r'''
            #include <stdio.h>
            #include "base/lang.h"
            #include "text.h"
            int main(void)
            {
                for (size_t i = 0; i < text_count; i++)
                    for (int lang = 0; lang < LANG_COUNT; lang++)
                        for (int form = 0; form < 2; form++)
                            printf("%s|%s|", text_table[i].key,
                                text_table[i].form[lang][form] ? text_table[i].form[lang][form] : "NULL");
                return TEXT_x_count == 0 && TEXT_x_plain == 1 ? 0 : 1;
            }''')
        program = os.path.join(self.folder, "main")
        include = ["-I" + os.path.join(ROOT, "app"), "-I" + out]
        subprocess.run(["gcc", *FLAGS, *include, main, os.path.join(out, "text.c"), "-o", program], check=True)
        said = subprocess.run([program], check=True, capture_output=True).stdout.decode().split("|")
        self.assertEqual(said[1:8:2], ["{n} 晚", "NULL", "one night", "{n} nights"])
        self.assertEqual(said[9:16:2], ['好\n"引" ??/ \\', "NULL", "odd\u200b1 ???=?\u202e", "NULL"])


class Stops(TextCase):
    def test_one_language(self):
        """a key in one language only"""
        more = po(text="x") + 'msgid "c"\nmsgstr "y"\n'
        self.stops(more, po(text="x"), "zh.po:3: 'c' is missing in en.po")
        self.stops(po(text="x"), more, "en.po:3: 'c' is missing in zh.po")

    def test_empty(self):
        """an empty or blank text"""
        self.stops(po(text=""), po(text="x"), "zh.po:1: 'a.b' is empty")
        self.stops(po(one="x"), po(one="x", other=" "), "en.po:1: 'a.b' is empty")

    def test_places(self):
        """places that differ between the languages or the forms"""
        self.stops(po(text="{x} {y}"), po(text="{x}"), "en.po:1: 'a.b' has the places {x}, in zh.po {x} {y}")
        self.stops(po(one="{n}{x}"), po(one="one", other="{n}{x}"), "other places for 1 (none)")
        self.stops(po(one="x"), po(one="{n}", other="many"), "other places for 1 ({n})")
        self.assertEqual(self.problems(po(one="{n}{x}"), po(one="one {x}", other="{n}{x}")), [])
        self.assertEqual(self.problems(po(text="{y}{x}"), po(text="{x} {y} {x}")), [])

    def test_brace(self):
        """a brace that is no place"""
        for text in ("{", "}", "{ x}", "{X}", "{}", "{x}}"):
            with self.subTest(text):
                self.assertTrue(any("a brace that is no" in each for each in
                                    self.problems(po(text=text), po(text=text))))

    def test_plural(self):
        """plural forms that are missing, too many or not declared"""
        good = po(one="一")
        self.stops(good, po(one="one"), "en.po:1: 'a.b' lacks its plural form msgstr[1]")
        self.stops(good, po(text="one"), "en needs msgid_plural")
        self.stops(good + 'msgstr[1] "二"\n', po(one="one", other="two"), "a form msgstr[1] that zh does not have")
        self.stops(good, po(one="one", other="two").replace('plural "a.b"', 'plural "a.bs"'), "must be the same key")
        self.stops(po(text="x"), po(one="one", other="two"), "has a plural but no {n}")
        self.stops(po(text="x"), 'msgid "a.b"\nmsgstr[0] "x"\n', "msgstr[…] but no msgid_plural")
        self.stops(po(text="x"), 'msgid "a.b"\nmsgid_plural "a.b"\nmsgstr "x"\n', "no {n}", "write msgstr[0]")
        self.assertEqual(self.problems(po(text="{n} 晚"), po(one="one", other="{n}")), [])

    def test_keys(self):
        """a key twice, a bad key, two keys of one C name"""
        self.stops(po(text="x") * 2, po(text="x"), "zh.po:3: 'a.b' stands here a second time, first in line 1")
        self.stops(po(text="x") + 'msgid "A b"\nmsgstr "x"\n', po(text="x"), "zh.po:3: 'A b' is no key")
        both = po(text="x") + 'msgid "a_b"\nmsgstr "x"\n'
        self.stops(both, both, "zh.po:3: 'a_b' and 'a.b' both become TEXT_a_b")

    def test_syntax(self):
        """lines that are no .po, bad escapes, other bytes than UTF-8, a fuzzy mark, no texts"""
        good = po(text="x")
        for bad, what in (("nonsense", "zh.po:3: not a line"), ('msgctxt "x"', "zh.po:3: not a line"),
                          ('"more" x', "zh.po:3: a string that does not end"),
                          ('msgid "c"\nmsgstr "\\q"', "zh.po:4: unknown escape \\q"),
                          ('msgstr "again"', "zh.po:3: the same form"),
                          ('msgid "c', "zh.po:3: not a line")):
            with self.subTest(bad):
                self.stops(good + bad + "\n", good, what)
        self.stops('msgstr "x"\n', good, "zh.po:1: msgstr without msgid")
        self.stops(b'msgid "a"\nmsgstr "\xff"\n', good, "zh.po:1: not UTF-8")
        self.stops("#, fuzzy\n" + good, good, "zh.po:2: 'a.b' is marked fuzzy")
        self.stops("", "", "zh.po:1: no texts at all")

    def test_refusals(self):
        """a refusal without a text"""
        refusals = self.write("refusals", "# constraints\na.b\n\nbooking.taken\n")
        self.assertEqual(self.problems(po(text="x"), po(text="x"), refusals),
                         ["refusals:4: refusal 'booking.taken' has no text"])
        self.write("refusals", "a.b\n")
        self.assertEqual(self.problems(po(text="x"), po(text="x"), refusals), [])

    def test_command(self):
        """the command leaves the old files alone when it stops, and ends with 1"""
        self.write("zh.po", po(text="x"))
        self.write("en.po", po(text=""))
        old = self.write("text.c", "old")
        compiler = os.path.join(ROOT, "assets", "text", "compile.py")
        done = subprocess.run([sys.executable, compiler, "--out", ".", "zh.po", "en.po"], cwd=self.folder,
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (1, "en.po:1: 'a.b' is empty\n"))
        with open(old, encoding="utf-8") as file:
            self.assertEqual(file.read(), "old")


if __name__ == "__main__":
    tap.run()
