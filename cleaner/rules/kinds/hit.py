"""What a kind reports: a rule, a place in the reading, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from cleaner.document import Document
from cleaner.model import Edit, Evidence, Node
from cleaner.rules.load import Entry


class Hit(NamedTuple):
    """A match of one rule; all offsets are code points of the reading, of `Document.lines` if it makes a node.

    `instead` is a second way to the same text, for when the first runs into a hole. `row` is what matched of the word
    lists and tables that the rule is made of.
    """

    entry: Entry
    start: int
    end: int
    edits: tuple[Edit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[str, ...] = ()
    instead: tuple[Edit, ...] = ()
    makes: Node | None = None
    row: str = ""


Matcher = Callable[[Document], Iterable[Hit]]


def stands_free(text: str, start: int, end: int) -> bool:
    """True if a stretch neither begins nor ends inside a word."""
    return start == end or not (
        (start > 0 and text[start].isalnum() and text[start - 1].isalnum())
        or (end < len(text) and text[end - 1].isalnum() and text[end].isalnum())
    )
