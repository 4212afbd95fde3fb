"""The commands for people who write rules: `cleaner rules list`, `show` and `test`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cleaner.model import ConfigError, RuleError
from cleaner.rules import load
from cleaner.rules.load import Entry, RuleSet, shipped_folder

_folders = click.option(
    "--rules", "folders", multiple=True, metavar="DIR", type=click.Path(), help="A folder of more rules."
)


@click.group()
def rules() -> None:
    """List, explain and test rules."""


@rules.command("list")
@_folders
def list_rules(folders: tuple[str, ...]) -> None:
    """List all rules with level, kind and message."""
    entries = _load(folders).entries
    names, kinds = (max(map(len, column)) for column in zip(*((e.id, e.kind) for e in entries), strict=True))
    for entry in sorted(entries, key=lambda entry: entry.id):
        click.echo(f"{entry.id:{names}}  {entry.level:7}  {entry.kind:{kinds}}  {entry.rule.message}")


@rules.command()
@click.argument("name", metavar="ID")
@_folders
def show(name: str, folders: tuple[str, ...]) -> None:
    """Explain a rule, with its examples; ID may be a dotted prefix."""
    found = [e for e in _load(folders).entries if e.id == name or e.id.startswith(name + ".")]
    if not found:
        raise ConfigError(f"no rule {name!r}: cleaner rules list names them all")
    click.echo("\n\n".join(_described(entry) for entry in found))


def _described(entry: Entry) -> str:
    rule = entry.rule
    lines = [entry.id, f"  kind     {entry.kind}", f"  level    {_level(entry)}"]
    if entry.trust:
        c = entry.trust.counts
        lines.append(
            f"  trust    {entry.trust.confidence:.3f}: of its repairs {c.right} right, {c.wrong} wrong; on edited"
        )
        lines.append(f"           text {c.hits} hits, {c.false} of them false, and {c.opportunities} chances let pass")
    lines += [f"  entry    {row}: {level}" for row, level in sorted(entry.rows.items())]
    lines.append(f"  file     {entry.path}:{entry.line}")
    lines += [f"  message  {rule.message}", f"  why      {rule.why}"]
    if rule.source:
        lines.append(f"  source   {rule.source}")
    lines += [f"  bad      {example}" for example in rule.bad]
    lines += [f"  good     {example}" for example in rule.good]
    return "\n".join(lines)


def _level(entry: Entry) -> str:
    """The level at which a rule works, and why it is another one than it asks for."""
    if entry.level == entry.rule.level:
        return entry.level
    return f"{entry.level} (asks for {entry.rule.level}: {'has not earned it' if entry.trust else 'not measured yet'})"


@rules.command()
@click.argument("path", required=False, type=click.Path())
def test(path: str | None) -> None:
    """Run the examples of all rules, or of those below PATH (a folder of rules, or one of its files).

    They are run alone and in company with the rules that come with cleaner.
    """
    from cleaner.rules import selftest

    folder, only = _place(path)
    inside = folder is not None and folder.resolve().is_relative_to(shipped_folder())
    checked = load([] if folder is None or inside else [folder])
    wanted = None if path is None else (only or folder)
    entries = tuple(
        e for e in checked.entries if wanted is None or Path(e.path).resolve().is_relative_to(wanted.resolve())
    )
    failures = list(selftest.test(checked, entries))
    for failure in failures:
        click.echo(str(failure))
    examples = sum(len(e.rule.bad) + len(e.rule.good) for e in entries)
    click.echo(f"rules: {len(entries)}, examples: {examples}, failures: {len(failures)}", err=True)
    sys.exit(1 if failures else 0)


def _place(path: str | None) -> tuple[Path | None, Path | None]:
    """Return the folder of rules that a path stands for, and the file in it if it names one."""
    if path is None:
        return None, None
    place = Path(path)
    if place.is_dir():
        return place, None
    if not place.is_file():
        raise RuleError(f"{path}: no such file or folder")
    shipped = shipped_folder()
    if place.resolve().is_relative_to(shipped):
        return shipped, place
    # A file in a folder named like a language belongs to the folder above it.
    parent = place.parent
    return (parent.parent if len(parent.name) in (2, 3) else parent), place


def _load(folders: tuple[str, ...]) -> RuleSet:
    return load([Path(folder) for folder in folders])
