"""Forms that do not go with the words around them: one and many, verb and subject, what stands behind a modal.

A shallow look: what words may be is listed in `rules/en/spelling/readings.csv`, and a form is doubted only where what
stands on both sides leaves one reading. Each way to doubt a form has a name, and the arbiter learns how often it is
right.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaner import cache
from cleaner.detectors.spelling import tables
from cleaner.detectors.spelling.line import Line, plain
from cleaner.mask.holes import OBJECT


class Doubt(NamedTuple):
    """What is meant instead of a form, and why."""

    meant: str
    why: str


def at(line: Line, token: int) -> Iterator[Doubt]:
    """Yield what may be meant by the form of a word of a line."""
    if line.tokens[token].text.islower():
        yield from _doubts(_Words(line.words, line), token)


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
    return any(_doubts(_Words(near), at - first))


_FAR = 9  # words before a form that are looked at
_BEHIND = 4


def _doubts(words: _Words, at: int) -> Iterator[Doubt]:
    seen = {words[at]}
    for way in _WAYS:
        for meant, why in way(words, at):
            if meant and meant not in seen:
                seen.add(meant)
                yield Doubt(meant, why)


class _Words:
    """Words with what they may be: those of a line, or of a passage, of which the marks between them are not known."""

    def __init__(self, words: Sequence[str], line: Line | None = None) -> None:
        self.words = words
        self.line = line

    def __getitem__(self, i: int) -> str:
        """The word, empty for a mark and beyond the ends."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def may(self, i: int, readings: str) -> bool:
        known = _readings(self[i])
        return any(reading in known for reading in readings)

    def joined(self, i: int) -> bool:
        """True if a word and the next one are parted by a single space."""
        return bool(self[i] and self[i + 1]) and (self.line is None or self.line.gap(i) == " ")

    def is_small(self, first: int, end: int) -> bool:
        """True if some words are no names, as their letters tell; the first word of a sentence may be any."""
        line = self.line
        return line is None or all(line.tokens[i].text.islower() or line.opens(i) for i in range(first, end))

    def mark(self, i: int) -> str:
        """Return the mark that a token is, empty for a word and where marks are not known."""
        return self.line.tokens[i].text if self.line and 0 <= i < len(self.words) and not self.words[i] else ""

    def opens(self, i: int) -> bool:
        """True if a sentence opens with a word."""
        if self.line is None:
            return True
        return self.line.opens(i) and (i == 0 or self.mark(i - 1) not in ("'", "‘", "’", "(", "–", "—", "-"))

    def is_first(self, i: int) -> bool:
        """True if a sentence opens with a word for certain."""
        return self.line is not None and self.opens(i)

    def opens_clause(self, i: int) -> bool:
        if self[i - 1] == "as" and self.joined(i - 1):
            return self.opens(i - 1)
        return self.opens(i) or (self[i - 1] in _CONJUNCTIONS and self.joined(i - 1))

    def before_adverbs(self, i: int) -> int:
        """Return the last word before a word that is no adverb; -1 if none is joined to it."""
        while self.joined(i - 1) and (self[i - 1] in _ADVERBS or _readings(self[i - 1]) == _ADVERB):
            i -= 1
        return i - 1 if self.joined(i - 1) else -1

    def phrase(self, i: int) -> int:
        """Return where the noun phrase begins whose noun stands at a place."""
        while self.joined(i - 1) and self[i - 1] not in _CLOSED and (self.may(i - 1, "nsapg") or _is_new(self[i - 1])):
            i -= 1
        return i - 1 if self.joined(i - 1) and self[i - 1] in _DETERMINERS else i

    def ends_phrase(self, i: int) -> bool:
        """True if no further noun stands behind a noun in its phrase."""
        if self.line is None or i + 1 >= len(self.words):
            return self.line is not None or self[i + 1] not in _CALL_ON
        return self.mark(i + 1) in tuple(".;:!?") if not self[i + 1] else self.joined(i) and self[i + 1] in _BEHIND_NOUN

    def has_object(self, i: int) -> bool:
        """True if what follows a word opens a noun phrase."""
        return self.joined(i) and (self[i + 1] in _DETERMINERS or self[i + 1] in _OBJECTS or self[i + 1] == OBJECT)

    def has_preposition(self, i: int) -> bool:
        return self.joined(i) and self[i + 1] in _PREPOSITIONS and self[i + 1] not in ("of", "up", "off", "out", "down")

    def is_many(self, i: int) -> bool:
        word = self[i]
        return word in _PEOPLE or (
            "s" in _readings(word) and "n" not in _readings(word) and word not in tables.small_words("like a plural")
        )

    def is_one(self, i: int) -> bool:
        word = self[i]
        return (
            "n" in _readings(word)
            and "s" not in _readings(word)
            and word not in tables.small_words("group")
            and word[-1:] != "s"
        )

    def is_certain(self, start: int) -> bool:
        """True if the noun phrase that starts at a place is no part of another: of two nouns, either may be meant."""
        before = self[start - 1]
        if not self.joined(start - 1):
            return self.opens(start)
        if before in ("of", "and", "or"):
            return self.is_many(start - 2)
        if before not in _PREPOSITIONS:
            return True
        return self.joined(start - 2) and not (self.may(start - 2, "nsa") or _is_new(self[start - 2]))

    def is_verb(self, i: int) -> bool:
        """True if what follows a word that is a verb as a rule lets it be one."""
        if self[i + 1] in _FINITE or self.mark(i + 1) in ("-", "/"):
            return False
        return not self.may(i, "m") or self.has_object(i) or self.has_preposition(i)

    def is_subject(self, start: int, noun: int) -> bool:
        """True if the noun phrase between two places opens a clause and is no clause itself: `the word it uses`."""
        if not self.opens_clause(start) or not self.is_small(noun, noun + 1):
            return False
        if self[start] not in _DETERMINERS:
            if any(word.endswith("ing") for word in self.words[start:noun]):
                return False
            if self.may(start, "b") and self.is_first(start):
                return False
        return self.opens(start) or not (noun > start and self.may(noun, "z") and not self.may(noun - 1, "a"))


