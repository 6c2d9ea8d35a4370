"""Text compiler: assets/text/zh.po and en.po become build/text.h and build/text.c.

    compile.py --out build assets/text/zh.po assets/text/en.po [--refusals FILE]

Whatever could show a visitor a missing or half a sentence stops the build here, with file and line.
How a text is said at run time (places filled, plural chosen) is left to app/base/lang.c; which page
says which text is checked by assets/page/weave.py, which borrows read_po, symbol and c_string from here.
"""

import argparse
import os
import re
import sys
import unicodedata
from dataclasses import dataclass, field

LANGUAGES = ("zh", "en")
# How many forms each language has: Chinese one, English one for 1 and one for all other numbers.
FORMS = {"zh": 1, "en": 2}

KEY = re.compile(r"[a-z][a-z0-9_]*(?:[.-][a-z0-9_]+)*")
PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
STATEMENT = re.compile(r'(msgid|msgid_plural|msgstr(?:\[(\d+)\])?)\s+(".*")')
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


@dataclass(frozen=True)
class Problem:
    """One reason to stop the build."""
    path: str
    line: int
    what: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.what}"


@dataclass
class Entry:
    """One text of one language. forms counts from 0; a text without plural has form 0 only."""
    key: str
    line: int
    plural_key: str | None = None
    forms: dict[int, str] = field(default_factory=dict)
    numbered: bool = False      # written as msgstr[0], not msgstr
    fuzzy: bool = False

    @property
    def plural(self):
        return self.plural_key is not None

    def places(self):
        """The places of the form that is said for most numbers: the last one."""
        return set(PLACE.findall(self.forms[max(self.forms)])) if self.forms else set()


# ---- Names and literals in C, also used by the weaver

def symbol(key):
    """The name in enum text_id."""
    return "TEXT_" + re.sub(r"[.-]", "_", key)


def c_string(text):
    """A C string literal. Letters of all scripts stay readable; what cannot be seen is written in octal."""
    out = []
    for char in text:
        if char in '"\\':
            out.append("\\" + char)
        elif char == "\n":
            out.append("\\n")
        elif char == "\t":
            out.append("\\t")
        elif char == "?" and out and out[-1] in ("?", "\\?"):
            out.append("\\?")       # "??" may begin a trigraph
        elif char != " " and unicodedata.category(char)[0] in "CZ":
            # Always three digits, so that a digit behind cannot be drawn into the escape.
            out.extend(f"\\{byte:03o}" for byte in char.encode())
        else:
            out.append(char)
    return '"' + "".join(out) + '"'


def write_whole(path, content):
    """Writes the file in one step, so that a build broken off leaves the old one and not half a new one."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8", newline="\n") as file:
        file.write(content)
    os.replace(path + ".new", path)


# ---- Reading .po

class Reader:
    """Reads one .po file line by line. Entries are kept in the order of the file."""

    def __init__(self, path):
        self.path = path
        self.entries = {}
        self.problems = []
        self.entry = None           # the one being read
        self.target = None          # where a continued string goes: "key", "plural" or a form's index
        self.fuzzy = False          # a "#, fuzzy" stands before the next entry
        self.line = 0

    def problem(self, what, line=None):
        self.problems.append(Problem(self.path, line or self.line, what))

    def read(self, content):
        for self.line, text in enumerate(content.split("\n"), 1):
            self.read_line(text.strip())
        self.close()
        return self.entries

    def read_line(self, text):
        if not text:
            return
        if text.startswith("#"):
            if text.startswith("#,") and "fuzzy" in text:
                self.fuzzy = True
            return
        if text.startswith('"'):
            self.append(text)
            return
        statement = STATEMENT.fullmatch(text)
        if statement is None:
            self.problem("not a line of a .po file (msgid, msgid_plural, msgstr, msgstr[n] or a quoted string)")
            return
        word, index, quoted = statement.groups()
        if word == "msgid":
            self.close()
            self.entry, self.target = Entry("", self.line, fuzzy=self.fuzzy), "key"
            self.fuzzy = False
        elif self.entry is None:
            self.problem(f"{word} without msgid")
            return
        elif word == "msgid_plural":
            self.entry.plural_key, self.target = "", "plural"
        else:
            self.open_form(index)
        self.append(quoted)

    def open_form(self, index):
        self.entry.numbered = self.entry.numbered or index is not None
        self.target = int(index or 0)
        if self.target in self.entry.forms:
            self.problem(f"the same form of '{self.entry.key}' twice")
        self.entry.forms[self.target] = ""

    def append(self, quoted):
        match = QUOTED.fullmatch(quoted)
        if match is None:
            self.problem("a string that does not end, or something behind it")
            return
        text = self.unescape(match.group(1))
        if self.entry is None:
            self.problem("a string that belongs to nothing")
        elif self.target == "key":
            self.entry.key += text
        elif self.target == "plural":
            self.entry.plural_key += text
        else:
            self.entry.forms[self.target] += text

    def unescape(self, text):
        def one(match):
            if match.group(1) not in ESCAPES:
                self.problem(f"unknown escape \\{match.group(1)}")
            return ESCAPES.get(match.group(1), "")
        return re.sub(r"\\(.)", one, text)

    def close(self):
        """Puts away the entry read so far. The empty key is the file's own head and no text."""
        entry, self.entry = self.entry, None
        if entry is None or entry.key == "":
            return
        if not KEY.fullmatch(entry.key):
            self.problem(f"'{entry.key}' is no key: small letters, digits, _ and dots or dashes between", entry.line)
        elif entry.key in self.entries:
            first = self.entries[entry.key].line
            self.problem(f"'{entry.key}' stands here a second time, first in line {first}", entry.line)
        else:
            self.entries[entry.key] = entry


