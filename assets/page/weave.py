"""Template weaver: assets/page/*.html become build/page.h and build/page.c.

    weave.py --out build --text assets/text/zh.po assets/page/*.html

Four parts: tokens() parts a file into HTML and {holes}; Html (markup.py) follows the HTML and refuses what would
let a visitor's word become more than a word; Weaver turns the holes into C, which Writer collects.
Escaping itself is left to app/base/html.c, the types of the expressions to the C compiler, which finds its
way back to the page by #line; whether elements are nested well is left to the tests of the site.
"""

import argparse
import os
import re
import sys
from dataclasses import dataclass, field

sys.dont_write_bytecode = True      # a build leaves nothing behind in assets/
ASSETS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ASSETS, folder) for folder in ("text", "site")]
from markup import BLANK, Html, Stop     # noqa: E402
from compile import KEY, Problem, c_string, read_po, symbol, write_whole     # noqa: E402
from pack import url_of     # noqa: E402

# ---- What a hole may say: html_<kind>(h, EXPR)

KINDS = ("word", "int", "fen", "date", "iso", "moment", "instant", "clock", "url", "text")
# Any whole number, also an unsigned one, but neither a pointer nor a fraction: those have no |.
WHOLE = "(int64_t)(0 | ({}))"
SAID = {
    "word": ("SAID_WORD", ".word = ({})"),
    "int": ("SAID_INT", ".number = " + WHOLE),
    "fen": ("SAID_FEN", ".number = ({})"),
    "date": ("SAID_DATE", ".number = ({}).day"),
    "moment": ("SAID_MOMENT", ".number = ({}).us"),
    "clock": ("SAID_CLOCK", ".number = ({})"),
}

# ---- Parting a file into HTML and holes

def tokens(content):
    """Yields (line, "html" or "hole", text); a hole comes without its braces."""
    at, line = 0, 1
    while at < len(content):
        brace = re.compile(r"[{}]").search(content, at)
        end = brace.start() if brace else len(content)
        if end > at:
            yield line, "html", content[at:end]
            line += content.count("\n", at, end)
        if not brace:
            return
        if brace.group() == "}":
            raise Stop(line, "a } without {")
        at = hole_end(content, end, line)
        yield line, "hole", content[end + 1:at - 1]
        line += content.count("\n", end, at)


def hole_end(content, start, line):
    """The index behind the } that closes the { at start. Braces in C strings do not count, except in comments."""
    depth, at, quotes = 0, start, not content.startswith("{#", start)
    while at < len(content):
        char = content[at]
        if quotes and char in "\"'":
            at = quote_end(content, at, line + content.count("\n", start, at))
            continue
        depth += (char == "{") - (char == "}")
        at += 1
        if depth == 0:
            return at
    raise Stop(line, "a { that is not closed")


def quote_end(content, start, line):
    """The index behind the C string or character literal that begins at start."""
    match = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'').match(content, start)
    if match is None:
        raise Stop(line, "a quote that is not closed")
    return match.end()


# ---- Looking into C, just as far as needed

def outline(code, line):
    """The code with everything in quotes and brackets blotted out by NUL, so that what is left is at the top.

    Also where a hole is kept to one expression: with ; or a comment it could become statements of its own, and
    with html_ it could write around the escaping.
    """
    out, closing, at = [], [], 0
    while at < len(code):
        char = code[at]
        if char in "\"'":
            end = quote_end(code, at, line)
            out.append("\0" * (end - at))
            at = end
            continue
        if char in ")]}":
            if not closing or closing.pop() != char:
                raise Stop(line, f"a {char} too many")
        if char in "#\\" or code.startswith(("//", "/*"), at):
            raise Stop(line, f"{char} does not belong into a hole")
        if char == ";" and closing:
            raise Stop(line, "; does not belong into brackets")
        out.append("\0" if closing or char in ")]}" else char)
        if char in "([{":
            closing.append({"(": ")", "[": "]", "{": "}"}[char])
        at += 1
    if closing:
        raise Stop(line, f"a {closing[-1]} is missing")
    return "".join(out)


def expression(code, line):
    """The code, if it can be one C expression."""
    code = code.strip()
    shape = outline(code, line)
    if not code:
        raise Stop(line, "an expression is missing")
    if ";" in shape:
        raise Stop(line, "; does not belong into a hole")
    if "," in shape:
        raise Stop(line, "one expression is wanted, not several")
    refuse_writing(code, line)
    return code


