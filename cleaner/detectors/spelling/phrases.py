"""Words with what they may be, and the phrases that they stand in, as far as a shallow look tells."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cleaner import cache
from cleaner.detectors.spelling import tables
from cleaner.detectors.spelling.line import Line
from cleaner.mask.holes import OBJECT


class Words:
    """Words with what they may be: those of a line, or of a passage, of which the marks between them are not known."""

    def __init__(self, words: Sequence[str], line: Line | None = None) -> None:
        self.words = words
        self.line = line

    def __getitem__(self, i: int) -> str:
        """The word, empty for a mark and beyond the ends."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def may(self, i: int, kinds: str) -> bool:
        """True if a word has one of some readings."""
        return not readings(self[i]).isdisjoint(kinds)

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
        if i and self.line.tokens[i - 1].end == self.line.tokens[i].start and self.mark(i - 1) in (".", ":", "!", "?"):
            return False
        return self.line.opens(i) and (i == 0 or self.mark(i - 1) not in ("'", "‘", "’", "(", "–", "—", "-"))

    def is_first(self, i: int) -> bool:
        """True if a sentence opens with a word for certain."""
        return self.line is not None and self.opens(i)

    def opens_clause(self, i: int) -> bool:
        if self[i - 1] == "as" and self.joined(i - 1):
            return self.opens(i - 1)
        return self.opens(i) or (self[i - 1] in CONJUNCTIONS and self.joined(i - 1))

    def before_adverbs(self, i: int) -> int:
        """Return the last word before a word that is no adverb; -1 if none is joined to it."""
        while self.joined(i - 1) and (self[i - 1] in ADVERBS or readings(self[i - 1]) == ADVERB_ONLY):
            i -= 1
        return i - 1 if self.joined(i - 1) else -1

    def phrase(self, i: int) -> int:
        """Return where the noun phrase begins whose noun stands at a place."""
        while self.joined(i - 1) and self[i - 1] not in CLOSED and (self.may(i - 1, "nsapg") or is_new(self[i - 1])):
            i -= 1
        return i - 1 if self.joined(i - 1) and self[i - 1] in DETERMINERS else i

    def attributed(self, i: int) -> int:
        """Return the noun that one at a place tells of, behind prepositions; -1 if there is none for certain."""
        start, noun = self.phrase(i), -1
        while (
            self[start - 1] in _OF and self.joined(start - 1) and self.joined(start - 2) and self.may(start - 2, "ns")
        ):
            if self[start - 1] == "to" and self[start] not in DETERMINERS:
                break  # a verb, perhaps
            noun = start - 2
            start = self.phrase(noun)
        return noun

    def ends_phrase(self, i: int) -> bool:
        """True if no further noun stands behind a noun in its phrase."""
        if self.line is None or i + 1 >= len(self.words):
            return self.line is not None or self[i + 1] not in CALL_ON
        return self.mark(i + 1) in tuple(".;:!?") if not self[i + 1] else self.joined(i) and self[i + 1] in BEHIND_NOUN

    def has_object(self, i: int) -> bool:
        """True if what follows a word opens a noun phrase."""
        return self.joined(i) and (self[i + 1] in DETERMINERS or self[i + 1] in OBJECTS or self[i + 1] == OBJECT)

    def has_preposition(self, i: int) -> bool:
        return self.joined(i) and self[i + 1] in PREPOSITIONS and self[i + 1] not in ("of", "up", "off", "out", "down")

    def is_many(self, i: int) -> bool:
        word = self[i]
        return word in PEOPLE or (
            "s" in readings(word) and "n" not in readings(word) and word not in tables.small_words("like a plural")
        )

    def is_one(self, i: int) -> bool:
        word = self[i]
        return (
            "n" in readings(word)
            and "s" not in readings(word)
            and word not in tables.small_words("group")
            and word[-1:] != "s"
        )

    def is_certain(self, start: int) -> bool:
        """True if the noun phrase that starts at a place is no part of another: of two nouns, either may be meant."""
        before = self[start - 1]
        if not self.joined(start - 1):
            return self.opens(start)
        if before in ("of", "and", "or"):
            return self.is_many(start - 2) and self.is_certain(self.phrase(start - 2))
        if before not in PREPOSITIONS:
            return True
        return self.joined(start - 2) and not (self.may(start - 2, "nsa") or is_new(self[start - 2]))

    def is_verb(self, i: int) -> bool:
        """True if what follows a word that is a verb as a rule lets it be one."""
        if self[i + 1] in FINITE or self.mark(i + 1) in ("-", "/"):
            return False
        return not self.may(i, "m") or self.has_object(i) or self.has_preposition(i)

    def is_subject(self, start: int, noun: int) -> bool:
        """True if the noun phrase between two places opens a clause and is no clause itself: `the word it uses`."""
        if not self.opens_clause(start) or not self.is_small(noun, noun + 1):
            return False
        if self[start] not in DETERMINERS:
            if any(word.endswith("ing") for word in self.words[start:noun]):
                return False
            if self.may(start, "b") and self.is_first(start):
                return False
        return self.opens(start) or not (noun > start and self.may(noun, "z") and not self.may(noun - 1, "a"))


