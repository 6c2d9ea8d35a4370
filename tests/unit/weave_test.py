"""The template weaver: what pages become and draw, and each reason for which a page stops the build."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "assets", "page")]
import tap                  # noqa: E402
import weave                # noqa: E402
from compile import Entry   # noqa: E402

FLAGS = ("-std=gnu11 -O2 -Wall -Wextra -Werror -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes "
         "-Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2").split()

TEXTS = {
    "a.plain": Entry("a.plain", 1, None, {0: "平"}),
    "a.sum": Entry("a.sum", 2, None, {0: "{n} 晚 {total}"}),
    "a.count": Entry("a.count", 3, "a.count", {0: "几晚"}),
    "a.who": Entry("a.who", 4, None, {0: "{who} {day} {at} {from}"}),
}


def served(name):
    """Stands for assets/site, which has one file here."""
    if name != "a.css":
        raise FileNotFoundError(2, "no such file", name)
    return "/asset/a.01.css"


def weave_one(body, head="{page x(struct visit *v)}", tail="{end}"):
    """Header, source and problems of one page; the body begins in line 2."""
    return weave.build(TEXTS, [("x.html", head + "\n" + body + tail)], asset=served)


class Statements(unittest.TestCase):
    """The C of a body, without #line and blanks."""

    def body(self, text):
        header, source, problems = weave_one(text)
        self.assertEqual([str(each) for each in problems], [])
        lines = source[source.index("visit_html(v);") + 14:].split("\n")
        return " ".join(line.strip() for line in lines if not line.startswith("#line"))[1:].rstrip("} ").strip()

    def test_holes(self):
        """each kind of hole calls its writer"""
        for kind in weave.KINDS:
            with self.subTest(kind):
                call = {"int": "html_int(h, (int64_t)(0 | (f(x))));", "text": "html_say(h, f(x), NULL, 0);"}
                self.assertEqual(self.body("{%s f(x)}" % kind), call.get(kind, f"html_{kind}(h, f(x));"))

    def test_quotes(self):
        """quotes, brackets and braces inside of a hole do not end it"""
        self.assertEqual(self.body("""<i id="{word f("}\\"", '}', g({ 1 })[0])}">"""),
                         """html_raw(h, "<i id=\\"", 7); html_word(h, f("}\\"", '}', g({ 1 })[0])); """
                         'html_raw(h, "\\">", 2);')

    def test_say(self):
        """{say} gives its places by kind, split at name=kind: only"""
        self.assertEqual(self.body("{say a.plain}"), "html_say(h, TEXT_a_plain, NULL, 0);")
        self.assertEqual(self.body("{say a.sum n=int:f(x, \" total=fen:\") total=fen:a == b ? c : d}"),
                         "html_say(h, TEXT_a_sum, (const struct said[]){ "
                         '{ .name = "n", .kind = SAID_INT, .number = (int64_t)(0 | (f(x, " total=fen:"))) }, '
                         '{ .name = "total", .kind = SAID_FEN, .number = (a == b ? c : d) } }, 2);')
        said = self.body("{say a.who who=word:w day=date:d at=moment:m from=clock:c}")
        for part in ("SAID_WORD, .word = (w)", "SAID_DATE, .number = (d).day", "SAID_MOMENT, .number = (m).us",
                     "SAID_CLOCK, .number = (c)"):
            self.assertIn(part, said)
        self.assertEqual(self.body("{said lang_find(key), r->place, r->places}"),
                         "html_say(h, lang_find(key), r->place, r->places);")

    def test_blocks(self):
        """blocks become C blocks"""
        self.assertEqual(self.body("{if a}1{else if b}2{else}3{end}"),
                         'if (a) { html_raw(h, "1", 1); } else if (b) { html_raw(h, "2", 1); '
                         '} else { html_raw(h, "3", 1); }'.rstrip("} "))
        self.assertIn("for (size_t i = 0; i < n; i++) {", self.body("{for size_t i = 0; i < n; i++}1{end}"))
        self.assertIn("for (size_t night_at = 0; night_at < (f(a, b)); night_at++) { "
                      "const struct night *night = &(q->nights)[night_at];",
                      self.body("{each const struct night *night in q->nights, f(a, b)}{word night->x}{end}"))

    def test_let(self):
        """{let} declares without parting the literal around it"""
        self.assertEqual(self.body('<p>{let int a = f("=", 1)}</p>'),
                         'int a = f("=", 1); html_raw(h, "<p></p>", 7);')

    def test_token(self):
        """every posted form carries the token, behind its start tag"""
        for form in ('<form method="post" action="/x">', "<form action='/x' METHOD=POST\n>", '<FORM method="Post">'):
            with self.subTest(form):
                self.assertIn("visit_form_token(v); html_raw(h, \"</form>\", 7);", self.body(form + "</form>"))
        self.assertNotIn("token", self.body('<form action="/x"></form><form method="get"></form>'))
        self.assertEqual(self.body('{if a}<form method="post">{end}').count("token"), 1)

    def test_blanks(self):
        """blanks with a newline become one newline, but not in pre, textarea and values"""
        def literal(text):
            return self.body(text).replace('" "', "").replace("h,\"", 'h, "')
        self.assertEqual(literal("<p>\n\n\t 1  2 \n</p>\n\n"), 'html_raw(h, "<p>\\n1  2\\n</p>", 13);')
        self.assertEqual(literal("<p>1\n {# remark }\n <!-- gone -->\n2"), 'html_raw(h, "<p>1\\n2", 6);')
        self.assertEqual(literal("<pre>\n \n 1</pre>\n \n2"), 'html_raw(h, "<pre>\\n \\n 1</pre>\\n2", 18);')
        self.assertEqual(literal("<textarea>\n 1</textarea>"), 'html_raw(h, "<textarea>\\n\\n 1</textarea>", 25);')
        self.assertEqual(literal('<p id="1\n \n2">'), 'html_raw(h, "<p id=\\"1\\n \\n2\\">", 14);')

    def test_allowed(self):
        """what looks dangerous and is not"""
        for text in ('<a href="/{int a}/{url b}?c={iso d}#{url e}">', '<a href="tel:{word a}">',
                     '<a href="#{url a}">',
                     '<a href="/x{if a}/{url b}{else}?{int c}{end}">', '<a href="/{url a}?b={int c}">',
                     '<img srcset="/a/{url b} 400w, /a/{url c} 800w">', '<option value="asc" {if a}selected{end}>',
                     '<option{if a} selected{end}>', '<p {if a}class="b"{else}id="c"{end} lang="d">',
                     '<a href="https://example.org/">', '<meta http-equiv="refresh" content="{int a}">',
                     '<meta name="description" content="{word a}">', '<script src="/site/{url a}.js"></script>',
                     '<input type="hidden" value="yes"><input type=checkbox value=on>', "&nbsp;&#20013;A·1",
                     '<p title="{say a.plain}">', "<title>{word a}</title>",
                     "<svg viewBox='0 0 1 1'><path d='M0 0'/></svg>",
                     '{for ;;}<a href="/x/{for ;;}{int b}{end}">{end}', '<form method="get" action="/x/{int a}">',
                     '<b data-x="{word a}" class="x-{if a}y{end}">', "{word a ? \"; // # {\" : b}"):
            with self.subTest(text):
                self.body(text)

    def test_asset(self):
        """{asset} becomes the literal URL, behind which a hole may follow"""
        self.assertEqual(self.body('<i href="{asset a.css}">'), 'html_raw(h, "<i href=\\"/asset/a.01.css\\">", 26);')
        self.assertIn('a.01.css#i-", 29); html_url(h, a);', self.body('<use href="{asset a.css}#i-{url a}"/>'))
        self.assertIn("a.01.css 1x, /asset/", self.body('<img srcset="{asset a.css} 1x, {asset a.css} 2x">'))

    def test_demo(self):
        """demo pages may hold words"""
        header, source, problems = weave_one("<p>Words 字</p>", "{page demo_x(struct visit *v)}")
        self.assertEqual(problems, [])


