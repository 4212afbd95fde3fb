"""The mask of AsciiDoc: what is surely a paragraph, a title or an item is prose, all else is not."""

from __future__ import annotations

import html
import re

from cleaner.mask.holes import BREAK, OBJECT, SPACE, TRANSPARENT, Hole, Masker

# Blocks between two equal lines: of code, and of prose.
_CODE = re.compile(rb"(?:-{4,}|\.{4,}|\+{4,}|/{4,}|[|,:!]={3,}|```[\w+-]*|~{4,})[ \t]*\Z")
_FENCES = re.compile(rb"(?:={4,}|\*{4,}|_{4,}|--)[ \t]*\Z")
_ATTRIBUTES = re.compile(rb"\[(?:\[.*\]|.*)\][ \t]*\Z")
_VERBATIM = re.compile(
    rb"\[[ \t]*[\"']?(?:source|listing|literal|pass|stem|latexmath|asciimath|verse|comment|,|plantuml)\b", re.I
)
_ENTRY = re.compile(rb":!?[A-Za-z0-9_][\w-]*!?:(?:[ \t]|\Z)")
_MACRO = re.compile(rb"[A-Za-z0-9_][\w-]*::\S*\[.*\][ \t]*\Z|(?:ifn?def|ifeval|endif|include)::")
_TITLE = re.compile(rb"(?:=|\#){1,6}[ \t]+(?=\S)")
_CAPTION = re.compile(rb"\.(?=[^\s.])")
_ADMONITION = re.compile(rb"(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]+(?=\S)")
_ITEM = re.compile(
    rb"[ \t]*(?:(?:\*{1,5}|-|\.{1,5}|\xe2\x80\xa2|\d+\.|[A-Za-z]\.|[ivxIVX]+\)|<(?:\d+|\.)>)[ \t]+(?:\[[ x*]\][ \t]+)?"
    rb"|(?!//)(?:[^\s:].*?)?\S(?:::{1,3}|;;)(?:[ \t]+|\Z))"
)
_BREAK = re.compile(rb"(?:'{3,}|<{3,}|-{3}|\*{3}|-[ ]-[ ]-|\*[ ]\*[ ]\*|\+)[ \t]*\Z")
_UNDERLINE = re.compile(rb"(?:={2,}|-{2,}|~{2,}|\^{2,}|\+{2,})[ \t]*\Z")

_INLINE = rb"""
    (?P<line>[ \t]*\r?\n[ \t]*) | (?P<hard>[ ]\+[ \t]*(?:\r?\n[ \t]*|\Z)) | (?P<escape>\\.?)
    | (?P<code> \+{3}.*?\+{3} | \+\+.*?\+\+ | ``.*?`` | \$\$.*?\$\$
        | (?<!\w)\+\S(?:[^\n]*?\S)??\+(?!\w) | (?<![\w"'])`\S(?:.*?\S)??`(?![\w"'])
        | \(\(\(?.+?\)\)\)? | <<[^<>]+>> | \[\[[^\]\n]+\]\] | \{[^{}\n]+\} | <\d+>
        | (?:link|xref|mailto|https?|ftp|irc)(?::[^\s\[\]]*)\[[^\]]*[,="^\\][^\]]*\]
        | (?<![A-Za-z0-9])(?!link:|xref:|mailto:|https?:|ftp:|irc:)[A-Za-z][\w-]*:(?!//)[^\s\[\]]*\[(?:[^\]\\]|\\.)*\]
        | (?:https?|ftp|irc)://[^\s<>\[\]]*<[^\s\[\]]*)
    | (?P<link> (?:(?:link|xref|mailto):[^\s\[\]]+|(?:https?|ftp|irc)://[^\s\[\]<>]+)\[)(?=[^\]]+\])
    | (?P<bare> (?:(?:link|xref|mailto):[^\s\[\]]+|(?:https?|ftp|irc)://[^\s\[\]<>]+)\[\])
    | (?P<close>\])
    | (?P<reference>&(?:\#\d+|\#[xX][0-9A-Fa-f]+|\w+);)"""
