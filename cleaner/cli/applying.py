"""What `apply` does: carry out the decisions of a review, every file whole or not at all."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence

import click

from cleaner import baseline, files, jsonl
from cleaner.cli.words import accept
from cleaner.config import BASELINE, Configuration
from cleaner.document import Document
from cleaner.edits import splice
from cleaner.fingerprint import Trace, traces
from cleaner.model import FileError, Finding, Span
from cleaner.render.findings import counted
from cleaner.review import decisions as answers
from cleaner.review.decisions import Answer, Decision, Decisions, Reviewed


def read(path: str) -> Decisions:
    """Read a file of decisions; raises FileError."""
    return answers.parse(files.read_bytes(path), path)


def carry_out(decided: Decisions, *, quiet: bool) -> bool:
    """Write what was accepted to the files that are as they were reviewed; return False if one was refused.

    A file that changed since, or that cannot be read or written, is named on standard error and left as it is.
    """
    by_path: dict[str, list[Decision]] = defaultdict(list)
    for decision in answers.last(decided.decisions):
        by_path[decision.path].append(decision)
    changes = changed = refused = 0
    known: list[tuple[str, Trace]] = []
    for file in decided.files:
        chosen = [decision for decision in by_path[file.path] if decision.decision in _WRITTEN]
        if not chosen:
            continue
        try:
            known += _known(file, chosen)
            made = (_to_records if files.kind_of(file.path) == "jsonl" else _to_text)(file, chosen)
        except FileError as error:
            refused += 1
            click.echo(f"cleaner: {error}", err=True)
            continue
        changes += made
        changed += bool(made)
    words = {d.before for d in answers.last(decided.decisions) if d.decision is Answer.WORD}
    if words:
        accept(words)
    if known:
        _add_to_baseline(known)
    if not quiet:
        click.echo(f"{counted(changes, 'change')} in {counted(changed, 'file')} written", err=True)
        if refused:
            click.echo(f"{counted(refused, 'file')} left as {'they are' if refused > 1 else 'it is'}", err=True)
    return not refused


_WRITTEN = (Answer.ACCEPT, Answer.REPLACE, Answer.IGNORE, Answer.BASELINE)


def _known(file: Reviewed, decided: Sequence[Decision]) -> list[tuple[str, Trace]]:
    """Return what the findings of a file that are to be known are known by."""
    wanted = [decision for decision in decided if decision.decision is Answer.BASELINE]
    if not wanted or files.kind_of(file.path) == "jsonl":
        return []
    data = files.read_bytes(file.path)
    _check_same(file, files.digest(data))
    text = files.decode(data, file.path, file.encoding).text
    document = Document(text, kind=files.kind_of(file.path), path=file.path)
    findings = [Finding(rule, Span(d.start, d.end), "") for d in wanted for rule in d.rules]
    return [(file.path, trace) for trace in traces(document, findings)]


def _add_to_baseline(known: Sequence[tuple[str, Trace]]) -> None:
    path = Configuration().baseline_file(BASELINE) or BASELINE
    folder = os.path.dirname(path) or "."
    entries = list(baseline.load(path).entries) if os.path.exists(path) else []
    entries += [baseline.Entry(files.below(name, folder), trace) for name, trace in known]
    with files.replacing(path) as out:
        out.write(baseline.render(entries))


def _to_text(file: Reviewed, decided: Sequence[Decision]) -> int:
    data = files.read_bytes(file.path)
    _check_same(file, files.digest(data))
    source = files.decode(data, file.path, file.encoding)
    changes = answers.changes_of(source.text, decided, file.path, kind=files.kind_of(file.path))
    new = source.encode(splice(source.text, changes))
    if new != data:
        files.write(file.path, new, data)
    return len(changes)


def _to_records(file: Reviewed, decided: Sequence[Decision]) -> int:
    by_record: dict[int, list[Decision]] = defaultdict(list)
    for decision in decided:
        by_record[decision.record].append(decision)
    _check_same(file, files.digest_of(file.path))
    made = 0
    with files.opened(file.path) as old, files.replacing(file.path) as new:
        for number, line in enumerate(files.lines(file.path, old), 1):
            if number in by_record:
                where = f"{file.path}:{number}"
                record = jsonl.parse(line, file.field, where)
                changes = answers.changes_of(record.text, by_record[number], where)
                made += len(changes)
                line = jsonl.replace(record, changes)
            new.write(line)
        _check_same(file, files.digest_of(file.path))
    return made


def _check_same(file: Reviewed, digest: bytes) -> None:
    if digest.hex() != file.digest:
        raise FileError(f"{file.path}: not written: it changed since it was reviewed; review it again")
