"""Edits as values: trim them, splice them into a text, compose rounds of them, know when they collide."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence

from cleaner.model import Change, Edit


def splice(text: str, edits: Iterable[Edit | Change]) -> str:
    """Apply edits, which must not overlap, in one pass from left to right."""
    out, end = [], 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start < end:
            raise ValueError(f"edits overlap at {edit.start}")
        out += [text[end : edit.start], edit.text]
        end = edit.end
    return "".join([*out, text[end:]])


def trim(edit: Edit, text: str) -> Edit | None:
    """Drop what an edit replaces by itself at both ends; None if nothing is left to do.

    >>> trim(Edit(0, 6, "said in a"), "told a")
    Edit(start=0, end=4, text='said in')
    """
    old, new = text[edit.start : edit.end], edit.text
    if old == new:
        return None
    # Common words first, so that "a" -> "an" stays one visible replacement.
    start = _common(old, new)
    old, new = old[start:], new[start:]
    end = _common(old[::-1], new[::-1])
    if end:
        old, new = old[:-end], new[:-end]
    return Edit(edit.start + start, edit.start + start + len(old), new)


def _common(a: str, b: str) -> int:
    """Length of the common prefix that ends where a word ends in both."""
    n = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        n += 1
    while n and not (_edge(a, n) and _edge(b, n)):
        n -= 1
    return n


def _edge(s: str, i: int) -> bool:
    return i >= len(s) or not (s[i].isalnum() and s[i - 1].isalnum())


class Taken:
    """The stretches of a text that accepted edits already hold."""

    def __init__(self) -> None:
        self._edits: list[Edit] = []

    def is_free(self, edits: Iterable[Edit]) -> bool:
        """True if none of the edits overlaps a taken one or inserts at its border."""
        return not any(self._hit(edit) for edit in edits)

    def take(self, edits: Iterable[Edit]) -> None:
        for edit in edits:
            bisect.insort(self._edits, edit)

    def _hit(self, edit: Edit) -> bool:
        i = bisect.bisect_left(self._edits, edit)
        near = self._edits[max(0, i - 1) : i + 2]
        return any(_collide(edit, other) for other in near)


def _collide(a: Edit, b: Edit) -> bool:
    if a.start == a.end or b.start == b.end:
        return a.start <= b.end and b.start <= a.end
    return a.start < b.end and b.start < a.end


def compose(before: str, changes: Sequence[Change], middle: str, edits: Sequence[Change]) -> tuple[Change, ...]:
    """Join `changes` (before -> middle) and `edits` (middle -> after) into changes from before to after."""
    # Everything as intervals of `middle`; those that overlap or touch become one change.
    shift, first = 0, []
    for c in changes:
        first.append((c.start + shift, c.start + shift + len(c.text), c))
        shift += len(c.text) - (c.end - c.start)
    groups: list[tuple[int, int, list[Change], list[Change]]] = []
    intervals: list[tuple[int, int, Change, bool]] = [(a, b, c, True) for a, b, c in first]
    intervals += [(e.start, e.end, e, False) for e in edits]
    for a, b, c, is_old in sorted(intervals, key=lambda i: (i[0], i[1])):
        if groups and a <= groups[-1][1]:
            start, end, old, new = groups.pop()
        else:
            start, end, old, new = a, b, [], []
        (old if is_old else new).append(c)
        groups.append((start, max(end, b), old, new))
    out, shift = [], 0
    for start, end, old, new in groups:
        text = splice(middle[start:end], [Edit(e.start - start, e.end - start, e.text) for e in new])
        begin = start - shift
        shift += sum(len(c.text) - (c.end - c.start) for c in old)
        rules = tuple(sorted({r for c in old + new for r in c.rules}))
        change = Change(begin, end - shift, text, rules)
        if before[change.start : change.end] != text:
            out.append(change)
    return tuple(out)


def origin(changes: Sequence[Change], start: int, end: int) -> tuple[int, int]:
    """Return what a stretch of a changed text was before the changes; what it shares with one, it shares wholly."""
    shift, first, last = 0, None, None
    for change in changes:
        a = change.start + shift
        b = a + len(change.text)
        grown = shift + len(change.text) - (change.end - change.start)
        if first is None and start <= b:
            first = min(start - shift, change.start)
        if last is None and end < a:
            last = end - shift
        elif last is None and end <= b:
            last = change.end
        shift = grown
    return start - shift if first is None else first, end - shift if last is None else last
