"""Follows the HTML of a page for the weaver, so that it is known at every hole what stands around it.

What would let a visitor's word become markup, a link to elsewhere or a script is refused here, and so are
scripts, styles and words that do not belong into a page. Only as much HTML is understood as pages may use; what
could be read in two ways is refused. What the holes say is left to weave.py.
"""

import re
from dataclasses import dataclass, field

# ---- What the HTML may hold

URL_ATTRIBUTES = {"href", "src", "action", "formaction", "poster", "srcset", "imagesrcset", "cite", "data",
                  "ping", "manifest", "background", "xlink:href"}
URL_LISTS = {"srcset", "imagesrcset", "ping"}   # several, parted by commas or blanks
URL_KINDS = ("int", "url", "iso")     # none of them can hold a slash, a colon or a blank
SENDS_FORM = {"action", "formaction"}
# What browsers show or read out; value is looked at apart, because a hidden one is not shown.
SHOWN_ATTRIBUTES = {"alt", "title", "placeholder", "label", "aria-label", "aria-description", "aria-placeholder",
                    "aria-roledescription", "aria-valuetext"}
SILENT_INPUTS = {"hidden", "checkbox", "radio"}
# They embed other documents, move the base of all links, are read by rules of their own, or rewrite attributes.
REFUSED_ELEMENTS = {"iframe", "frame", "frameset", "object", "embed", "applet", "base", "xmp", "plaintext", "noembed",
                    "noframes", "animate", "set"}
WORD_ELEMENTS = {"title", "textarea"}   # text without tags inside

WORDS = re.compile("[A-Za-z]{2,}|[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uffee\U00020000-\U0003ffff]+")
ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9a-fA-F]+);")
BLANK = " \t\n\r\f"
LETTER = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
HOLE_MARK = "\0"        # stands for a hole or block in what is remembered of an attribute's value


class Stop(Exception):
    """A problem behind which the file cannot be followed any further."""

    def __init__(self, line, what):
        super().__init__(what)
        self.line = line
        self.what = what


# ---- Following the HTML

@dataclass
class Tag:
    """A start tag being read. attributes holds what is literal in their values; a hole is HOLE_MARK."""
    name: str
    line: int
    depth: int                  # blocks open where it began
    attributes: dict = field(default_factory=dict)
    value_line: dict = field(default_factory=dict)
    content_hole: bool = False  # content= has a hole other than int


