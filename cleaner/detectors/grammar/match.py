"""What an engine says about a paragraph, and what every engine is: a name, a version, and a way to ask it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

# Of harper-py and LanguageTool: trust is measured on these, and counts for no others.
VERSIONS = {"harper": "0.2.0", "languagetool": "6.8"}


class Match(Struct, frozen=True, array_like=True):
    """One hit of an engine in a paragraph, in code points of it; the first of `replacements` is the best."""

    rule: str
    category: str
    start: int
    end: int
    message: str
    replacements: tuple[str, ...] = ()


MOST_REPLACEMENTS = 5  # kept of each hit; nobody reads more


class Engine(Protocol):
    """A grammar engine that is ready to be asked."""

    def ask(self, paragraphs: Sequence[str]) -> list[list[Match]]:
        """Return the hits in each paragraph; raises BackendError."""
