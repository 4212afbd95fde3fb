"""Which two words stand side by side wherever an expression matches: most text is then never searched for it."""

from __future__ import annotations

import functools
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from cleaner.document import Passage

_MOST = 3000  # ways to read a part of an expression; where there are more, nothing is known of it
_UNKNOWN = "\0"  # any text, spaces included
_PIECE = re.compile(
    r"""(?P<edge>\\b|\^|\$|\(\?[a-z-]+\))
      | (?P<open>\((?:\?(?:[a-zA-Z-]*:|P<\w+>))?)
      | (?P<close>\))
      | (?P<bar>\|)
      | (?P<list>\{(?P<name>[a-z][a-z_.]*)\})
      | (?P<times>(?:[*+?]|\{\d*,?\d*\})\??)
      | (?P<class>\[(?:\\.|[^\]\\])*\])
      | (?P<property>\\p(?:\{\w+\}|\w)|\\x\{\w+\}|\\[wWdDsS])
      | (?P<literal>\\.|.)""",
    re.X | re.S,
)
Words = Callable[[str], Sequence[str] | None]


class Sieve(Struct, frozen=True, array_like=True):
    """One of `words` stands in every match, and one of `following` right behind it; nothing named: any word.

    So does one of `marks`, if any are named, somewhere.
    """

    words: tuple[bytes, ...] = ()
    following: tuple[bytes, ...] = ()
    marks: tuple[bytes, ...] = ()


class Index:
    """Which expressions may match, by the words of a passage.

    Sets of expressions are whole numbers, a bit for each: most words of a text open some expression, and few pairs do.
    """

    def __init__(self, sieves: Iterable[Sequence[Sieve]]) -> None:
        self._expressions: list[tuple[int, int]] = []  # rule, and its expression
        self._anywhere = 0
        self._after_any = 0
        self._marked = defaultdict[tuple[bytes, ...], int](int)
        opening, following = defaultdict[bytes, int](int), defaultdict[bytes, int](int)
        for rule, of_expressions in enumerate(sieves):
            for number, where in enumerate(of_expressions):
                bit = 1 << len(self._expressions)
                self._expressions.append((rule, number))
                if where.marks:
                    self._marked[where.marks] |= bit
                if not where.words:
                    self._anywhere |= bit
                elif not where.following:
                    self._after_any |= bit
                for word in where.words:
                    opening[word] |= bit
                for word in where.following:
                    following[word] |= bit
        self._opening, self._following = _Lookup(opening), _Lookup(following)

    def candidates(self, passage: Passage) -> Iterator[tuple[int, int]]:
        """Yield rules and their expressions, as numbers, in order."""
        found = self._anywhere
        opening, following, after_any = self._opening, self._following, self._after_any
        before = 0
        for word in passage.words:
            if before:
                found |= before & (following[word] | after_any)
            before = opening[word]
        found |= before & after_any
        for marks, marked in self._marked.items():
            if found & marked and not any(mark in passage.data for mark in marks):
                found &= ~marked
        while found:
            yield self._expressions[(found & -found).bit_length() - 1]
            found &= found - 1


class _Lookup(dict[bytes, int]):
    """The expressions of a word and of its parts. Words that it was asked for and does not know are kept, some."""

    def __init__(self, known: Mapping[bytes, int]) -> None:
        super().__init__(known)
        self._known = known
        for word in known:
            self[word] = self._of(word)

    def __missing__(self, word: bytes) -> int:
        if len(self) > _KEPT:
            self.clear()
        found = self[word] = self._of(word) if _APOSTROPHES.search(word) else 0
        return found

    def _of(self, word: bytes) -> int:
        return functools.reduce(operator.or_, (self._known.get(part, 0) for part in _ways_to_read(word)))


_KEPT = 200_000  # words


def _ways_to_read(word: bytes) -> Collection[bytes]:
    """A word and its parts: an expression may end at an apostrophe inside it, or begin behind one."""
    if not _APOSTROPHES.search(word):
        return (word,)
    plain = word.replace(_APOSTROPHE, b"'")
    parts = plain.split(b"'")
    return {word, plain, *parts, plain.strip(b"'"), b"'".join(parts[:-1]), b"'".join(parts[1:])}


_APOSTROPHE = "’".encode()
_APOSTROPHES = re.compile(b"'|" + _APOSTROPHE)


def sieve(expression: str, words: Words) -> Sieve:
    """Make the sieve of an expression without marks; `words` tells what is in a word class, None if that is no list.

    >>> sieve(r"\\b(?:in)?capable (?:to|for) {verb}", {}.get)
    Sieve(words=(b'capable', b'incapable'), following=(b'for', b'to'), marks=())
    """
    found: list[tuple[frozenset[bytes], frozenset[bytes]]] = []
    for apart in (False, True):
        parts = _parts(expression, words, apart=apart)
        ends = [(_ends(part, first=True), _ends(part, first=False)) for part in parts]
        found += [(last, first) for (_, last), (first, _) in pairwise(ends) if last and first]
        found += [(known, frozenset()) for pair in ends for known in pair if known]
    best, after = min(found, key=lambda pair: _weight(*pair), default=(frozenset(), frozenset()))
    pieces = list(_PIECE.finditer(expression))
    pieces.reverse()
    marks = _marks(pieces) or ()
    return Sieve(tuple(sorted(best)), tuple(sorted(after)), tuple(sorted(mark.encode() for mark in marks)))