def _is_new(word: str) -> bool:
    """True for a word that nothing is known of, and for code."""
    return word == OBJECT or (word.removesuffix("'s").isalpha() and not _readings(word) and word not in _CLOSED)


_Found = Iterator[tuple[str, str]]


def _behind_modal(t: _Words, i: int) -> _Found:
    """Can parses; may transitively calls; does not exists."""
    if not t.may(i, "z") or t.may(i, "b") or t[i] == "needs":
        return
    k = t.before_adverbs(i)
    if t[k] in _MODALS or (t[k] in _DO and t[k + 1] == "not"):
        if not t.is_small(k, k + 1) or t.is_first(k):
            return
        if not t.may(i, "s") or (t[k - 1] not in _QUESTIONS and (k < i - 1 or t.has_object(i) or t.has_preposition(i))):
            yield _form(t[i], "z", "b"), "behind a modal"
    elif t[k] == "to" and t[i - 1].endswith("ly") and t.has_object(i):
        yield _form(t[i], "z", "b"), "behind “to” and an adverb"


def _behind_help(t: _Words, i: int) -> _Found:
    """Lets you displays; does it makes."""
    if not t.may(i, "zd") or t.may(i, "b"):
        return
    k = t.before_adverbs(i)
    h = k - 2 if t[k - 1] in ("the", "your", "our") and t.joined(k - 2) else k - 1
    if not t.joined(k - 1):
        return
    if t[k] in _HELPED and t[h] in _HELP and t.may(i, "z") and (not t.may(i, "s") or t.has_object(i)):
        yield _form(t[i], "z", "b"), "behind let, help or make"
    elif h == k - 1 and t[k] in _SUBJECTS and t[h] in _DO and not t.may(i, "sa"):
        yield _form(t[i], "z", "b") or _form(t[i], "d", "b"), "behind do"


