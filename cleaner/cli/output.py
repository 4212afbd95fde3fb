"""What check and diff print: data on standard output, what is said about it on standard error."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

import click

from cleaner import files
from cleaner.model import Applicability, ConfigError, FileError
from cleaner.render import diff
from cleaner.render.counts import Counts
from cleaner.render.report import Context, Form, Report
from cleaner.work import Outcome


class Tally:
    """What a run comes to: the findings by what may happen to them, and whether anything changed or failed."""

    def __init__(self) -> None:
        self.found: Counter[Applicability] = Counter()
        self.done = 0  # findings repaired
        self.more = 0  # findings that --unsafe-fixes would repair besides
        self.changed = False
        self.failed = False

    def __iadd__(self, other: Tally) -> Tally:
        self.found += other.found
        self.done += other.done
        self.more += other.more
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
        found = Counter(f.applicability if f.edits else Applicability.DISPLAY for f in outcome.result.findings)
        tally.found += found
        if outcome.level is not None:
            tally.done += sum(count for level, count in found.items() if level.rank >= outcome.level.rank)
            tally.more += found[Applicability.UNSAFE] if outcome.level is Applicability.SAFE else 0
        tally.changed |= bool(outcome.result.changes)


def show_findings(
    outcomes: Iterable[Outcome], form: Form, context: Context, out: IO[bytes], *, verbose: bool
) -> tuple[int, Counts]:
    """Write the findings in a form; return the exit status and how many were shown."""
    tally, counts = Tally(), Counts()

    def reports() -> Iterator[Report]:
        for outcome in outcomes:
            report(outcome, tally, verbose=verbose)
            if outcome.result is None:
                if outcome.error:
                    yield Report(outcome.path, outcome.record, error=outcome.error)
                continue
            found = outcome.result.findings
            shown = tuple(f for f in found if f.applicability.rank >= outcome.shown.rank)
            if shown:
                yield Report(outcome.path, outcome.record, outcome.old, outcome.result.before, found, shown)

    for part in form(counts.of(reports()), context):
        out.write(part)
    out.flush()
    return 2 if tally.failed else 1 if counts.number else 0, counts


@contextlib.contextmanager
def opened(path: str | None, inputs: Sequence[str]) -> Iterator[IO[bytes]]:
    """Give standard output, or a file that is written whole or not at all and that is none of the inputs."""
    if path is None or path == files.STDIN:
        yield sys.stdout.buffer
        return
    if os.path.realpath(path) in map(os.path.realpath, inputs):
        raise ConfigError(f"--output-file {path}: it is among the documents to look at; --exclude it, or name another")
    with files.replacing(path) as out:
        yield out


def append(path: str, data: bytes) -> None:
    """Add to the end of a file; raises FileError."""
    try:
        with open(path, "ab") as out:
            out.write(data)
    except OSError as error:
        raise FileError(f"{path}: cannot write it: {error.strerror}") from None


def show_diffs(outcomes: Iterable[Outcome], out: IO[bytes], *, verbose: bool) -> Tally:
    """Write the diffs of all that would be changed, in colours on a terminal."""
    tally = Tally()
    # Not with FORCE_COLOR: what is not shown to a person is for git apply.
    in_colours = out.isatty() and styled(to_file=False)
    for path, group in by_path(outcomes):
        try:
            for part in diff.render(path, _blocks(group, tally, verbose=verbose)):
                out.write(diff.coloured(part) if in_colours else part)
        except FileError as error:
            tally.failed = True
            click.echo(f"cleaner: {path}: {error}", err=True)
    out.flush()
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


def styled(*, to_file: bool) -> bool:
    """Colours: never with NO_COLOR, always with FORCE_COLOR, otherwise on a terminal that has them."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return not to_file and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


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
