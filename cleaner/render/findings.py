"""Findings as values for programs (JSON) and as lines for people."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from cleaner import worddiff
from cleaner.model import Applicability, Edit, Finding, Result
from cleaner.offsets import Lines

_SHOWN = 64  # code points of a line shown on each side of a finding


def as_json(finding: Finding, result: Result, path: str, record: int, lines: Lines) -> bytes:
    """Return a finding as one JSON object; offsets in code points of the text, lines and columns from 1."""
    start, end = finding.span.start, finding.span.end
    line, column = lines.position(start)
    value: dict[str, Any] = {"path": os.fsencode(path).decode(errors="replace")}
    if record:
        value["record"] = record
    value |= {
        "rule": finding.rule,
        "start": start,
        "end": end,
        "line": line,
        "column": column,
        "text": result.before[start:end],
        "message": finding.message,
        "applicability": finding.applicability,
        "confidence": finding.confidence,
        "edits": finding.edits,
        "alternatives": finding.alternatives,
        "evidence": finding.evidence,
    }
    return msgspec.json.encode(value)


def as_text(
    finding: Finding, result: Result, path: str, record: int, lines: Lines, *, styled: bool = False
) -> Iterator[str]:
    """Yield the lines that tell a person of a finding: where and what, the text marked, the evidence in words."""
    line, column = lines.position(finding.span.start)
    place = f"{path}:{record}:{line}:{column}" if record else f"{path}:{line}:{column}"
    level = _style(f"[{finding.applicability}]", _COLOURS[finding.applicability], styled)
    yield f"{_style(place, BOLD, styled)}: {finding.rule} {level} {finding.message}"
    edits = finding.edits or (Edit(finding.span.start, finding.span.end, ""),)
    yield "    " + _style_marks(excerpt(result.before, edits, lines, around=_SHOWN), styled)
    for evidence in finding.evidence:
        weight = f" ({evidence.weight:+.1f})" if evidence.weight else ""
        yield f"    {_style(evidence.kind, DIM, styled)}: {evidence.detail}{weight}"
    if finding.alternatives:
        yield "    or: " + ", ".join(f"“{text}”" for text in finding.alternatives)


def excerpt(text: str, edits: Sequence[Edit], lines: Lines, *, around: int) -> str:
    """Return the part of a text around edits, on one line, with the edits marked."""
    start, end = min(e.start for e in edits), max(e.end for e in edits)
    line_start = lines.bounds(lines.position(start)[0])[0]
    line_end = lines.bounds(lines.position(end)[0])[1]
    first, last = max(line_start, start - around), min(line_end, end + around)
    marked = worddiff.render(text[first:last], [Edit(e.start - first, e.end - first, e.text) for e in edits])
    shown = re.sub(r"[\r\n\t]+", " ", marked).strip()
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown)
    return "…" * (first > line_start) + shown + "…" * (last < line_end)


BOLD, DIM, RED, GREEN, YELLOW, BLUE = "1", "2", "31", "32", "33", "34"
_COLOURS = {Applicability.SAFE: GREEN, Applicability.UNSAFE: YELLOW, Applicability.DISPLAY: BLUE}


def _style(text: str, code: str, styled: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if styled else text


def _style_marks(text: str, styled: bool) -> str:
    if not styled:
        return text
    text = re.sub(r"\[-.*?-\]", lambda m: _style(m[0], RED, True), text)
    return re.sub(r"\{\+.*?\+\}", lambda m: _style(m[0], GREEN, True), text)


def summary(found: Counter[Applicability]) -> str:
    """Say in a few words how many findings there are, by level."""
    parts = [f"{found[level]} {level.value}" for level in Applicability if found[level]]
    return _counted(found) + (f": {', '.join(parts)}" if parts else "")


def repairs(found: Counter[Applicability], level: Applicability, verb: str) -> str:
    """Say in a few words how many findings a repair at a level takes care of; `verb` is what becomes of them."""
    done = sum(count for applicability, count in found.items() if applicability.rank >= level.rank)
    more = found[Applicability.UNSAFE] if level is Applicability.SAFE else 0
    return f"{done} of {_counted(found)} {verb}" + (f", {more} more with --unsafe-fixes" if more else "")


def _counted(found: Counter[Applicability]) -> str:
    return f"{found.total()} finding{'s' * (found.total() != 1)}"
