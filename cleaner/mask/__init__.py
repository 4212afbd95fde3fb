"""Find the holes of a text: what is not prose, and as what it reads.

A mask is a sorted list of holes that do not overlap. How a hole reads decides its kind:

- transparent, reads as nothing: emphasis marks, inline tags, the brackets and target of a link.
  The words on both sides stand side by side.
- opaque, reads as one unknown noun (`OBJECT`): code, URLs, math, placeholders.
- break, reads as a newline: block edges, headings, cells. Nothing is found across it.

Besides, the end of a line inside a paragraph reads as a space, and what must be read but not
touched (an entity, the label of a reference) as its text.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from cleaner.mask import markdown, plain
from cleaner.mask.holes import BREAK, OBJECT, SPACE, Hole
from cleaner.model import ConfigError, Node


def _later(kind: str, name: str) -> Callable[..., Any]:
    """Return a function of a format whose module is loaded when a text of it is met."""

    def function(*arguments: Any) -> Any:
        return getattr(importlib.import_module(f"cleaner.mask.{kind}"), name)(*arguments)

    return function


_LATER = ("html", "po", "rst", "asciidoc")

# A mask takes a text, its UTF-8 and the language that is looked for, and gives holes in bytes, because the parsers do.
MASKS: dict[str, Callable[[str, bytes, str], list[Hole]]] = {
    "text": plain.holes,
    "markdown": markdown.holes,
    **{kind: _later(kind, "holes") for kind in _LATER},
}

# What two texts must have in common if only prose was changed.
STRUCTURES: dict[str, Callable[[str], object]] = {
    "markdown": markdown.structure,
    **{kind: _later(kind, "structure") for kind in _LATER},
}

# Whether the second of two texts holds the structure of the first, and besides exactly some nodes more.
GAINS: dict[str, Callable[[str, str, Sequence[Node]], bool]] = {
    "markdown": markdown.gains,
    "html": _later("html", "gains"),
    "po": _later("po", "gains"),
}


def shown(text: str, holes: Iterable[Hole]) -> list[Hole]:
    """Return how holes read line by line (`Document.lines`); one that is text there is left out.

    Links, images, footnotes, character references and the marks of lists are read as they are written, code spans,
    fences and lines of dashes are text.
    """
    return [
        Hole(start + first, start + last, as_line)
        for start, end, reads in holes
        for first, last, as_line in _shown(text[start:end], reads)
    ]


@functools.lru_cache(maxsize=1 << 12)
def _shown(written: str, reads: str) -> Sequence[Hole]:
    """Return how a hole reads line by line, the parts of it that are holes then, from its start."""
    whole = Hole(0, len(written), reads)
    if reads == SPACE:
        return (whole._replace(reads=BREAK),)
    if reads == OBJECT:
        return () if written[0] == "`" or _PLACEHOLDER.match(written) else (whole,)
    if _AS_WRITTEN.match(written) or (reads == BREAK and written.startswith(":::")):
        return ()
    if reads == BREAK and (broken := _broken(written)):
        edges = [0, *(edge for span in broken for edge in span), len(written)]
        between = zip(edges[::2], edges[1::2], strict=True)
        return shown(written, [Hole(a, b, BREAK) for a, b in between if a < b])
    head = _SHOWN_FIRST.match(written)
    last_line = written.rfind("\n", 0, -1) + 1
    tail = _SHOWN_LAST.search(written, max(head.end(), last_line) if head else last_line)
    first, last = head[1] if head else "", "".join(part or "" for part in tail.groups()) if tail else ""
    begin = head.end() if head and first else 0  # a link ends where its own marks do, whatever follows
    rest = Hole(begin, len(written), (reads if len(written) > len(first + last) else "") + last)
    return [part for part in (Hole(0, begin, first), rest) if part.start < part.end]


def _broken(written: str) -> list[tuple[int, int]]:
    """What of a break is text to who mends it: a line of dashes, end tags that are none for a space."""
    if broken := _RULE.match(written) or _BROKEN_TAG.match(written):
        return [(broken.end(1), broken.start(2))]
    if "<" not in written:
        return []
    spans = (match.span() for match in _END_TAG_APART.finditer(written))
    return [span for span in spans if not _CODE_OPEN.search(written[: span[0]])]


# A character reference, a link that is its own label.
_AS_WRITTEN = re.compile(r"&[#\w]+;?\Z|\[[^\^\[\]][^\[\]]*\](?:\[\])?\Z")
# A line of dashes, spaced or not, if it does not open front matter.
_RULE = re.compile(r"(\s*)(?:-[ \t]*){3,}(?!\r?\n[\w.-]+:)(\s*|\s*\n.*)\Z", re.S)
# An end tag that is none, right behind tags of anything but code.
_BROKEN_TAG = re.compile(
    r"((?:\s|</?(?!(?:pre|code|kbd|samp|var|tt|svg|math|script|style|textarea|template)\b)[A-Za-z][^<>]*>)*)"
    r"</ [^<>]*>(.*)\Z",
    re.S | re.I,
)
# An end tag with a space behind its first bracket, inside a block of HTML, and what may open code before it.
_END_TAG_APART = re.compile(r"<(?: ?/ | /)[A-Za-z][A-Za-z0-9]* ?>")
_CODE_OPEN = re.compile(
    r"<(pre|code|kbd|samp|var|tt|svg|math|script|style|textarea|template)\b(?!.*</\1>)"
    r"|<!--(?!.*-->)|^ {0,3}(?:```|~~~)",
    re.S | re.I | re.M,
)
_PLACEHOLDER = re.compile(r"(?:[%$#]?\{[^{}\n]*\}|%(?:\(\w+\))?[-+ 0#']*[^\s{}]+)\Z")
_SHOWN_FIRST = re.compile(r"[*_~]*(\](?:\([^\n]*\)|\[[^\n]*\])?|(?:\[\^[^\[\]\s]+\])+(?!:))")
_SHOWN_LAST = re.compile(
    r"((?:[-*+]|\d+[.)]) (?:\[[ xX]\] )?|\[\^[^\[\]\s]+\]: ?)?[*_~]*(!?\[|(?:\[\^[^\[\]\s]+\])+)?[*_~]*$"
)


def structure_holes(text: str, kind: str, lang: str) -> list[Hole]:
    """Return the holes that the format of a text (a key of `MASKS`) makes, in code points."""
    if kind not in MASKS:
        raise ConfigError(f"unknown kind of text {kind!r}: expected one of {', '.join(MASKS)}")
    data = text.encode()
    holes = MASKS[kind](text, data, lang)
    if len(data) == len(text):
        return holes
    return list(_in_code_points(holes, data))


def _in_code_points(holes: Iterable[Hole], data: bytes) -> Iterator[Hole]:
    """Turn holes in bytes, in order, into holes in code points: by what bytes inside characters lie before them."""
    inside = (match.span() for match in _CONTINUATION.finditer(data))
    none_left = (len(data), len(data))
    first, last = next(inside, none_left)
    shift = 0
    for start, end, reads in holes:
        while first < start:
            shift += last - first
            first, last = next(inside, none_left)
        point = start - shift
        while first < end:
            shift += last - first
            first, last = next(inside, none_left)
        yield Hole(point, end - shift, reads)


_CONTINUATION = re.compile(rb"[\x80-\xbf]+")
