"""How well English words follow one another: the trigrams of the language model that pocketsphinx carries.

72,547 words, 2 million pairs and 1.7 million triples, read into memory (25 MB, 25 ms) when first asked. All chances
are natural logarithms.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

START = "<s>"  # stands before the first word of a sentence

_BASE = math.log(1.0001)  # the model's own logarithms
_UNKNOWN = -1_000_000  # what is below belongs to a word that the model does not have
_FLOOR = -16.5  # of a word that the model does not have: a little less than its rarest ones


def chance(before: Sequence[str], word: str) -> float:
    """Return the chance of a word after at most two others; a word that the model lacks tells nothing.

    >>> chance(["more"], "than") > chance(["more"], "then") + 3
    True
    """
    if not knows(word):
        return _FLOOR
    history = [word]
    for other in reversed(before[-2:]):
        if not knows(other):
            break
        history.append(other)
    return _ask()(history) * _BASE


@functools.lru_cache(maxsize=1 << 16)
def knows(word: str) -> bool:
    return bool(_ask()([word]) > _UNKNOWN) or word == START


@functools.lru_cache(maxsize=1 << 16)
def alone(word: str) -> float:
    """Return the chance of a word whatever its neighbours."""
    return chance((), word)


@functools.lru_cache(maxsize=1 << 18)
def bond(left: str, right: str) -> float:
    """Return how much likelier a word is after another than anywhere: below 0 for words that avoid each other.

    >>> bond("more", "than") > 3 > 1 > bond("more", "then")
    True
    """
    if not knows(left) or not knows(right):
        return 0.0
    return float(_ask()([right, left]) * _BASE - alone(right))


def fluency(before: Sequence[str], words: Sequence[str], after: Sequence[str]) -> float:
    """Return the chance of words between others, that of the two words behind them included."""
    line = [*before[-2:], *words, *after[:2]]
    first = len(before[-2:])
    return sum(chance(line[max(0, i - 2) : i], line[i]) for i in range(first, len(line)))


@functools.cache
def _ask() -> Callable[[list[str]], int]:
    """The model's own question: words, the last one first, to the chance of that one."""
    import pocketsphinx

    folder = Path(pocketsphinx.get_model_path("en-us"))
    model: Any = pocketsphinx.NGramModel.readfile(str(folder / "en-us.lm.bin"))
    return model.prob  # type: ignore[no-any-return]
