"""The one place where code points meet bytes, lines and columns."""

from __future__ import annotations

import bisect
import codecs
from collections.abc import Callable


def from_utf8(text: str, data: bytes) -> Callable[[int], int]:
    """Return a function from byte offsets of `data` (the UTF-8 of `text`) to code points of `text`.

    It costs nothing for ASCII, the distance from the last offset where offsets rise, and at most the
    decoding of 4 kB where they do not.
    """
    if len(text) == len(data):
        return _identity
    marks: list[tuple[int, int]] = [(0, 0)]  # (byte, code point), every 4 kB, made as they are needed
    last_byte = last_point = 0

    def convert(offset: int) -> int:
        nonlocal last_byte, last_point
        if not last_byte <= offset <= last_byte + _STEP:
            while marks[-1][0] + _STEP <= offset:
                byte, point = marks[-1]
                end = byte + _STEP
                while data[end : end + 1] and data[end] & 0xC0 == 0x80:
                    end -= 1
                marks.append((end, point + len(data[byte:end].decode())))
            last_byte, last_point = marks[bisect.bisect_right(marks, (offset, len(data))) - 1]
        last_point += len(data[last_byte:offset].decode())
        last_byte = offset
        return last_point

    return convert


def _identity(offset: int) -> int:
    return offset


_STEP = 4096


def to_and_from_utf16(text: str) -> tuple[Callable[[int], int], Callable[[int], int]]:
    """Return functions from code points of `text` to UTF-16 units, and back.

    A unit in the middle of a character counts as the start of the next one, so that a span never cuts one in two.

    >>> units, points = to_and_from_utf16("a 😀 b")
    >>> units(4), points(5), points(3)
    (5, 4, 3)
    """
    if text.isascii() or max(text) <= "\uffff":
        return _identity, _identity
    astral = [i for i, c in enumerate(text) if c > "\uffff"]  # characters of two units
    ends = [i + n for n, i in enumerate(astral, 2)]  # of each of them, in units

    def units(point: int) -> int:
        return point + bisect.bisect_left(astral, point)

    def points(unit: int) -> int:
        whole = bisect.bisect_right(ends, unit)
        # The second unit of a pair lies one before its end.
        return unit - whole

    return units, points


class Lines:
    """Line and column (both from 1) of code point offsets; lines end at newline only.

    `first` is the number of the first line; `mark` tells that the file has a byte order mark before the text.
    """

    def __init__(self, text: str, *, first: int = 1, mark: bool = False) -> None:
        self.text = text
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)
        self._first = first
        self._mark = mark
        self._last = (0, 0)  # an offset, and how many bytes before it in its line

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, in code points."""
        line = bisect.bisect_right(self._starts, offset)
        return line + self._first - 1, offset - self._starts[line - 1] + 1

    def position_in_bytes(self, offset: int) -> tuple[int, int]:
        """Return line and column, in bytes of the file as UTF-8."""
        line = bisect.bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        known, size = self._last
        if not start <= known <= offset:
            known, size = start, 0
        size += len(self.text[known:offset].encode())
        self._last = offset, size
        mark = len(codecs.BOM_UTF8) if self._mark and line == 1 else 0
        return line + self._first - 1, size + mark + 1

    def bounds(self, line: int) -> tuple[int, int]:
        """Start and end of a line, its newline included."""
        line -= self._first - 1
        start = self._starts[line - 1]
        return start, self._starts[line] if line < len(self._starts) else len(self.text)
