"""How much it takes to write one word for another: the slips of fingers and ears that lie between them."""

from __future__ import annotations

import functools

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEXT_KEYS = {key: row[max(0, i - 1) : i] + row[i + 1 : i + 2] for row in _ROWS for i, key in enumerate(row)}
_VOWELS = frozenset("aeiouy")
_ALIKE = {frozenset(pair) for pair in ("cs", "sz", "ck", "mn", "td", "bp", "fv", "gj", "ij", "cq", "kq", "lr", "xs")}

_DOUBLED = 0.5  # a letter twice for once, or once for twice
_SWAPPED = 0.8
_LOST = 1.0
_ADDED = 1.0
_CHANGED = 1.3
_NEAR = 0.9  # changed for a letter beside it on the keyboard, for one that sounds alike, a vowel for a vowel
_OPENING = 0.7  # more for what happens to the first letter
_ENDING = 0.3  # more for what happens to the last letter
_MOVED = 1.3  # a letter that stands elsewhere


@functools.lru_cache(maxsize=1 << 14)
def cost(written: str, meant: str) -> float:
    """Return the least sum of what the slips cost, 1 for one that is neither frequent nor rare.

    >>> cost("occured", "occurred") < cost("teh", "the") < cost("worl", "word")
    True
    """
    if len(written) == len(meant) and sorted(written) == sorted(meant) and _is_one_moved(written, meant):
        return _MOVED
    # What both words begin and end with costs nothing.
    shorter = min(len(written), len(meant))
    first = next((i for i in range(shorter) if written[i] != meant[i]), shorter)
    alike = next((i for i in range(shorter - first) if written[-1 - i] != meant[-1 - i]), shorter - first)
    columns = range(first, len(meant) - alike)
    before: list[float] = []
    row = [0.0]
    for j in columns:
        row.append(row[-1] + _lost(meant, j))
    for i in range(first, len(written) - alike):
        letter, added = written[i], _added(written, i)
        twice, before, row = before, row, [row[0] + added]
        for k, j in enumerate(columns):
            other = meant[j]
            least = before[k] + (0.0 if letter == other else _changed(letter, other, i, len(written)))
            least = min(least, before[k + 1] + added, row[k] + _lost(meant, j))
            if i > first and k and letter == meant[j - 1] and written[i - 1] == other and letter != other:
                least = min(least, twice[k - 1] + _SWAPPED + (_OPENING if i == 1 else 0.0))
            row.append(least)
    return row[-1]


def _added(written: str, i: int) -> float:
    if written[i] in written[max(0, i - 1) : i] + written[i + 1 : i + 2]:
        return _DOUBLED
    return _ADDED + _at_edge(i, len(written))


def _lost(meant: str, j: int) -> float:
    if meant[j] in meant[max(0, j - 1) : j] + meant[j + 1 : j + 2]:
        return _DOUBLED
    return _LOST + _at_edge(j, len(meant))


def _changed(letter: str, other: str, i: int, length: int) -> float:
    near = letter in NEXT_KEYS.get(other, "") or {letter, other} <= _VOWELS or frozenset((letter, other)) in _ALIKE
    return (_NEAR if near else _CHANGED) + _at_edge(i, length)


def _at_edge(i: int, length: int) -> float:
    return _OPENING if i == 0 else _ENDING if i == length - 1 else 0.0


def _is_one_moved(written: str, meant: str) -> bool:
    """True if one letter of a word stands two places or more from where it belongs."""
    first = next((i for i, (a, b) in enumerate(zip(written, meant, strict=True)) if a != b), None)
    if first is None:
        return False
    last = max(i for i, (a, b) in enumerate(zip(written, meant, strict=True)) if a != b)
    inner, other = written[first : last + 1], meant[first : last + 1]
    return last - first > 1 and (inner[1:] + inner[0] == other or inner[-1] + inner[:-1] == other)
