"""Where to look: the words and pairs of words of a document that few who write well would leave as they are.

A cheap pass over the words of each passage, which asks of every word whether the dictionary has it and of every pair
whether it is odd, tells what may be there; only that is then looked for in the text.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import filterfalse

from cleaner import article, fluency, statistics
from cleaner.detectors.spelling import calls, cues, sources, tables, typos
from cleaner.detectors.spelling.line import Line, plain
from cleaner.detectors.spelling.sources import Place
from cleaner.document import Document, Passage
from cleaner.mask.holes import BREAK, OBJECT

Pair = tuple[bytes, bytes]


def places(document: Document) -> list[Place]:
    """Return the doubtful places of a document in order."""
    passages = document.reading.passages
    unknown = [_unknown(passage) for passage in passages]
    listed = {*typos.corrections({plain(word) for words in unknown for word in words}), *tables.misspelt()}
    spots = [_spots(document, passage, words) for passage, words in zip(passages, unknown, strict=True)]
    times = Counter(word for at in spots for word in at.values() if word)
    found: list[Place] = []
    for passage, at in zip(passages, spots, strict=True):
        doubtful = {
            start: word
            for start, word in at.items()
            if not word or word in listed or (times[word] == 1 and _may_be_slip(passage.text, start, word))
        }
        found += _located(document, passage, doubtful, times, listed)
    return found


def _unknown(passage: Passage) -> set[bytes]:
    doubted = statistics.doubted(passage.vocabulary)
    return {*filterfalse(_is_word, doubted), *(passage.vocabulary & _misspelt())}


@functools.cache
def _misspelt() -> frozenset[bytes]:
    return frozenset(word.encode() for word in tables.misspelt())


def _may_be_slip(text: str, start: int, word: str) -> bool:
    """True for a word that nobody has on a list and that may yet be a slip, as its look goes.

    Of 20,000 candidates for words that are short, in capitals or not ASCII, or that the document has twice,
    3 were right, and 16 of 5,200 for words that are in use.
    """
    if len(word) < _LONG or not word.isascii():
        return False
    if text[start].isupper() and text[start + 1].isupper():
        return False
    if text[start].isupper() and len(word) < sources.LONG_NAME and _is_amid(text, start):
        return False
    return statistics.rarity(word) >= _HARDLY_USED


_LONG = 5  # letters
_HARDLY_USED = 620


@functools.lru_cache(maxsize=1 << 14)
def _is_word(word: bytes) -> bool:
    """True for what the dictionary lacks and is no word, or one all the same: a number, a contraction, a genitive."""
    if not any(c > 96 for c in word):
        return True
    if b"'" in word or b"\xe2\x80\x99" in word:
        bare = word.replace(b"\xe2\x80\x99", b"'").strip(b"'")
        stem = bare.removesuffix(b"'s")
        return stem in statistics.dictionary() or fluency.knows(bare.decode(errors="replace"))
    return not word.decode(errors="replace").isalpha()


def _is_amid(text: str, start: int) -> bool:
    """True for a capital that no sentence opens with: cheaper than to cut a line and ask that."""
    return text[start - 1 : start] == " " and text[start - 2 : start - 1].isalpha()


def _spots(document: Document, passage: Passage, unknown: Iterable[bytes]) -> dict[int, str]:
    """Return where something may be wrong in a passage: the unknown word that begins there, or "" for a known one."""
    odd = _odd_pairs(passage)
    lowered = passage.text.lower()
    if len(lowered) != len(passage.text):  # a capital that is two letters when small
        return {}
    at: dict[int, str] = {}
    for word in sorted(unknown):  # a genitive comes after the word that it begins with, and takes its place
        for start in _finds(lowered, word.decode(errors="replace")):
            at[start] = plain(word)
    for left, right in odd:
        first, second = left.decode(errors="replace"), right.decode(errors="replace")
        for start in _finds(lowered, f"{first} {second}"):
            if second == OBJECT and not _differs(document, first, passage.start + start + len(first) + 1):
                continue
            for place in (start, start + len(first) + 1):
                if at.setdefault(place, "").encode() in statistics.dictionary():
                    at[place] = ""  # a rare word, and what stands beside it says more than that
    return at


def _odd_pairs(passage: Passage) -> set[Pair]:
    """Return the pairs of words that may be wrong: one said twice, the other article, one that tells of the other."""
    words, vocabulary = passage.words, passage.vocabulary
    found = {(word, word) for word in passage.doubled if word.isalpha()}
    cued = {word: cues.beside(word) for word in vocabulary & cues.opening()}
    for i in [i for i, word in enumerate(words[:-1]) if word in cued]:
        if words[i + 1] in cued[words[i]] and (cues.may_hold(words, i) or cues.may_hold(words, i + 1)):
            found.add((words[i], words[i + 1]))
    found.update((words[i - 1], words[i]) for i in calls.doubtful(words, vocabulary))
    articles = vocabulary & _ARTICLES
    pairs = {(words[i], words[i + 1]) for i in [i for i, word in enumerate(words[:-1]) if word in articles]}
    return found.union(pair for pair in pairs if _is_other_article(*pair))


_ARTICLES = frozenset([b"a", b"an"])


@functools.lru_cache(maxsize=1 << 14)
def _is_other_article(left: bytes, right: bytes) -> bool:
    return right == _OBJECT or article.article_for(right.decode(errors="replace")) not in (None, left.decode())


_OBJECT = OBJECT.encode()


def _differs(document: Document, first: str, place: int) -> bool:
    """True if the code at a place of the reading wants another article than stands before it."""
    return article.article_for(sources.said(document, place)) not in (None, first)


def _located(
    document: Document, passage: Passage, at: Mapping[int, str], times: Mapping[str, int], listed: Collection[str]
) -> Iterator[Place]:
    for start in sorted(at):
        line = _line_around(passage, start)
        first = start + passage.start - line.start
        i = next((i for i, token in enumerate(line.tokens) if token.start == first), None)
        if i is not None and line.is_free(i) and not line.is_mentioned(i):
            place = Place(document, line, i, unknown=bool(at[start]), times=max(1, times[at[start]]))
            if not place.unknown or place.word in listed or not place.is_short_name:
                yield place


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


_AROUND = 70  # code points, a dozen words


def _finds(text: str, words: str) -> Iterator[int]:
    """Yield where words stand free of other letters."""
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield start
        start = text.find(words, end)
