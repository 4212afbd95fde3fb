"""What a document says about itself: how often it uses its words, names and word pairs."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from itertools import pairwise

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\s]")
# A name starts with a capital after something other than a sentence's end.
_NAME = re.compile(r"(?:(?<=[^\W_] )|(?<=[,;] )|(?<=[(“\"]))[A-Z][^\W\d_]+(?:[ -][A-Z][^\W\d_]+)*")

# With what apostrophes and hyphens join to it, but without ’s.
_CAPITALISED = re.compile(r"[A-Z]['’]?\w+(?:['’-](?!s\b)\w+)*")
_CAPITALS = "".join(c for c in map(chr, range(0xC0, 0x250)) if c.isupper())
_CAPITALISED_BEYOND_ASCII = re.compile(_CAPITALISED.pattern.replace("A-Z", f"A-Z{_CAPITALS}", 1))


class Index:
    """Counts over one text, each made when first asked for. Words and pairs are in lower case."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def words(self) -> Counter[str]:
        return Counter(token for token in self._tokens if token[0].isalpha())

    @cached_property
    def pairs(self) -> Counter[tuple[str, str]]:
        """Words side by side, nothing but white space between them."""
        return Counter((a, b) for a, b in pairwise(self._tokens) if a[0].isalpha() and b[0].isalpha())

    @cached_property
    def names(self) -> Counter[str]:
        """Runs of capitalised words that do not open a sentence."""
        return Counter(_NAME.findall(self._text))

    @cached_property
    def capitalised(self) -> Counter[str]:
        """Words with a capital, as they are written, with what hyphens and apostrophes join to them; no ’s."""
        # A capital inside a word begins one here too: cheaper than to look back at each.
        words = _CAPITALISED if self._text.isascii() else _CAPITALISED_BEYOND_ASCII
        return Counter(words.findall(self._text))

    @cached_property
    def _tokens(self) -> list[str]:
        return _TOKEN.findall(self._text.lower())
