"""Findings as values for programs (JSON) and as lines for people."""

from __future__ import annotations

import re
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
    value: dict[str, Any] = {"path": path}
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
    yield "    " + _style_marks(excerpt(finding, result.before, lines), styled)
    for evidence in finding.evidence:
        weight = f" ({evidence.weight:+.1f})" if evidence.weight else ""
        yield f"    {_style(evidence.kind, DIM, styled)}: {evidence.detail}{weight}"
    if finding.alternatives:
        yield "    or: " + ", ".join(f"“{text}”" for text in finding.alternatives)


def excerpt(finding: Finding, text: str, lines: Lines) -> str:
    """Return the part of the text around a finding, on one line, with its edits or its span marked."""
    start = min([finding.span.start, *(e.start for e in finding.edits)])
    end = max([finding.span.end, *(e.end for e in finding.edits)])
    line_start = lines.bounds(lines.position(start)[0])[0]
    line_end = lines.bounds(lines.position(end)[0])[1]
    first, last = max(line_start, start - _SHOWN), min(line_end, end + _SHOWN)
    edits: Sequence[Edit] = finding.edits or (
        Edit(finding.span.start, finding.span.end, text[finding.span.start : finding.span.end]),
    )
    marked = worddiff.render(text[first:last], [Edit(e.start - first, e.end - first, e.text) for e in edits])
    if not finding.edits:
        marked = re.sub(r"\{\+.*?\+\}", "", marked, flags=re.S)
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


def summary(findings: Sequence[Applicability]) -> str:
    """Say in a few words how many findings there are, by level."""
    parts = [f"{n} {level.value}" for level in Applicability if (n := findings.count(level))]
    total = len(findings)
    return f"{total} finding{'s' * (total != 1)}" + (f": {', '.join(parts)}" if parts else "")