def refuse_writing(code, line):
    """Pages write by holes only: there is no way around the escaping."""
    unquoted = re.sub(r'"(?:[^"\\]|\\.)*"', '""', code)
    if re.search(r"\b(?:html_|buffer_|visit_html\b)|\bh\s*->\s*out\b", unquoted):
        raise Stop(line, "pages write by holes only; html_… and buffer_… are not for them")


# ---- Collecting C

class Writer:
    """The body of one page. Literals that touch are written at once."""

    def __init__(self, path):
        self.path = path
        self.lines = []
        self.depth = 1
        self.literal = []
        self.blank = ""         # collapsible blanks not yet written: what follows decides about them
        self.fresh = True       # nothing written yet
        self.writes = False     # h is used

    def text(self, char, collapse):
        if collapse and char in BLANK:
            self.blank += char
            return
        self.settle_blank()
        self.literal.append(char)

    def settle_blank(self):
        """A run of blanks with a newline becomes that newline, and none where a page begins."""
        if "\n" in self.blank:
            self.blank = "" if self.fresh and not self.literal else "\n"
        self.literal.append(self.blank)
        self.blank = ""

    def flush(self):
        self.settle_blank()
        text, self.literal = "".join(self.literal), []
        self.fresh = False
        if not text:
            return
        self.writes = True
        pieces = re.findall(r"[^\n]*\n|[^\n]+", text)
        self.indented("html_raw(h," + ("\n" if len(pieces) > 1 else " ") +
                      "\n".join(c_string(piece) for piece in pieces) + f", {len(text.encode())});")

    def end(self):
        if "\n" in self.blank:
            self.blank = ""
        self.flush()

    def indented(self, code):
        first, *rest = code.split("\n")
        self.lines.append("\t" * self.depth + first)
        self.lines += ["\t" * (self.depth + 1) + line.lstrip() for line in rest]

    def point(self, line):
        self.lines.append(f"#line {line} {c_string(self.path)}")

    def statement(self, line, code):
        self.flush()
        self.point(line)
        self.indented(code)

    def hole(self, line, code):
        self.writes = True
        self.statement(line, code)

    def declaration(self, line, code):
        """Writes nothing, so the literal around it stays in one piece."""
        self.point(line)
        self.indented(code)


# ---- Turning holes into C

@dataclass
class Block:
    """An open {if}, {for} or {each}; line is where it began."""
    word: str
    line: int
    around: tuple
    start: tuple
    ends: list = field(default_factory=list)    # positions at the ends of the branches so far
    last: bool = False                          # {else} has been


@dataclass
class Page:
    name: str
    parameters: str
    path: str
    line: int
    lines: list = field(default_factory=list)