def _behind_relative(t: _Words, i: int) -> _Found:
    """Hooks that follows; a plan that add."""
    k = t.before_adverbs(i)
    h = k - 1
    if t[k] not in ("that", "which", "who") or not t.joined(h) or not (_to_many(t[i]) or _to_one(t[i])):
        return
    j = t.phrase(h)
    if not t.is_certain(j) or not t.is_verb(i) or "not" in t.words[k:i]:
        return
    counted = t[j] in ("all", "some", "these", "those") or any(word in _MANY_BEFORE for word in t.words[j:h])
    if t.is_many(h) and _to_many(t[i]) and t.is_small(h, h + 1):
        plural = t.may(i, "s") and not t.has_object(i)
        of_clause = t[k] == "which" and not (counted and t[i] == "has")
        if not (plural or of_clause or t[i] == "means" or (t[i] in _BE and not counted)):
            yield _to_many(t[i]), "behind many and a relative"
    elif t.is_one(h) and t[k] != "who" and t[i] not in _BE and t[j] in _ONE_EACH and not t.may(i, "dpznarm"):
        yield _to_one(t[i]), "behind one and a relative"


def _behind_subject(t: _Words, i: int) -> _Found:
    """The mustaches interprets; the component choose."""
    h = t.before_adverbs(i)
    if not t.may(h, "ns") or not (_to_many(t[i]) or _to_one(t[i])):
        return
    j = t.phrase(h)
    if not t.is_subject(j, h) or not t.is_verb(i) or "not" in t.words[h:i]:
        return
    alone = j == h
    bare = " without an article" if t.opens(j) and t[j] not in _DETERMINERS else ""
    if t.is_many(h) and _to_many(t[i]) and not t.may(i, "bs"):
        if t[i] in _BE:
            if t[j] in _OWNED and t[h] not in tables.small_words("measure"):
                yield _to_many(t[i]), "“be” behind many"
        elif (
            t[j] not in _ONE
            and t[i] not in ("means", "refers")
            and not (alone and t.is_first(j))
            and OBJECT not in t.words[j:h]
        ):
            yield _to_many(t[i]), f"behind many{bare}"
        elif t[j] == "the":
            yield _to_many(t[i]), "behind many"
    elif t.is_one(h) and not t.may(h, "a") and t[j] in _ONE and t[j - 1] != "that" and t[i] not in _BE:
        noun = h > j + 1 and t.may(h, "b") and t.is_many(h - 1)
        verb = t.has_object(i) and t[i + 1] != "that"
        verb = verb or (
            not t.may(i, "m") and (h < i - 1 or t.has_preposition(i) or t[i + 1] in ("how", "what", "whether"))
        )
        if _to_one(t[i]) and not t.may(i, "dpznar") and verb and not noun and t[i] != "except":
            yield _to_one(t[i]), "behind one"


def _behind_attribute(t: _Words, i: int) -> _Found:
    """The pros of runtime reactivity is; the complexity of your components grow."""
    last = t.before_adverbs(i)
    if not t.may(last, "ns") or not (_to_many(t[i]) or _to_one(t[i])):
        return
    j = t.phrase(last)
    h = j - 2
    if t[j - 1] not in ("of", "for", "in", "on", "to", "from", "between", "with") or not (
        t.joined(j - 1) and t.joined(h)
    ):
        return
    k = t.phrase(h)
    if not t.is_subject(k, h) or not t.is_small(h, i) or not t.is_verb(i) or "not" in t.words[last:i]:
        return
    if (
        t.is_many(h)
        and h > k
        and _to_many(t[i])
        and not t.may(i, "bs")
        and t[h] not in tables.small_words("measure")
        and t[h] not in ("lots", "terms")
        and not t.may(last, "b")
    ):
        if not t.may(h, "z") or t[k] in _DETERMINERS:
            yield _to_many(t[i]), "behind many with an attribute"
    elif (
        (
            t.is_one(h)
            and t.is_many(last)
            and not t.may(last, "z")
            and t[k] in _ONE
            and t[i] not in _BE
            and t[j - 1] == "of"
        )
        and _to_one(t[i])
        and not t.may(i, "dpzanrm")
        and t[last] not in _PEOPLE
    ):
        yield _to_one(t[i]), "behind one with an attribute"


