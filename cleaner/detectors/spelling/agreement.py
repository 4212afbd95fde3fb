"""Forms that do not go with the words around them: one and many, verb and subject, what stands behind a modal.

A shallow look: what words may be is listed in `rules/en/spelling/readings.csv`, and a form is doubted only where what
stands on both sides leaves one reading. Each way to doubt a form has a name, and the arbiter learns how often it is
right.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from cleaner.detectors.spelling import tables
from cleaner.detectors.spelling.line import Line
from cleaner.detectors.spelling.phrases import (
    ADVERB_ONLY,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    MODALS,
    OBJECTS,
    PEOPLE,
    PREPOSITIONS,
    Words,
    form,
    readings,
    to_many,
    to_one,
    word_set,
)
from cleaner.mask.holes import OBJECT


class Doubt(NamedTuple):
    """What is meant instead of a form, and why."""

    meant: str
    why: str


def at(line: Line, token: int) -> Iterator[Doubt]:
    """Yield what may be meant by the form of a word of a line."""
    if line.tokens[token].text.islower():
        yield from doubts(Words(line.words, line), token)


def doubts(words: Words, at: int) -> Iterator[Doubt]:
    """Yield what may be meant by the form of a word."""
    seen = {words[at]}
    for way in _ways(words[at]):
        for meant, why in way(words, at):
            if meant and why and meant not in seen:
                seen.add(meant)
                yield Doubt(meant, why)


_Found = Iterator[tuple[str, str]]


def _past_behind_modal(t: Words, i: int) -> _Found:
    """Would meant that; will using the."""
    k = t.before_adverbs(i)
    if t[k] not in MODALS or not t.is_small(k, k + 1) or not t.has_object(i):
        return
    if not (
        t.joined(k - 1) and (t.may(k - 1, "ns") or t[k - 1] in SUBJECTS | {"i", "this", "that", "which", "who", OBJECT})
    ):
        return
    if t.may(i, "d") and not t.may(i, "abns") and t[i] not in _BASE_FORMS:
        yield form(t[i], "d", "b"), "another form behind a modal"
    elif t.may(i, "g") and not t.may(i, "nas"):
        yield form(t[i], "g", "b"), "another form behind a modal"


def _behind_modal(t: Words, i: int) -> _Found:
    """Can parses; may transitively calls; does not exists."""
    if not t.may(i, "z") or t.may(i, "b") or t[i] == "needs":
        return
    k = t.before_adverbs(i)
    if t[k] in MODALS or (t[k] in DO and t[k + 1] == "not"):
        if not t.is_small(k, k + 1) or t.is_first(k):
            return
        if not t.may(i, "s") or (t[k - 1] not in _QUESTIONS and (k < i - 1 or t.has_object(i) or t.has_preposition(i))):
            yield form(t[i], "z", "b"), "behind a modal"
    elif t[k] == "to" and t[i - 1].endswith("ly") and t.has_object(i):
        yield form(t[i], "z", "b"), "behind “to” and an adverb"
    elif t[k] == "to" and (t[k - 1] in WANT or (t[k - 1] in OBJECTS and t[k - 1] != "it")) and t.joined(k - 1):
        yield form(t[i], "z", "b") * (t.has_object(i) or not (t.may(i, "s") or t[k - 1] in OBJECTS)), "behind “to”"


def _behind_help(t: Words, i: int) -> _Found:
    """Lets you displays; does it makes."""
    if not t.may(i, "zd") or t.may(i, "b"):
        return
    k = t.before_adverbs(i)
    h = k - 2 if t[k - 1] in ("the", "your", "our") and t.joined(k - 2) else k - 1
    if not t.joined(k - 1):
        return
    if t[k] in HELPED and t[h] in HELP and t.may(i, "z") and (not t.may(i, "s") or t.has_object(i)):
        yield form(t[i], "z", "b"), "behind let, help or make"
    elif h == k - 1 and t[k] in SUBJECTS and t[h] in DO and not t.may(i, "sa"):
        yield form(t[i], "z", "b") or form(t[i], "d", "b"), "behind do"


def _behind_relative(t: Words, i: int) -> _Found:
    """Hooks that follows; a plan that add."""
    k = t.before_adverbs(i)
    h = k - 1
    if t[k] not in ("that", "which", "who") or not t.joined(h) or not (to_many(t[i]) or to_one(t[i])):
        return
    j = t.phrase(h)
    if not t.is_certain(j) or t[j - 1] in ("are", "were") or not t.is_verb(i) or "not" in t.words[k:i]:
        return
    counted = t[j] in ("all", "some", "these", "those") or any(word in MANY_BEFORE for word in t.words[j:h])
    if t.is_many(h) and to_many(t[i]) and t.is_small(h, h + 1):
        plural = t.may(i, "s") and not t.has_object(i)
        of_clause = t[k] == "which" and not (counted and t[i] == "has") and not (k < i - 1 and t[i - 1].endswith("ly"))
        if not (plural or of_clause or t[i] == "means" or (t[i] in BE and not counted)):
            yield to_many(t[i]), "behind many and a relative"
    elif t.is_one(h) and t[k] != "who" and t[i] not in BE and t[j] in ONE_EACH and not t.may(i, "dpzr"):
        verb = t.has_object(i) and t[i + 1] != "that" and t[i] not in _LIKE_PREPOSITIONS
        yield to_one(t[i]) * (verb or not t.may(i, "nam")), "behind one and a relative"


def _behind_subject(t: Words, i: int) -> _Found:
    """The mustaches interprets; the component choose; another case are."""
    h = t.before_adverbs(i)
    if not t.may(h, "ns") or not (to_many(t[i]) or to_one(t[i])):
        return
    j = t.phrase(h)
    if not t.is_subject(j, h) or not t.is_verb(i) or "not" in t.words[h:i]:
        return
    if t.is_many(h) and to_many(t[i]) and not t.may(i, "bs"):
        yield to_many(t[i]), _why_many(t, j, h, i)
    elif t.is_one(h) and to_one(t[i]):
        yield to_one(t[i]), _why_one(t, j, h, i)


def _why_many(t: Words, j: int, h: int, i: int) -> str:
    """Return why the verb at `i` is doubted behind the plural noun at `h` whose phrase begins at `j`; empty if not."""
    if t[i] in BE:
        return "“be” behind many" if t[j] in _OWNED and t[h] not in tables.small_words("measure") else ""
    if t[j] == "the":
        return "behind many"
    if t[j] in ONE or t[i] in ("means", "refers") or (j == h and t.is_first(j)) or OBJECT in t.words[j:h]:
        return ""
    return "behind many without an article" if t.opens(j) and t[j] not in DETERMINERS else "behind many"


def _why_one(t: Words, j: int, h: int, i: int) -> str:
    """Return why the verb at `i` is doubted behind the single noun at `h` whose phrase begins at `j`; empty if not."""
    if t[i] in BE:
        counted = t[j] in (*ONE_EACH, "this")
        usual = t[i] in ("are", "have", "aren't", "haven't") and t.opens(j) and t.is_small(j, i) and not t.may(h, "abp")
        return "“be” behind one" if usual and counted else ""
    compound = h > j + 1 and t.may(h, "b") and t.is_many(h - 1)
    if t.may(h, "a") or t[j] not in ONE or t[j - 1] == "that" or compound:
        return ""
    if t.may(i, "dpzr") or t[i] in _LIKE_PREPOSITIONS:
        return ""
    follows = h < i - 1 or t.has_preposition(i) or t[i + 1] in ("how", "what", "whether")
    verb = (t.has_object(i) and t[i + 1] != "that") or (follows and not t.may(i, "m"))
    return "behind one" if (verb and not t.may(i, "na")) or (t.joined(i) and t[i + 1] in OBJECTS) else ""


def _behind_attribute(t: Words, i: int) -> _Found:
    """The pros of runtime reactivity is; debates over details of a project distracts; the scope of the goals grow."""
    last = t.before_adverbs(i)
    if not t.may(last, "ns") or not (to_many(t[i]) or to_one(t[i])):
        return
    h = t.attributed(last)
    k = t.phrase(h)
    if h < 0 or not t.is_subject(k, h) or not t.is_small(h, i) or not t.is_verb(i) or "not" in t.words[last:i]:
        return
    if t.is_many(h) and to_many(t[i]) and not t.may(i, "bs") and not t.may(last, "b"):
        named = h > k or (t[i] in BE and not t.may(h, "z") and t.opens(k))
        measure = t[h] in tables.small_words("measure") or t[h] in ("lots", "terms")
        if named and not measure and (not t.may(h, "z") or t[k] in DETERMINERS):
            yield to_many(t[i]), "behind many with an attribute"
    elif t.is_one(h) and t[k] in ONE and t[i] not in BE and t[h + 1] == "of" and not t.may(i, "dpzanrm"):
        many = t.is_many(last) and not t.may(last, "z") and t[last] not in PEOPLE
        yield to_one(t[i]) * many, "behind one with an attribute"


def _behind_pronoun(t: Words, i: int) -> _Found:
    """It help you; they needs."""
    h = t.before_adverbs(i)
    if (t[h] not in SUBJECTS and t[h] not in ("this", OBJECT)) or "not" in t.words[h:i] or t.mark(i + 1) == "-":
        return
    comma = t.mark(h - 1) == "," or t.line is None
    if (
        comma
        and t[h] in ("it", "he", "she", "this")
        and t.has_object(i)
        and to_one(t[i])
        and t[i] not in BE
        and not t.may(i, "dpzar")
        and (t[h] != "this" or not t.may(i, "nm") or (t[i] not in TIMES and t[i + 1] in ("the", "a", "an", *OBJECTS)))
    ):
        yield to_one(t[i]), "behind a pronoun and a comma"
        return
    if not (t.opens(h) or (t.joined(h - 1) and t[h - 1] in CONJUNCTIONS | {"and", "which"})):
        return
    if t[h] in ("they", "we", "you"):
        if to_many(t[i]) and t[i] not in BE and not t.may(i, "bs"):
            yield to_many(t[i]), "behind a pronoun"
    elif (
        to_one(t[i]) and t[i] not in BE and not t.may(i, "dpzar") and t[h - 1] not in ("that", "if", "unless", "where")
    ):
        if (t[h] in ("it", "he", "she") and (not t.may(i, "n") or t.has_object(i))) or (
            t[h] == "this" and t.opens(h) and t.has_object(i) and not t.may(i, "nm")
        ):
            yield to_one(t[i]), "behind a pronoun"
        elif (
            t[h] == OBJECT
            and t[h - 1] != "and"
            and (t.has_object(i) or t.has_preposition(i))
            and not t.may(i, "nm")
            and t[i] != "except"
        ):
            yield to_one(t[i]), "behind code"


def _let(t: Words, i: int) -> _Found:
    """`Suspense` let you."""
    h = t.before_adverbs(i)
    if t[i] == "let" and t[h] == OBJECT and t[h - 1] not in ("and", "or") and t.opens_clause(h) and t.has_object(i):
        yield "lets", "behind code"


def _this_for_these(t: Words, i: int) -> _Found:
    """Against this mistakes."""
    if t[i] != "this" or not t.joined(i) or not t.may(i + 1, "s") or not t.is_many(i + 1):
        return
    if t[i - 1] in PREPOSITIONS and t.ends_phrase(i + 1) and not t.may(i + 1, "z"):
        yield "these", "“this” before many"


def _behind_each(t: Words, i: int) -> _Found:
    """Each one of us have."""
    h = t.before_adverbs(i)
    if t[h] in ("us", "them", "you", "these", "those") and t[h - 1] == "of" and to_one(t[i]) and t.joined(h - 1):
        start = h - 3 if t[h - 2] == "one" and t[h - 3] in ("each", "every") else h - 2
        if t[start] in ("each", "every") and t.opens_clause(start) and not t.may(i, "dpznar"):
            yield to_one(t[i]), "behind each"


def _behind_there(t: Words, i: int) -> _Found:
    """There is two possible ways; there has been no reports."""
    if t[i] not in ("is", "was", "has") or t[i - 1] != "there" or not t.joined(i - 1):
        return
    first = k = i + 1 if t[i] != "has" else i + 2
    if t[i] == "has" and t[i + 1] != "been":
        return
    while k < i + 6 and t.joined(k) and (t[k] in _QUANTITIES or (t.may(k, "a") and not t.is_many(k))):
        k += 1
    none = t[first] == "no" and t[i] != "has"
    if t.is_many(k) and t.joined(k - 1) and t.ends_phrase(k) and not (none or t[first] in ONE or t[first] == "one"):
        yield BE[t[i]], "behind there"


def _one_of_many(t: Words, i: int) -> _Found:
    """Two major section; one of the biggest lesson."""
    if (
        not t.is_one(i)
        or t.may(i, "adrp")
        or t[i] in tables.small_words("like a plural")
        or t[i].endswith("ing")
        or not (t.ends_phrase(i) or (t.joined(i) and t.may(i + 1, "p") and not t.may(i + 1, "nsab")))
    ):
        return
    k = i - 1
    if t[i] in TIMES and t[k].isdigit() and int(t[k]) > 1 and t[k - 1] in SPANS and t[i + 1] not in ("and", "or", "to"):
        yield form(t[i], "n", "s"), "behind a number"
        return
    k = _before_adjectives(t, i, MANY_BEFORE)
    if not t.joined(k) or not t.is_small(k, i):
        return
    j = t.phrase(i)
    if t[j] in _OWNED and t[j] != "those" and t[j - 1] == "of" and t[j - 2] in ("one", "each", "two", "several"):
        sure = t.is_small(j, i) and not any(word.endswith(("'s", "s")) for word in t.words[j + 1 : i])
        if sure and not t.may(j - 3, "ns") and t[j - 3] != "or" and t[j - 2] != t[i + 1]:
            yield form(t[i], "n", "s"), "one of many"
    elif t[i - 1] in ("different", "other") and t[i - 2] in PREPOSITIONS and t[i - 2] not in ("than", "in", "on"):
        countable = t[i] not in tables.small_words("not counted")
        if t.joined(i - 2) and not t.may(i, "b") and t[i + 1] not in ("and", "or", "of", "than") and countable:
            yield form(t[i], "n", "s"), f"behind “{t[i - 1]}”"
    elif t[k] in MANY_BEFORE and t[i + 1] not in ("and", "or", "of") and _COUNTS.isdisjoint(t.words[k + 1 : i]):
        number = t[k] not in ("these", "those", "various", "multiple", "numerous")
        if t.may(i, "b") if number or t[k] in ("these", "those") else t[k - 1] == "or":
            return
        if not (number and (t.may(k - 1, "n") or t[k - 1] in ("or", "-"))) and t[i] not in tables.small_words(
            "not counted"
        ):
            yield form(t[i], "n", "s"), "behind a word for many"


def _many_for_one(t: Words, i: int) -> _Found:
    """A transitions; each variants; this hooks is."""
    if not t.is_many(i) or not t.may(i, "s") or not t.is_small(i, i + 1):
        return
    if t[i - 1] == "others" and t.joined(i - 1):
        return
    if t[i - 1] == "this" and t.joined(i - 1) and t.joined(i):
        if t[i + 1] in ("is", "was", "has") and t[i - 2] != "all":
            yield form(t[i], "s", "n"), "behind “this”"
        return
    k = _before_adjectives(t, i, ONE)
    if t.joined(k) and t[k] in ONE_EACH and t.ends_phrase(i) and t.joined(i - 1):
        if (t[k] not in ("a", "an") or k < i - 1) and t.may(i, "z") and not t.mark(i + 1):
            return
        if k < i - 1 and t[i + 1] in ("and", "or"):
            return
        if _COUNTS.isdisjoint(t.words[k + 1 : i]) and t.is_small(k, i) and t.mark(k - 1) not in ("-", "&"):
            yield form(t[i], "s", "n"), "behind a word for one"


def _before_adjectives(t: Words, i: int, determiners: Collection[str]) -> int:
    """Return the word before a noun and its adjectives, two at most, that a determiner is none of."""
    k = i - 1
    while k > i - 3 and t.joined(k) and t.may(k, "a") and t[k] not in determiners:
        k -= 1
    return k


def _others(t: Words, i: int) -> _Found:
    """Despite others components."""
    noun = t.joined(i) and t.is_many(i + 1) and t.may(i + 1, "s") and not t.may(i + 1, "z")
    if t[i] == "others" and t[i - 1] != "each" and noun:
        yield "other", "before a noun"


def _for_gerund(t: Words, i: int) -> _Found:
    """By pass a ref; when build an app."""
    if not t.may(i, "b") or t.may(i, "adpsz") or t[i] in _NO_GERUND or not t.has_object(i):
        return
    if t[i + 1] in ("that", "you", "this", "it", OBJECT) or not t.joined(i - 1) or t[i - 2] == t[i]:
        return
    if (t[i - 1] == "without" and t.may(i, "n")) or (t[i - 1] == "try" and not t.opens(i - 1)) or t.mark(i - 2) == "/":
        return
    if t[i - 1] in ("by", "without", "while", "when", "try", "avoid") or (t[i - 1] == "of" and t[i - 2] == "instead"):
        yield form(t[i], "b", "g"), "the gerund is wanted"


def _for_participle(t: Words, i: int) -> _Found:
    """Has been update; is not recommend to."""
    if t[i - 1] == "being" and t[i - 2] in BE_FORMS and t.may(i, "z") and not t.may(i, "b") and t.joined(i - 1):
        yield form(form(t[i], "z", "b"), "b", "p"), "the participle is wanted"
    if not t.may(i, "b") or t.may(i, "adpszrnm") or t[i] in ("be", "do", "have", "let", "go", "seem", "continue"):
        return
    k = t.before_adverbs(i)
    if "rather" in t.words[k:i]:
        return
    if (
        t[k] == "been"
        or (t[k] in HAVE and t.has_object(i))
        or (t[k] in BE_FORMS and t[k - 1] not in ("do", "does", "did") and t[i + 1] == "to" and t.joined(i))
    ):
        yield form(t[i], "b", "p"), "the participle is wanted"
    elif t[k] in BE_FORMS | {"being"} and t[i] not in _LIKE_ADJECTIVES and t[k - 1] not in ("let", "to"):
        follows = t.has_preposition(i) or t.mark(i + 1) in tuple(".,;:)") or t[i + 1] in ("and", "when", "if", "that")
        if follows and DO.isdisjoint(t.words[max(0, k - 7) : k]):
            yield form(t[i], "b", "p"), "the participle is wanted"


def _for_infinitive(t: Words, i: int) -> _Found:
    """To maintained its pace; is to exposing an instance."""
    if t[i - 1] != "to" or not t.joined(i - 1) or not t.has_object(i):
        return
    if t.may(i, "d") and not t.may(i, "abns") and t[i] not in _BASE_FORMS:
        yield form(t[i], "d", "b"), "the infinitive is wanted"
    elif t.may(i, "g") and not t.may(i, "nas") and t[i - 2] in ("is", "was") and t.joined(i - 2):
        yield form(t[i], "g", "b"), "the infinitive is wanted"


def _for_adverb(t: Words, i: int) -> _Found:
    """Can easy subscribe; a locally server."""
    word = t[i]
    if not t.joined(i) or not t.joined(i - 1):
        return
    if t.may(i, "a") and not t.may(i, "rbns") and t.may(i + 1, "b") and not t.may(i + 1, "nam"):
        if t[i - 1] in MODALS or (t[i - 1] == "to" and t[i - 2] in WANT):
            adverb = _adverb_of(word)
            if readings(adverb) == ADVERB_ONLY:
                yield adverb, "before a verb"
    elif word.endswith("ly") and readings(word) == ADVERB_ONLY and t[i - 1] in ("a", "an"):
        adjective = next(
            (a for a in (word[:-2], word[:-3] + "y", word[:-1] + "e", word[:-4]) if "a" in readings(a)), ""
        )
        if t.may(i + 1, "ns") and not t.may(i + 1, "apgdr") and t.ends_phrase(i + 1):
            yield adjective, "before a noun"


@functools.lru_cache(maxsize=1 << 12)
def _ways(word: str) -> Sequence[Callable[[Words, int], _Found]]:
    """Return the ways to doubt a word, by what it may be."""
    known = readings(word)
    return [way for way, kinds, words in _WAYS if word in words or not known.isdisjoint(kinds)]


_WAYS: Sequence[tuple[Callable[[Words, int], _Found], str, Collection[str]]] = (
    (_behind_modal, "z", ()),
    (_past_behind_modal, "dg", ()),
    (_behind_help, "zd", ()),
    (_behind_relative, "zb", BE),
    (_behind_subject, "zb", BE),
    (_behind_attribute, "zb", BE),
    (_behind_pronoun, "zb", ()),
    (_let, "", ("let",)),
    (_this_for_these, "", ("this",)),
    (_behind_each, "b", BE),
    (_behind_there, "", ("is", "was", "has")),
    (_one_of_many, "n", ()),
    (_many_for_one, "s", ()),
    (_others, "", ("others",)),
    (_for_gerund, "b", ()),
    (_for_participle, "bz", ()),
    (_for_infinitive, "dg", ()),
    (_for_adverb, "ar", ()),
)


def _adverb_of(adjective: str) -> str:
    if adjective.endswith("le"):
        return adjective[:-1] + "y"
    if adjective.endswith("y"):
        return adjective[:-1] + "ily"
    return adjective + ("ally" if adjective.endswith("ic") else "ly")


BE_FORMS = word_set("is are was were be isn't aren't wasn't weren't")
HAVE = word_set("have has had haven't hasn't i've we've you've they've")
DO = word_set("do does did")
WANT = word_set("want wants able how need needs order trying try like easier possible easy wish wanted going")
HELP = word_set("let lets letting help helps helping helped make makes making made")
HELPED = word_set("you us them me him it users developers people user")
SUBJECTS = word_set("it he she they you we")
_QUESTIONS = word_set("how what where when which who why and")
_OWNED = word_set("these those my your his its our their the")
ONE = word_set("a an the this that each every another")
ONE_EACH = word_set("a an each every another")
MANY_BEFORE = word_set(
    "these those several numerous multiple various two three four five six seven eight nine ten twelve many few"
)
_QUANTITIES = MANY_BEFORE | word_set("some different other more enough also no lots plenty")
_COUNTS = _QUANTITIES | word_set(
    "second trillion lot dozen hundred couple thousand million billion great good half last next third"
)
_BASE_FORMS = word_set("bound wound ground lay fell saw felt")  # of other verbs
_LIKE_ADJECTIVES = word_set("live opt warn allow deny forbid get")
_LIKE_PREPOSITIONS = word_set("like near worth except plus minus even")
TIMES = word_set("time year month week day hour minute second way place")
SPANS = word_set("for next last past in within after every over than about least first")
_NO_GERUND = word_set(
    "default example law nature name hand means way mistake let have do be experience number need hope"
)
