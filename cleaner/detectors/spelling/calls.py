"""Which words of a passage may be in a form that does not go with those around them: a cheap look at pairs of words."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from cleaner import cache
from cleaner.detectors.spelling import agreement, tables
from cleaner.detectors.spelling.agreement import (
    BE_FORMS,
    DO,
    HAVE,
    HELP,
    HELPED,
    MANY_BEFORE,
    ONE,
    ONE_EACH,
    SPANS,
    SUBJECTS,
    TIMES,
    WANT,
)
from cleaner.detectors.spelling.line import plain
from cleaner.detectors.spelling.phrases import (
    ADVERB_ONLY,
    ADVERBS,
    BE,
    BE_MANY,
    BE_ONE,
    DETERMINERS,
    MODALS,
    OBJECTS,
    PEOPLE,
    PREPOSITIONS,
    Words,
    is_new,
    known_words,
    readings,
)
from cleaner.mask.holes import OBJECT


def doubtful(words: Sequence[bytes], vocabulary: frozenset[bytes]) -> Iterator[int]:
    """Yield where the form of a word of a passage may be doubted."""
    for i in sorted({*_called(words, vocabulary), *_counted(words, vocabulary)}):
        if i < len(words) and _may_hold(words, i):
            yield i


def _called(words: Sequence[bytes], vocabulary: frozenset[bytes]) -> Iterator[int]:
    """Yield where a word stands in a form that the one before it may not go with, verbs above all."""
    wanted = {word: _wants(word) for word in vocabulary & _wanting()}
    here = [i for i, word in enumerate(words) if word in wanted and i]
    for i, calls in zip(here, [_calls(words[i - 1]) & wanted[words[i]] for i in here], strict=True):
        if calls and _is_called(words, i, i, calls):
            yield i


def _counted(words: Sequence[bytes], vocabulary: frozenset[bytes]) -> Iterator[int]:
    """Yield where a noun or an adjective stands behind a small word that it may not go with."""
    small = vocabulary & _SMALL
    for i in [i for i, word in enumerate(words[:-1]) if word in small]:
        word = words[i]
        if word in _BEFORE_VERBS:
            if _kind(words[i + 1]) == "a" and (word != b"to" or words[i - 1] in _WANTING):
                yield i + 1
            continue
        if word in _SPANS:
            if words[i + 1].isdigit() and not _TIMES.isdisjoint(words[i + 2 : i + 3]):
                yield i + 2
            continue
        if word in _OF_MANY and words[i + 1] == b"of":
            yield from (j for j in range(i + 3, min(i + 7, len(words))) if _number(words[j]) == 1)
        wanted = 2 if word in _FOR_ONE_EACH else 1
        for j in range(i + 1, min(i + 4, len(words))):
            if _number(words[j]) == wanted or (j == i + 1 and _kind(words[j]) == "r"):
                yield j
            if not _is_adjective(words[j]):
                break


@functools.cache
def _wanting() -> frozenset[bytes]:
    """Return the words that may answer to a call: compiled once, for the same tables."""
    path = cache.place("statistics", f"wanting-{_FORMAT}-{tables.version('readings.csv')}")
    words = (word.encode() for word in (*known_words(), *BE, "others", "this", "let"))
    made = cache.made(path, lambda: b" ".join(word for word in words if _wants(word)))
    return frozenset(cache.text(made).encode().split())


_FORMAT = 2  # to be raised when words want something else


@functools.lru_cache(maxsize=1 << 15)
def _number(word: bytes) -> int:
    """Return 1 for a noun that is one, 2 for a noun that is many, 0 for all else."""
    known = readings(plain(word))
    if "n" in known:
        return 1 if known.isdisjoint("sadrp") else 0
    return 2 if "s" in known else 0


@functools.lru_cache(maxsize=1 << 15)
def _kind(word: bytes) -> str:
    """Return a for a word that is an adjective and nothing else, r for an adverb in -ly."""
    known = readings(plain(word))
    if known == ADVERB_ONLY and word.endswith(b"ly"):
        return "r"
    return "a" if "a" in known and known.isdisjoint("rbns") else ""


@functools.lru_cache(maxsize=1 << 15)
def _is_adjective(word: bytes) -> bool:
    return "a" in readings(plain(word))


def _may_hold(words: Sequence[bytes], at: int) -> bool:
    first = max(0, at - _FAR)
    near = [plain(word) for word in words[first : at + _BEHIND]]
    return any(agreement.doubts(Words(near), at - first))


_FAR = 9  # words before a form that are looked at
_BEHIND = 4


# What a word calls for behind it, and which of that a form may answer to; cheap to ask of every pair of words.
_MODAL, _ADVERBIAL, _RELATIVE, _PLURAL, _SINGULAR, _PRONOUN, _OBJECT, _THIS, _CODE, _THERE, _AUXILIARY, _TO = (
    1 << i for i in range(12)
)
_GERUND, _HELPED_BY, _PREPOSITION, _THESE = (1 << i for i in range(12, 16))
# What is so common that words further away must call for a form, too.
_COMMON = _ADVERBIAL | _RELATIVE | _PLURAL | _SINGULAR | _THIS | _THERE | _GERUND | _HELPED_BY | _PREPOSITION | _THESE


@functools.lru_cache(maxsize=1 << 15)
def _calls(word: bytes) -> int:
    text = plain(word)
    known = readings(text)
    calls = {
        _MODAL: text in MODALS or text in DO,
        _ADVERBIAL: text in ADVERBS or known == ADVERB_ONLY,
        _RELATIVE: text in ("that", "which", "who"),
        _PLURAL: "s" in known or text in PEOPLE,
        _SINGULAR: "n" in known or is_new(text),
        _PRONOUN: text in ("it", "he", "she"),
        _OBJECT: text in ("they", "we", "you", *HELPED) and text != "it",
        _HELPED_BY: text in SUBJECTS,
        _PREPOSITION: text in PREPOSITIONS,
        _THIS: text == "this",
        _THESE: text in ("us", "them", "you", "these", "those"),
        _CODE: text == OBJECT,
        _THERE: text == "there",
        _AUXILIARY: text in BE_FORMS or text in HAVE or text in ("been", "being"),
        _TO: text == "to",
        _GERUND: text in ("by", "without", "while", "when", "try", "avoid", "of"),
    }
    return sum(call for call, holds in calls.items() if holds)


@functools.lru_cache(maxsize=1 << 15)
def _wants(word: bytes) -> int:
    text = plain(word)
    known = readings(text)
    if text == "others":
        return -1
    if text in BE_MANY:
        return _SINGULAR | _THESE if text in ("are", "have", "aren't", "haven't") else 0
    if text in ("this", "let"):
        return _CODE if text == "let" else _PREPOSITION
    if text in BE_ONE:
        return _PLURAL | _THERE | _SINGULAR | (_RELATIVE if text == "has" else 0)
    wants = 0
    if "z" in known and "b" not in known:
        wants |= _AUXILIARY | _TO | _MODAL | _ADVERBIAL | _RELATIVE | _PLURAL | _SINGULAR | _OBJECT | _HELPED_BY
    elif "d" in known and known.isdisjoint("abns"):
        wants |= _TO | _HELPED_BY | _MODAL
    if "b" in known and known.isdisjoint("dpz"):
        wants |= _GERUND | (0 if known & set("asrnm") else _AUXILIARY)
        wants |= 0 if "a" in known else _THESE | _RELATIVE | _PRONOUN | _THIS | _CODE | _ADVERBIAL
        wants |= 0 if known & set("nar") else _SINGULAR | _PLURAL
    if "s" in known and "n" not in known:
        wants |= _THIS
    return wants | (_TO | _MODAL if "g" in known and known.isdisjoint("nas") else 0)


def _is_called(words: Sequence[bytes], i: int, form: int, calls: int) -> bool:
    """True if words around a pair let one call for the form at a place, where the pair alone is common."""
    if calls & ~_COMMON:
        return True
    before, after = words[i - 2] if i > 1 else b"", words[form + 1] if form + 1 < len(words) else b""
    base = "b" in readings(plain(words[form])) or words[form] in _BE_FOR_MANY
    if calls & _ADVERBIAL:
        further = _calls(before) & _wants(words[form]) & ~_ADVERBIAL
        return bool(_calls(before) & _ADVERBIAL or (further and _is_called(words, i - 1, form, further)))
    if calls & _RELATIVE:
        return bool(_calls(before) & (_SINGULAR if base else _PLURAL)) and (not base or _is_of_one(words, i - 1))
    if calls & (_SINGULAR | _PLURAL):
        if base:
            return _is_of_one(words, i) or (calls & _PLURAL > 0 and b"of" in words[max(0, i - 5) : i - 1])
        attribute = pairwise(words[max(0, i - 6) : i - 1])
        return calls & _PLURAL > 0 or any(a in _BEFORE_ATTRIBUTE and _calls(b) & _PLURAL for b, a in attribute)
    return any(
        (
            calls & _GERUND and after in _OF_OBJECTS and (words[i - 1] != b"of" or before == b"instead"),
            calls & _THIS and (after in _OF_OBJECTS or after in _BE_FOR_ONE),
            calls & _THESE and before == b"of",
            calls & _PREPOSITION and _calls(after) & _PLURAL,
            calls & _THERE and any(_calls(word) & _PLURAL for word in words[form + 1 : form + 6]),
            calls & _HELPED_BY and before in _HELP_OR_DO,
        )
    )


def _is_of_one(words: Sequence[bytes], i: int) -> bool:
    """True if an article or the like stands up to three words before the word before a place."""
    return not _FOR_ONE.isdisjoint(words[max(0, i - 4) : i - 1])


def _utf8(*sets: Iterable[str]) -> frozenset[bytes]:
    return frozenset(word.encode() for words in sets for word in words)


_FOR_ONE = _utf8(ONE)
_FOR_ONE_EACH = _utf8(ONE_EACH)
_OF_MANY = _utf8(("one", "each", "two", "several"))
_COUNTING = _utf8(MANY_BEFORE, ONE_EACH, ("one", "different", "other"))
_SPANS = _utf8(SPANS)
_TIMES = _utf8(TIMES)
_OF_OBJECTS = _utf8(DETERMINERS, OBJECTS, (OBJECT,))
_BE_FOR_ONE = _utf8(("is", "was", "has"))
_BE_FOR_MANY = _utf8(BE_MANY)
_WANTING = _utf8(WANT)
_BEFORE_VERBS = _utf8(MODALS, ("to",))
_SMALL = _COUNTING | _BEFORE_VERBS | _SPANS
_HELP_OR_DO = _utf8(HELP, DO)
_BEFORE_ATTRIBUTE = _utf8(("of", "for", "in", "on", "to", "from", "between", "with", "over", "about"))