def _behind_pronoun(t: _Words, i: int) -> _Found:
    """It help you; they needs."""
    h = t.before_adverbs(i)
    if (t[h] not in _SUBJECTS and t[h] not in ("this", OBJECT)) or "not" in t.words[h:i] or t.mark(i + 1) == "-":
        return
    if not (t.opens(h) or (t.joined(h - 1) and t[h - 1] in _CONJUNCTIONS | {"and", "which"})):
        return
    if t[h] in ("they", "we", "you"):
        if _to_many(t[i]) and t[i] not in _BE and not t.may(i, "bs"):
            yield _to_many(t[i]), "behind a pronoun"
    elif (
        _to_one(t[i])
        and t[i] not in _BE
        and not t.may(i, "dpzar")
        and t[h - 1] not in ("that", "if", "unless", "where")
    ):
        if (t[h] in ("it", "he", "she") and (not t.may(i, "n") or t.has_object(i))) or (
            t[h] == "this" and t.opens(h) and t.has_object(i) and not t.may(i, "nm")
        ):
            yield _to_one(t[i]), "behind a pronoun"
        elif (
            t[h] == OBJECT
            and t[h - 1] != "and"
            and (t.has_object(i) or t.has_preposition(i))
            and not t.may(i, "nm")
            and t[i] != "except"
        ):
            yield _to_one(t[i]), "behind code"


def _behind_there(t: _Words, i: int) -> _Found:
    """There is two possible ways; there has been no reports."""
    if t[i] not in ("is", "was", "has") or t[i - 1] != "there" or not t.joined(i - 1):
        return
    first = k = i + 1 if t[i] != "has" else i + 2
    if t[i] == "has" and t[i + 1] != "been":
        return
    while k < i + 6 and t.joined(k) and (t[k] in _QUANTITIES or (t.may(k, "a") and not t.is_many(k))):
        k += 1
    none = t[first] == "no" and t[i] != "has"
    if t.is_many(k) and t.joined(k - 1) and t.ends_phrase(k) and not (none or t[first] in _ONE or t[first] == "one"):
        yield _BE[t[i]], "behind there"


def _one_of_many(t: _Words, i: int) -> _Found:
    """Two major section; one of the biggest lesson."""
    if (
        not t.is_one(i)
        or t.may(i, "adrp")
        or t[i] in tables.small_words("like a plural")
        or t[i].endswith("ing")
        or not t.ends_phrase(i)
    ):
        return
    k = i - 1
    while k > i - 3 and t.joined(k) and t.may(k, "a") and t[k] not in _MANY_BEFORE:
        k -= 1
    if not t.joined(k) or not t.is_small(k, i):
        return
    if t[k] == "the" and t[k - 1] == "of" and t[k - 2] in ("one", "each", "two", "several"):
        if not t.may(k - 3, "ns") and t[k - 3] != "or":
            yield _form(t[i], "n", "s"), "one of many"
    elif t[k] in _MANY_BEFORE and t[i + 1] not in ("and", "or", "of") and _COUNTS.isdisjoint(t.words[k + 1 : i]):
        number = t[k] not in ("these", "those", "various", "multiple", "numerous")
        if t.may(i, "b") if number or t[k] in ("these", "those") else t[k - 1] == "or":
            return
        if not (number and (t.may(k - 1, "n") or t[k - 1] in ("or", "-"))) and t[i] not in tables.small_words(
            "not counted"
        ):
            yield _form(t[i], "n", "s"), "behind a word for many"


