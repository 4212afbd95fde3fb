"""The holes of a mask, and how two lists of them are joined."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

TRANSPARENT = ""
OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"
BREAK = "\n"
SPACE = " "


class Hole(NamedTuple):
    """A stretch of text that is not prose, and what stands in its place when the text is read."""

    start: int
    end: int
    reads: str


def join(structure: list[Hole], stretches: Iterable[tuple[int, int]], reads: str = OBJECT) -> list[Hole]:
    """Put more stretches, in order, into a sorted list of holes.

    Line ends and emphasis marks inside a URL are part of the URL; a break, and whatever sticks out of
    the stretch, keeps its place and cuts it.
    """
    out: list[Hole] = []
    i, n = 0, len(structure)
    for start, end in stretches:
        if out:
            start = max(start, out[-1].end)  # two stretches may stand for parts of one hole
        while i < n and structure[i].end <= start:
            out.append(structure[i])
            i += 1
        at = start
        while i < n and structure[i].start < end:
            hole = structure[i]
            if start <= hole.start and hole.end <= end and (reads == BREAK or hole.reads not in (BREAK, OBJECT)):
                i += 1
                continue
            if at < hole.start:
                out.append(Hole(at, hole.start, reads))
            at = hole.end
            if at > end:
                break
            out.append(hole)
            i += 1
        if at < end:
            out.append(Hole(at, end, reads))
    return out + structure[i:]


class Masker:
    """A mask in the making, from the start of a text to its end; `made` is what the text is made of, in order."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.out: list[Hole] = []
        self.at = 0  # all before it is prose or in `out`
        self.made: list[object] = []

    def hole(self, end: int, reads: str) -> None:
        """Make a hole of all that is not looked at yet, up to a place."""
        if self.at < end:
            self.out.append(Hole(self.at, end, reads))
            self.at = end

    def leaf(self, start: int, end: int, reads: str) -> None:
        """Put a hole into the reading after the text before it."""
        self.at = max(self.at, start)
        self.hole(end, reads)

    def finished(self) -> list[Hole]:
        """Return the holes; what was not looked at is one."""
        self.hole(len(self.data), BREAK)
        return self.out
