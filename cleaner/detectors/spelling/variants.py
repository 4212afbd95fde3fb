"""British and American spelling: both are right; a document that mixes them gets one finding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.detectors.spelling import tables
from cleaner.document import Document
from cleaner.model import Evidence, Finding, Span

RULE = "spelling.mixed-variants"
_ENOUGH = 2  # words of each; one may be a name or a quotation


def are(word: str, other: str) -> bool:
    """True if two words are one, spelt the British and the American way, as far as the endings tell.

    >>> [are(*pair) for pair in (("unrivaled", "unrivalled"), ("gynecologist", "gynaecologist"), ("untill", "until"))]
    [True, True, False]
    """
    return _american(word) == _american(other)


def _american(word: str) -> str:
    for british, american in _ENDINGS:
        word = british.sub(american, word)
    return word


_ENDINGS = [
    (re.compile(expression), american)
    for expression, american in (
        ("ae|oe", "e"),
        ("our", "or"),
        (r"ll(?=(?:ed|ing|ers?|ors?|ous|ist|ations?)$)", "l"),
        (r"(?<=[bcdt])re(?=s?$)", "er"),
        (r"is(?=(?:e[drs]?|ers|ing|ations?)$)", "iz"),
        (r"ys(?=(?:e[drs]?|ing)$)", "yz"),
        (r"ogue(?=s?$)", "og"),
    )
]


def detect(document: Document) -> Iterator[Finding]:
    """Say where a document that spells mostly one way first spells the other way."""
    british, american = tables.variants()
    words = document.reading.words
    both = {"British": words & british, "American": words & american}
    if min(map(len, both.values())) < _ENOUGH:
        return
    found = {way: sorted(word.decode() for word in spelt) for way, spelt in both.items()}
    fewer, more = sorted(found, key=lambda way: (_uses(document, found[way]), way))
    first = re.search(rf"\b(?:{'|'.join(found[fewer])})\b", document.reading.text, re.I)
    if first:
        said = tuple(Evidence("document", f"{way}: {', '.join(found[way][:_SHOWN])}") for way in (more, fewer))
        yield Finding(
            rule=RULE,
            span=Span(*document.reading.source_span(*first.span())),
            message=f"“{first[0]}” is {fewer} spelling, and most of the document is {more}",
            evidence=said,
        )


_SHOWN = 6


def _uses(document: Document, words: list[str]) -> int:
    return sum(passage.words.count(word.encode()) for passage in document.reading.passages for word in words)