def _many_for_one(t: _Words, i: int) -> _Found:
    """A transitions; each variants; this hooks is."""
    if not t.is_many(i) or not t.may(i, "s") or not t.is_small(i, i + 1):
        return
    if t[i - 1] == "others" and t.joined(i - 1):
        return
    if t[i - 1] == "this" and t.joined(i - 1) and t.joined(i):
        if t[i + 1] in ("is", "was", "has") and t[i - 2] != "all":
            yield _form(t[i], "s", "n"), "behind “this”"
        return
    k = i - 1
    while k > i - 3 and t.joined(k) and t.may(k, "a") and t[k] not in _ONE:
        k -= 1
    if t.joined(k) and t[k] in _ONE_EACH and t.ends_phrase(i) and t.joined(i - 1):
        if (t[k] not in ("a", "an") or k < i - 1) and t.may(i, "z") and not t.mark(i + 1):
            return
        if k < i - 1 and t[i + 1] in ("and", "or"):
            return
        if _COUNTS.isdisjoint(t.words[k + 1 : i]) and t.is_small(k, i) and t.mark(k - 1) not in ("-", "&"):
            yield _form(t[i], "s", "n"), "behind a word for one"


def _others(t: _Words, i: int) -> _Found:
    """Despite others components."""
    noun = t.joined(i) and t.is_many(i + 1) and t.may(i + 1, "s") and not t.may(i + 1, "z")
    if t[i] == "others" and t[i - 1] != "each" and noun:
        yield "other", "before a noun"


def _for_gerund(t: _Words, i: int) -> _Found:
    """By pass a ref; when build an app."""
    if not t.may(i, "b") or t.may(i, "adpsz") or t[i] in _NO_GERUND or not t.has_object(i):
        return
    if t[i + 1] in ("that", "you", "this", "it", OBJECT) or not t.joined(i - 1) or t[i - 2] == t[i]:
        return
    if (t[i - 1] == "without" and t.may(i, "n")) or (t[i - 1] == "try" and not t.opens(i - 1)) or t.mark(i - 2) == "/":
        return
    if t[i - 1] in ("by", "without", "while", "when", "try", "avoid") or (t[i - 1] == "of" and t[i - 2] == "instead"):
        yield _form(t[i], "b", "g"), "the gerund is wanted"


def _for_participle(t: _Words, i: int) -> _Found:
    """Has been update; is not recommend to."""
    if not t.may(i, "b") or t.may(i, "adpszrnm") or t[i] in ("be", "do", "have", "let", "go", "seem", "continue"):
        return
    k = t.before_adverbs(i)
    if "rather" in t.words[k:i]:
        return
    if (
        t[k] == "been"
        or (t[k] in _HAVE and t.has_object(i))
        or (t[k] in _BE_FORMS and t[k - 1] not in ("do", "does", "did") and t[i + 1] == "to" and t.joined(i))
    ):
        yield _form(t[i], "b", "p"), "the participle is wanted"


def _for_infinitive(t: _Words, i: int) -> _Found:
    """To maintained its pace; is to exposing an instance."""
    if t[i - 1] != "to" or not t.joined(i - 1) or not t.has_object(i):
        return
    if t.may(i, "d") and not t.may(i, "abns") and t[i] not in _BASE_FORMS:
        yield _form(t[i], "d", "b"), "the infinitive is wanted"
    elif t.may(i, "g") and not t.may(i, "nas") and t[i - 2] in ("is", "was") and t.joined(i - 2):
        yield _form(t[i], "g", "b"), "the infinitive is wanted"