class Stops(unittest.TestCase):
    """All of these stop the build, at the right line."""

    def stops(self, *cases):
        for body, what in cases:
            with self.subTest(body):
                header, source, problems = weave_one("\n" + body)
                self.assertEqual((header, source), (None, None))
                self.assertEqual(len(problems), 1, [str(each) for each in problems])
                self.assertIn(what, str(problems[0]))
                self.assertTrue(str(problems[0]).startswith("x.html:3: "), problems[0])

    def test_places(self):
        """a hole where escaping would not help"""
        self.stops(("<!-- {word a} -->", "in a comment"), ('<script src="/a">{word a}</script>', "in a script"),
                   ("<p id={word a}>", "without quotes"), ("<p id=a{word a}>", "without quotes"),
                   ("<p {word a}>", "name of an attribute"), ("<p a{word a}>", "name of an attribute"),
                   ('<p a="b"{word a}>', "name of an attribute"), ("<{word a}>", "name of a tag"),
                   ("<p{word a}>", "name of a tag"), ("</{word a}>", "in an end tag"),
                   ("<!doctype {word a}>", "in <!…>"), ('<p onclick="{word a}">', "a hole in onclick="),
                   ('<p STYLE="{word a}">', "a hole in style="), ('<p srcdoc="{word a}">', "a hole in srcdoc="),
                   ("<title>a</ti{word a}>", "in an end tag"),
                   ('<meta http-equiv="refresh" content="{word a}">', "int holes only"),
                   ('<meta content="{word a}" http-equiv="refresh">', "int holes only"),
                   ('<meta http-equiv="{word a}">', "must be literal"))

    def test_urls(self):
        """a hole that could choose the scheme or the host of a URL"""
        for name in ("href", "src", "action", "formaction", "poster", "SRC", "xlink:href", "srcset"):
            self.stops((f'<i {name}="{{url a}}">', "behind a literal /"))
        self.stops(('<a href="//{url a}">', "behind a literal /"), ('<a href="/\\{url a}">', "behind a literal /"),
                   ('<a href="/&#47;{url a}">', "behind a literal /"),
                   ('<a href="/\t/{url a}">', "behind a literal /"),
                   ('<a href="https://{url a}">', "behind a literal /"),
                   ('<a href="a/{url a}">', "behind a literal /"),
                   ('<a href=" /{url a}">', "behind a literal /"), ('<a href="/{url a}/{url b}">', "another host"),
                   ('<a href="{if a}/{end}{url a}">', "behind a literal /"),
                   ('<a href="{if a}/b{else}b{end}{url a}">', "behind a literal /"),
                   ('<a href="/{if a}{url a}{end}/{url b}">', "behind a literal /"),
                   ('<a href="/{for ;;}/{end}{url b}">', "a loop at the start"),
                   ('<a href="/a/{word a}">', "use url, int or iso"), ('<a href="/a/{say a.plain}">', "use url, int"),
                   ('<a href="#{word a}">', "use url"), ('<img src="tel:{word a}">', "use url"),
                   ('<img srcset="/a 1x, {url b} 2x">', "behind a literal /"),
                   ('<a href="javascript:a()">', "script or data"), ('<a href=" JavaScript:a()">', "script or data"))

    def test_assets(self):
        """a file of assets/site that is not there, or not at the start of a URL"""
        self.stops(('<i href="{asset b.css}">', "no such file: b.css"), ('<i href="{asset ../a.css}">', "write {asset"),
                   ('<i href="/{asset a.css}">', "at the start"), ('<i id="{asset a.css}">', "at the start"),
                   ("{asset a.css}", "at the start"), ("<i href={asset a.css}>", "at the start"))

    def test_links(self):
        """a link to elsewhere that our own code does not build, or that is not all of an href"""
        self.stops(('<a href="{link a}">', "write {link"), ('<a href="{link word_link(v)}">', "write {link"),
                   ('<a href="{link visit_a_link(v) + 1}">', "write {link"),
                   ('<a href="/{link visit_a_link(v)}">', "the whole value"),
                   ('<a href="{link visit_a_link(v)}/b">', "nothing may follow"),
                   ('<a href="{link visit_a_link(v)}{url b}">', "behind a literal /"),
                   ('<img src="{link visit_a_link(v)}">', "the whole value"), ("{link visit_a_link(v)}", "the whole value"))

    def test_forms(self):
        """a form whose method or goal is not certain"""
        self.stops(('<form method="{word a}">', "method must be"),
                   ('<form {if a}method="post"{end}>', "method must be"),
                   ('<form method="p{if a}os{end}t">', "method must be"), ("<form method>", "method must be"),
                   ('<form method="p&#111;st">', "method must be"),
                   ('<form method="get" method="post">', "method must"),
                   ('<button formmethod="post">', "no formmethod="),
                   ('<form action="https://example.org/">', "one /"),
                   ('<form action="//example.org/">', "one /"), ('<button formaction="x">', "one /"))

    def test_scripts(self):
        """scripts and styles in the page"""
        self.stops(("<script></script>", "without src"),
                   ('<script src="/a">a()</script>', "belongs into assets/site"),
                   ("<style>", "no <style>"), ('<p style="a">', "no style="), ('<p onclick="a">', "no onclick="),
                   ("<p OnClick=a>", "no onclick="), ("<p onclick>", "no onclick="), ("<iframe>", "not for pages"),
                   ("<base>", "not for pages"), ("<svg><set>", "not for pages"), ('<p srcdoc="a">', "no srcdoc="))

    def test_words(self):
        """words outside of assets/text"""
        self.stops(("<p>Name</p>", "'Name'"), ("<p>1 间</p>", "'间'"), ("<p>、", "'、'"), ("{word a}ab", "'ab'"),
                   ("<title>ab</title>", "'ab'"), ("<textarea>ab</textarea>", "'ab'"), ('<p title="ab">', "'ab'"),
                   ('<img alt="{word a} ab">', "'ab'"), ("<p aria-label=ab>", "'ab'"),
                   ('<p placeholder="间">', "'间'"),
                   ('<input value="ab">', "'ab'"), ('<input value="ab" type="submit">', "'ab'"),
                   ("<pre>ab</pre>", "'ab'"), ("{if a}ab{end}", "'ab'"))

    def test_texts(self):
        """texts that do not exist or get other places than they have"""
        self.stops(("{say a.none}", "no text 'a.none'"), ("{say a.sum n=int:1}", "wants total="),
                   ("{say a.sum total=fen:1}", "wants n="), ("{say a.plain x=int:1}", "no place {x}"),
                   ("{say a.count}", "wants n="), ("{say a.count n=fen:1}", "must be an int"),
                   ("{say a.sum n=int:1 n=int:2 total=fen:1}", "given twice"),
                   ("{say a.plain x=iso:1}", "cannot be said"),
                   ("{say a.plain x}", "'x' is no name=kind"), ("{say}", "write {say"), ("{say A}", "write {say"),
                   ("{said a, b}", "write {said"))
        self.assertEqual(weave_one("{say a.plain n=int:1}")[2], [])

    def test_blocks(self):
        """blocks that do not close, or elsewhere in the HTML"""
        self.stops(("{if a}{end}{else}", "{else} without"),
                   ("{if a}{else}{else}{end}", "{else} without"), ("{for ;;}{else}{end}", "{else} without"),
                   ("{if a}{else x}{end}", "write {else}"), ("{if a}{end x}", "write {end}"),
                   ("{if a}<p {end}>", "ends elsewhere"), ("<p {if a}>{end}", "ends elsewhere"),
                   ('<p id="{if a}"{end}>', "ends elsewhere"), ("{if a}<pre>{end}</pre>", "ends elsewhere"),
                   ("<p {if a}>{else}>{end}", "ends elsewhere"), ("<title>{if a}</title>{end}", "ends elsewhere"),
                   ('<p {if a}id="a{else}class="b{end}">', "ends elsewhere"),
                   ("<p id={if a}1{end}>", "braces in the"),
                   ("<!-- {if a} -->", "braces in the middle"), ("<p {if a}a{end}b>", "a blank is missing"),
                   ("<scr{# }ipt>", "a blank is missing"), ("<p {if a}id{end}click='a'>", "a blank is missing"),
                   ('<p a="b"c="d">', "a blank is missing"), ("<p {use x(v)}>", "between tags only"),
                   ("<p a = 'b'>", "where an attribute"), ("<title><b></title>", "no tag inside"),
                   ("{page y(struct visit *v)}", "inside of {page x}"), ("{include \"a.h\"}", "before the first"),
                   ("{use none(v)}", "no page none"), ("{if}{end}", "expression is missing"),
                   ("<p>1 < 2</p>", "write &lt;"), ("<p", "ends inside"), ("<title>", "ends inside"))
        for body, tail, what in (("{if a}", "{end}", "x.html:1: {page x} is not closed"),
                                 ("\n{if a}", "", "x.html:3: {if} is not closed"), ("{", "", "x.html:2: a { that")):
            self.assertEqual([str(each)[:len(what)] for each in weave_one(body, tail=tail)[2]], [what])

    def test_code(self):
        """holes that are more than one expression, or write around the escaping"""
        self.stops(("{word a; b}", "; does not"), ("{word a, b}", "one expression"), ("{word}", "missing"),
                   ("{word a)}", "a ) too many"), ("{word (a}", "is missing"),
                   ("{word a // b}", "/ does not"), ("{word a /* b */}", "/ does not"), ("{word a\\}", "\\ does not"),
                   ("{word ({ a; b })}", "; does not"), ("{let int a = 1; f()}", "write {let"),
                   ("{let a = 1}", "write {let"), ("{let int a = 1, b = 2}", "write {let"),
                   ("{for a}{end}", "write {for"), ("{each a in b}{end}", "write {each"),
                   ("{each int a in b, 1}{end}", "write {each"), ("{use x}", "write {use"),
                   ("{use x(v), f()}", "write {use"),
                   ("{raw a}", "{raw} is unknown"), ("{}", "no other use"), ("}", "a } without {"),
                   ("{word 'a}", "a quote that is not closed"), ("{if (html_raw(h, a, 1), 1)}{end}", "by holes only"),
                   ("{word visit_html(v)->out.at}", "by holes only"), ("{let char *a = h->out.at}", "by holes only"),
                   ("{use x((buffer_word(b, a), v))}", "by holes only"))

    def test_pages(self):
        """pages with a wrong head, text outside, and two of one name"""
        for head, what in (("{page x(void)}", "first parameter"), ("{page X(struct visit *v)}", "write {page"),
                           ("{page x(struct visit *v, int a); int a(int b)}", "a ) too many"),
                           ("{page x(struct visit *v, int;)}", "; does not"), ("{page x}", "write {page"),
                           ("<p>", "text outside"), ("{word a}", "outside of a {page}"),
                           ("{include <a.h>}", "write {incl")):
            with self.subTest(head):
                self.assertIn(what, str(weave_one("", head)[2][0]))
        one = "{page x(struct visit *v)}{end}"
        _, _, problems = weave.build(TEXTS, [("a.html", one), ("b.html", "\n" + one)])
        self.assertEqual([str(each) for each in problems], ["b.html:2: page x stands already at a.html:1"])

    def test_many(self):
        """problems that can be read past are all told at once"""
        problems = weave_one("<p>ab</p>\n<p>cd</p>\n{say a.none}\n<p style='a'>")[2]
        self.assertEqual([problem.line for problem in problems], [2, 3, 4, 5])