_CURVED = rb"""| (?P<curved>["']`(?=\S) | `["'])"""
_MARKS = rb"""
    | (?P<role>\[[\w.\#%-]+\](?=[*_`\#]))
    | (?P<alone>(?<!\S)[*_\#+~^`](?!\S)|(?<=\w)[*_\#+~^](?=\w)) | (?P<mark>\*\*?|__?|\#\#?|[~^`])"""
_PIECE = re.compile(_INLINE + _CURVED + _MARKS, re.X | re.S)
# As it was written before there were marks for curved quotation marks: quotation marks around code are only that.
_OLD = rb"(?P<old>(?<!\w)`\S(?:.*?\S)??`(?!\w)|``.*?'') |"
_OLD_PIECE = re.compile(_OLD + _INLINE + _MARKS, re.X | re.S)
_QUOTES = {b'"`': "“", b'`"': "”", b"'`": "‘", b"`'": "’"}
_LABELS = re.compile(rb"<<\#?([^<>,]+)(?:,[^<>]*)?>>|xref:\#?([^\[\]\s]+)\[")


def holes(_text: str, data: bytes, _lang: str) -> list[Hole]:
    """Return the holes of a document: every byte that is not the text of a paragraph, title, item or note."""
    return _Masker(data).run()


def structure(text: str) -> list[object]:
    """Return what a document is made of, in order: its blocks and its markup in lines."""
    masker = _Masker(text.encode())
    masker.run()
    return masker.made


