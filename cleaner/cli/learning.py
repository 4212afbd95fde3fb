"""What `learn` does: read two versions of texts, and write what their corrections teach."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click

from cleaner import files, git, learning
from cleaner.config import Configuration
from cleaner.model import ConfigError
from cleaner.render.findings import counted
from cleaner.rules import load

Pair = tuple[str, str]  # a text, before and after


def learn(old: str, new: str, folder: str | None) -> None:
    """Print what the corrections between two versions teach, or write it to a folder."""
    pairs = list(_on_disk(old, new) if os.path.exists(old) and os.path.exists(new) else _revisions(old, new))
    found = [c for a, b in pairs for c in learning.corrections(a.split("\n"), b.split("\n"))]
    corrected = [b for _, b in pairs]
    learnt = learning.proposals(found, corrected) + learning.frames(found, corrected, _verbs())
    made = {
        "rules/en/learnt.yaml": learning.rule_file(learnt),
        "rules/en/learnt-verbs.yaml": learning.frame_file(learnt),
        "glossary.yaml": learning.glossary_file(learnt),
        "words.txt": "".join(f"{word}\n" for word in learning.words(found)),
    }
    for name, text in made.items():
        if text and folder is None:
            click.echo(f"# {name}\n{text}")
        elif text:
            place = Path(folder or "", name)
            if place.exists():
                raise ConfigError(f"{place}: is there already; name another folder, or move it away")
            place.parent.mkdir(parents=True, exist_ok=True)
            with files.replacing(str(place)) as out:
                out.write(text.encode())
    said = f"{counted(len(found), 'correction')} in {counted(len(pairs), 'text')}"
    click.echo(f"{said}: {counted(len(learnt), 'proposal')}", err=True)


def _verbs() -> dict[str, tuple[str, ...]]:
    """Return the forms of the verbs that rules know."""
    tables = load().tables["en"]
    known = [row for name, table in tables.items() if name.startswith("forms") for row in table.rows]
    return {row[0]: tuple(dict.fromkeys(filter(None, row[:5]))) for row in known}


def _on_disk(old: str, new: str) -> Iterator[Pair]:
    if os.path.isdir(old) != os.path.isdir(new):
        raise ConfigError(f"learn: {old} and {new}: two files, two folders, or two revisions of git")
    if not os.path.isdir(old):
        yield _read(old), _read(new)
        return
    for path in files.discover([old], Configuration().excludes):
        other = os.path.join(new, os.path.relpath(path, old))
        if os.path.exists(other):
            yield _read(path), _read(other)


def _read(path: str) -> str:
    return files.decode(files.read_bytes(path), path).text


_git = partial(git.ask, asked_by="learn", refused="learn: no such files or revisions")


def _revisions(old: str, new: str) -> Iterator[Pair]:
    changed = _git("diff", "--name-only", "--no-renames", "--diff-filter=M", "-z", "--end-of-options", old, new, "--")
    for name in changed.decode(errors="surrogateescape").split("\0"):
        if name and files.is_text(name):
            yield tuple(  # type: ignore[misc]  # two of them
                files.decode(_git("cat-file", "blob", f"{revision}:{name}"), name).text for revision in (old, new)
            )