# A small base: each writer says what it was given.
VISIT_H = '#include "base/html.h"\nstruct visit { const char *name; };\n' \
          "struct html *visit_html(struct visit *);\nvoid visit_form_token(struct visit *);\n"
NIGHT_H = "#pragma once\nstruct night { struct date night; };\n"
MAIN_C = r'''
#include <stdio.h>
#include <stddef.h>
#include "page.h"
struct html *visit_html(struct visit *v) { static struct html none; (void)v; return &none; }
void visit_form_token(struct visit *v) { (void)v; printf("[token]"); }
/* The room of this page's buffer is 0, so every literal comes here. */
void buffer_add_growing(struct buffer *b, const char *s, size_t n) { (void)b; fwrite(s, 1, n, stdout); }
void html_word(struct html *h, const char *s) { (void)h; printf("[word %s]", s); }
void html_url(struct html *h, const char *s) { (void)h; printf("[url %s]", s); }
void html_int(struct html *h, int64_t n) { (void)h; printf("[int %lld]", (long long)n); }
void html_date(struct html *h, struct date d) { (void)h; printf("[date %d]", d.day); }
void html_say(struct html *h, int text, const struct said *said, size_t count)
{
    (void)h;
    printf("[say %d", text);
    for (size_t i = 0; i < count; i++)
        printf(" %s %d %lld", said[i].name, (int)said[i].kind, (long long)said[i].number);
    printf("]");
}
int main(void)
{
    static const struct night nights[] = { { { 7 } }, { { 8 } } };
    page_x(&(struct visit){ "me" }, nights, sizeof(nights) / sizeof(nights[0]));
    return 0;
}
'''
PAGES = '''{include "night.h"}
{page top(struct visit *v, int title)}
<!doctype html><title>{text title}</title>
{end}
{page wrap(struct visit *v)}{use top(v, TEXT_a_plain)}{end}
{page x(struct visit *v, const struct night *nights, size_t count)}
{use wrap(v)}
{let const size_t all = count}
<p {if all > 1}class="many"{else}id="one"{end}>??/ "é"</p>
{each const struct night *each_night in nights, all}
<a href="/night/{int each_night_at}?of={url v->name}">{date each_night->night}</a>
{end}
{say a.sum n=int:all total=fen:-5}
<form method="post" action="/book"><textarea name="a">{word v->name}</textarea></form>
{end}
'''
DRAWN = '''<!doctype html><title>[say 0]</title>
<p class="many">??/ "é"</p>

<a href="/night/[int 0]?of=[url me]">[date 7]</a>

<a href="/night/[int 1]?of=[url me]">[date 8]</a>

[say 1 n 1 2 total 2 -5]
<form method="post" action="/book">[token]<textarea name="a">
[word me]</textarea></form>'''


