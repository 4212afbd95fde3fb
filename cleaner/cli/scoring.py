"""What `score` prints: how likely documents are to be a machine's, and what to do with them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from cleaner import files, score
from cleaner.cli.options import check_triage
from cleaner.document import Document
from cleaner.render import scores
from cleaner.render.scores import Scored

if TYPE_CHECKING:
    from cleaner.cli import Call


def show(call: Call, form: str, *, repair_from: float, drop_from: float, paragraphs: bool) -> int:
    """Write the scores of all documents, and return the exit status."""
    check_triage(repair_from, drop_from)
    failed = False

    def scored() -> Iterator[Scored]:
        nonlocal failed
        for outcome in call.outcomes():
            if outcome.error:
                failed = True
                click.echo(f"cleaner: {outcome.error}", err=True)
            if outcome.result is None:
                continue
            kind = "text" if outcome.record else files.kind_of(outcome.path)
            lang = call.configuration.settings(outcome.path).lang
            document = Document(outcome.result.before, kind=kind, path=outcome.path, lang=lang)
            whole, parts = score.score(document, outcome.result.findings)
            verdict = score.verdict(whole, repair_from=repair_from, drop_from=drop_from)
            yield Scored(outcome.path, outcome.record, document.text, whole, parts, verdict)

    for part in scores.FORMS[form](scored(), paragraphs=paragraphs):
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()
    return 2 if failed else 0