class Weaver:
    """All pages of one build."""

    def __init__(self, texts, url_of):
        self.texts = texts
        self.url_of = url_of    # name of a file of assets/site → its URL
        self.pages = {}
        self.includes = []
        self.uses = []          # (path, line, name)
        self.problems = []
        self.path = ""
        self.page = self.writer = self.html = None
        self.blocks = []
        self.begun = False      # the file's first {page} has been

    def complain(self, line, what):
        self.problems.append(Problem(self.path, line, what))

    def weave(self, path, content):
        """Adds the pages of one file."""
        self.path, self.page, self.blocks, self.begun = path, None, [], False
        try:
            for line, kind, text in tokens(content):
                if kind == "hole":
                    self.hole(line, text)
                elif self.page:
                    self.html.feed(text, line)
                elif text.strip():
                    raise Stop(line + text[:len(text) - len(text.lstrip())].count("\n"), "text outside of a {page}")
            if self.blocks:
                raise Stop(self.blocks[-1].line, f"{{{self.blocks[-1].word}}} is not closed")
            if self.page:
                raise Stop(self.page.line, f"{{page {self.page.name}}} is not closed")
        except Stop as stop:
            self.complain(stop.line, stop.what)

    def finish(self):
        """What can be said only when all files have been read."""
        for path, line, name in self.uses:
            if name not in self.pages:
                self.problems.append(Problem(path, line, f"there is no page {name}"))

    def hole(self, line, text):
        """One {…}, whatever it is."""
        if text.startswith("#"):
            if self.page:
                self.html.pause(line)
            return
        match = re.match(r"\s*([a-z_]+)\b", text)
        if match is None:
            raise Stop(line, "braces hold a hole or a block; there is no other use for them")
        word, rest = match.group(1), text[match.end():]
        if word == "include":
            if self.begun:
                raise Stop(line, "{include} stands before the first {page}")
            self.include(line, rest)
        elif word == "page":
            self.open_page(line, rest)
        elif self.page is None:
            raise Stop(line, f"{{{word}}} outside of a {{page}}")
        elif word in ("if", "for", "each", "else", "end", "let", "use", "say", "said", "asset", "link"):
            getattr(self, "hole_" + word)(line, rest)
        elif word in KINDS:
            self.hole_kind(line, word, rest)
        else:
            raise Stop(line, f"{{{word}}} is unknown")

    # -- Around pages

    def include(self, line, rest):
        match = re.fullmatch(r'"([A-Za-z0-9_./-]+\.h)"', rest.strip())
        if match is None:
            raise Stop(line, 'write {include "folder/file.h"}')
        if match.group(1) not in self.includes:
            self.includes.append(match.group(1))

    def open_page(self, line, rest):
        if self.page:
            raise Stop(line, f"a {{page}} inside of {{page {self.page.name}}}")
        match = re.fullmatch(r"([a-z][a-z0-9_]*)\s*\((.*)\)", rest.strip(), re.DOTALL)
        if match is None:
            raise Stop(line, "write {page name(struct visit *v, …)}")
        name, parameters = match.group(1), " ".join(match.group(2).split())
        if not re.match(r"struct visit \*\s?v(?:,|$)", parameters):
            raise Stop(line, "the first parameter of a page is struct visit *v")
        if ";" in outline(parameters, line):
            raise Stop(line, "; does not belong into parameters")
        if name in self.pages:
            first = self.pages[name]
            self.complain(line, f"page {name} stands already at {first.path}:{first.line}")
        self.begun = True
        self.page = Page(name, parameters, self.path, line)
        self.writer = Writer(self.path)
        self.html = Html(self.writer, self.complain, name.startswith("demo_"))

    def close_page(self, line):
        self.html.pause(line)
        if self.html.mode != "text":
            raise Stop(line, f"page {self.page.name} ends inside of a tag or an element")
        self.writer.end()
        # A page that only uses others does not touch h.
        self.page.lines = self.writer.lines if self.writer.writes else ["\t(void)h;"] + self.writer.lines
        self.pages.setdefault(self.page.name, self.page)
        self.page = None

    # -- Blocks

    def open_block(self, line, word, code):
        self.html.pause(line)
        if word != "if":
            self.html.loop(line)
        self.writer.statement(line, code)
        self.writer.depth += 1
        self.blocks.append(Block(word, line, self.html.around(), self.html.position()))
        self.html.depth = len(self.blocks)

    def hole_if(self, line, rest):
        self.open_block(line, "if", f"if ({expression(rest, line)}) {{")

    def hole_for(self, line, rest):
        code = rest.strip()
        refuse_writing(code, line)
        if outline(code, line).count(";") != 2:
            raise Stop(line, "write {for START; CONDITION; STEP}")
        self.open_block(line, "for", f"for ({code}) {{")

    def hole_each(self, line, rest):
        shape = outline(rest, line)
        inside = re.search(r"\sin\s", shape)
        comma = shape.rfind(",")
        element = re.fullmatch(r"\s*(.*\*\s*(?:const\s+)?([A-Za-z_]\w*))\s*", rest[:inside.start()], re.DOTALL) \
            if inside else None
        if element is None or comma < inside.end():
            raise Stop(line, "write {each TYPE *NAME in POINTER, COUNT}")
        pointer = expression(rest[inside.end():comma], line)
        count = expression(rest[comma + 1:], line)
        name = element.group(2)
        self.open_block(line, "each", f"for (size_t {name}_at = 0; {name}_at < ({count}); {name}_at++) {{")
        self.writer.declaration(line, f"{expression(element.group(1), line)} = &({pointer})[{name}_at];")

    def end_branch(self, line, block):
        self.html.pause(line)
        if self.html.around() != block.around:
            raise Stop(line, f"the block of line {block.line} ends elsewhere in the HTML than it began")
        self.writer.flush()
        self.writer.depth -= 1
        block.ends.append(self.html.position())

    def hole_else(self, line, rest):
        block = self.blocks[-1] if self.blocks else None
        if block is None or block.word != "if" or block.last:
            raise Stop(line, "{else} without {if}")
        condition = re.fullmatch(r"\s*if\b(.*)", rest, re.DOTALL)
        if rest.strip() and condition is None:
            raise Stop(line, "write {else} or {else if CONDITION}")
        code = f"}} else if ({expression(condition.group(1), line)}) {{" if condition else "} else {"
        self.end_branch(line, block)
        block.last = condition is None
        self.html.return_to(block.start)
        self.writer.declaration(line, code)
        self.writer.depth += 1

    def hole_end(self, line, rest):
        if rest.strip():
            raise Stop(line, "write {end}")
        if not self.blocks:
            self.close_page(line)
            return
        block = self.blocks[-1]
        self.end_branch(line, block)
        self.blocks.pop()
        self.html.depth = len(self.blocks)
        # Without {else}, and for a loop, it may also be that nothing was written.
        if not block.last:
            block.ends.append(block.start)
        self.html.join(block.ends)
        self.writer.indented("}")

    # -- Holes

    def hole_let(self, line, rest):
        code = rest.strip()
        shape = outline(code, line)
        if not re.match(r"[^=;,]*\w[^=;,]*[\s*]\w+\s*=(?!=)", shape) or ";" in shape or "," in shape:
            raise Stop(line, "write {let TYPE NAME = EXPRESSION}")
        refuse_writing(code, line)
        self.html.pause(line)
        self.writer.declaration(line, code + ";")

    def hole_use(self, line, rest):
        code = rest.strip()
        match = re.match(r"([a-z][a-z0-9_]*)\s*\(", code)
        shape = outline(code, line)
        if match is None or not re.fullmatch(r"\w+\s*\(\0+", shape):
            raise Stop(line, "write {use name(v, …)}")
        refuse_writing(code[match.end():], line)
        self.html.pause(line)
        if self.html.mode != "text":
            raise Stop(line, "a page is used between tags only")
        self.uses.append((self.path, line, match.group(1)))
        self.writer.statement(line, f"page_{code};")

    def hole_kind(self, line, kind, rest):
        code = expression(rest, line)
        self.html.hole(kind, line)
        if kind == "int":
            code = WHOLE.format(code)
        if kind == "text":
            self.writer.hole(line, f"html_say(h, {code}, NULL, 0);")
        else:
            self.writer.hole(line, f"html_{kind}(h, {code});")

    def hole_asset(self, line, rest):
        """A file of assets/site by the name it is served under, known already now: a literal, not a hole."""
        name = rest.strip()
        if not re.fullmatch(r"\w[\w.-]*", name, re.ASCII):
            raise Stop(line, "write {asset FILE}, a file of assets/site")
        if not self.html.at_url_start():
            raise Stop(line, "an {asset} stands at the start of a quoted href=, src= or the like")
        try:
            url = self.url_of(name)
        except OSError as error:
            self.complain(line, f"{{asset {name}}}: {error.strerror}: {os.path.basename(error.filename or name)}")
            url = "/"
        self.html.feed(url, line)

    def hole_link(self, line, rest):
        """A whole URL that the ground builds (visit_…_link), never one that a visitor or the database brings."""
        code = expression(rest, line)
        if not re.fullmatch(r"visit_[a-z_]*link\s*\(\0+", outline(code, line)):
            raise Stop(line, "write {link visit_…_link(v, …)}")
        if self.html.attribute.lower() != "href" or not self.html.at_url_start():
            raise Stop(line, "a {link} is the whole value of a quoted href=")
        self.html.whole_url()
        self.writer.hole(line, f"html_word(h, {code});")

    def hole_said(self, line, rest):
        """A text and places that are known at run time only, as a refusal brings them."""
        shape = outline(rest, line)
        parts, at = [], 0
        for length in map(len, shape.split(",")):
            parts.append(expression(rest[at:at + length], line))
            at += length + 1
        if len(parts) != 3:
            raise Stop(line, "write {said TEXT, PLACES, COUNT}")
        self.html.hole("said", line)
        self.writer.hole(line, f"html_say(h, {', '.join(parts)});")

    def hole_say(self, line, rest):
        match = re.match(rf"\s*({KEY.pattern})(?=\s|$)", rest)
        if match is None:
            raise Stop(line, "write {say key name=kind:EXPRESSION …}")
        self.html.hole("say", line)
        key = match.group(1)
        given = self.arguments(line, rest[match.end():])
        text = self.texts.get(key)
        if text is None:
            self.complain(line, f"there is no text '{key}'")
            return
        self.check_places(line, text, given)
        if not given:
            self.writer.hole(line, f"html_say(h, {symbol(key)}, NULL, 0);")
            return
        # All in one line: the compiler would count further ones as lines of the page.
        places = []
        for name, (kind, code) in given.items():
            constant, member = SAID[kind]
            places.append(f'{{ .name = "{name}", .kind = {constant}, {member.format(code)} }}')
        said = f"(const struct said[]){{ {', '.join(places)} }}"
        self.writer.hole(line, f"html_say(h, {symbol(key)}, {said}, {len(given)});")

    def arguments(self, line, rest):
        """name → (kind, code) of the arguments of {say}."""
        shape = outline(rest, line)
        starts = list(re.finditer(r"(?:^|(?<=\s))([a-z][a-z0-9_]*)=([a-z]+):", shape))
        before = rest[:starts[0].start()] if starts else rest
        if before.strip():
            raise Stop(line, f"'{before.strip()}' is no name=kind:EXPRESSION")
        given = {}
        for start, following in zip(starts, starts[1:] + [None]):
            name, kind = start.groups()
            if kind not in SAID:
                raise Stop(line, f"'{kind}' cannot be said; there are {' '.join(SAID)}")
            if name in given:
                raise Stop(line, f"'{name}' is given twice")
            given[name] = kind, expression(rest[start.end():following.start() if following else len(rest)], line)
        return given

    def check_places(self, line, text, given):
        wanted = text.places() | ({"n"} if text.plural else set())
        for name in sorted(wanted - set(given)):
            self.complain(line, f"text '{text.key}' wants {name}=")
        for name in sorted(set(given) - wanted - {"n"}):
            self.complain(line, f"text '{text.key}' has no place {{{name}}}")
        if given.get("n", ("int",))[0] != "int":
            self.complain(line, "n chooses the plural and must be an int")


