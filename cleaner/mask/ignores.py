"""Ignores in a text: comments that say what cleaner is to leave alone, and `[sic]`.

    <!-- cleaner: off --> ... <!-- cleaner: on -->      all between, or to the end of the text
    <!-- cleaner: off en.frames any.stops -->         these rules only
    <!-- cleaner: ignore -->                          the line it stands on
    <!-- cleaner: ignore-next-line -->                the next line that is not blank
    <!-- cleaner: ignore-file -->                     the whole text

Each takes rules. MDX has `{/* cleaner: off */}`, Markdown also `[//]: # (cleaner: off)`, reStructuredText
`.. cleaner: off`, AsciiDoc a line `// cleaner: off`, and plain text, besides all but the second and the last of these,
a line `# cleaner: off`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from cleaner.mask import markdown
from cleaner.model import Edit

WORDS = ("off", "on", "ignore", "ignore-next-line", "ignore-file")

_HINT = "cleaner:"
_BODY = r"cleaner:[ \t]*(?P<{0}>[^\n]*?)[ \t]*"
_HTML = r"<!--\s*" + _BODY.format("html") + r"\s*-->"
_MDX = r"\{/\*\s*" + _BODY.format("mdx") + r"\s*\*/\}"
_LABEL = r"^[ ]{0,3}\[//\]:[ \t]*#[ \t]*\(" + _BODY.format("label") + r"\)[ \t]*$"
_RST = r"^[ \t]*\.\.[ \t]+" + _BODY.format("rst") + r"$"
_SLASHES = r"^//[ \t]*" + _BODY.format("slashes") + r"$"
_HASH = r"^[ \t]*#[ \t]*" + _BODY.format("hash") + r"$"
_COMMENTS = {
    "markdown": re.compile("|".join([_HTML, _MDX, _LABEL]), re.M),
    "html": re.compile(_HTML),
    "rst": re.compile(_RST, re.M),
    "asciidoc": re.compile(_SLASHES, re.M),
    "text": re.compile("|".join([_HTML, _MDX, _RST, _HASH]), re.M),
}
_SIC = re.compile(r"\[[*_]{0,2}(?i:sic)[*_]{0,2}\]")
_BEFORE_SIC = re.compile(r"(?:\w+)?[^\w\n\[]*\Z")
_WINDOW = 100  # code points before [sic] in which its word is looked for


class Ignore(Struct, frozen=True):
    """One ignore: its comment stands at `start:end`, and findings that touch `first:last` are hidden.

    `rules` are dotted prefixes, none for all. A `word` that is none of `WORDS` hides nothing.
    """

    start: int
    end: int
    word: str
    rules: tuple[str, ...]
    first: int
    last: int

    @property
    def is_hole(self) -> bool:
        return self.word == "off" and not self.rules


def find(text: str, kind: str) -> list[Ignore]:
    """Return the ignores of a text, in order."""
    out = list(_comments(text, kind)) if _HINT in text else []
    for match in _SIC.finditer(text):
        before = _BEFORE_SIC.search(text, max(0, match.start() - _WINDOW), match.start())
        start = before.start() if before else match.start()
        out.append(Ignore(start, match.end(), "sic", (), start, match.end()))
    return out


def _comments(text: str, kind: str) -> Iterator[Ignore]:
    shown = markdown.code(text) if kind == "markdown" else []  # where a comment is an example of one
    found = []
    for match in _COMMENTS.get(kind, _COMMENTS["text"]).finditer(text):
        if not any(start <= match.start() < end for start, end in shown):
            word, *named = re.split(r"[\s,]+", match[match.lastgroup or 0])
            found.append((match.start(), match.end(), word, tuple(filter(None, named))))
    for i, (start, end, word, rules) in enumerate(found):
        first, last = start, start
        if word == "off":
            ends = (s for s, _, w, r in found[i + 1 :] if w == "on" and (not r or set(r) & set(rules)))
            first, last = end, next(ends, len(text))
        elif word == "ignore":
            first, last = text.rfind("\n", 0, start) + 1, _line_end(text, end)
        elif word == "ignore-next-line":
            first = _line_end(text, end)
            while first < len(text) and text[first].isspace():
                first += 1
            last = _line_end(text, first)
        elif word == "ignore-file":
            first, last = 0, len(text)
        yield Ignore(start, end, word, rules, first, last)


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


def comment(text: str, kind: str, offset: int, rules: Sequence[str]) -> Edit | None:
    """Return the edit that has rules ignored in the line around an offset, by a comment; None where none can stand.

    It takes a line of its own but in Markdown and HTML.
    """
    end = _line_end(text, offset)
    named = " ".join(rules)
    if kind in ("markdown", "html"):
        end -= text[max(0, end - 1) : end] == "\r"
        return Edit(end, end, f" <!-- cleaner: ignore {named} -->")
    start = text.rfind("\n", 0, offset) + 1
    line_end = "\r\n" if text[max(0, end - 1) : end] == "\r" else "\n"
    if kind == "rst":
        if text[:start].rstrip("\r\n") + 2 * line_end != text[:start] or text[start : start + 1].isspace():
            return None  # in the middle of a paragraph, or of what stands below an item
        line_end *= 2
    sign = {"text": "#", "rst": "..", "asciidoc": "//"}.get(kind)
    return Edit(start, start, f"{sign} cleaner: ignore-next-line {named}{line_end}") if sign else None


def holes(ignores: Sequence[Ignore]) -> Iterator[tuple[int, int]]:
    """Yield the stretches that are no prose, in order: the comments, and what is wholly turned off."""
    at = 0
    for ignore in ignores:
        if ignore.word != "sic":
            end = ignore.last if ignore.is_hole else ignore.end
            if end > at:
                yield max(at, ignore.start), end
                at = end