def _for_adverb(t: _Words, i: int) -> _Found:
    """Can easy subscribe; a locally server."""
    word = t[i]
    if not t.joined(i) or not t.joined(i - 1):
        return
    if t.may(i, "a") and not t.may(i, "rbns") and t.may(i + 1, "b") and not t.may(i + 1, "nam"):
        if t[i - 1] in _MODALS or (t[i - 1] == "to" and t[i - 2] in _WANT):
            adverb = _adverb_of(word)
            if _readings(adverb) == _ADVERB:
                yield adverb, "before a verb"
    elif word.endswith("ly") and _readings(word) == _ADVERB and t[i - 1] in ("a", "an"):
        adjective = next(
            (a for a in (word[:-2], word[:-3] + "y", word[:-1] + "e", word[:-4]) if "a" in _readings(a)), ""
        )
        if t.may(i + 1, "ns") and not t.may(i + 1, "apgdr") and t.ends_phrase(i + 1):
            yield adjective, "before a noun"


_WAYS: Sequence[Callable[[_Words, int], _Found]] = (
    _behind_modal,
    _behind_help,
    _behind_relative,
    _behind_subject,
    _behind_attribute,
    _behind_pronoun,
    _behind_there,
    _one_of_many,
    _many_for_one,
    _others,
    _for_gerund,
    _for_participle,
    _for_infinitive,
    _for_adverb,
)


def _readings(word: str) -> str:
    """Return what a word may be: n a noun, s its plural; b z d p g the forms of a verb; a, r, m as in the table."""
    return _lexicon().get(word, "")


_ADVERB = "r"
_FORMS = "nszdpg"  # the forms of a row of the table, the base form first: noun, plural, third person, past, …


@functools.cache
def _lexicon() -> Mapping[str, str]:
    path = cache.place("statistics", f"readings-{_FORMAT}-{tables.version('readings.csv')}")
    words = cache.text(cache.made(path, lambda: " ".join(_compiled()).encode())).split(" ")
    return dict(zip(words[::2], words[1::2], strict=True))


_FORMAT = 1  # to be raised when what is compiled is compiled otherwise


def _compiled() -> Iterator[str]:
    found: dict[str, str] = {}
    for lemma, plural, *verb, also in tables.readings():
        found[lemma] = found.get(lemma, "") + also + "n" * bool(plural) + "b" * bool(verb[0])
        for form, kind in zip((plural, *verb), "szdpg", strict=True):
            if form:
                found[form] = found.get(form, "") + kind
    for word, kinds in found.items():
        if word.isalpha():
            yield from (word, kinds)


@functools.cache
def _rows() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return the row of the table for each form of a noun or verb, with its kind."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in tables.readings():
        for form, kind in zip(row, ("n" if row[1] else "", "s", *"zdpg"), strict=False):
            found.setdefault((form, kind), row)
        if row[2]:
            found.setdefault((row[0], "b"), row)
    return found


def _form(word: str, kind: str, wanted: str) -> str:
    """Return another form of the same word, empty if the word is not in the form that it is said to be."""
    row = _rows().get((word, kind))
    return row[_FORMS.index(wanted.replace("b", "n"))] if row else ""


def _to_many(verb: str) -> str:
    return _BE[verb] if verb in _BE_ONE else _form(verb, "z", "b")


def _to_one(verb: str) -> str:
    return _BE[verb] if verb in _BE and verb not in _BE_ONE else _form(verb, "b", "z")


def _adverb_of(adjective: str) -> str:
    if adjective.endswith("le"):
        return adjective[:-1] + "y"
    if adjective.endswith("y"):
        return adjective[:-1] + "ily"
    return adjective + ("ally" if adjective.endswith("ic") else "ly")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BE_ONE = ("is", "was", "has", "does", "isn't", "wasn't", "hasn't", "doesn't")
