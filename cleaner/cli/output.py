"""What check and diff print: data on standard output, what is said about it on standard error."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

import click

from cleaner.model import Applicability, FileError, Finding
from cleaner.offsets import Lines
from cleaner.render import diff, findings
from cleaner.work import Outcome

Form = Callable[[Iterator[tuple[Outcome, Finding, Lines]]], Iterator[bytes]]


def show_findings(outcomes: Iterable[Outcome], level: Applicability, form: str, *, quiet: bool, verbose: bool) -> int:
    """Print the findings of at least a level; return the exit status."""
    shown: list[Applicability] = []
    failed = False

    def each() -> Iterator[tuple[Outcome, Finding, Lines]]:
        nonlocal failed
        for outcome in outcomes:
            failed |= report(outcome, verbose)
            if outcome.result is None:
                continue
            found = [f for f in outcome.result.findings if f.applicability.rank >= level.rank]
            lines = Lines(outcome.result.before) if found else None
            for finding in found:
                assert lines is not None
                shown.append(finding.applicability)
                yield outcome, finding, lines

    write = sys.stdout.buffer.write
    for part in FORMATS[form](each()):
        write(part)
    sys.stdout.flush()
    if form == "text" and not quiet:
        click.echo(findings.summary(shown), err=True)
    return 2 if failed else 1 if shown else 0


def show_diffs(outcomes: Iterable[Outcome], *, quiet: bool, verbose: bool) -> int:
    """Print the diffs of all that would be changed; return the exit status."""
    failed = False
    made: list[Applicability] = []

    def each() -> Iterator[Outcome]:
        nonlocal failed
        for outcome in outcomes:
            failed |= report(outcome, verbose)
            yield outcome

    changed = False
    for path, group in by_path(each()):
        try:
            for part in diff.render(path, _blocks(group, made)):
                changed = True
                sys.stdout.buffer.write(part)
        except FileError as error:
            failed = True
            click.echo(f"cleaner: {path}: {error}", err=True)
    sys.stdout.flush()
    if not quiet and made:
        click.echo(findings.summary(made), err=True)
    return 2 if failed else 1 if changed else 0


def _blocks(group: Iterable[Outcome], made: list[Applicability]) -> Iterator[diff.Block]:
    for outcome in group:
        if outcome.result is not None:
            made += [f.applicability for f in outcome.result.findings]
        if outcome.record:
            yield [outcome.old], [outcome.new]
        elif outcome.result is not None and outcome.result.changes:
            result = outcome.result
            yield from diff.blocks_of(outcome.old, outcome.new, result.before, result.after, result.changes)


def by_path(outcomes: Iterator[Outcome]) -> Iterator[tuple[str, Iterator[Outcome]]]:
    """Group outcomes that follow each other and are of one file, without holding them."""
    from itertools import groupby

    return groupby(outcomes, key=lambda outcome: outcome.path)


def report(outcome: Outcome, verbose: bool) -> bool:
    """Tell of a document on standard error; True if it could not be cleaned."""
    if outcome.error:
        click.echo(f"cleaner: {outcome.error}", err=True)
    elif verbose and outcome.record <= 1:
        click.echo(f"{outcome.path}: {outcome.encoding}", err=True)
    return bool(outcome.error)


def _as_text(each: Iterator[tuple[Outcome, Finding, Lines]]) -> Iterator[bytes]:
    styled = _styled()
    for outcome, finding, lines in each:
        assert outcome.result is not None
        shown = findings.as_text(finding, outcome.result, outcome.path, outcome.record, lines, styled=styled)
        yield ("\n".join(shown) + "\n").encode(errors="replace")


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


def with_progress(paths: Sequence[str], *, hidden: bool) -> Iterator[str]:
    """Yield paths, and show on a terminal how far they are once that takes longer than a second."""
    if hidden or not sys.stderr.isatty() or len(paths) < 2:
        yield from paths
        return
    start = time.monotonic()
    for done, path in enumerate(paths):
        yield path
        if time.monotonic() - start > _PATIENCE:
            with click.progressbar(length=len(paths), file=sys.stderr, label="cleaner") as bar:
                bar.update(done + 1)
                for later in paths[done + 1 :]:
                    yield later
                    bar.update(1)
            return