class Compiled(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.write("base/visit.h", VISIT_H)
        self.write("build/sql.h", "\n")
        self.write("build/text.h", "enum text_id { TEXT_a_plain, TEXT_a_sum };\n")
        self.write("night.h", NIGHT_H)
        self.write("main.c", MAIN_C)
        self.write("zh.po", 'msgid "a.plain"\nmsgstr "平"\nmsgid "a.sum"\nmsgstr "{n} {total}"\n')

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)

    def weave(self, pages):
        self.write("x.html", pages)
        weaver = os.path.join(ROOT, "assets", "page", "weave.py")
        command = [sys.executable, weaver, "--out", "build", "--text", "zh.po", "x.html"]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True)

    def compile(self):
        include = ["-I.", "-Ibuild", "-I" + os.path.join(ROOT, "app")]
        subprocess.run(["gcc", *FLAGS, *include, "-c", "build/page.c", "-o", "page.o"], cwd=self.folder, check=True,
                       capture_output=True, text=True)
        loose = ["gcc", "-std=gnu11", *include, "main.c", "page.o", "-o", "main"]
        subprocess.run(loose, cwd=self.folder, check=True)

    def test_drawn(self):
        """C takes the pages without a warning, and they draw what they say"""
        done = self.weave(PAGES)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.compile()
        drawn = subprocess.run(["./main"], cwd=self.folder, check=True, capture_output=True).stdout.decode()
        self.assertEqual(drawn, DRAWN)

    def test_errors(self):
        """an error of the C compiler names the line of the page; no pointer passes as a number"""
        for hole in ("{word no_such_name}", "{int v->name}", "{int 1.5}", "{say a.sum n=int:v->name total=fen:1}",
                     "{word 5}", "{if v = NULL}{end}"):
            with self.subTest(hole):
                self.weave(PAGES.replace("{use wrap(v)}", "{use wrap(v)}\n\n" + hole))
                with self.assertRaises(subprocess.CalledProcessError) as caught:
                    self.compile()
                self.assertRegex(caught.exception.stderr, r"(?m)^x\.html:9:\d+: error: ")

    def test_command(self):
        """the command leaves the old files alone when it stops, and ends with 1"""
        self.assertEqual(self.weave(PAGES).returncode, 0)
        done = self.weave("{page x(struct visit *v)}\nab{end}")
        self.assertEqual((done.returncode, done.stderr), (1, "x.html:2: words belong into assets/text: 'ab'\n"))
        self.compile()


if __name__ == "__main__":
    tap.run()
