"""Which two words stand side by side wherever an expression matches: most text is then never searched for it."""

from __future__ import annotations

import functools
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from cleaner.document import EDGE, Passage

_MOST = 3000  # ways to read a part of an expression; where there are more, nothing is known of it
_UNKNOWN = "\0"  # any text, spaces included
_EDGE = "\2"  # where a word begins or ends, whatever is beside it
_PIECE = re.compile(
    r"""(?P<flags>\(\?[a-z-]+\))
      | (?P<edge>\\b|\^|\$)
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
    marks: tuple[str, ...] = ()


class Index:
    """Which expressions may match where, by the words of a passage. Expressions are known by number.

    Sets of expressions are whole numbers, a bit for each: most words of a text open some expression, and few pairs do.
    """

    def __init__(self, sieves: Iterable[Sieve]) -> None:
        self._anywhere = 0
        self._marked = defaultdict[frozenset[str], int](int)
        self._alone = 0  # those that need no other word behind theirs
        opening, following = defaultdict[bytes, int](int), defaultdict[bytes, int](int)
        for number, where in enumerate(sieves):
            bit = 1 << number
            if where.marks:
                self._marked[frozenset(where.marks)] |= bit
            if not where.words:
                self._anywhere |= bit
            elif not where.following:
                self._alone |= bit
            for word in where.words:
                opening[word] |= bit
            for word in where.following:
                following[word] |= bit
        self._opening, self._following = dict(opening), dict(following)

    def forget(self, expressions: int) -> None:
        """Tell no more where some expressions may match."""
        self._anywhere &= ~expressions
        for word in self._opening:
            self._opening[word] &= ~expressions

    def lacking_marks(self, passage: Passage) -> int:
        """Return the expressions that cannot match for want of a mark."""
        lacking = 0
        for marks, marked in self._marked.items():
            if marks.isdisjoint(passage.marks):
                lacking |= marked
        return lacking

    def places(self, passage: Passage, impossible: int) -> dict[int, list[bytes]]:
        """Return which expressions may match, and in which paragraphs, but for those that are known to match nowhere.

        One of which no words are known may match anywhere in the passage.
        """
        found = {number: [passage.data] for number in numbers(self._anywhere & ~impossible)}
        following = _looked_up(passage, self._following)
        alone = self._alone
        followed = functools.reduce(operator.or_, following.values(), alone)
        opening = _looked_up(passage, self._opening, followed & ~impossible)
        if not opening:
            return found
        words, paragraphs = passage.words, passage.paragraphs
        wanted = {EDGE, *opening}
        at = 0
        for i in [i for i, word in enumerate(words) if word in wanted]:
            if words[i] == EDGE:
                at += 1
                continue
            behind = following.get(words[i + 1], 0) if i + 1 < len(words) else 0
            if bits := opening[words[i]] & (alone | behind if behind else alone):
                for number in numbers(bits):
                    where = found.setdefault(number, [])
                    if not where or where[-1] is not paragraphs[at]:
                        where.append(paragraphs[at])
        return found


def _looked_up(passage: Passage, table: Mapping[bytes, int], wanted: int = -1) -> dict[bytes, int]:
    """Return which words of a passage, or parts of them, are in a table, with what they stand for if it is wanted."""
    found = {word: table[word] for word in passage.vocabulary & table.keys()}
    for part in passage.parts.keys() & table.keys():
        for word in passage.parts[part]:
            found[word] = found.get(word, 0) | table[part]
    return {word: some for word, bits in found.items() if (some := bits & wanted)}


def numbers(bits: int) -> Iterator[int]:
    """Yield the numbers of a set."""
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1


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
    return Sieve(tuple(sorted(best)), tuple(sorted(after)), tuple(sorted(marks)))


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
    text = piece["class"][1:-1] if piece["class"] else piece[0]
    if (piece["class"] and text.startswith("^")) or piece["edge"] or piece["flags"] or piece[0] == ".":
        return None
    characters = frozenset(_UNESCAPED.sub("", _BY_NUMBER.sub(lambda number: chr(int(number[1], 16)), text)))
    return characters if characters and not any(c.isalnum() or c in _COMMON for c in characters) else None


_BY_NUMBER = re.compile(r"\\x\{([0-9A-Fa-f]+)\}")
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
        listed = _EDGE_OF_UNKNOWN.sub(" ", text).replace(_EDGE, "").split()
        word = (listed[0] if first else listed[-1]) if listed else _UNKNOWN
        if _UNKNOWN in word:
            return None
        # As the words of a passage are written: in small letters those of ASCII, and they alone.
        found |= {spelling.encode().lower() for spelling in (word.lower(), word.upper(), word.title())}
    return frozenset(found)


_EDGE_OF_UNKNOWN = re.compile(rf"(?<={_UNKNOWN}){_EDGE}|{_EDGE}(?={_UNKNOWN})")


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
    if piece["flags"]:
        yield ""
    elif piece["edge"]:
        yield _EDGE
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