def read_po(path):
    """The entries of a .po file by key, and the problems of its syntax."""
    reader = Reader(path)
    try:
        with open(path, encoding="utf-8") as file:
            content = file.read()
    except UnicodeDecodeError as error:
        reader.problem(f"not UTF-8 ({error.reason} at byte {error.start})", 1)
        return {}, reader.problems
    except OSError as error:
        reader.problem(f"cannot be read: {error.strerror}", 1)
        return {}, reader.problems
    return reader.read(content), reader.problems


# ---- Checking

def forms_problem(entry, language):
    """What is wrong with the number of forms, or None."""
    wanted = set(range(FORMS[language])) if entry.plural else {0}
    if entry.plural and entry.plural_key != entry.key:
        return f"msgid_plural of '{entry.key}' must be the same key"
    if not entry.forms:
        return f"'{entry.key}' has no msgstr"
    if entry.plural and not entry.numbered:
        return f"'{entry.key}' has a plural: write msgstr[0] instead of msgstr"
    if entry.numbered and not entry.plural:
        return f"'{entry.key}' has msgstr[…] but no msgid_plural"
    missing = wanted - set(entry.forms)
    if missing:
        return f"'{entry.key}' lacks its plural form msgstr[{min(missing)}]"
    extra = set(entry.forms) - wanted
    if extra:
        return f"'{entry.key}' has a form msgstr[{max(extra)}] that {language} does not have"
    return None


def check_alone(path, language, entries):
    """What can be said of one language without the other."""
    problems = []
    for entry in entries.values():
        def problem(what):
            problems.append(Problem(path, entry.line, what))
        if entry.fuzzy:
            problem(f"'{entry.key}' is marked fuzzy: read it again and take the mark away")
        wrong = forms_problem(entry, language)
        if wrong:
            problem(wrong)
        for text in entry.forms.values():
            if not text.strip():
                problem(f"'{entry.key}' is empty")
            if re.search(r"[{}]", PLACE.sub("", text)):
                problem(f"'{entry.key}' has a brace that is no {{place}}")
        # The form for 1 may say "one night" instead of the number; all else must be said.
        if entry.plural and set(entry.forms) == {0, 1}:
            one, other = (set(PLACE.findall(entry.forms[index])) for index in (0, 1))
            if one - {"n"} != other - {"n"} or "n" in one - other:
                problem(f"'{entry.key}' has other places for 1 ({said(one)}) than for many ({said(other)})")
    return problems


def said(places):
    return " ".join(f"{{{name}}}" for name in sorted(places)) or "none"


def check_together(paths, tables):
    """What must agree between the languages."""
    problems = []
    for language, other in (LANGUAGES, LANGUAGES[::-1]):
        for entry in tables[language].values():
            if entry.key not in tables[other]:
                problems.append(Problem(paths[language], entry.line, f"'{entry.key}' is missing in {other}.po"))
    for key in tables["zh"].keys() & tables["en"].keys():
        chinese, english = tables["zh"][key], tables["en"][key]

        def problem(what):
            problems.append(Problem(paths["en"], english.line, what))
        if chinese.places() != english.places():
            problem(f"'{key}' has the places {said(english.places())}, in zh.po {said(chinese.places())}")
        if chinese.plural and not english.plural:
            problem(f"'{key}' has a plural in zh.po: en needs msgid_plural, msgstr[0] and msgstr[1]")
        # The weaver reads zh.po only: it must see there that the text needs its number.
        if english.plural and not chinese.plural and "n" not in chinese.places():
            problem(f"'{key}' has a plural but no {{n}}: zh.po must declare msgid_plural too, so that pages give n")
    return problems


