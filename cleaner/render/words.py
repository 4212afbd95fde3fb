"""Whole lines with the proposed edits marked in them, as `git diff --word-diff=plain` marks them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner import worddiff
from cleaner.model import Edit
from cleaner.offsets import Lines
from cleaner.render.report import Context, Report, decoded


def words(reports: Iterator[Report], context: Context) -> Iterator[bytes]:
    """Yield the lines that the shown findings would change, as they are in the text and without more context.

    The heads are those of a unified diff; that of a hunk names the record of a JSON Lines file, whose text is
    shown without the escapes of JSON. As in git, marks that stand in the text itself are not told apart, and
    what may not be changed (findings without a repair) is not shown.
    """
    last = ""
    for report in reports:
        edits = sorted(edit for finding in report.shown for edit in finding.edits)
        if not edits:
            continue
        if report.path != last:
            path = decoded(report.path).lstrip("/")
            yield f"--- a/{path}\n+++ b/{path}\n".encode()
            last = report.path
        yield from _hunks(report, edits)


def _hunks(report: Report, edits: Sequence[Edit]) -> Iterator[bytes]:
    lines = Lines(report.text)
    grown = 0  # lines that the edits so far have added
    for first, last, group in _stretches(lines, edits):
        start, end = lines.bounds(first)[0], lines.bounds(last)[1]
        last -= first < last and lines.bounds(last)[0] == end  # nothing follows the last newline
        marked = worddiff.render(report.text[start:end], [Edit(e.start - start, e.end - start, e.text) for e in group])
        old = last - first + 1
        new = old + sum(e.text.count("\n") - report.text.count("\n", e.start, e.end) for e in group)
        record = f" record {report.record}" if report.record else ""
        head = f"@@ -{_range(first, old)} +{_range(first + grown, new)} @@{record}\n"
        grown += new - old
        yield (head + marked + "\n" * (not marked.endswith("\n"))).encode()


def _stretches(lines: Lines, edits: Sequence[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """Yield the first and the last line of each stretch of lines that edits touch, with these."""
    group: list[Edit] = []
    first = last = 0
    for edit in edits:
        start, end = lines.position(edit.start)[0], lines.position(edit.end)[0]
        if group and start > last:
            yield first, last, group
            group = []
        if not group:
            first, last = start, end
        group.append(edit)
        last = max(last, end)
    if group:
        yield first, last, group


def _range(start: int, count: int) -> str:
    return str(start) if count == 1 else f"{start},{count}"
