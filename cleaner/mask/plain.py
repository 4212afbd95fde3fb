"""The mask of plain text: line ends inside a paragraph, and what a comment takes out."""

from __future__ import annotations

import re

from cleaner.mask.holes import BREAK, SPACE, Hole, join

# A line that a margin broke is about this long and does not end a sentence; shorter ones are headings, verse,
# addresses. A text with lines far beyond knows no margin. (bytes, as UTF-8)
_MARGIN = range(45, 121)
_NO_MARGIN = re.compile(rb"[^\n]{200}")
_STOPS = b".!?:;\"'"
_LINE_END = re.compile(rb"\r?\n(?![ \t]*[-*+>#|]|[ \t]*\d+[.)]|\s)")
_OFF = re.compile(rb"<!--\s*cleaner:\s*off\s*-->.*?(?:<!--\s*cleaner:\s*on\s*-->|\Z)", re.S)


def holes(_text: str, data: bytes, _lang: str) -> list[Hole]:
    """Return the line ends that only a margin put there, and the carriage returns of the others."""
    out = []
    previous = 0
    if not _NO_MARGIN.search(data):
        for match in _LINE_END.finditer(data):
            start, end = match.span()
            line_start = data.rfind(b"\n", previous, start) + 1
            previous = start
            if start - line_start in _MARGIN and not _ends_sentence(data, start):
                out.append(Hole(start, end, SPACE))
    if b"\r\n" in data:
        joined = {hole.start for hole in out}
        out += [Hole(m.start(), m.end(), BREAK) for m in re.finditer(rb"\r\n", data) if m.start() not in joined]
        out.sort()
    return join(out, (m.span() for m in _OFF.finditer(data)), BREAK) if b"<!--" in data else out


def _ends_sentence(data: bytes, end: int) -> bool:
    return data[end - 1] in _STOPS or data[end - 3 : end] == "”".encode()
