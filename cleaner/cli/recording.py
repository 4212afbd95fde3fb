"""What `cleaner baseline` writes: the findings that stand."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from cleaner import files
from cleaner.baseline import Baseline, Entry, load, render
from cleaner.cli.output import Tally, report
from cleaner.config import BASELINE, Configuration
from cleaner.document import Document
from cleaner.fingerprint import traces

if TYPE_CHECKING:
    from cleaner.cli import Call


def record(call: Call, *, update: bool) -> int:
    """Write the baseline, and return the exit status; with a file that cannot be read, nothing is written."""
    path = Configuration().baseline_file(BASELINE) or BASELINE
    folder = os.path.dirname(path) or "."
    data = files.read_bytes(path) if os.path.exists(path) else b""
    old = load(path) if data else Baseline(folder=folder)
    tally = Tally()
    found: list[Entry] = []
    used: set[int] = set()
    for outcome in call.outcomes():
        report(outcome, tally, verbose=call.verbose)
        name = files.below(outcome.path, folder)
        if update:
            if call.configuration.settings(outcome.path).baseline == path:
                found += [Entry(name, trace) for _, trace in outcome.known]
                used.update(number for number, _ in outcome.known)
        elif outcome.result and outcome.result.findings:
            shown = [f for f in outcome.result.findings if f.applicability.rank >= outcome.shown.rank]
            kind = "text" if outcome.record else files.kind_of(outcome.path)
            lang = call.configuration.settings(outcome.path).lang
            document = Document(outcome.result.before, kind=kind, path=outcome.path, lang=lang)
            found += [Entry(name, trace) for trace in traces(document, shown)]
    if tally.failed:
        click.echo(f"cleaner: {path}: not written", err=True)
        return 2
    seen = {files.below(name, folder) for name in call.paths}
    kept = [
        entry
        for number, entry in enumerate(old.entries)
        if entry.path not in seen and number not in used and os.path.exists(os.path.join(folder, entry.path))
    ]
    made = render([*kept, *found])
    if made != data:
        with files.replacing(path) as out:
            out.write(made)
    if not call.quiet:
        count = len(kept) + len(found)
        click.echo(f"{path}: {count} finding{'s' * (count != 1)}, {len(old.entries)} before", err=True)
    return 0
