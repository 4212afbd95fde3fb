"""How often each rule found something: in lines, as JSON, and as a page in Markdown with an example of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from cleaner.model import Applicability, Edit, Finding
from cleaner.offsets import Lines
from cleaner.render.excerpt import excerpt
from cleaner.render.findings import summary
from cleaner.render.report import Context, Report, decoded

_AROUND = 24  # code points shown on each side of an example


class Key(NamedTuple):
    """What is counted together: a rule may find at several levels, because a repair may promise too much."""

    rule: str
    level: Applicability


class Counts:
    """The number of shown findings of each rule and level, where the first of each stands, and what failed."""

    def __init__(self) -> None:
        self.number: Counter[Key] = Counter()
        self.first: dict[Key, str] = {}
        self.errors: list[str] = []

    def of(self, reports: Iterator[Report]) -> Iterator[Report]:
        """Count reports on their way to a renderer."""
        for report in reports:
            if report.error:
                self.errors.append(report.error)
            for finding in report.shown:
                key = Key(finding.rule, finding.applicability)
                self.number[key] += 1
                if key not in self.first:
                    self.first[key] = _example(report, finding)
            yield report

    def levels(self) -> Counter[Applicability]:
        """Return the number of findings of each level."""
        levels: Counter[Applicability] = Counter()
        for key, number in self.number.items():
            levels[key.level] += number
        return levels

    def ranked(self) -> list[tuple[Key, int]]:
        """Return the numbers, the largest first, and of equal ones the surest."""
        return sorted(self.number.items(), key=lambda item: (-item[1], -item[0].level.rank, item[0].rule))


def _example(report: Report, finding: Finding) -> str:
    lines = Lines(report.text)
    edits: Sequence[Edit] = finding.edits or [Edit(finding.span.start, finding.span.end, "")]
    place = f"{decoded(report.path)}:{report.record or lines.position(finding.span.start)[0]}"
    return f"{place}: {excerpt(report.text, edits, lines, around=_AROUND)}"


def text(reports: Iterator[Report], context: Context) -> Iterator[bytes]:
    """Yield a line for each rule and level, the most frequent first."""
    ranked = _counted(reports).ranked()
    width = len(str(ranked[0][1])) if ranked else 0
    names = max((len(key.rule) for key, _ in ranked), default=0)
    for key, number in ranked:
        yield f"{number:{width}}  {key.rule:{names}}  {key.level}\n".encode()


def json(reports: Iterator[Report], context: Context) -> Iterator[bytes]:
    """Yield one object with the numbers of rules and of levels."""
    counts = _counted(reports)
    levels = counts.levels()
    value = {
        "rules": [{"rule": key.rule, "applicability": key.level, "count": number} for key, number in counts.ranked()],
        "levels": {level: levels[level] for level in Applicability},
    }
    yield msgspec.json.format(msgspec.json.encode(value)) + b"\n"


def _counted(reports: Iterator[Report]) -> Counts:
    counts = Counts()
    for _ in counts.of(reports):
        pass
    return counts


def markdown(counts: Counts) -> bytes:
    """Return the numbers as a page in GitHub's Markdown."""
    lines = [f"### cleaner: {summary(counts.levels())}"]
    if counts.errors:
        lines += ["", *(f"- not looked at: {_code(decoded(error))}" for error in counts.errors[:_ERRORS])]
        lines += [f"- and {len(counts.errors) - _ERRORS} more"] * (len(counts.errors) > _ERRORS)
    if counts.number:
        lines += ["", "| findings | rule | level | the first of them |", "| ---: | --- | --- | --- |"]
        lines += [
            f"| {number} | {_code(key.rule)} | {key.level} | {_code(counts.first[key])} |"
            for key, number in counts.ranked()
        ]
        lines += ["", "`cleaner fix` writes the safe repairs, `cleaner fix --unsafe-fixes` those that are unsafe, too."]
    return ("\n".join(lines) + "\n").encode()


def _code(shown: str) -> str:
    # Not between backquotes: what is shown may hold some, and a bar ends a cell even there.
    return f"<code>{re.sub(_MARKUP, lambda m: f'&#{ord(m[0])};', shown)}</code>"


_ERRORS = 10  # of those that are named: a broken archive has one a line
_MARKUP = r"[&<>`*_|~\\\[\]{}]"
