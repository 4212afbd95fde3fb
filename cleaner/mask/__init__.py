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

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from cleaner.mask import markdown, plain
from cleaner.mask.holes import BREAK, OBJECT, SPACE, Hole
from cleaner.model import ConfigError, Node


def _html_holes(text: str, data: bytes, lang: str) -> list[Hole]:
    from cleaner.mask import html  # a hundredth of a second, which most runs never need

    return html.holes(text, data, lang)


def _html_structure(text: str) -> object:
    from cleaner.mask import html

    return html.structure(text)


def _po_holes(text: str, data: bytes, lang: str) -> list[Hole]:
    from cleaner.mask import po

    return po.holes(text, data, lang)


def _po_structure(text: str) -> object:
    from cleaner.mask import po

    return po.structure(text)


# A mask takes a text, its UTF-8 and the language that is looked for, and gives holes in bytes, because the parsers do.
MASKS: dict[str, Callable[[str, bytes, str], list[Hole]]] = {
    "text": plain.holes,
    "markdown": markdown.holes,
    "html": _html_holes,
    "po": _po_holes,
}

# What two texts must have in common if only prose was changed.
STRUCTURES: dict[str, Callable[[str], object]] = {
    "markdown": markdown.structure,
    "html": _html_structure,
    "po": _po_structure,
}


# Whether the second of two texts holds the structure of the first, and besides exactly some nodes more.
GAINS: dict[str, Callable[[str, str, Sequence[Node]], bool]] = {"markdown": markdown.gains}


def shown(text: str, hole: Hole) -> Hole | None:
    """Return how a hole reads line by line (`Document.lines`); None if it is text there.

    Links, images and the marks of lists are read as they are written, code spans and fences are text.
    """
    written, reads = text[hole.start : hole.end], hole.reads
    if reads == SPACE:
        return hole._replace(reads=BREAK)
    if reads == OBJECT:
        return None if written[0] == "`" else hole
    if reads == BREAK and written.startswith(":::"):
        return None
    head, tail = _SHOWN_FIRST.match(written), _SHOWN_LAST.search(written)
    first, last = head[1] if head else "", tail[1] if tail else ""
    return hole._replace(reads=first + (reads if len(written) > len(first + last) else "") + last)


_SHOWN_FIRST = re.compile(r"[*_~]*(\](?:\([^\n]*\)|\[[^\n]*\])?)")
_SHOWN_LAST = re.compile(r"(!?\[|[-*+] |\d[.)] )[*_~]*$")


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
