"""What check and diff print: data on standard output, what is said about it on standard error."""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import click

from cleaner.model import Applicability, FileError, Finding
from cleaner.offsets import Lines
from cleaner.render import diff, findings
from cleaner.work import Outcome

Form = Callable[[Iterator[tuple[Outcome, Finding, Lines]]], Iterator[bytes]]


class Tally:
    """What a run comes to: the findings by what may happen to them, and whether anything changed or failed."""

    def __init__(self) -> None:
        self.found: Counter[Applicability] = Counter()
        self.changed = False
        self.failed = False

    def __iadd__(self, other: Tally) -> Tally:
        self.found += other.found
        self.changed |= other.changed
        self.failed |= other.failed
        return self


def report(outcome: Outcome, tally: Tally, *, verbose: bool) -> None:
    """Count what came of a document, and tell of it on standard error."""
    if outcome.error:
        tally.failed = True
        click.echo(f"cleaner: {outcome.error}", err=True)
    elif verbose and outcome.record <= 1:
        click.echo(f"{outcome.path}: {outcome.encoding}", err=True)
    if outcome.result is not None:
        tally.found.update(f.applicability if f.edits else Applicability.DISPLAY for f in outcome.result.findings)
        tally.changed |= bool(outcome.result.changes)


def show_findings(outcomes: Iterable[Outcome], level: Applicability, form: str, *, quiet: bool, verbose: bool) -> int:
    """Print the findings of at least a level; return the exit status."""
    tally = Tally()
    shown: Counter[Applicability] = Counter()

    def each() -> Iterator[tuple[Outcome, Finding, Lines]]:
        for outcome in outcomes:
            report(outcome, tally, verbose=verbose)
            if outcome.result is None:
                continue
            found = [f for f in outcome.result.findings if f.applicability.rank >= level.rank]
            lines = Lines(outcome.result.before) if found else None
            for finding in found:
                assert lines is not None
                shown[finding.applicability] += 1
                yield outcome, finding, lines

    write = sys.stdout.buffer.write
    for part in FORMATS[form](each()):
        write(part)
    sys.stdout.flush()
    if form == "text" and not quiet:
        click.echo(findings.summary(shown), err=True)
    return 2 if tally.failed else 1 if shown else 0


def show_diffs(outcomes: Iterable[Outcome], *, verbose: bool) -> Tally:
    """Print the diffs of all that would be changed."""
    tally = Tally()
    for path, group in by_path(outcomes):
        try:
            for part in diff.render(path, _blocks(group, tally, verbose=verbose)):
                sys.stdout.buffer.write(part)
        except FileError as error:
            tally.failed = True
            click.echo(f"cleaner: {path}: {error}", err=True)
    sys.stdout.flush()
    return tally


def _blocks(group: Iterable[Outcome], tally: Tally, *, verbose: bool) -> Iterator[diff.Block]:
    for outcome in group:
        report(outcome, tally, verbose=verbose)
        if outcome.record:
            yield [outcome.old], [outcome.new]
        elif outcome.result is not None and outcome.result.changes:
            result = outcome.result
            yield from diff.blocks_of(outcome.old, outcome.new, result.before, result.after, result.changes)


def by_path(outcomes: Iterable[Outcome]) -> Iterator[tuple[str, Iterator[Outcome]]]:
    """Group outcomes that follow each other and are of one file, without holding them."""
    return itertools.groupby(outcomes, key=lambda outcome: outcome.path)


def _as_text(each: Iterator[tuple[Outcome, Finding, Lines]]) -> Iterator[bytes]:
    styled = _styled()
    for outcome, finding, lines in each:
        assert outcome.result is not None
        shown = findings.as_text(finding, outcome.result, outcome.path, outcome.record, lines, styled=styled)
        yield ("\n".join(shown) + "\n").encode(errors="surrogateescape")


def _as_jsonl(each: Iterator[tuple[Outcome, Finding, Lines]]) -> Iterator[bytes]:
    for outcome, finding, lines in each:
        assert outcome.result is not None
        yield findings.as_json(finding, outcome.result, outcome.path, outcome.record, lines) + b"\n"


def _as_json(each: Iterator[tuple[Outcome, Finding, Lines]]) -> Iterator[bytes]:
    opening = b"["
    for line in _as_jsonl(each):
        yield opening + b"\n" + line.rstrip(b"\n")
        opening = b","
    yield b"[]\n" if opening == b"[" else b"\n]\n"


FORMATS: dict[str, Form] = {"text": _as_text, "json": _as_json, "jsonl": _as_jsonl}


def _styled() -> bool:
    """Colours: never with NO_COLOR, always with FORCE_COLOR, otherwise on a terminal that has them."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


_PATIENCE = 1.0  # seconds before a bar appears
_PAUSE = 0.1  # seconds before it is drawn anew


def with_progress(outcomes: Iterable[Outcome], paths: Sequence[str], *, verbose: bool) -> Iterator[Outcome]:
    """Yield outcomes, and show on a terminal how far they are once that takes longer than a second."""
    total = sum(_size(path) for path in paths) if sys.stderr.isatty() else 0
    if not total:
        yield from outcomes
        return
    # The bar must be away when something is printed on the same screen.
    always = verbose or sys.stdout.isatty()
    done, drawn = 0, 0.0
    start = time.monotonic()
    try:
        for outcome in outcomes:
            if drawn and (always or outcome.error or (outcome.result and outcome.result.findings)):
                _draw(_ERASE)
                drawn = 0.0
            yield outcome
            done += len(outcome.old)
            now = time.monotonic()
            if now - start > _PATIENCE and now - drawn > _PAUSE:
                _draw(_ERASE + _bar(min(1, done / total)))
                drawn = now
    finally:
        if drawn:
            _draw(_ERASE)


_ERASE = "\r\x1b[K"


def _bar(share: float) -> str:
    return f"cleaner [{'#' * round(30 * share):30}] {share:4.0%}"


def _draw(text: str) -> None:
    sys.stdout.flush()  # whole lines only: the bar would wipe out the part of one
    sys.stderr.write(text)
    sys.stderr.flush()


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0  # not there, or standard input
