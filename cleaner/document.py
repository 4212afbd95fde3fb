"""A document: its text, its holes, and its reading, which is what rules look at."""

from __future__ import annotations

import bisect
import difflib
import functools
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress, islice
from operator import eq

from cleaner import mask
from cleaner.accepted import NOTHING, Accepted
from cleaner.index import Index
from cleaner.mask import ignores, inline
from cleaner.mask.holes import BREAK, OBJECT, SPACE, Hole, join
from cleaner.model import Edit, Node, Span
from cleaner.offsets import from_utf8

# Long enough that a call costs nothing beside its text, short enough that a hit costs little to locate.
_PASSAGE = 16_384
_TOKEN = re.compile(r"\w+|\s|[^\w\s]")
_INSIDE_WORD = re.compile(r"[\w'’-]")


class Passage:
    """A part of a reading, cut at breaks, that rules look at in one go; it starts at code point `start`."""

    def __init__(self, start: int, text: str) -> None:
        self.start = start
        self.text = text
        self.data = text.encode()

    @cached_property
    def words(self) -> list[bytes]:
        """The words in UTF-8, ASCII letters in lower case; `EDGE` stands for a break, `OBJECT` for itself.

        Punctuation is left out. This is the cheap view: it tells what may be there, not where.
        """
        return self._plain.lower().split()

    @cached_property
    def vocabulary(self) -> frozenset[bytes]:
        """The different words."""
        return frozenset(self.words)

    @cached_property
    def parts(self) -> Mapping[bytes, Sequence[bytes]]:
        """What different words with an apostrophe inside may be read as, their parts and other spellings, with them."""
        found = defaultdict[bytes, list[bytes]](list)
        for word in self.vocabulary:
            if b"'" in word or _APOSTROPHE in word:
                for part in _ways_to_read(word):
                    found[part].append(word)
        return found

    @cached_property
    def doubled(self) -> frozenset[bytes]:
        """The different words that stand right behind themselves."""
        return frozenset(compress(self.words, map(eq, self.words, islice(self.words, 1, None))))

    def has(self, spelling: bytes) -> bool:
        """True if a word stands here as it is written, in UTF-8."""
        return b" " + spelling + b" " in self._plain

    @cached_property
    def marks(self) -> frozenset[str]:
        """The different characters but for letters, digits and white space of ASCII."""
        return frozenset(self.data.translate(None, _NO_MARKS).decode())

    @cached_property
    def paragraphs(self) -> list[bytes]:
        """What stands between the breaks, in UTF-8: there is one more than there are `EDGE` among the words."""
        return self.data.split(b"\n")

    @cached_property
    def _plain(self) -> bytes:
        data = self.data
        if len(self.data) != len(self.text):
            for mark in _TYPOGRAPHIC:
                data = data.replace(mark, b" ")
        return b" " + data.translate(_FOLD).replace(EDGE, b" " + EDGE + b" ") + b" "

    def spans(self, matches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Turn byte spans of `data` into code point spans of the whole reading."""
        point = self.locator()
        return ((self.start + point(a), self.start + point(b)) for a, b in matches)

    def locator(self) -> Callable[[int], int]:
        """Return a function from byte offsets of `data` to code points of `text`."""
        return from_utf8(self.text, self.data)


EDGE = b"\1"
# Letters, digits and apostrophes of ASCII kept, a newline an edge, all else of it a space; UTF-8 beyond as it is.
_FOLD = bytes(c if c > 127 or chr(c).isalnum() or c == 39 else EDGE[0] if c == 10 else 32 for c in range(256))
_NO_MARKS = bytes(c for c in range(128) if chr(c).isalnum() or chr(c).isspace())
_TYPOGRAPHIC = [mark.encode() for mark in "“”‘—–…"]


_APOSTROPHE = "’".encode()


@functools.lru_cache(maxsize=1 << 12)
def _ways_to_read(word: bytes) -> Collection[bytes]:
    plain = word.replace(_APOSTROPHE, b"'")
    parts = plain.split(b"'")
    return {plain, *parts, plain.strip(b"'"), b"'".join(parts[:-1]), b"'".join(parts[1:])}


class Reading:
    """A source text as it reads: holes are left out, stand for a noun, or end the passage.

    In `text` a newline is always a break, a line end inside a paragraph is a space, and `OBJECT` stands
    for what is not prose. Offsets are code points of `text` unless a name says `source`.
    """

    def __init__(self, source: str, holes: Sequence[Hole]) -> None:
        pieces: list[str] = []
        starts: list[int] = []  # where each hole's reading starts
        at = length = 0
        for start, end, reads in holes:
            pieces.append(source[at:start])
            length += start - at
            starts.append(length)
            if reads:
                pieces.append(reads)
                length += len(reads)
            at = end
        pieces.append(source[at:])
        self.text = "".join(pieces) if holes else source
        self.holes = holes
        self._starts = starts

    @cached_property
    def passages(self) -> list[Passage]:
        """The parts of the reading, each a few pages long at most where breaks allow it."""
        text, start = self.text, 0
        parts = []
        while start < len(text):
            end = len(text)
            if end - start > _PASSAGE:
                end = text.find(BREAK, start + _PASSAGE) + 1 or end
            part = text[start:end]
            parts.append(Passage(start, part))
            start = end
        return parts

    @cached_property
    def words(self) -> frozenset[bytes]:
        """The different words of all passages."""
        if len(self.passages) == 1:
            return self.passages[0].vocabulary
        return frozenset[bytes]().union(*(passage.vocabulary for passage in self.passages))

    def paragraph(self, offset: int) -> Span:
        """Return the stretch between the breaks around an offset."""
        end = self.text.find(BREAK, offset)
        return Span(self.text.rfind(BREAK, 0, offset) + 1, len(self.text) if end < 0 else end)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of source that a stretch of the reading stands for, holes inside included."""
        first = self._source(start)[0]
        return first, max(first, self._source(end - 1)[1] if end > start else first)

    def offset(self, source: int) -> int:
        """Return where a place of the source is read; of one inside a hole, where what it reads as begins."""
        i = bisect.bisect_right(self.holes, source, key=lambda hole: hole.start) - 1
        if i < 0:
            return source
        return self._reads_until(i) + source - self.holes[i].end if source >= self.holes[i].end else self._starts[i]

    def source_of(self, edits: Iterable[Edit]) -> tuple[Edit, ...] | None:
        """Return what edits of the reading, made together, mean for the source; None if one of them cannot be."""
        out: list[Edit] = []
        for edit in edits:
            parts = self.source_edits(edit)
            if parts is None:
                return None
            out += parts
        return tuple(out)

    def source_edits(self, edit: Edit) -> tuple[Edit, ...] | None:
        """Return what `edit` of the reading means for the source, holes left as they are; None if it cannot be."""
        if BREAK in self.text[edit.start : edit.end] or OBJECT in self.text[edit.start : edit.end]:
            return None
        direct = self._direct(edit)
        if direct:
            return (direct,)
        old, new = (_TOKEN.findall(s) for s in (self.text[edit.start : edit.end], edit.text))
        out = []
        for op, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if op != "equal":
                start = edit.start + sum(map(len, old[:i]))
                part = self._direct(Edit(start, start + sum(map(len, old[i:j])), "".join(new[k:m])))
                if part is None:
                    return None
                out.append(part)
        return tuple(out)

    def _direct(self, edit: Edit) -> Edit | None:
        """Map an edit inside one run of prose; line ends that it deletes go with it."""
        start, end = edit.start, edit.end
        if start == end:
            return self._insertion(edit)
        first, last = self._hole(start), self._hole(end - 1)
        if any(self.holes[i].reads != SPACE for i in range(first + 1, last + 1)) or self._within(first, start):
            return None
        if last > first and SPACE in edit.text:
            return None  # keeping a line end and deleting it are two different edits
        return Edit(self._source(start)[0], self._source(end - 1)[1], edit.text)

    def _insertion(self, edit: Edit) -> Edit | None:
        # What is inserted belongs to the character before it, if that may be touched.
        at = edit.start
        if at and not self._within(self._hole(at - 1), at - 1):
            place = self._source(at - 1)[1]
        elif at < len(self.text) and not self._within(self._hole(at), at):
            place = self._source(at)[0]
        else:
            return None
        return Edit(place, place, edit.text)

    def _hole(self, offset: int) -> int:
        """Index of the last hole that reads at or before an offset, -1 if none does."""
        return bisect.bisect_right(self._starts, offset) - 1

    def _within(self, hole: int, offset: int) -> bool:
        """True if a character of the reading is what a hole (not a line end) reads as."""
        return hole >= 0 and self.holes[hole].reads != SPACE and offset < self._reads_until(hole)

    def _reads_until(self, hole: int) -> int:
        return self._starts[hole] + len(self.holes[hole].reads)

    def _source(self, offset: int) -> tuple[int, int]:
        """The source stretch of one character of the reading."""
        i = self._hole(offset)
        if i < 0:
            return offset, offset + 1
        if offset < self._reads_until(i):
            return self.holes[i].start, self.holes[i].end
        place = self.holes[i].end + offset - self._reads_until(i)
        return place, place + 1


class Document:
    """One text to look at. What is derived from it (mask, reading, index) is made when first asked for."""

    def __init__(
        self,
        text: str,
        *,
        kind: str = "text",
        path: str = "",
        lang: str = "en",
        accepted: Accepted = NOTHING,
    ) -> None:
        """`accepted` are the words that its owners spell like that and want no finding on."""
        self.text = text
        self.kind = kind
        self.path = path
        self.lang = lang
        self.accepted = accepted
        self._latest: Document | None = None

    def replaced(self, text: str) -> Document:
        """Return the same document with another text; asked twice for the same one, the same object."""
        if self._latest is None or self._latest.text != text:
            self._latest = Document(text, kind=self.kind, path=self.path, lang=self.lang, accepted=self.accepted)
        return self._latest

    @cached_property
    def ignores(self) -> list[ignores.Ignore]:
        """What comments in the text, and `[sic]`, tell cleaner to leave alone."""
        return ignores.find(self.text, self.kind)

    def accepts(self, span: Span, edits: Sequence[Edit]) -> bool:
        """True if what a finding spans, or the whole words that its edits change, are accepted as they stand."""
        if not self.accepted:
            return False
        start = min((edit.start for edit in edits), default=span.start)
        end = max((edit.end for edit in edits), default=span.end)
        while start and _INSIDE_WORD.match(self.text[start - 1]):
            start -= 1
        while end < len(self.text) and _INSIDE_WORD.match(self.text[end]):
            end += 1
        return self.text[start:end] in self.accepted or self.text[span.start : span.end] in self.accepted

    def heedless(self) -> Document:
        """Return the same document as if no comment in it spoke to cleaner; offsets stay."""
        text = self.text.replace("cleaner:", "cleaner;")
        return Document(text, kind=self.kind, path=self.path, lang=self.lang, accepted=self.accepted)

    @cached_property
    def structure_holes(self) -> list[Hole]:
        """What the format of the text, or a comment in it, says is not prose."""
        holes = mask.structure_holes(self.text, self.kind, self.lang)
        return join(holes, ignores.holes(self.ignores), BREAK) if self.ignores else holes

    @cached_property
    def holes(self) -> list[Hole]:
        """What is not prose: first what the format says, then what the prose that is left looks like."""
        holes = self.structure_holes
        rough = Reading(self.text, holes)
        stretches = [
            rough.source_span(start, end)
            for passage in rough.passages
            for start, end in passage.spans(inline.stretches(passage.data))
        ]
        return join(holes, stretches) if stretches else holes

    @cached_property
    def structure(self) -> object:
        """What the text is made of besides prose, to the character; equal for two texts that differ in prose only.

        Line ends inside a paragraph count as prose, and whether one ends a paragraph is the format's to judge.
        """
        structure = mask.STRUCTURES.get(self.kind)
        outside = "".join(self.text[start:end] for start, end, reads in self.holes if reads != SPACE)
        return "".join(outside.split()), structure(self.text) if structure else None

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.text, self.holes)

    @cached_property
    def lines(self) -> Reading:
        """The text line by line, as who mends its markup must see it: what works is left out, what does not is text.

        A newline is the end of a line. Links and code spans stand as they are written, and addresses are text.
        """
        return Reading(self.text, mask.shown(self.text, self.structure_holes))

    def lines_with(self, nodes: Iterable[tuple[Span, Node]]) -> str | None:
        """Return `lines` as it would read if stretches of the text were nodes; None if a hole sticks out of one."""
        holes = list(self.lines.holes)
        for span, node in nodes:
            inside = [hole for hole in holes if span.start < hole.end and hole.start < span.end]
            if any(hole.start < span.start or span.end < hole.end for hole in inside):
                return None
            at = bisect.bisect_left(holes, Hole(span.start, span.start, ""))
            holes[at : at + len(inside)] = [Hole(span.start, span.end, node.reads)]
        return Reading(self.text, holes).text

    @cached_property
    def index(self) -> Index:
        return Index(self.reading.text)