class _Masker(Masker):
    """Goes from block to block, line by line."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.lines: list[tuple[int, bytes]] = []  # where each starts, and what it holds
        start = 0
        for line in data.split(b"\n"):
            self.lines.append((start, line.rstrip(b"\r \t")))
            start += len(line) + 1
        self.piece = _OLD_PIECE if self.is_old() else _PIECE
        self.labels = {b" ".join((a or b).split()).lower() for a, b in _LABELS.findall(data)}

    def is_old(self) -> bool:
        """True if the title of the document is one over a line, as Asciidoctor tells, or it says so."""
        if any(line.startswith(b":compat-mode:") for _, line in self.lines):
            return True
        first = (i for i, (_, line) in enumerate(self.lines) if line and not line.startswith((b"//", b":")))
        at = next(first, None)
        return at is not None and self.is_underlined(at) and self.lines[at + 1][1].startswith(b"==")

    def run(self) -> list[Hole]:
        i = self.header()
        while i < len(self.lines):
            i = self.block(i)
        return self.finished()

    def header(self) -> int:
        """Take the title of the document, and leave its authors and attributes alone."""
        i = 0
        while i < len(self.lines) and (not self.lines[i][1] or self.lines[i][1].startswith((b"//", b":"))):
            i += 1
        if i < len(self.lines) and self.lines[i][1].startswith(b"= "):
            self.title(i, 2)
            while i < len(self.lines) and self.lines[i][1]:
                i += 1
            return i
        return 0

    def block(self, i: int) -> int:
        """Take the block that begins on a line, and return the line after it."""
        start, line = self.lines[i]
        passed = self.passed(i)
        if passed > i:
            return passed
        if title := _TITLE.match(line):
            self.title(i, title.end())
            return i + 1
        if caption := _CAPTION.match(line):
            self.made.append("caption")
            self.text(start + caption.end(), start + len(line))
            return i + 1
        if item := _ITEM.match(line):
            self.made.append(("item", item[0].strip()))
            return self.paragraph(i, item.end())
        if line[:1] in b" \t":
            self.made.append("literal")
            return self.until_blank(i)
        admonition = _ADMONITION.match(line)
        self.made.append("paragraph")
        return self.paragraph(i, admonition.end() if admonition else 0)

    def passed(self, i: int) -> int:
        """Return the line after what is no prose; the same one if it is."""
        line = self.lines[i][1]
        if not line or _MACRO.match(line) or (line.startswith(b"//") and not line.startswith(b"///")):
            return i + 1
        if _ENTRY.match(line):
            while self.lines[i][1].endswith(b"\\") and i + 1 < len(self.lines):
                i += 1
            return i + 1
        if _CODE.match(line):
            self.made.append(line)
            return self.closing(i)
        if _FENCES.match(line) or _BREAK.match(line) or _ATTRIBUTES.match(line):
            self.made.append(line)
            return self.verbatim(i + 1) if _VERBATIM.match(line) else i + 1
        return i + 2 if self.is_underlined(i) else i

    def closing(self, i: int) -> int:
        """Return the line after the one that closes a block of code."""
        fence = self.lines[i][1]
        end = b"```" if fence.startswith(b"```") else fence
        for j in range(i + 1, len(self.lines)):
            if self.lines[j][1] == end:
                return j + 1
        return len(self.lines)

    def verbatim(self, i: int) -> int:
        """Return the line after a block whose attributes say that it is code."""
        while i < len(self.lines) and (_ATTRIBUTES.match(self.lines[i][1]) or _CAPTION.match(self.lines[i][1])):
            i += 1
        if i < len(self.lines) and (_CODE.match(self.lines[i][1]) or _FENCES.match(self.lines[i][1])):
            return self.closing(i)
        return self.until_blank(i)

    def until_blank(self, i: int) -> int:
        while i < len(self.lines) and self.lines[i][1]:
            i += 1
        return i

    def is_underlined(self, i: int) -> bool:
        """True for a title over a line that is about as long."""
        if i + 1 == len(self.lines):
            return False
        line, under = self.lines[i][1], self.lines[i + 1][1]
        return not line.startswith(b".") and bool(_UNDERLINE.match(under)) and abs(len(line.decode()) - len(under)) <= 2

    def title(self, i: int, size: int) -> None:
        start, line = self.lines[i]
        name = line[size:].strip().lower()
        self.made.append(("title", line[:size]))
        # What leads to a title by its text, or by what is made of that, would lead nowhere.
        if name not in self.labels and not any(_made_of(name) in label for label in self.labels):
            self.text(start + size, start + len(line))

    def paragraph(self, i: int, size: int) -> int:
        """Take lines up to a blank one or one that begins another block."""
        first = i
        start = self.lines[i][0]
        while i + 1 < len(self.lines) and self.goes_on(self.lines[i + 1][1]):
            i += 1
        stretch = start + size
        for j in range(first + 1, i + 1):
            if self.lines[j][1].startswith(b"//"):  # a comment between the lines
                self.text(stretch, self.lines[j - 1][0] + len(self.lines[j - 1][1]))
                stretch = self.lines[j][0] + len(self.lines[j][1])
        self.text(min(stretch, self.lines[i][0] + len(self.lines[i][1])), self.lines[i][0] + len(self.lines[i][1]))
        return i + 1

    def goes_on(self, line: bytes) -> bool:
        """True if a line can only be a further one of a paragraph."""
        if not line or _CODE.match(line) or _FENCES.match(line) or _ATTRIBUTES.match(line) or _BREAK.match(line):
            return False
        return not (_ITEM.match(line) or _MACRO.match(line) or _ENTRY.match(line))

    def text(self, start: int, end: int) -> None:
        """Take a stretch as prose, with its line ends and markup as holes."""
        self.hole(start, BREAK)
        links = 0
        for match in self.piece.finditer(self.data[start:end]):
            first, last = start + match.start(), start + match.end()
            kind, written = match.lastgroup or "", match[0]
            if kind == "close" and not links:
                continue
            links += (kind == "link") - (kind == "close")
            if kind != "line":
                self.made.append((kind, written))
            self.leaf(first, last, _reads(kind, written))
        self.at = max(self.at, end)


def _reads(kind: str, written: bytes) -> str:
    """Return as what a piece of markup reads."""
    if kind == "line":
        return SPACE
    if kind == "hard":
        return BREAK
    if kind == "escape":
        return written[1:].decode(errors="ignore").strip()
    if kind == "curved":
        return _QUOTES[written]
    if kind == "reference":
        value = html.unescape(written.decode())
        return value if len(value) == 1 and value.isprintable() else OBJECT
    if kind == "alone":
        return written.decode()
    if kind == "mark" and written in (b"~", b"^", b"`"):
        return OBJECT
    return TRANSPARENT if kind in ("mark", "role", "link", "close") else OBJECT


def _made_of(title: bytes) -> bytes:
    """Return the name that a title gets by default, without what is put before it."""
    return re.sub(rb"[ .-]+", b"_", re.sub(rb"[^\w .-]", b"", title)) or b"\0"