def _marks(pieces: list[re.Match[str]]) -> frozenset[str] | None:
    """Return rare marks of which every way to read a choice, up to the end of its group, holds one."""
    alternatives = list[frozenset[str] | None]()
    needed = None
    while pieces and not pieces[-1]["close"]:
        piece = pieces.pop()
        if piece["bar"]:
            alternatives.append(needed)
            needed = None
            continue
        marks = _marks(pieces) if piece["open"] else _marks_of(piece)
        times = pieces.pop()["times"] if pieces and pieces[-1]["times"] else "+"
        if marks and times.startswith("+") and (needed is None or len(marks) < len(needed)):
            needed = marks
    if pieces:
        pieces.pop()
    alternatives.append(needed)
    return None if None in alternatives else frozenset[str]().union(*filter(None, alternatives))


def _marks_of(piece: re.Match[str]) -> frozenset[str] | None:
    text = piece["class"][1:-1] if piece["class"] else piece["literal"] or ""
    if piece["class"] and text.startswith("^"):
        return None
    characters = frozenset(_UNESCAPED.sub("", text))
    return characters if characters and not any(c.isalnum() or c in _COMMON for c in characters) else None


_UNESCAPED = re.compile(r"\\(?=[^\w])")
_COMMON = " .,:;!?'\"()“”’–—-\0"  # marks that stand in most texts


def _weight(words: Iterable[bytes], following: Collection[bytes]) -> float:
    """How often some words may stand in a text, roughly: long words are rare, and pairs of words rarer."""
    rare, rarer = (sum(4.0 ** -len(word) for word in listed) for listed in (words, following))
    return rare * rarer if following else _ALONE * rare


_ALONE = 100.0  # of the words of a pair, hardly one in a hundred stands beside another of them


def _ends(part: Sequence[str], *, first: bool) -> frozenset[bytes] | None:
    """The words that a part may open or close with; None if they are not known."""
    found = set()
    for text in part:
        listed = text.split()
        word = (listed[0] if first else listed[-1]) if listed else _UNKNOWN
        if _UNKNOWN in word:
            return None
        # As the words of a passage are written: in small letters those of ASCII, and they alone.
        found |= {spelling.encode().lower() for spelling in (word.lower(), word.upper(), word.title())}
    return frozenset(found)


def _parts(expression: str, words: Words, *, apart: bool) -> list[list[str]]:
    """The ways to read each part of an expression, which is cut at its spaces; none if it is a choice as a whole.

    What may be absent with the space behind it is a part of its own if it is to be read apart.
    """
    pieces = list(_PIECE.finditer(expression))
    pieces.reverse()  # the next one stands last
    parts = [[""]]
    while pieces:
        if pieces[-1]["bar"]:
            return []
        if pieces[-1]["literal"] == " " and (len(pieces) < 2 or not pieces[-2]["times"]):
            pieces.pop()
            parts.append([""])
        else:
            ways = _atom(pieces, words)
            parts[-1] = _joined(parts[-1], ways)
            if apart and "" in ways and all(way.endswith(" ") for way in ways if way):
                parts.append([""])
    return parts


def _choice(pieces: list[re.Match[str]], words: Words) -> list[str]:
    """Read alternatives up to the end of their group."""
    found: list[str] = []
    current = [""]
    while pieces and not pieces[-1]["close"]:
        if pieces[-1]["bar"]:
            pieces.pop()
            found += current
            current = [""]
        else:
            current = _joined(current, _atom(pieces, words))
    if pieces:
        pieces.pop()
    return found + current


def _atom(pieces: list[re.Match[str]], words: Words) -> list[str]:
    piece = pieces.pop()
    ways = _choice(pieces, words) if piece["open"] else list(_single(piece, words))
    times = pieces.pop()["times"] if pieces and pieces[-1]["times"] else ""
    if times in ("?", "??"):
        return ["", *ways]
    return [_UNKNOWN] if times else ways


def _single(piece: re.Match[str], words: Words) -> Iterator[str]:
    if piece["edge"]:
        yield ""
    elif piece["list"]:
        listed = words(piece["name"])
        yield from [_UNKNOWN] if listed is None else listed
    elif piece["class"] in ("['’]", "[’']"):
        yield from "'’"
    elif piece["class"]:
        # Words are what is left of a text without its punctuation.
        inside = piece["class"][1:-1].replace("\\", "")
        yield _UNKNOWN if any(c.isalnum() or c in "^'’" for c in inside) else " "
    elif piece["property"] or piece[0] == ".":
        yield _UNKNOWN
    else:
        literal = piece[0][-1]
        yield literal if literal.isalnum() or literal in "'’" else " "


def _joined(before: Sequence[str], after: Sequence[str]) -> list[str]:
    if len(before) * len(after) > _MOST:
        return [_UNKNOWN]
    return [a + b for a in before for b in after]
