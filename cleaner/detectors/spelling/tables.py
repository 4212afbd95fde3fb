"""The tables of the family, from the folder of the shipped rules."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from cleaner.rules import words
from cleaner.rules.load import shipped_folder


def _rows(name: str) -> tuple[tuple[str, ...], ...]:
    path = shipped_folder() / "en" / "spelling" / name
    return words.parse_table(path.read_text(encoding="utf-8"), str(path)).rows


@functools.cache
def confusions() -> Mapping[str, tuple[str, ...]]:
    """Return for each word those that it is taken for."""
    found: dict[str, set[str]] = {}
    for row in _rows("confusions.csv"):
        for word in filter(None, row):
            found.setdefault(word, set()).update(other for other in row if other not in ("", word))
    return {word: tuple(sorted(others)) for word, others in found.items()}


@functools.cache
def weights() -> Mapping[str, Mapping[str, float]]:
    """Return the weights of the evidence for each rule; what `make train` has found."""
    found: dict[str, dict[str, float]] = {}
    for rule, evidence, weight in _rows("weights.csv"):
        found.setdefault(rule, {})[evidence] = float(weight)
    return found


@functools.cache
def variants() -> tuple[frozenset[bytes], frozenset[bytes]]:
    """Return the words that are spelt the British way, and those spelt the American way."""
    rows = _rows("variants.csv")
    return frozenset(row[0].encode() for row in rows), frozenset(row[1].encode() for row in rows)