def check_symbols(path, entries):
    """Two keys that would become one C name."""
    problems, seen = [], {}
    for entry in entries.values():
        first = seen.setdefault(symbol(entry.key), entry.key)
        if first != entry.key:
            problems.append(Problem(path, entry.line, f"'{entry.key}' and '{first}' both become {symbol(first)}"))
    return problems


def check_refusals(path, keys):
    """Every key the database may refuse with needs a text."""
    problems = []
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
    except (OSError, UnicodeDecodeError) as error:
        return [Problem(path, 1, f"cannot be read: {error}")]
    for number, text in enumerate(lines, 1):
        key = text.strip()
        if key and not key.startswith("#") and key not in keys:
            problems.append(Problem(path, number, f"refusal '{key}' has no text"))
    return problems


# ---- Writing C

NOTICE = "/*\n * Made by assets/text/compile.py from zh.po and en.po. Change the texts, not this file.\n */\n"


def write_header(keys):
    lines = [NOTICE + "#ifndef BUILD_TEXT_H\n#define BUILD_TEXT_H\n", "enum text_id {"]
    lines += [f"\t{symbol(key)}," for key in keys]
    lines += ["};", "", "#endif", ""]
    return "\n".join(lines)


def write_forms(entry):
    forms = [c_string(entry.forms[index]) for index in sorted(entry.forms)]
    return "{ " + ", ".join(forms + ["NULL"] * (2 - len(forms))) + " }"


def write_table(keys, tables):
    lines = [NOTICE + '#include "base/lang.h"\n#include "text.h"\n', "const struct text text_table[] = {"]
    for key in keys:
        lines += [
            f"\t[{symbol(key)}] = {{ {c_string(key)}, {{",
            f"\t\t[LANG_ZH] = {write_forms(tables['zh'][key])},",
            f"\t\t[LANG_EN] = {write_forms(tables['en'][key])},",
            "\t} },",
        ]
    lines += ["};", "", "const size_t text_count = sizeof(text_table) / sizeof(text_table[0]);", ""]
    return "\n".join(lines)


def build(paths, refusals=None):
    """(text.h, text.c, problems); the files are None when there are problems. paths: language to path."""
    tables, problems = {}, []
    for language in LANGUAGES:
        tables[language], wrong = read_po(paths[language])
        problems += wrong
    # A text lost to a broken line would only be reported missing over and over.
    if not problems:
        for language in LANGUAGES:
            problems += check_alone(paths[language], language, tables[language])
        problems += check_together(paths, tables) + check_symbols(paths["zh"], tables["zh"])
    if refusals:
        problems += check_refusals(refusals, tables["zh"].keys())
    if not tables["zh"] and not problems:
        problems.append(Problem(paths["zh"], 1, "no texts at all"))
    if problems:
        return None, None, sorted(problems, key=lambda problem: (problem.path, problem.line, problem.what))
    # Keys are ASCII, so this is the order of strcmp.
    keys = sorted(tables["zh"])
    return write_header(keys), write_table(keys, tables), []


def languages_of(files):
    """Language to path, from the file names zh.po and en.po."""
    paths = {os.path.splitext(os.path.basename(path))[0]: path for path in files}
    return paths if set(paths) == set(LANGUAGES) and len(files) == len(LANGUAGES) else None


def main(arguments):
    parser = argparse.ArgumentParser(description="Compiles zh.po and en.po into text.h and text.c.")
    parser.add_argument("--out", required=True, help="folder for text.h and text.c")
    parser.add_argument("--refusals", help="file of keys, one a line, that must have a text")
    parser.add_argument("files", nargs="+", help="zh.po and en.po")
    options = parser.parse_args(arguments)
    paths = languages_of(options.files)
    if paths is None:
        parser.error("give exactly zh.po and en.po")
    header, table, problems = build(paths, options.refusals)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    write_whole(os.path.join(options.out, "text.h"), header)
    write_whole(os.path.join(options.out, "text.c"), table)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