def is_new(word: str) -> bool:
    """True for a word that nothing is known of, and for code."""
    return word == OBJECT or (word.removesuffix("'s").isalpha() and not readings(word) and word not in CLOSED)


@functools.lru_cache(maxsize=1 << 15)
def readings(word: str) -> frozenset[str]:
    """Return what a word may be: n a noun, s its plural; b z d p g the forms of a verb; a, r, m as in the table."""
    return frozenset(_lexicon().get(word, ""))


def known_words() -> Iterable[str]:
    """Return the words that something is known of."""
    return _lexicon().keys()


ADVERB_ONLY = frozenset("r")
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


def form(word: str, kind: str, wanted: str) -> str:
    """Return another form of the same word, empty if the word is not in the form that it is said to be."""
    row = _rows().get((word, kind))
    return row[_FORMS.index(wanted.replace("b", "n"))] if row else ""


def to_many(verb: str) -> str:
    """Return the form of a verb that many take, empty if it is not in the form that one takes."""
    return BE[verb] if verb in BE_ONE else form(verb, "z", "b")


def to_one(verb: str) -> str:
    """Return the form of a verb that one takes, empty if it is not in the form that many take."""
    return BE[verb] if verb in BE_MANY else form(verb, "b", "z")


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(words.split())


BE_ONE = ("is", "was", "has", "does", "isn't", "wasn't", "hasn't", "doesn't")
BE_MANY = ("are", "were", "have", "do", "aren't", "weren't", "haven't", "don't")
BE = {**dict(zip(BE_ONE, BE_MANY, strict=True)), **dict(zip(BE_MANY, BE_ONE, strict=True))}
MODALS = word_set(
    "can could will would shall should may might must cannot can't couldn't won't wouldn't shouldn't mustn't don't "
    "doesn't didn't"
)
ADVERBS = word_set("not also only then just still already always never often now usually really currently simply")
CONJUNCTIONS = word_set(
    "that if when because since although while where so but unless until once whenever wherever though what as"
)
DETERMINERS = word_set(
    "a an the this that these those my your his her its our their some any no every each another all many several such "
    "both"
)
OBJECTS = word_set("it them him us me you")
PREPOSITIONS = word_set(
    "of in on at by for from with without into onto about against between among during under over through across "
    "within to inside outside near like despite except towards upon via per than toward behind after before beyond "
    "around above below off out up down"
)
BEHIND_NOUN = word_set(
    "and are as at because but by can could did during for from had has have if in into is may might must of on or "
    "should since than that though to under until was were when where which while who whose will with within without "
    "would we you they it he i does do"
)
CALL_ON = word_set("a an the this that these those my your his her its our their")
CLOSED = (
    word_set(
        "said says saying being having it he she they you we i who which what that be is are was were been has have "
        "had do does did not and or but if so as then when where how why there here inside outside near like despite "
        "except including regarding using given following based more most less other own"
    )
    | PREPOSITIONS
    | MODALS
    | DETERMINERS
)
PEOPLE = word_set("people men women children")
FINITE = word_set("is are was were has have had can will would may might should could do does did")
_OF = word_set("of for in on to from between with over about")
