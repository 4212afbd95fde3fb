"""Regular expressions in linear time: RE2 behind the few calls that rules need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import re2

from cleaner.document import Passage

Groups = tuple[tuple[int, int], ...]  # (start, end) of group 0, 1, …; (-1, -1) for a group that took no part


class PatternError(ValueError):
    """A pattern that the engine does not take."""


def _options(*, exact: bool) -> Any:
    options = re2.Options()
    options.case_sensitive = exact
    options.log_errors = False
    return options


class Pattern:
    """One compiled pattern. Offsets going in and out are code points of a passage's text."""

    def __init__(self, pattern: str, *, exact: bool = False) -> None:
        try:
            self._regexp = re2.compile(pattern, _options(exact=exact))
        except re2.error as error:
            message = error.args[0]
            raise PatternError(message.decode() if isinstance(message, bytes) else str(message)) from None
        self.names: dict[str, int] = self._regexp.groupindex

    def matches(self, passage: Passage, resume: Sequence[int] = ()) -> Iterator[Groups]:
        """Yield matches from left to right.

        Each search starts where the last of the `resume` groups of the match before ended, by default
        where that match ended, so that the context of one match can be the fault of the next.
        """
        at = 0
        data = passage.data
        point = None
        while at <= len(data):
            match = self._regexp.search(data, at)
            if match is None:
                return
            spans = [match.span(i) for i in range(self._regexp.groups + 1)]
            if point is None:
                point = passage.locator()
            yield tuple((point(a), point(b)) if a >= 0 else (-1, -1) for a, b in spans)
            stop = max((spans[i][1] for i in resume if spans[i][1] >= 0), default=spans[0][1])
            at = max(stop, spans[0][0] + 1)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of all matches in a text."""
        for match in self._regexp.finditer(text):
            yield match.span()


class PatternSet:
    """Many patterns looked for in few passes over the bytes of a text.

    Compiling Unicode classes is what costs at start-up, so the set runs coarse forms of the patterns, which
    take any byte beyond ASCII for any character beyond ASCII: they match wherever the exact ones do.
    """

    def __init__(self, patterns: Sequence[tuple[str, bool]]) -> None:
        self._count = len(patterns)
        self._sets = [_set(patterns[i : i + TOGETHER]) for i in range(0, len(patterns), TOGETHER)]

    def which(self, data: bytes) -> Sequence[int]:
        """Return the indices of the patterns that may match somewhere; no other one does."""
        found: list[int] = []
        for i, together in enumerate(self._sets):
            matching = together.Match(data)
            first, end = i * TOGETHER, min((i + 1) * TOGETHER, self._count)
            if matching is None:
                found += range(first, end)
            elif len(matching) > 1:
                found += sorted(first + member for member in matching if first + member < end)
        return found


# Of more patterns in one pass, a text may match some by half in so many ways that it takes longer to learn them all
# than to make another pass: 68 in one pass over 5 MB took .32 s, and in six passes .07 s.
TOGETHER = 12


def _set(patterns: Sequence[tuple[str, bool]]) -> Any:
    made = re2.Set.SearchSet(_latin_options())
    for pattern, exact in patterns:
        made.Add(_latin(pattern, exact))
    made.Add(rb"\z")  # matches always: its absence tells that the set ran out of memory
    made.Compile()
    return made


class Rough:
    """The coarse form of one pattern, compiled in a tenth of the time: where it finds nothing, the pattern does not."""

    def __init__(self, pattern: str, exact: bool) -> None:
        self._regexp = re2.compile(_latin(pattern, exact), _latin_options())

    def finds(self, data: bytes) -> bool:
        return self._regexp.search(data) is not None


def _latin_options() -> Any:
    options = _options(exact=True)
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = 64 << 20
    return options


def _latin(pattern: str, exact: bool) -> bytes:
    form = coarse(pattern)
    return (form if exact else f"(?i:{form})").encode("latin-1")


_BEYOND = r"(?:[\x80-\xff]{1,4})"  # a character beyond ASCII, in UTF-8
_ASCII_PART = {"L": "A-Za-z", "Lu": "A-Z", "Ll": "a-z", "N": "0-9", "Nd": "0-9", "M": ""}
_PIECE = re.compile(
    r"""(?P<property>\\p(?:\{(?P<long>\w+)\}|(?P<short>\w)))
      | (?P<escape>\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|.))
      | (?P<group>\(\?P<\w+>)
      | (?P<class>\[\^?\]?(?:\[:\w+:\]|\\p\{\w+\}|\\x\{[0-9A-Fa-f]+\}|\\.|[^\]\\])*\])
      | (?P<any>\.)
      | (?P<other>[^\x00-\x7f])
      | (?P<plain>[^\\\[.(\x80-\U0010ffff]+|\()""",
    re.X | re.S,
)


# Flags that change what a dot is, and classes whose borders lie beyond ASCII or are named by what they are not.
_BEYOND_COARSE = re.compile(r"\(\?[a-zA-Z]*[sU]|-[^\x00-\x7f][^\]]*\]|\\x\{[0-9A-Fa-f]+\}-(?!\\x\{)|\[:\^")


def coarse(pattern: str) -> str:
    r"""Return a form of a pattern that, on UTF-8 read as Latin-1, matches wherever the pattern matches.

    >>> coarse(r"\pL ,”")
    '(?:[A-Za-z]|(?:[\\x80-\\xff]{1,4})) ,(?:â\x80\x9d)'
    """
    if _BEYOND_COARSE.search(pattern):
        return ""  # matches everywhere: no filter, only cost
    out = []
    at = 0
    while at < len(pattern):
        piece = _PIECE.match(pattern, at)
        if piece is None or piece[0] in (r"\Q", r"\C", r"\P", r"\X"):
            return ""  # matches everywhere: no filter, only cost
        at = piece.end()
        if piece["property"]:
            ascii_part = _ASCII_PART.get(piece["long"] or piece["short"])
            if ascii_part is None:
                return ""
            out.append(f"(?:[{ascii_part}]|{_BEYOND})" if ascii_part else _BEYOND)
        elif piece["group"]:
            out.append("(?:")
        elif piece["class"]:
            out.append(_coarse_class(piece["class"]))
        elif piece["any"]:
            out.append(rf"(?:[^\n\x80-\xff]|{_BEYOND})")
        elif piece["other"]:
            out.append(_BEYOND if piece["other"].isalpha() else f"(?:{piece['other'].encode().decode('latin-1')})")
        else:
            if piece["escape"] and (piece[0].startswith(r"\x{") or piece[0] in (r"\D", r"\W", r"\S")):
                out.append(f"(?:{piece[0] if piece[0][1].isupper() else ''}|{_BEYOND})")
            else:
                out.append(piece[0])
    return "".join(out)


def _coarse_class(text: str) -> str:
    negated = text.startswith("[^")
    body = text[2:-1] if negated else text[1:-1]
    beyond = negated
    kept = []
    for piece in re.finditer(r"\\p\{(\w+)\}|\\p(\w)|\\x\{[0-9A-Fa-f]+\}|\[:\w+:\]|\\.|[^\x00-\x7f]|.", body, re.S):
        part = piece[0]
        name = piece[1] or piece[2]
        if name:
            beyond = True
            kept.append(_ASCII_PART.get(name, r"\x00-\x7f" if not negated else ""))
        elif part[0] > "\x7f" or part.startswith(r"\x{"):
            beyond = True
        elif part in (r"\D", r"\W", r"\S"):
            beyond = True
            kept.append(part)
        else:
            kept.append(part)
    inside = "".join(kept)
    if negated:
        return rf"(?:[^{inside}\x80-\xff]|{_BEYOND})"
    # A dash that lost its neighbour would open a range.
    if inside.endswith("-") and not inside.endswith(r"\-"):
        inside = inside[:-1] + r"\-"
    if not beyond:
        return f"[{inside}]"
    return f"(?:[{inside}]|{_BEYOND})" if inside else _BEYOND