_BE_MANY = ("are", "were", "have", "do", "aren't", "weren't", "haven't", "don't")
_BE = {**dict(zip(_BE_ONE, _BE_MANY, strict=True)), **dict(zip(_BE_MANY, _BE_ONE, strict=True))}
_BE_FORMS = _set("is are was were be isn't aren't wasn't weren't")
_HAVE = _set("have has had haven't hasn't i've we've you've they've")
_DO = _set("do does did")
_MODALS = _set(
    "can could will would shall should may might must cannot can't couldn't won't wouldn't shouldn't mustn't don't "
    "doesn't didn't"
)
_WANT = _set("want wants able how need needs order trying try like easier possible easy wish wanted going")
_HELP = _set("let lets letting help helps helping helped make makes making made")
_HELPED = _set("you us them me him it users developers people user")
_SUBJECTS = _set("it he she they you we")
_QUESTIONS = _set("how what where when which who why and")
_ADVERBS = _set("not also only then just still already always never often now usually really currently simply")
_CONJUNCTIONS = _set(
    "that if when because since although while where so but unless until once whenever wherever though what as"
)
_DETERMINERS = _set(
    "a an the this that these those my your his her its our their some any no every each another all many several such "
    "both"
)
_OWNED = _set("these those my your his its our their the")
_ONE = _set("a an the this that each every another")
_ONE_EACH = _set("a an each every another")
_OBJECTS = _set("it them him us me you")
_PREPOSITIONS = _set(
    "of in on at by for from with without into onto about against between among during under over through across "
    "within to inside outside near like despite except towards upon via per than toward behind after before beyond "
    "around above below off out up down"
)
_BEHIND_NOUN = _set(
    "and are as at because but by can could did during for from had has have if in into is may might must of on or "
    "should since than that though to under until was were when where which while who whose will with within without "
    "would we you they it he i does do"
)
_CALL_ON = _set("a an the this that these those my your his her its our their")
_CLOSED = (
    _set(
        "said says saying being having it he she they you we i who which what that be is are was were been has have "
        "had do does did not and or but if so as then when where how why there here inside outside near like despite "
        "except including regarding using given following based more most less other own"
    )
    | _PREPOSITIONS
    | _MODALS
    | _DETERMINERS
)
_PEOPLE = _set("people men women children")
_MANY_BEFORE = _set(
    "these those several numerous multiple various two three four five six seven eight nine ten twelve many few"
)
_QUANTITIES = _MANY_BEFORE | _set("some different other more enough also no lots plenty")
_COUNTS = _QUANTITIES | _set(
    "second trillion lot dozen hundred couple thousand million billion great good half last next third"
)
_FINITE = _set("is are was were has have had can will would may might should could do does did")
_BASE_FORMS = _set("bound wound ground lay fell saw felt")  # of other verbs
_NO_GERUND = _set("default example law nature name hand means way mistake let have do be experience number need hope")


# What a word calls for behind it, and which of that a form may answer to; cheap to ask of every pair of words.
_MODAL, _ADVERBIAL, _RELATIVE, _PLURAL, _SINGULAR, _PRONOUN, _OBJECT, _THIS, _CODE, _THERE, _AUXILIARY, _TO = (
    1 << i for i in range(12)
)
_GERUND, _ARTICLE, _THE, _ADJECTIVE, _QUANTITY, _HELPED_BY = (1 << i for i in range(12, 18))
_COMMON = _SINGULAR | _THE | _ADJECTIVE | _HELPED_BY | _ADVERBIAL | _THERE | _RELATIVE | _GERUND | _THIS


