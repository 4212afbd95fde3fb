"""What fix writes: every file whole or not at all, each change listed on standard error."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import sys
from collections.abc import Iterable, Iterator

import click

from cleaner import files
from cleaner.cli.output import Tally, by_path, report
from cleaner.model import Edit, FileError
from cleaner.offsets import Lines
from cleaner.render.excerpt import excerpt
from cleaner.work import Outcome


def write_fixes(outcomes: Iterable[Outcome], to: str | None, *, quiet: bool, verbose: bool) -> Tally:
    """Write what was repaired, in place or `to` one file or standard output."""
    listed = not quiet and to != files.STDIN
    total = Tally()
    for path, group in by_path(outcomes):
        first = next(group)
        write = _write_records if first.record else _write_file
        try:
            total += write(path, itertools.chain([first], group), to, listed=listed, verbose=verbose)
        except FileError as error:
            click.echo(f"cleaner: {error}", err=True)
            total.failed = True
    return total


def _write_file(path: str, outcomes: Iterator[Outcome], to: str | None, *, listed: bool, verbose: bool) -> Tally:
    outcome = next(outcomes)
    tally = Tally()
    report(outcome, tally, verbose=verbose)
    if tally.failed:
        return tally
    if to == files.STDIN:
        sys.stdout.buffer.write(outcome.new)
        sys.stdout.flush()
    elif to is not None:
        with files.replacing(to) as out:
            out.write(outcome.new)
    elif outcome.new != outcome.old:
        files.write(path, outcome.new, outcome.old)
    if listed:
        _list_changes(outcome)
    return tally


def _write_records(path: str, outcomes: Iterator[Outcome], to: str | None, *, listed: bool, verbose: bool) -> Tally:
    """Write the lines of a JSON Lines file as they come; in place, begin with the first that is changed."""
    tally = Tally()
    read, size = hashlib.blake2b(), 0
    with contextlib.ExitStack() as stack:
        out = None
        if to is not None:
            out = sys.stdout.buffer if to == files.STDIN else stack.enter_context(files.replacing(to))
        for outcome in outcomes:
            if not outcome.record:  # the file could not be read to its end
                raise FileError(f"{outcome.error}; not written")
            report(outcome, tally, verbose=verbose)
            if out is None and outcome.new != outcome.old:
                out = stack.enter_context(files.replacing(path))
                out.writelines(files.start(path, size))
            if out is not None:
                out.write(outcome.new)
            read.update(outcome.old)
            size += len(outcome.old)
            if listed:
                _list_changes(outcome)
        if out is not None and to is None:
            files.check_unchanged(path, read.digest())
    sys.stdout.flush()
    return tally


def _list_changes(outcome: Outcome) -> None:
    """Tell each change on standard error: where, what, and by which rules."""
    if outcome.result is None or not outcome.result.changes:
        return
    lines = Lines(outcome.result.before)
    for change in outcome.result.changes:
        line, column = lines.position(change.start)
        record = f":{outcome.record}" if outcome.record else ""
        edit = Edit(change.start, change.end, change.text)
        marked = excerpt(outcome.result.before, [edit], lines, around=_AROUND)
        click.echo(f"{outcome.path}{record}:{line}:{column}: {', '.join(change.rules)}: {marked}", err=True)


_AROUND = 24  # code points shown on each side of a change
