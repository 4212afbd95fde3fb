"""The mask of reStructuredText: what is surely a paragraph, a title or an item is prose, all else is not."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator
from typing import NamedTuple

from cleaner.mask.holes import BREAK, OBJECT, SPACE, TRANSPARENT, Hole, Masker

_TAB = 8  # columns
_TABS = re.compile(rb"\t|\n|[^\t\n]+")
_RULE = re.compile(rb"(?!::[ \t]*\Z)([!-/:-@\[-`{-~])\1*[ \t]*\Z")  # under or over a title, or between paragraphs
_GRID = re.compile(rb"\+[-=+]+\+[ \t]*\Z")
_BORDER = re.compile(rb"=+(?:[ \t]+=+)+[ \t]*\Z")
_DIRECTIVE = re.compile(rb"\.\.[ \t]+([A-Za-z0-9](?:[\w:+.-]*\w)?)[ \t]?::(?:[ \t]+|\Z)")
_NOTE = re.compile(rb"\.\.[ \t]+\[(?:\d+|#[\w-]*|\*|[A-Za-z][\w.-]*)\](?:[ \t]+|\Z)")
_EXPLICIT = re.compile(rb"(?:\.\.|__)(?:[ \t]|\Z)")
_FIELD = re.compile(rb":(?![: \t])(?:[^:\\`]|\\.|:(?![ \t]|\Z))*:(?:[ \t]+|\Z)")
_ITEM = re.compile(
    rb"(?:[-*+|]|\xe2\x80\xa2|\xe2\x80\xa3|\xe2\x81\x83|\(?(?:\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+|#)[.)])(?:[ \t]+|\Z)"
)
_OPTION = re.compile(rb"(?:--?[A-Za-z?][\w-]*|/[A-Z])(?:[ =]?<[\w-]+>|[ =][\w-]+)?(?:,[ ]|[ \t]{2,}|[ \t]*\Z)")
_DOCTEST = re.compile(rb">>>(?:[ \t]|\Z)")


def _named(names: bytes) -> frozenset[bytes]:
    return frozenset(names.split())


# Directives whose content is prose. What stands on the line of the first kind is prose, too; of the second all up to
# a blank line is left alone: a version, a signature, options. All others are code, or may be.
_ADMONITIONS = _named(b"attention caution danger error hint important note tip warning seealso")
_HOLDERS = _named(
    b"""admonition topic sidebar versionadded versionchanged deprecated versionremoved container compound epigraph
    highlights pull-quote function method class classmethod staticmethod data attribute exception property decorator
    py:function py:method py:class py:classmethod py:staticmethod py:data py:attribute py:exception py:property
    py:decorator c:function c:type c:macro c:member c:var c:struct option cmdoption envvar describe confval object
    opcode"""
)

_OPENS = rb"(?:(?<![^\s'\"(\[{<\-/:])|(?<=\xe2\x80[\x90-\x9f])|(?<=\xc2[\xa1\xab\xbf]))"
_CLOSES = rb"(?=[\s'\")\]}>\-/:.,;!?\\]|\xe2\x80[\x90-\xa6]|\xc2\xbb|\Z)"
_QUOTED = rb"`(?:[^`\\]|\\.)+`"
_ROLE = rb":[A-Za-z0-9](?:[\w:+.-]*\w)?:"
_INLINE = re.compile(
    rb"(?s)(?P<escape>\\.?)"
    rb"|"
    + _OPENS
    + rb"(?:(?P<code>``(?=\S).*?(?<=\S)``(?!`)|"
    + _ROLE
    + _QUOTED
    + rb"|"
    + _QUOTED
    + rb"(?:"
    + _ROLE
    + rb")"
    rb"|\|[^\s|](?:[^|]*[^\s|])?\|(?:__?)?|\[(?:\d+|#[\w-]*|\*|[A-Za-z][\w.-]*)\]_)"
    rb"|(?P<label>_?" + _QUOTED + rb"(?:__?)?)"
    rb"|(?P<strong>\*\*(?=\S)(?:[^*\\`|]|\\.|\*(?!\*))*?(?<=\S)\*\*)"
    rb"|(?P<emphasis>\*(?=[^\s*])(?:[^*\\`|]|\\.)*?(?<=\S)\*(?!\*)))"
    + _CLOSES
    # What docutils takes for an address, and roles and code where something stands too near.
    + rb"|(?P<loose>(?<![\w:])(?:about|callto|cid|data|dav|dns|doi|file|https?|irc|jar|ldap|magnet|mailto|man|news|nfs"
    + rb"|rsync|sip|sms|svn|tcp|tel|telnet|urn|xmpp):[^\s<>`|]+"
    + rb"|(?<![\w.+=/-])[\w.+=/-]+@[\w.#-]*\w|"
    + _ROLE
    + rb"`(?=\S).*?(?<=[^\s`])`+_{0,2}(?![A-Za-z0-9])|``(?=\S)[^`]+(?<=\S)``)"
    + rb"|(?<![\w`])(?P<word>[A-Za-z0-9]+(?:[-._+:][A-Za-z0-9]+)*__?)(?!\w)"
    rb"|(?P<mark>[`*|]+|_`)"
)
_BARE = re.compile(r"_?`([^`<>\\\n]+)`(_?)")
_QUOTED_LABEL = re.compile(rb"(?s)``(?=\S).*?(?<=\S)``|`([^`]+)`")
_REFERENCE = re.compile(rb"`([^`]+)`_")  # whatever stands before it
_WORD_LABEL = re.compile(rb"(?<!\w)([A-Za-z0-9][\w.-]*)_(?!\w)")
_IN_ANGLES = re.compile(rb"<([^<>]+)>\s*\Z")


def holes(_text: str, data: bytes, _lang: str) -> list[Hole]:
    """Return the holes of a document: every byte that is not the text of a paragraph, title, item or note."""
    if b"\t" not in data:
        return _Masker(data).run()
    expanded, places = _expanded(data)
    return list(_in_place(_Masker(expanded).run(), places))


def structure(text: str) -> list[object]:
    """Return what a document is made of, in order: its blocks and its markup in lines."""
    masker = _Masker(_expanded(text.encode())[0])
    masker.run()
    return masker.made


def _expanded(data: bytes) -> tuple[bytes, array[int]]:
    """Return a text with spaces for tabs, which count up to the next eighth column, and where each byte stood."""
    out, places, column = bytearray(), array("L"), 0
    for match in _TABS.finditer(data):
        if match[0] == b"\t":
            size = _TAB - column % _TAB
            out += b" " * size
            places.extend([match.start()] * size)
        else:
            out += match[0]
            places.extend(range(*match.span()))
            size = 0 if match[0] == b"\n" else len(match[0].decode())
        column = column + size if size else 0
    places.append(len(data))
    return bytes(out), places


def _in_place(holes: list[Hole], places: array[int]) -> Iterator[Hole]:
    """Yield holes where they stand in a text with tabs; of two that share a tab the first has it."""
    at = 0
    for start, end, reads in holes:
        first = max(at, places[start])
        at = places[end - 1] + 1 if places[end] == places[end - 1] else places[end]
        if first < at:
            yield Hole(first, at, reads)


class _Line(NamedTuple):
    start: int
    end: int  # without the line end
    indent: int  # columns before the first character

    @property
    def is_blank(self) -> bool:
        return self.start + self.indent >= self.end


class _Masker(Masker):
    """Goes from block to block, line by line."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.lines = list(_lines(data))
        self.labels = _labels(data)

    def run(self) -> list[Hole]:
        i = 0
        while i < len(self.lines):
            i = i + 1 if self.lines[i].is_blank else self.block(i, self.lines[i].indent)
        return self.finished()

    def block(self, i: int, column: int) -> int:
        """Take the block that begins in a column of a line, and return the line after it."""
        line = self.lines[i]
        rest = self.data[line.start + column : line.end]
        if (directive := _DIRECTIVE.match(rest)) and directive[1].lower() in _ADMONITIONS:
            return self.opened("admonition", i, column, directive.end())
        if directive and directive[1].lower() in _HOLDERS:
            self.made.append("directive")
            return self.until_blank(i)
        if note := _NOTE.match(rest):
            return self.opened("note", i, column, note.end())
        if _EXPLICIT.match(rest):
            self.made.append("explicit")
            return self.after(i, column)
        if _DOCTEST.match(rest) or _GRID.match(rest):
            self.made.append("code")
            return self.until_blank(i)
        if _BORDER.match(rest):
            return self.simple_table(i)
        if self.is_title(i, column):
            return self.title(i, column)
        if _RULE.match(rest) and not _ITEM.fullmatch(rest):
            return i + 1
        if (field := _FIELD.match(rest)) or (field := _ITEM.match(rest)):
            return self.opened("field" if rest.startswith(b":") else "item", i, column, field.end())
        if _OPTION.match(rest):
            self.made.append("option")
            return i + 1
        return self.paragraph(i, column)

    def opened(self, what: str, i: int, column: int, size: int) -> int:
        """Take what opens a block, and what follows on its line as a block of its own."""
        self.made.append(what)
        line = self.lines[i]
        after = column + size
        rest = self.data[line.start + after : line.end]
        if not rest.strip():
            if what == "admonition":
                i = self.fields(i)
            return i + 1
        if what != "item" and (_ITEM.match(rest) or _EXPLICIT.match(rest)):
            return self.block(i, after)
        if what == "item" and not self.data.startswith(b"|", line.start + column):
            return self.block(i, after)
        if what == "item":  # a line of a block of lines
            self.text(line.start + after, line.end)
            return i + 1
        return self.paragraph(i, after, column)

    def fields(self, i: int) -> int:
        """Return the last of the lines with options after the one of a directive."""
        while i + 1 < len(self.lines) and not self.lines[i + 1].is_blank:
            line = self.lines[i + 1]
            if not _FIELD.match(self.data[line.start + line.indent : line.end]):
                break
            i += 1
        return i

    def after(self, i: int, column: int) -> int:
        """Return the line after a block whose further lines stand further to the right."""
        i += 1
        while i < len(self.lines) and (self.lines[i].is_blank or self.lines[i].indent > column):
            i += 1
        return i

    def until_blank(self, i: int) -> int:
        while i < len(self.lines) and not self.lines[i].is_blank:
            i += 1
        return i

    def simple_table(self, i: int) -> int:
        """Return the line after a table: after a border that a blank line follows, or the next blank line."""
        self.made.append("table")
        for j in range(i + 1, len(self.lines)):
            line = self.lines[j]
            ends = j + 1 == len(self.lines) or self.lines[j + 1].is_blank
            if ends and _BORDER.match(self.data[line.start + line.indent : line.end]):
                return j + 1
        return self.until_blank(i)

    def is_title(self, i: int, column: int) -> bool:
        """True if the line is that of a title, or the one over it."""
        if self.rule(i) and i + 2 < len(self.lines) and not self.lines[i + 1].is_blank:
            return self.rule(i) == self.rule(i + 2) and not self.rule(i + 1)
        return column == 0 and i + 1 < len(self.lines) and bool(self.rule(i + 1)) and not self.rule(i)

    def rule(self, i: int) -> bytes:
        """Return the character that a line without indentation repeats and is made of, if it is."""
        line = self.lines[i]
        found = _RULE.match(self.data[line.start : line.end])
        return found[1] if found and not line.is_blank else b""

    def title(self, i: int, column: int) -> int:
        over = bool(self.rule(i))
        line, under = self.lines[i + over], self.lines[i + 1 + over]
        start = line.start + (line.indent if over else column)
        name = self.data[start : line.end].rstrip()
        width = _width(name.decode())
        lengths = [len(self.data[under.start : under.end].rstrip())]
        lengths += [len(self.data[self.lines[i].start : self.lines[i].end].rstrip())] * over
        self.made.append(("title", self.rule(i + 1 + over), over))
        # One that is longer than its line is a fault of its own, and what leads to one by its name would lead nowhere.
        if min(lengths) >= width and _label(name) not in self.labels:
            self.text(start, line.end)
        return i + 2 + over

    def paragraph(self, i: int, column: int, outer: int | None = None) -> int:
        """Take lines up to a blank one or another indentation, and the code that they announce.

        With `outer`, the column of what opened the paragraph, its second line says how far it is indented.
        """
        self.made.append("paragraph")
        first, start = i, self.lines[i].start + column
        indent = column
        while i + 1 < len(self.lines) and not self.lines[i + 1].is_blank:
            following = self.lines[i + 1].indent
            if outer is not None and i == first and following > outer:
                indent = following
            elif following != indent:
                break
            i += 1
        end = start + len(self.data[start : self.lines[i].end].rstrip())
        announces = self.data.endswith(b"::", start, end)
        if announces:
            end -= 2
        self.text(start, end)
        if announces:
            self.made.append("::")
            self.hole(end + 2, ":" if end > start and not self.data[end - 1 : end].isspace() else BREAK)
            return self.literal(i + 1, min(indent, column) if outer is None else outer)
        return i + 1

    def literal(self, i: int, column: int) -> int:
        """Return the line after the code that a paragraph announced."""
        following = i
        while following < len(self.lines) and self.lines[following].is_blank:
            following += 1
        if following == len(self.lines):
            return following
        line = self.lines[following]
        if line.indent > column:
            return self.after(i - 1, column)
        if _PUNCTUATION.match(self.data, line.start + line.indent):
            return self.until_blank(following)
        return i

    def text(self, start: int, end: int) -> None:
        """Take a stretch as prose, with its line ends and markup as holes."""
        self.hole(start, BREAK)
        end = start + len(self.data[start:end].rstrip())
        self.pieces(start, end)
        self.at = max(self.at, end)

    def pieces(self, start: int, end: int) -> None:
        data = self.data[start:end]
        for match in _PIECE.finditer(data):
            first, last = start + match.start(), start + match.end()
            kind = match.lastgroup or ""
            if kind == "line":
                self.leaf(first, last, SPACE)
            elif kind in ("strong", "emphasis"):
                size = 2 if kind == "strong" else 1
                self.made.append(kind)
                self.leaf(first, first + size, TRANSPARENT)
                self.inner(first + size, last - size)
                self.leaf(last - size, last, TRANSPARENT)
            else:
                self.made.append((kind, match[0]))
                self.leaf(first, last, _reads(kind, match[0].decode()))

    def inner(self, start: int, end: int) -> None:
        """Take the text inside emphasis, in which nothing is markup but escapes."""
        for match in _INSIDE.finditer(self.data[start:end]):
            reads = SPACE if match.lastgroup == "line" else match[0][1:].decode().strip()
            self.leaf(start + match.start(), start + match.end(), reads)


