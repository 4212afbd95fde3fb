"""The command that keeps accepted words: `cleaner words add`."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click

from cleaner import files
from cleaner.accepted import added, entry_of
from cleaner.config import WORDS, Configuration, accepted_words
from cleaner.model import ConfigError


@click.group()
def words() -> None:
    """Keep the words that are accepted as they stand."""


@words.command()
@click.argument("new", nargs=-1, required=True, metavar="WORD...")
@click.option("--file", metavar="FILE", type=click.Path(), help=f"Default: the nearest {WORDS}, or one made here.")
def add(new: tuple[str, ...], file: str | None) -> None:
    """Add words to a file of accepted words, which stays sorted.

    A word in lower case is accepted in any case, one with a capital exactly as it is.
    """
    for word in new:
        if entry_of(word) != word.strip() or not word.strip() or len(word.splitlines()) > 1:
            raise ConfigError(f"{word!r} is not a word: “#” opens a comment, and each word has its line")
    accept((word.strip() for word in new), file)


def accept(words: Iterable[str], file: str | None = None) -> None:
    """Add words to a file of accepted words; raises FileError or ConfigError."""
    path = file or Configuration().words_file(WORDS) or WORDS
    data = files.read_bytes(path) if os.path.exists(path) else b""
    accepted_words([path] if data else [])  # so that a broken file is refused
    made = added(data.decode("utf-8-sig"), words).encode()
    if made != data:
        with files.replacing(path) as out:
            out.write(made)
