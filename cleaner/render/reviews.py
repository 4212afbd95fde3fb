"""What tools that comment on changes take: GitHub's annotations, GitLab's code quality, reviewdog's diagnostics."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from cleaner.edits import splice
from cleaner.model import Applicability, Edit
from cleaner.offsets import Lines
from cleaner.render.report import Context, Placed, Report, array, below_root, decoded, known_by, placed

_MOST = 10  # annotations of one severity that GitHub shows for a step (actions/toolkit#734)


def github(reports: Iterator[Report], context: Context) -> Iterator[bytes]:
    """Yield workflow commands: at most ten errors, warnings and notices, the surest first, the rest counted.

    A fault in prose breaks no build: what has a repair is a warning, what is only shown a notice. What is more than
    GitHub shows is counted in the last notice.
    """
    errors: list[str] = []
    found: dict[Applicability, list[str]] = {level: [] for level in Applicability}
    total = 0
    for report in reports:
        path = below_root(report.path, context)
        if report.error:
            total += 1
            if len(errors) < _MOST:
                errors.append(_command("error", decoded(report.error), file=path, title="cleaner"))
        for one in placed(report, context):
            total += 1
            if len(found[one.finding.applicability]) < _MOST:
                found[one.finding.applicability].append(_annotation(one, path))
    warnings = (found[Applicability.SAFE] + found[Applicability.UNSAFE])[:_MOST]
    notices = found[Applicability.DISPLAY]
    if total > len(errors + warnings + notices):
        notices = notices[: _MOST - 1]
        left = total - len(errors + warnings + notices)
        notices.append(_command("notice", f"{left} more: GitHub shows ten of a kind for a step", title="cleaner"))
    yield "".join(errors + warnings + notices).encode()


def _annotation(found: Placed, path: str) -> str:
    kind = "notice" if found.finding.applicability is Applicability.DISPLAY else "warning"
    line, column = found.lines.position(found.span.start)
    end_line, end_column = found.lines.position(found.span.end)
    place = {"file": path, "line": line, "endLine": end_line}
    if line == end_line:  # GitHub refuses columns of an annotation that spans lines
        place |= {"col": column, "endColumn": end_column}
    return _command(kind, found.said, **place, title=f"cleaner ({found.finding.rule})")


def _command(kind: str, message: str, **properties: object) -> str:
    told = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in properties.items())
    return f"::{kind} {told}::{_escaped(message)}\n"


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def gitlab(reports: Iterator[Report], context: Context) -> Iterator[bytes]:
    """Yield GitLab's code quality report: an array of issues that are told apart by fingerprints."""
    yield from array(_issues(reports, context))
    yield b"\n"


def _issues(reports: Iterator[Report], context: Context) -> Iterator[bytes]:
    seen: Counter[tuple[str, str]] = Counter()
    for report in reports:
        path = below_root(report.path, context)
        if report.error:
            yield _issue("cleaner", decoded(report.error), path, report.record or 1, "major", report.error)
        if report.shown:
            prints = known_by(report, context, seen)
            for found in placed(report, context):
                finding = found.finding
                severity = "info" if finding.applicability is Applicability.DISPLAY else "minor"
                line = found.lines.position(found.span.start)[0]
                said = found.said.replace("\n", ": ")  # there is room for one line
                yield _issue(finding.rule, said, path, line, severity, prints[finding])


def _issue(rule: str, said: str, path: str, line: int, severity: str, known_by: str) -> bytes:
    # The same finding in two files is two issues; GitLab keeps one of those with the same fingerprint.
    known = hashlib.blake2b(f"{path}\0{known_by}".encode(errors="replace"), digest_size=16).hexdigest()
    value = {
        "description": said,
        "check_name": rule,
        "fingerprint": known,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }
    return msgspec.json.encode(value)


def rdjson(reports: Iterator[Report], context: Context) -> Iterator[bytes]:
    """Yield one DiagnosticResult of reviewdog; columns are bytes of the file as UTF-8, ends exclusive.

    The edits of a repair belong together, so that it is one suggestion, from the first to the last of them.
    """
    yield b'{"source":{"name":"cleaner"},"diagnostics":'
    yield from array(_diagnostics(reports, context))
    yield b"}\n"


def _diagnostics(reports: Iterator[Report], context: Context) -> Iterator[bytes]:
    for report in reports:
        path = decoded(report.path)
        if report.error:
            yield msgspec.json.encode(_failure(report))
        for found in placed(report, context):
            yield msgspec.json.encode(_diagnostic(found, path))


def _failure(report: Report) -> dict[str, Any]:
    path, message = decoded(report.path), decoded(report.error)
    return {"message": message, "location": {"path": path}, "severity": "ERROR"}


def _diagnostic(found: Placed, path: str) -> dict[str, Any]:
    shown = found.finding.applicability is Applicability.DISPLAY
    value: dict[str, Any] = {
        "message": found.said if shown else found.finding.message,
        "location": {"path": path, "range": _range(found.lines, found.span.start, found.span.end)},
        "severity": "INFO" if shown else "WARNING",
        "code": {"value": found.finding.rule},
    }
    if found.edits:
        start, end = min(e.start for e in found.edits), max(e.end for e in found.edits)
        edits = [Edit(e.start - start, e.end - start, e.text) for e in found.edits]
        text = splice(found.lines.text[start:end], edits)
        value["suggestions"] = [{"range": _range(found.lines, start, end), "text": text}]
    return value


def _range(lines: Lines, start: int, end: int) -> dict[str, Any]:
    return {key: _position(lines, offset) for key, offset in (("start", start), ("end", end))}


def _position(lines: Lines, offset: int) -> dict[str, int]:
    line, column = lines.position_in_bytes(offset)
    return {"line": line, "column": column}