class Html:
    """Knows after every character where in the HTML we are. mode is the name of the method that reads the next one.

    mode        where
    text        between tags
    less        behind <
    markup      in <!…, not yet known what
    comment     in <!-- -->
    closing     in </name
    tag_name    in the name of a start tag
    tag         in a start tag, behind a blank
    glued       in a start tag, but a blank must come before the next attribute
    slash       behind / in a start tag
    name        in the name of an attribute
    equals      behind =
    value       in a quoted value
    bare        in a value without quotes
    words       in <title> or <textarea>
    script      in <script>
    """

    def __init__(self, writer, complain, free_words):
        self.writer = writer
        self.complain = complain
        self.free_words = free_words    # literal words allowed
        self.mode = "text"
        self.line = 1
        self.depth = 0                  # open blocks
        self.tag = None
        self.attribute = ""
        self.quote = ""
        self.place = ""                 # where in a URL, see url_char
        self.value = ""
        self.element = ""               # of the modes words and script
        self.pre = 0
        self.held = ""                  # read, but not yet known what it is
        self.run = ""                   # text between tags and holes
        self.run_line = 1

    def feed(self, text, line):
        self.line = line
        for char in text:
            getattr(self, "read_" + self.mode)(char)
            if char == "\n":
                self.line += 1

    def write(self, char, collapse=True):
        self.writer.text(char, collapse and not self.pre)

    # -- Text

    def read_text(self, char):
        if char == "<":
            self.end_run()
            self.mode = "less"
            return
        self.remember(char)
        self.write(char)

    def remember(self, char):
        if not self.run:
            self.run_line = self.line
        self.run += char

    def end_run(self):
        self.refuse_words(self.run, self.run_line)
        self.run = ""

    def refuse_words(self, text, line):
        if self.free_words:
            return
        text = ENTITY.sub(lambda match: " " * len(match.group()), text)
        found = WORDS.search(text)
        if found:
            self.complain(line + text.count("\n", 0, found.start()),
                          f"words belong into assets/text: '{found.group()}'")

    def read_less(self, char):
        if char in LETTER:
            self.write("<")
            self.write(char)
            self.tag, self.held, self.mode = None, char, "tag_name"
        elif char == "/":
            self.held, self.mode = "", "closing"
        elif char == "!":
            self.held, self.mode = "<!", "markup"
        else:
            raise Stop(self.line, "a < that begins no tag: write &lt;")

    def read_markup(self, char):
        self.held += char
        if self.held == "<!--":
            self.held, self.mode = "", "comment"
        elif char == ">":
            if self.held.lower() != "<!doctype html>":
                raise Stop(self.line, "of <!…> only <!doctype html> and comments are known")
            for each in self.held:
                self.write(each)
            self.mode = "text"

    def read_comment(self, char):
        # Comments are for who reads the page's source; they are not sent.
        self.held = (self.held + char)[-3:]
        if self.held == "-->":
            self.mode = "text"

    def read_closing(self, char):
        if char != ">":
            self.held += char
            return
        name = self.held.strip().lower()
        if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
            raise Stop(self.line, f"</{self.held}> is no end tag")
        if name == "pre":
            self.pre = max(0, self.pre - 1)
        for each in f"</{name}>":
            self.write(each)
        self.mode = "text"

    # -- Start tags

    def read_tag_name(self, char):
        if char in BLANK or char in "/>":
            self.end_tag_name()
            self.mode = "tag"
            self.read_tag(char)
            return
        if not re.match(r"[A-Za-z0-9-]", char):
            raise Stop(self.line, f"{char} in the name of a tag")
        self.held += char
        self.write(char)

    def end_tag_name(self):
        self.tag = Tag(self.held.lower(), self.line, self.depth)
        if self.tag.name == "style":
            self.complain(self.line, "no <style>: it belongs into assets/site")
        if self.tag.name in REFUSED_ELEMENTS:
            self.complain(self.line, f"<{self.tag.name}> is not for pages")

    def read_tag(self, char):
        if char in BLANK:
            self.write(char)
            self.mode = "tag"
        elif char == ">":
            self.write(char)
            self.end_tag()
        elif char == "/":
            self.write(char)
            self.mode = "slash"
        elif self.mode == "glued":
            raise Stop(self.line, "a blank is missing between attributes")
        elif re.match(r"[A-Za-z]", char):
            self.write(char)
            self.attribute, self.mode = char, "name"
        else:
            raise Stop(self.line, f"{char} where an attribute should begin")

    read_glued = read_tag

    def read_slash(self, char):
        if char != ">":
            raise Stop(self.line, "a / in a tag that does not end it")
        self.read_tag(char)

    def read_name(self, char):
        if char == "=":
            self.write(char)
            self.begin_value()
            self.mode = "equals"
        elif char in BLANK or char in "/>":
            self.end_attribute(with_value=False)
            self.mode = "tag"
            self.read_tag(char)
        elif re.match(r"[A-Za-z0-9_:.-]", char):
            self.write(char)
            self.attribute += char
        else:
            raise Stop(self.line, f"{char} in the name of an attribute")

    def begin_value(self):
        self.attribute = self.attribute.lower()
        self.value, self.place = "", "start"
        self.tag.value_line[self.attribute] = self.line

    def read_equals(self, char):
        if char in "\"'":
            self.quote, self.mode = char, "value"
        elif char in BLANK or char in "<>=`":
            raise Stop(self.line, "a value must follow = at once")
        else:
            self.mode = "bare"
            self.value_char(char)
        self.write(char, collapse=False)

    def read_value(self, char):
        if char == self.quote:
            self.write(char)
            self.end_attribute()
            self.mode = "glued"
            return
        self.value_char(char)
        self.write(char, collapse=False)

    def read_bare(self, char):
        if char in BLANK or char == ">":
            self.end_attribute()
            self.mode = "tag"
            self.read_tag(char)
            return
        if char in "\"'<=`":
            raise Stop(self.line, f"{char} in a value without quotes")
        self.value_char(char)
        self.write(char)

    def value_char(self, char):
        self.value += char
        if self.attribute in URL_ATTRIBUTES:
            self.url_char(char)

    def end_attribute(self, with_value=True):
        name = self.attribute = self.attribute.lower()
        if not with_value:
            self.value = ""
        if name.startswith("on"):
            self.complain(self.line, f"no {name}=: scripts belong into assets/site")
        if name in ("style", "srcdoc", "formmethod"):
            self.complain(self.line, f"no {name}= in pages")
        if name == "method" and self.tag.name == "form":
            self.check_method()
        if name in SHOWN_ATTRIBUTES:
            self.refuse_words(self.value, self.tag.value_line.get(name, self.line))
        if name in URL_ATTRIBUTES:
            self.check_url()
        self.tag.attributes[name] = self.value

    def check_method(self):
        """The weaver must be sure whether a form posts, or the token could be forgotten."""
        literal = self.value.lower() in ("get", "post", "dialog")
        if not literal or self.depth != self.tag.depth or "method" in self.tag.attributes:
            self.complain(self.line, "method must be there once, literally get, post or dialog, in no block")

    def check_url(self):
        scheme = self.value.strip().lower()
        if scheme.startswith(("javascript:", "vbscript:", "data:")):
            self.complain(self.line, f"{self.attribute}= must not hold a script or data")
        if self.attribute in SENDS_FORM and not re.match(r"/(?![/\\])", self.value):
            self.complain(self.line, f"{self.attribute}= must begin with one /: a form is sent to this site only")

    # -- The end of a start tag

    def end_tag(self):
        tag = self.tag
        self.check_shown_value(tag)
        if tag.content_hole and "http-equiv" in tag.attributes:
            self.complain(tag.line, "content= of an http-equiv takes int holes only")
        if HOLE_MARK in tag.attributes.get("http-equiv", ""):
            self.complain(tag.line, "http-equiv must be literal")
        self.mode = "text"
        if tag.name == "pre":
            self.pre += 1
        elif tag.name == "script":
            if "src" not in tag.attributes:
                self.complain(tag.line, "a <script> without src: it belongs into assets/site")
            self.element, self.held, self.mode = tag.name, "", "script"
        elif tag.name in WORD_ELEMENTS:
            self.element, self.held, self.mode = tag.name, "", "words"
            if tag.name == "textarea":
                # HTML drops one newline here; without this one it would be the first a visitor typed.
                self.write("\n", collapse=False)
        elif tag.name == "form" and tag.attributes.get("method", "").lower() == "post":
            self.writer.statement(self.line, "visit_form_token(v);")

    def check_shown_value(self, tag):
        """value= of a field or button that shows it. Hidden ones, boxes and options carry codes."""
        kind = tag.attributes.get("type", "text").lower()
        if tag.name == "input" and "value" in tag.attributes and kind not in SILENT_INPUTS:
            self.refuse_words(tag.attributes["value"], tag.value_line.get("value", tag.line))

    # -- Elements that hold no tags

    def read_words(self, char):
        if self.held or char == "<":
            self.end_run()
            self.end_element(char, f"no tag inside <{self.element}>")
            return
        self.remember(char)
        self.write(char, collapse=self.element != "textarea")

    def read_script(self, char):
        if self.held or char == "<":
            self.end_element(char, "a script belongs into assets/site")
        elif char not in BLANK:
            raise Stop(self.line, "a script belongs into assets/site")

    def end_element(self, char, otherwise):
        """Reads on in </name>; anything else there stops the build."""
        self.held += char
        closing = f"</{self.element}>"
        if not closing.startswith(self.held.lower()):
            raise Stop(self.line, otherwise)
        if self.held.lower() == closing:
            for each in closing:
                self.write(each)
            self.held, self.mode = "", "text"

    # -- URLs: a hole must not be able to change the scheme or the host

    def url_char(self, char):
        """place: start → slash → safe, or → tel, or → literal (no hole may follow), or → whole ({link}: nothing may follow).

        Behind "/" and a hole that may be empty, a further slash would make "//", which names another host.
        Browsers read a backslash as a slash and skip tabs and newlines; &…; could be any of them.
        """
        if self.attribute in URL_LISTS and (char == "," or char in BLANK):
            self.place = "start"
        elif self.place == "whole":
            raise Stop(self.line, "nothing may follow a {link}")
        elif self.place == "start":
            self.place = {"/": "slash", "#": "safe"}.get(char, "literal")
        elif self.place == "slash":
            self.place = "literal" if char in "/\\&" or char in BLANK else "safe"
        elif self.place == "slash_hole":
            if char in "/\\&" or char in BLANK:
                raise Stop(self.line, "an empty value before this would make //, another host: begin with a literal")
            self.place = "safe"
        elif self.place == "literal" and self.attribute == "href" and self.value == "tel:":
            self.place = "tel"

    def url_hole(self, kind, line):
        if self.place == "tel" and kind == "word":
            return
        if kind not in URL_KINDS:
            raise Stop(line, f"{{{kind}}} does not belong into {self.attribute}=: use url, int or iso")
        if self.place in ("start", "literal", "whole"):
            raise Stop(line, f"a hole in {self.attribute}= must stand behind a literal / at its start")
        if self.place == "slash":
            self.place = "safe" if kind == "int" else "slash_hole"

    def whole_url(self):
        """The value is a URL written by our own code; nothing may follow it."""
        self.place = "whole"
        self.value += HOLE_MARK

    def at_url_start(self):
        return self.mode == "value" and self.attribute in URL_ATTRIBUTES and self.place == "start"

    def loop(self, line):
        """A loop begins here. Its second turn would begin where its first ended, which is not followed."""
        if self.mode == "value" and self.attribute in URL_ATTRIBUTES and self.place != "safe":
            raise Stop(line, f"a loop at the start of {self.attribute}=")

    # -- Holes and blocks

    def hole(self, kind, line):
        """A hole of that kind stands here: stops where it must not."""
        where = {
            "less": "the name of a tag", "tag_name": "the name of a tag", "closing": "an end tag",
            "tag": "the name of an attribute", "glued": "the name of an attribute", "name": "the name of an attribute",
            "slash": "a tag", "equals": "an attribute without quotes", "bare": "an attribute without quotes",
            "markup": "<!…>", "comment": "a comment", "script": "a script",
        }.get(self.mode)
        if where:
            raise Stop(line, f"a hole in {where}")
        if self.mode == "words" and self.held:
            raise Stop(line, "a hole in an end tag")
        self.end_run()
        if self.mode == "value":
            self.value_hole(kind, line)

    def value_hole(self, kind, line):
        if self.attribute.startswith("on") or self.attribute in ("style", "srcdoc"):
            raise Stop(line, f"a hole in {self.attribute}=")
        if self.attribute in URL_ATTRIBUTES:
            self.url_hole(kind, line)
        if self.attribute == "content" and kind != "int":
            self.tag.content_hole = True
        self.value += HOLE_MARK

    def pause(self, line):
        """A block, a declaration or a remark stands here. Names end; the rest of one may not follow."""
        if self.mode in ("less", "closing", "equals", "bare", "markup", "comment", "script", "slash") or \
                self.mode == "words" and self.held:
            raise Stop(line, "braces in the middle of a tag, a comment, a script or a value without quotes")
        if self.mode == "tag_name":
            self.end_tag_name()
            self.mode = "glued"
        elif self.mode == "name":
            self.end_attribute(with_value=False)
            self.mode = "glued"
        elif self.mode == "value":
            self.value += HOLE_MARK
        self.end_run()

    def around(self):
        """What must be the same at both ends of a block."""
        mode = "tag" if self.mode == "glued" else self.mode
        if mode == "text":
            return mode, self.pre
        if mode == "words":
            return mode, self.element
        if mode == "value":
            return mode, id(self.tag), self.attribute
        return mode, id(self.tag)

    def position(self):
        """What a branch may change inside of that, and what is put back for the next branch."""
        return self.mode, self.place

    def return_to(self, position):
        self.mode, self.place = position

    def join(self, positions):
        """Behind a block whose branches ended at these positions: the strictest of them holds."""
        modes, places = zip(*positions)
        if len(set(modes)) > 1:
            self.mode = "glued"
        if len(set(places)) > 1:
            self.place = "literal"
