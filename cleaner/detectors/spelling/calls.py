"""Which words of a passage may be in a form that does not go with those around them: a cheap look at pairs of words."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from cleaner.detectors.spelling import agreement
from cleaner.detectors.spelling.agreement import BE_FORMS, DO, HAVE, HELP, HELPED, MANY_BEFORE, ONE, ONE_EACH, SUBJECTS
from cleaner.detectors.spelling.line import plain
from cleaner.detectors.spelling.phrases import (
    ADVERB_ONLY,
    ADVERBS,
    BE,
    BE_ONE,
    DETERMINERS,
    MODALS,
    OBJECTS,
    PEOPLE,
    PREPOSITIONS,
    Words,
    is_new,
    readings,
)
from cleaner.mask.holes import OBJECT


def doubtful(words: Sequence[bytes], vocabulary: frozenset[bytes]) -> Iterator[int]:
    """Yield where the form of a word of a passage may be doubted."""
    wanted = {word: wants for word in vocabulary if (wants := _wants(word))}
    for i in [i for i, word in enumerate(words) if word in wanted]:
        calls = _calls(words[i - 1]) & wanted[words[i]] if i else 0
        if calls and _is_called(words, i, calls) and _may_hold(words, i):
            yield i


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
_GERUND, _ARTICLE, _THE, _ADJECTIVE, _QUANTITY, _HELPED_BY, _PREPOSITION = (1 << i for i in range(12, 19))
_COMMON = _SINGULAR | _THE | _ADJECTIVE | _HELPED_BY | _ADVERBIAL | _THERE | _RELATIVE | _GERUND | _THIS | _PREPOSITION


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
        _CODE: text == OBJECT,
        _THERE: text == "there",
        _AUXILIARY: text in BE_FORMS or text in HAVE or text in ("been", "being"),
        _TO: text == "to",
        _GERUND: text in ("by", "without", "while", "when", "try", "avoid", "of"),
        _ARTICLE: text in ONE_EACH or text == "this",
        _THE: text == "the",
        _ADJECTIVE: "a" in known,
        _QUANTITY: text in MANY_BEFORE or text == "different",
    }
    return sum(call for call, holds in calls.items() if holds)


@functools.lru_cache(maxsize=1 << 15)
def _wants(word: bytes) -> int:
    text = plain(word)
    known = readings(text)
    if text == "others":
        return -1
    if text in BE and text not in BE_ONE:
        return _SINGULAR
    if text in ("this", "let"):
        return _CODE if text == "let" else _PREPOSITION
    if text in ("is", "was", "has", "does", "isn't", "wasn't", "hasn't", "doesn't"):
        return _PLURAL | _THERE | _SINGULAR | (_RELATIVE if text == "has" else 0)
    wants = 0
    if "z" in known and "b" not in known:
        wants |= _AUXILIARY | _TO | _MODAL | _ADVERBIAL | _RELATIVE | _PLURAL | _SINGULAR | _OBJECT | _HELPED_BY
    elif "d" in known and not set(known) & set("abns"):
        wants |= _TO | _HELPED_BY | _MODAL
    if "b" in known and not set(known) & set("dpz"):
        wants |= _GERUND | _AUXILIARY
        wants |= 0 if "a" in known else _RELATIVE | _PRONOUN | _THIS | _CODE | _ADVERBIAL
        wants |= 0 if set(known) & set("nar") else _SINGULAR | _PLURAL
    if "s" in known and "n" not in known:
        wants |= _ARTICLE | _ADJECTIVE
    if "n" in known and not set(known) & set("sadrp"):
        wants |= _QUANTITY | _THE | _ADJECTIVE
    if "a" in known and not set(known) & set("rbns"):
        wants |= _MODAL | _TO
    if known == ADVERB_ONLY and text.endswith("ly"):
        wants |= _ARTICLE
    return wants | (_TO | _MODAL if "g" in known and not set(known) & set("nas") else 0)


def _is_called(words: Sequence[bytes], i: int, calls: int) -> bool:
    """True if words around a pair let one call for the other, where the pair alone is common."""
    if calls & ~_COMMON:
        return True
    before, after = words[i - 2] if i > 1 else b"", words[i + 1] if i + 1 < len(words) else b""
    base = "b" in readings(plain(words[i]))
    near = words[max(0, i - 5) : i - 1]
    if calls & _ADVERBIAL:
        further = _calls(before) & _wants(words[i]) & ~_ADVERBIAL
        return bool(_calls(before) & _ADVERBIAL or (further and _is_called(words, i - 1, further)))
    if calls & _RELATIVE:
        return bool(_calls(before) & (_SINGULAR if base else _PLURAL)) and (not base or not _FOR_ONE.isdisjoint(near))
    if calls & _SINGULAR:
        if base:
            return not _FOR_ONE.isdisjoint(near)
        attribute = pairwise(words[max(0, i - 6) : i - 1])
        only = not _wants(words[i]) & ~_SINGULAR
        return only or any(a in _BEFORE_ATTRIBUTE and _calls(b) & _PLURAL for b, a in attribute)
    return any(
        (
            calls & (_GERUND | _THIS) and (_calls(after) & (_ARTICLE | _THE) or after in _OF_OTHERS),
            calls & _PREPOSITION and _calls(after) & _PLURAL,
            calls & _THERE and any(_calls(word) & _PLURAL for word in words[i + 1 : i + 6]),
            calls & _HELPED_BY and before in _HELP_OR_DO,
            calls & _THE and before == b"of" and i > 2 and words[i - 3] in _OF_MANY,
            calls & _ADJECTIVE and not (_FOR_MANY_OR_ONE | _OF_MANY).isdisjoint(near),
        )
    )


def _utf8(*sets: Iterable[str]) -> frozenset[bytes]:
    return frozenset(word.encode() for words in sets for word in words)


_FOR_ONE = _utf8(ONE)
_OF_OTHERS = _utf8(DETERMINERS, OBJECTS, ("is", "was", "has"))
_HELP_OR_DO = _utf8(HELP, DO)
_BEFORE_ATTRIBUTE = _utf8(("of", "for", "in", "on", "to", "from", "between", "with"))
_FOR_MANY_OR_ONE = _utf8(MANY_BEFORE, ONE_EACH)
_OF_MANY = _utf8(("one", "each", "two", "several"))