# ---- Writing C

NOTICE = "/*\n * Made by assets/page/weave.py from the pages in assets/page. Change the pages, not this file.\n */\n"


def write_header(weaver):
    includes = ["base/visit.h", "build/sql.h", "build/text.h"]
    includes += [name for name in weaver.includes if name not in includes]
    lines = [NOTICE + "#ifndef BUILD_PAGE_H\n#define BUILD_PAGE_H\n"]
    lines += [f'#include "{name}"' for name in includes] + [""]
    for page in weaver.pages.values():
        lines += [f"#line {page.line} {c_string(page.path)}", f"void\tpage_{page.name}({page.parameters});"]
    return "\n".join(lines + ["", "#endif", ""])


def write_source(weaver, own_path):
    """own_path: where page.c will lie, for errors in what no page wrote."""
    includes = ["page.h", "base/html.h"] + weaver.includes
    out = (NOTICE + "#include <stdint.h>\n\n" + "".join(f'#include "{name}"\n' for name in includes)).split("\n")
    for page in weaver.pages.values():
        out += [f"#line {len(out) + 2} {c_string(own_path)}", "void"]
        out += [f"#line {page.line} {c_string(page.path)}", f"page_{page.name}({page.parameters})", "{"]
        out.append("\tstruct html *const h = visit_html(v);")
        out += "\n".join(page.lines).split("\n") + ["}", ""]
    return "\n".join(out)