_LINE_END = rb"(?P<line>[ \t]*\r?\n[ \t]*)"
_PIECE = re.compile(_LINE_END + rb"|" + _INLINE.pattern.removeprefix(rb"(?s)"), re.S)
_INSIDE = re.compile(_LINE_END + rb"|(?P<escape>\\.?)", re.S)
_PUNCTUATION = re.compile(rb"[!-/:-@\[-`{-~]")


def _lines(data: bytes) -> list[_Line]:
    out, start = [], 0
    for line in data.split(b"\n"):
        body = line.removesuffix(b"\r")
        out.append(_Line(start, start + len(body), len(body) - len(body.lstrip(b" \t\f\v"))))
        start += len(line) + 1
    return out


def _reads(kind: str, written: str) -> str:
    """Return as what a piece of markup reads."""
    if kind == "escape":
        return written[1:] if written[1:].strip() else TRANSPARENT
    if kind == "word":
        return written.rstrip("_")
    # A label by which a link finds its target: to be read, not to be touched.
    if kind == "label" and (label := _BARE.fullmatch(written)) and (label[2] or written[0] == "_"):
        return " ".join(label[1].split())
    return OBJECT


def _labels(data: bytes) -> set[bytes]:
    """The names by which anything in a document may be meant."""
    out = set(map(_label, _WORD_LABEL.findall(data)))
    for quoted in (*_QUOTED_LABEL.findall(data), *_REFERENCE.findall(data)):
        out |= {_label(quoted)} - {b""}
        if inside := _IN_ANGLES.search(quoted):
            out |= {_label(inside[1]), _label(inside[1].removesuffix(b"_"))}
    return out


def _label(name: bytes) -> bytes:
    return b" ".join(name.lower().split())


def _width(text: str) -> int:
    """Return how many columns a title takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)
