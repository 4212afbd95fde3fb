"""The items of a review: what `fix --unsafe-fixes` would change, and what is only shown, each to be decided once."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from cleaner.model import Applicability, Change, Edit, Finding, Result, Span


class Item(Struct, frozen=True):
    """One thing to decide: a suggestion whose edits are accepted together or not at all, or a remark without one.

    `span` covers the edits and what the findings point at; a text that a person chooses instead replaces all of
    it, as do `alternatives`. A suggestion that only follows from other repairs has no finding of its own.
    """

    span: Span
    edits: tuple[Edit, ...]
    rules: tuple[str, ...]
    level: Applicability
    findings: tuple[Finding, ...] = ()
    alternatives: tuple[str, ...] = ()


class Draft(Struct, frozen=True):
    """A text to review: a file, or a record of a .jsonl (its line from 1), with what is to be decided in it."""

    path: str
    text: str
    items: tuple[Item, ...]
    record: int = 0


def items_of(result: Result) -> list[Item]:
    """Return what is to be decided in a document, in order of place.

    The edits of all items above `display` are the changes of the result: to accept them all is to fix it.
    """
    shown: list[Finding] = []
    suggested: list[Finding] = []
    for finding in result.findings:
        is_used = finding.edits and finding.applicability is not Applicability.DISPLAY
        (suggested if is_used else shown).append(finding)
    items = [_suggestion(result.before, *group) for group in _groups(result.changes, suggested)]
    items += [_item(result.before, (finding,), finding.edits, Applicability.DISPLAY) for finding in shown]
    return sorted(items, key=lambda item: (item.span, item.rules))


def _groups(changes: Sequence[Change], findings: Sequence[Finding]) -> Iterator[tuple[list[Change], list[Finding]]]:
    """Yield the changes in groups that no finding reaches across, each with its findings."""
    starts = [change.start for change in changes]
    group_of = list(range(len(changes)))
    made: list[tuple[int, Finding]] = []
    for finding in findings:
        reached = {
            i
            for edit in finding.edits
            if (i := bisect.bisect_right(starts, edit.start) - 1) >= 0 and edit.end <= changes[i].end
        }
        if not reached:
            continue  # what it repairs came to nothing
        groups = {group_of[i] for i in reached}
        first = min(groups)
        if len(groups) > 1:
            group_of = [first if group in groups else group for group in group_of]
        made.append((min(reached), finding))
    for group in sorted(set(group_of)):
        members = [change for change, number in zip(changes, group_of, strict=True) if number == group]
        yield members, [finding for i, finding in made if group_of[i] == group]


def _suggestion(text: str, changes: Sequence[Change], findings: Sequence[Finding]) -> Item:
    level = Applicability.UNSAFE
    if findings:
        level = min((finding.applicability for finding in findings), key=lambda level: level.rank)
    edits = tuple(Edit(change.start, change.end, change.text) for change in changes)
    rules = {rule for change in changes for rule in change.rules}
    return _item(text, tuple(findings), edits, level, rules)


def _item(
    text: str,
    findings: tuple[Finding, ...],
    edits: tuple[Edit, ...],
    level: Applicability,
    rules: set[str] | frozenset[str] = frozenset(),
) -> Item:
    stretches = [(edit.start, edit.end) for edit in edits]
    stretches += [(finding.span.start, finding.span.end) for finding in findings]
    span = Span(min(start for start, _ in stretches), max(end for _, end in stretches))
    alternatives = [
        text[span.start : finding.span.start] + alternative + text[finding.span.end : span.end]
        for finding in findings
        for alternative in finding.alternatives
    ]
    return Item(
        span,
        edits,
        tuple(sorted(rules | {finding.rule for finding in findings})),
        level,
        findings,
        tuple(dict.fromkeys(alternatives)),
    )


def rivals_of(items: Sequence[Item]) -> list[list[int]]:
    """Return for each of the items (in order of place) the numbers of those whose spans overlap or touch its own."""
    rivals: list[list[int]] = [[] for _ in items]
    open_items: list[int] = []
    for i, item in enumerate(items):
        open_items = [j for j in open_items if items[j].span.end >= item.span.start]
        for j in open_items:
            rivals[i].append(j)
            rivals[j].append(i)
        open_items.append(i)
    return rivals


def sentence(text: str, span: Span, *, most: int = 240) -> Span:
    """Return the sentence around a span, within its line; at most so many code points on either side."""
    start = max(text.rfind("\n", 0, span.start) + 1, span.start - most)
    end = text.find("\n", span.end)
    end = min(len(text) if end < 0 else end, span.end + most)
    for stop in _STOP.finditer(text, start, span.start):
        start = stop.end()
    stop_after = _STOP.search(text, span.end, end)
    return Span(start, stop_after.end() if stop_after else end)


_STOP = re.compile(r"[.!?…][\"”’)\]]*\s+(?=[\"“‘(\[]?[A-Z\d])")