def served(name):
    return url_of(os.path.join(ASSETS, "site"), name)


def build(texts, files, own_path="build/page.c", asset=served):
    """(page.h, page.c, problems); the files are None when there are problems. files: path and content."""
    weaver = Weaver(texts, asset)
    for path, content in files:
        weaver.weave(path, content)
    if not weaver.problems:
        weaver.finish()
    if weaver.problems:
        return None, None, sorted(weaver.problems, key=lambda problem: (problem.path, problem.line))
    return write_header(weaver), write_source(weaver, own_path), []


def read_files(paths):
    files, problems = [], []
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                files.append((path, file.read()))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(path, 1, f"cannot be read: {error}"))
    return files, problems


def main(arguments):
    parser = argparse.ArgumentParser(description="Weaves pages into page.h and page.c.")
    parser.add_argument("--out", required=True, help="folder for page.h and page.c")
    parser.add_argument("--text", required=True, help="zh.po, for the keys and their places")
    parser.add_argument("files", nargs="+", help="pages")
    options = parser.parse_args(arguments)
    texts, problems = read_po(options.text)
    files, unread = read_files(options.files)
    problems += unread
    own_path = os.path.join(options.out, "page.c")
    if not problems:
        header, source, problems = build(texts, files, own_path)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    write_whole(os.path.join(options.out, "page.h"), header)
    write_whole(own_path, source)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