@functools.lru_cache(maxsize=1 << 15)
def _calls(word: bytes) -> int:
    text = plain(word)
    known = _readings(text)
    calls = {
        _MODAL: text in _MODALS or text in _DO,
        _ADVERBIAL: text in _ADVERBS or known == _ADVERB,
        _RELATIVE: text in ("that", "which", "who"),
        _PLURAL: "s" in known or text in _PEOPLE,
        _SINGULAR: "n" in known or _is_new(text),
        _PRONOUN: text in ("it", "he", "she"),
        _OBJECT: text in ("they", "we", "you", *_HELPED) and text != "it",
        _HELPED_BY: text in _SUBJECTS,
        _THIS: text == "this",
        _CODE: text == OBJECT,
        _THERE: text == "there",
        _AUXILIARY: text in _BE_FORMS or text in _HAVE or text == "been",
        _TO: text == "to",
        _GERUND: text in ("by", "without", "while", "when", "try", "avoid", "of"),
        _ARTICLE: text in _ONE_EACH or text == "this",
        _THE: text == "the",
        _ADJECTIVE: "a" in known,
        _QUANTITY: text in _MANY_BEFORE,
    }
    return sum(call for call, holds in calls.items() if holds)


@functools.lru_cache(maxsize=1 << 15)
def _wants(word: bytes) -> int:
    text = plain(word)
    known = _readings(text)
    if text == "others":
        return -1
    if text in ("is", "was", "has", "does", "isn't", "wasn't", "hasn't", "doesn't"):
        return _PLURAL | _THERE | _SINGULAR | (_RELATIVE if text == "has" else 0)
    wants = 0
    if "z" in known and "b" not in known:
        wants |= _MODAL | _ADVERBIAL | _RELATIVE | _PLURAL | _SINGULAR | _OBJECT | _HELPED_BY
    elif "d" in known and not set(known) & set("abns"):
        wants |= _TO | _HELPED_BY
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
    if known == _ADVERB and text.endswith("ly"):
        wants |= _ARTICLE
    return wants | (_TO if "g" in known and not set(known) & set("nas") else 0)


def _is_called(words: Sequence[bytes], i: int, calls: int) -> bool:
    """True if words around a pair let one call for the other, where the pair alone is common."""
    if calls & ~_COMMON:
        return True
    before, after = words[i - 2] if i > 1 else b"", words[i + 1] if i + 1 < len(words) else b""
    base = "b" in _readings(plain(words[i]))
    near = words[max(0, i - 5) : i - 1]
    if calls & _ADVERBIAL:
        further = _calls(before) & _wants(words[i]) & ~_ADVERBIAL
        return bool(_calls(before) & _ADVERBIAL or (further and _is_called(words, i - 1, further)))
    if calls & _RELATIVE:
        return bool(_calls(before) & (_SINGULAR if base else _PLURAL)) and (not base or not _FOR_ONE.isdisjoint(near))
    if calls & (_GERUND | _THIS) and (_calls(after) & (_ARTICLE | _THE) or after in _OF_OTHERS):
        return True
    if calls & _THERE and any(_calls(word) & _PLURAL for word in words[i + 1 : i + 6]):
        return True
    if calls & _HELPED_BY and before in _HELP_OR_DO:
        return True
    if calls & _SINGULAR:
        if base:
            return not _FOR_ONE.isdisjoint(near)
        return any(a in _BEFORE_ATTRIBUTE and _calls(b) & _PLURAL for b, a in pairwise(words[max(0, i - 6) : i - 1]))
    if calls & _THE:
        return before == b"of" and i > 2 and words[i - 3] in _OF_MANY
    if calls & _ADJECTIVE:
        return not _FOR_MANY_OR_ONE.isdisjoint(near) or (b"of" in near and not _OF_MANY.isdisjoint(near))
    return False


def _utf8(*sets: Iterable[str]) -> frozenset[bytes]:
    return frozenset(word.encode() for words in sets for word in words)


_FOR_ONE = _utf8(_ONE)
_OF_OTHERS = _utf8(_DETERMINERS, _OBJECTS, ("is", "was", "has"))
_HELP_OR_DO = _utf8(_HELP, _DO)
_BEFORE_ATTRIBUTE = _utf8(("of", "for", "in", "on", "to", "from", "between", "with"))
_FOR_MANY_OR_ONE = _utf8(_MANY_BEFORE, _ONE_EACH)
_OF_MANY = _utf8(("one", "each", "two", "several"))
