"""What fix writes: every file whole or not at all, each change listed on standard error."""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Iterable, Iterator
from typing import IO

import click

from cleaner import files, worddiff
from cleaner.cli.output import by_path, report
from cleaner.model import Edit, FileError
from cleaner.offsets import Lines
from cleaner.work import Outcome


def write_fixes(outcomes: Iterable[Outcome], to: str | None, *, quiet: bool, verbose: bool) -> tuple[bool, bool]:
    """Write what was repaired, in place or `to` a file or standard output; tell whether anything changed or failed."""
    changed = failed = False
    for path, group in by_path(iter(outcomes)):
        try:
            one, two = _write(path, group, to, quiet=quiet, verbose=verbose)
        except FileError as error:
            click.echo(f"cleaner: {error}", err=True)
            one, two = False, True
        changed, failed = changed or one, failed or two
    return changed, failed


def _write(path: str, group: Iterator[Outcome], to: str | None, *, quiet: bool, verbose: bool) -> tuple[bool, bool]:
    first = next(group)
    listed = not quiet and to != files.STDIN
    if first.record:
        return _write_records(path, itertools.chain([first], group), to, listed=listed, verbose=verbose)
    if report(first, verbose):
        return False, True
    if to == files.STDIN:
        sys.stdout.buffer.write(first.new)
        sys.stdout.flush()
    elif to is not None:
        with files.replacing(to) as out:
            out.write(first.new)
    elif first.new != first.old:
        files.write(path, first.new, first.old)
    if listed:
        _list_changes(first)
    return first.new != first.old, False


def _write_records(
    path: str, outcomes: Iterable[Outcome], to: str | None, *, listed: bool, verbose: bool
) -> tuple[bool, bool]:
    """Write the lines of a JSON Lines file as they come, in place through a temporary file."""
    changed = failed = False
    with contextlib.ExitStack() as stack:
        out: IO[bytes] | files.Replacement = sys.stdout.buffer
        state = None
        if to is None:
            state = files.state(path)
        if to != files.STDIN:
            out = stack.enter_context(files.replacing(path if to is None else to))
        for outcome in outcomes:
            failed |= report(outcome, verbose)
            if outcome.record == 0:  # the file itself could not be read to its end
                raise FileError(f"{path}: not written")
            out.write(outcome.new)
            if outcome.new != outcome.old:
                changed = True
                if listed:
                    _list_changes(outcome)
        if isinstance(out, files.Replacement) and to is None:
            if not changed:
                out.cancel()
            elif files.state(path) != state:
                raise FileError(f"{path}: not written: it changed since it was read; run again")
    return changed, failed


def _list_changes(outcome: Outcome) -> None:
    """Tell each change on standard error: where, what, and by which rules."""
    if outcome.result is None or not outcome.result.changes:
        return
    text = outcome.result.before
    lines = Lines(text)
    for change in outcome.result.changes:
        line, column = lines.position(change.start)
        record = f":{outcome.record}" if outcome.record else ""
        first, last = max(0, change.start - _AROUND), min(len(text), change.end + _AROUND)
        edit = Edit(change.start - first, change.end - first, change.text)
        marked = " ".join(worddiff.render(text[first:last], [edit]).split())
        click.echo(f"{outcome.path}{record}:{line}:{column}: {', '.join(change.rules)}: {marked}", err=True)


_AROUND = 24  # code points shown on each side of a change
