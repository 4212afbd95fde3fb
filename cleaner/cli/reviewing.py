"""What `review` does: gather what is to be decided, and ask on a page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import click
from msgspec import Struct

from cleaner import files
from cleaner.cli.output import Tally, by_path, report
from cleaner.render.findings import counted
from cleaner.review import decisions, page
from cleaner.review.decisions import Decisions, Reviewed
from cleaner.review.items import Draft, items_of
from cleaner.work import Outcome


class Asked(Struct, frozen=True):
    """What a review asks: the files that hold something to decide, and their texts."""

    files: tuple[Reviewed, ...]
    drafts: tuple[Draft, ...]
    failed: bool  # a file could not be looked at
    blind: bool  # none could


def gather(outcomes: Iterable[Outcome], field: str) -> Asked:
    """Collect what is to be decided about findings of at least the level shown; what fails is told on stderr."""
    tally = Tally()
    found: list[Reviewed] = []
    drafts: list[Draft] = []
    blind = True
    for path, group in by_path(outcomes):
        digest, own, encoding = hashlib.blake2b(), list[Draft](), "utf-8"
        for outcome in group:
            report(outcome, tally, verbose=False)
            digest.update(outcome.old)
            encoding = outcome.encoding
            blind &= bool(outcome.error)
            if outcome.result is None:
                continue
            items = tuple(item for item in items_of(outcome.result) if item.level.rank >= outcome.shown.rank)
            if items:
                own.append(Draft(path, outcome.result.before, items, outcome.record))
        if own:
            found.append(Reviewed(path, digest.hexdigest(), encoding, field))
            drafts += own
    return Asked(tuple(found), tuple(drafts), tally.failed, tally.failed and blind)


def still_valid(asked: Asked, before: Decisions) -> Decisions:
    """Return what a file of decisions is to hold when a review begins: what it holds of files that did not change."""
    now = {file.path: file for file in asked.files}
    changed = {file.path for file in before.files if file.path in now and file.digest != now[file.path].digest}
    for name in sorted(changed):
        lost = sum(decision.path == name for decision in before.decisions)
        if lost:
            click.echo(f"{name} changed since it was reviewed: {counted(lost, 'decision')} dropped", err=True)
    others = tuple(file for file in before.files if file.path not in now)
    kept = tuple(decision for decision in before.decisions if decision.path not in changed)
    return Decisions(decisions.VERSION, (*asked.files, *others), kept)


def write_page(asked: Asked, path: str, lang: str, before: Decisions | None, *, quiet: bool) -> None:
    """Write the page for editors, with what was decided before; raises FileError."""
    decided = list(decisions.last(still_valid(asked, before).decisions)) if before else []
    with files.replacing(path) as out:
        out.writelines(page.render(asked.files, asked.drafts, lang=lang, decided=decided))
    if not quiet:
        number = sum(len(draft.items) for draft in asked.drafts)
        click.echo(f"{path}: {counted(number, 'finding')} in {counted(len(asked.files), 'file')} to review", err=True)
