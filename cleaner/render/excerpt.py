"""The part of a text that shows a finding to a person, on one line, edits marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner import worddiff
from cleaner.model import Edit
from cleaner.offsets import Lines


def excerpt(text: str, edits: Sequence[Edit], lines: Lines, *, around: int) -> str:
    """Return the part of a text around edits, on one line, with the edits marked."""
    start, end = min(e.start for e in edits), max(e.end for e in edits)
    line_start = lines.bounds(lines.position(start)[0])[0]
    line_end = lines.bounds(lines.position(end)[0])[1]
    first, last = max(line_start, start - around), min(line_end, end + around)
    marked = worddiff.render(text[first:last], [Edit(e.start - first, e.end - first, e.text) for e in edits])
    return "…" * (first > line_start) + printable(marked).strip() + "…" * (last < line_end)


def printable(text: str) -> str:
    """Return a text on one line, with escapes for what would not be seen, or would steer a terminal."""
    shown = re.sub(r"[\r\n\t]+", " ", text)
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown)
