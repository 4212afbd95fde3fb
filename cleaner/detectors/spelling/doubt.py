"""Where to look: the words and pairs of words of a document that few who write well would leave as they are.

A cheap pass over the words of each passage, which asks of every word whether the dictionary has it and of every pair
whether it is odd, tells what may be there; only that is then looked for in the text.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from cleaner import article, fluency, statistics
from cleaner.detectors.spelling import tables, typos
from cleaner.detectors.spelling.line import Line
from cleaner.detectors.spelling.sources import Place
from cleaner.document import Document, Passage
from cleaner.mask.holes import BREAK

Pair = tuple[bytes, bytes]


def places(document: Document) -> list[Place]:
    """Return the doubtful places of a document in order."""
    found: list[Place] = []
    for passage in document.reading.passages:
        unknown = [word for word in {*passage.words} - statistics.undoubted() if not _is_word(word)]
        odd = _odd_pairs(passage)
        if unknown or odd:
            found += _located(document, passage, unknown, odd)
    times = Counter(place.word for place in found if place.unknown)
    listed = typos.corrections(times)  # once for all
    # A name, or what the document says again and again, is in doubt only if somebody has seen it misspelt.
    return [
        place._replace(times=max(1, times[place.word]))
        for place in found
        if not place.unknown or place.word in listed or not (place.is_name or times[place.word] > _A_TERM)
    ]


_A_TERM = 2  # times; what a document says more often, it means


def _is_word(word: bytes) -> bool:
    """True for what the dictionary lacks and is no word, or one all the same: a number, a contraction, a genitive."""
    if not any(c > 96 for c in word):
        return True
    if b"'" in word or b"\xe2\x80\x99" in word:
        plain = word.replace(b"\xe2\x80\x99", b"'").strip(b"'")
        stem = plain.removesuffix(b"'s")
        return stem in statistics.dictionary() or fluency.knows(plain.decode(errors="replace"))
    return not word.decode(errors="replace").isalpha()


def _odd_pairs(passage: Passage) -> list[Pair]:
    words = passage.words
    fine = _fine()
    pairs = {*zip(words, islice(words, 1, None), strict=False)} - fine
    odd = [pair for pair in pairs if _is_odd(pair)]
    if len(fine) > _MANY:
        fine.clear()
    fine |= pairs.difference(odd)
    return odd


_MANY = 1 << 19


@functools.cache
def _fine() -> set[Pair]:
    """Return the pairs that were asked about already and are not odd: most of any text has been seen before."""
    return set()


def _is_odd(pair: Pair) -> bool:
    left, right = pair[0].decode(errors="replace"), pair[1].decode(errors="replace")
    if left == right:
        return left.isalpha()
    if left in ("a", "an"):
        return article.article_for(right) not in (None, left)
    confused = tables.confusions()
    if left not in confused and right not in confused:
        return False
    if not fluency.knows(left) or not fluency.knows(right):
        return False
    bond = fluency.bond(left, right)
    if bond > _LOOSE:
        return False
    enough = max(_SOUND, bond + _BETTER)
    return any(fluency.bond(left, other) > enough for other in confused.get(right, ())) or any(
        fluency.bond(other, right) > enough for other in confused.get(left, ())
    )


_LOOSE = 1.0  # a pair that the model knows is seldom so loose
_SOUND = 0.5
_BETTER = 6.0  # at 2.2 twice as many places were weighed, and no more was found in 2,173 lines of typo commits


def _located(document: Document, passage: Passage, unknown: Iterable[bytes], odd: Iterable[Pair]) -> Iterator[Place]:
    lowered = passage.text.lower()
    if len(lowered) != len(passage.text):  # a capital that is two letters when small
        return
    at: dict[int, bool] = {}
    for word in unknown:
        for start in _finds(lowered, word.decode(errors="replace")):
            at[start] = True
    for left, right in odd:
        pair = f"{left.decode(errors='replace')} {right.decode(errors='replace')}"
        for start in _finds(lowered, pair):
            at.setdefault(start, False)
            at.setdefault(start + len(pair) - len(right.decode(errors="replace")), False)
    line = None
    for start in sorted(at):
        if line is None or start + _NEAR > line.start - passage.start + len(line.text):
            line = _line_around(passage, start)
            index = {token.start: i for i, token in enumerate(line.tokens)}
        i = index.get(start - (line.start - passage.start))
        if i is not None and line.is_free(i) and not line.is_mentioned(i):
            yield Place(document, line, i, unknown=at[start])


def _line_around(passage: Passage, at: int) -> Line:
    """Return what stands around a place: the paragraph, if it is long a part of it."""
    text = passage.text
    first, end = text.rfind(BREAK, 0, at) + 1, text.find(BREAK, at)
    end = len(text) if end < 0 else end
    if at - first > _AROUND:
        first = text.find(" ", at - _AROUND, at) + 1 or first
    if end - at > _AROUND:
        end = text.find(" ", at + _AROUND, end)
        end = len(text) if end < 0 else end
    return Line(text[first:end], passage.start + first)


_NEAR = 30  # code points that a line goes on at least behind a place, unless the paragraph ends
_AROUND = 70  # code points, a dozen words


def _finds(text: str, words: str) -> Iterator[int]:
    """Yield where words stand free of other letters."""
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield start
        start = text.find(words, end)
