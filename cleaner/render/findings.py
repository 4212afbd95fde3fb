"""Findings as values for programs (JSON) and as lines for people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from cleaner.model import Applicability, Edit, Finding
from cleaner.offsets import Lines
from cleaner.render.excerpt import excerpt
from cleaner.render.report import Context, Report, array, decoded

_SHOWN = 64  # code points of a line shown on each side of a finding


def text(reports: Iterator[Report], context: Context) -> Iterator[bytes]:
    """Yield lines for a person to read."""
    for report in reports:
        lines = Lines(report.text)
        for finding in report.shown:
            told = "".join(f"{line}\n" for line in _told(finding, report, lines, styled=context.styled))
            yield told.encode(errors="surrogateescape")


def jsonl(reports: Iterator[Report], context: Context) -> Iterator[bytes]:
    """Yield an object a line for each finding."""
    return (value + b"\n" for value in _values(reports))


def json(reports: Iterator[Report], context: Context) -> Iterator[bytes]:
    """Yield an array of all findings."""
    yield from array(_values(reports))
    yield b"\n"


def _values(reports: Iterator[Report]) -> Iterator[bytes]:
    for report in reports:
        lines = Lines(report.text)
        for finding in report.shown:
            yield _value(finding, report, lines)


def _value(finding: Finding, report: Report, lines: Lines) -> bytes:
    """Return a finding as one JSON object; offsets in code points of the text, lines and columns from 1."""
    start, end = finding.span.start, finding.span.end
    line, column = lines.position(start)
    value: dict[str, Any] = {"path": decoded(report.path)}
    if report.record:
        value["record"] = report.record
    value |= {
        "rule": finding.rule,
        "start": start,
        "end": end,
        "line": line,
        "column": column,
        "text": report.text[start:end],
        "message": finding.message,
        "applicability": finding.applicability,
        "confidence": finding.confidence,
        "edits": finding.edits,
        "alternatives": finding.alternatives,
        "evidence": finding.evidence,
    }
    return msgspec.json.encode(value)


def _told(finding: Finding, report: Report, lines: Lines, *, styled: bool) -> Iterator[str]:
    """Yield the lines that tell a person of a finding: where and what, the text marked, the evidence in words."""
    line, column = lines.position(finding.span.start)
    place = ":".join(map(str, (report.path, *[report.record][: report.record], line, column)))
    level = style(f"[{finding.applicability}]", COLOURS[finding.applicability], styled)
    yield f"{style(place, BOLD, styled)}: {finding.rule} {level} {finding.message}"
    edits = finding.edits or (Edit(finding.span.start, finding.span.end, ""),)
    yield "    " + style_marks(excerpt(report.text, edits, lines, around=_SHOWN), styled)
    for evidence in finding.evidence:
        weight = f" ({evidence.weight:+.1f})" if evidence.weight else ""
        yield f"    {style(evidence.kind, DIM, styled)}: {evidence.detail}{weight}"
    if finding.alternatives:
        yield "    or: " + ", ".join(f"“{text}”" for text in finding.alternatives)


BOLD, DIM, RED, GREEN, YELLOW, BLUE = "1", "2", "31", "32", "33", "34"
COLOURS = {Applicability.SAFE: GREEN, Applicability.UNSAFE: YELLOW, Applicability.DISPLAY: BLUE}


def style(text: str, code: str, styled: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if styled else text


def style_marks(text: str, styled: bool) -> str:
    if not styled:
        return text
    text = re.sub(r"\[-.*?-\]", lambda m: style(m[0], RED, True), text)
    return re.sub(r"\{\+.*?\+\}", lambda m: style(m[0], GREEN, True), text)


def summary(found: Counter[Applicability]) -> str:
    """Say in a few words how many findings there are, by level."""
    parts = [f"{found[level]} {level.value}" for level in Applicability if found[level]]
    return counted(found.total(), "finding") + (f": {', '.join(parts)}" if parts else "")


def repairs(found: Counter[Applicability], done: int, more: int, verb: str) -> str:
    """Say in a few words of how many findings a repair takes care; `verb` is what becomes of them."""
    said = f"{done} of {counted(found.total(), 'finding')} {verb}"
    return said + (f", {more} more with --unsafe-fixes" if more else "")


def counted(number: int, what: str, form: str = "") -> str:
    """Say how many of something there are; `form` is how the number is written, `,` for thousands apart."""
    return f"{number:{form}} {what}{'s' * (number != 1)}"
