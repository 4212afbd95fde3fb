"""Forms that do not go with the words around them: one and many, verb and subject, what stands behind a modal.

A shallow look: what words may be is listed in `rules/en/spelling/readings.csv`, and a form is doubted only where what
stands on both sides leaves one reading. Each way to doubt a form has a name, and the arbiter learns how often it is
right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    for way in _WAYS:
        for meant, why in way(words, at):
            if meant and meant not in seen:
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
    elif t[k] == "to" and (t[k - 1] in _WANT or (t[k - 1] in OBJECTS and t[k - 1] != "it")) and t.joined(k - 1):
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
        of_clause = t[k] == "which" and not (counted and t[i] == "has")
        if not (plural or of_clause or t[i] == "means" or (t[i] in BE and not counted)):
            yield to_many(t[i]), "behind many and a relative"
    elif t.is_one(h) and t[k] != "who" and t[i] not in BE and t[j] in ONE_EACH and not t.may(i, "dpznarm"):
        yield to_one(t[i]), "behind one and a relative"


def _behind_subject(t: Words, i: int) -> _Found:
    """The mustaches interprets; the component choose."""
    h = t.before_adverbs(i)
    if not t.may(h, "ns") or not (to_many(t[i]) or to_one(t[i])):
        return
    j = t.phrase(h)
    if not t.is_subject(j, h) or not t.is_verb(i) or "not" in t.words[h:i]:
        return
    alone = j == h
    bare = " without an article" if t.opens(j) and t[j] not in DETERMINERS else ""
    if t.is_many(h) and to_many(t[i]) and not t.may(i, "bs"):
        if t[i] in BE:
            if t[j] in _OWNED and t[h] not in tables.small_words("measure"):
                yield to_many(t[i]), "“be” behind many"
        elif (
            t[j] not in ONE
            and t[i] not in ("means", "refers")
            and not (alone and t.is_first(j))
            and OBJECT not in t.words[j:h]
        ):
            yield to_many(t[i]), f"behind many{bare}"
        elif t[j] == "the":
            yield to_many(t[i]), "behind many"
    elif (
        t.is_one(h)
        and not t.may(h, "abp")
        and t[i] in ("are", "have", "aren't", "haven't")
        and t.opens(j)
        and t.is_small(j, i)
    ):
        if j == h - 1 or t[j] in ("a", "an", "this", "each", "every", "another"):
            yield to_one(t[i]), "“be” behind one"
    elif t.is_one(h) and not t.may(h, "a") and t[j] in ONE and t[j - 1] != "that" and t[i] not in BE:
        noun = h > j + 1 and t.may(h, "b") and t.is_many(h - 1)
        verb = t.has_object(i) and t[i + 1] != "that"
        verb = verb or (
            not t.may(i, "m") and (h < i - 1 or t.has_preposition(i) or t[i + 1] in ("how", "what", "whether"))
        )
        if to_one(t[i]) and not t.may(i, "dpznar") and verb and not noun and t[i] != "except":
            yield to_one(t[i]), "behind one"


def _behind_attribute(t: Words, i: int) -> _Found:
    """The pros of runtime reactivity is; the complexity of your components grow."""
    last = t.before_adverbs(i)
    if not t.may(last, "ns") or not (to_many(t[i]) or to_one(t[i])):
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
        and (h > k or (t[i] in BE and not t.may(h, "z") and t.opens(k)))
        and to_many(t[i])
        and not t.may(i, "bs")
        and t[h] not in tables.small_words("measure")
        and t[h] not in ("lots", "terms")
        and not t.may(last, "b")
    ):
        if not t.may(h, "z") or t[k] in DETERMINERS:
            yield to_many(t[i]), "behind many with an attribute"
    elif (
        (
            t.is_one(h)
            and t.is_many(last)
            and not t.may(last, "z")
            and t[k] in ONE
            and t[i] not in BE
            and t[j - 1] == "of"
        )
        and to_one(t[i])
        and not t.may(i, "dpzanrm")
        and t[last] not in PEOPLE
    ):
        yield to_one(t[i]), "behind one with an attribute"


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
        and not t.may(i, "dpzarnm")
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
    while k > i - 3 and t.joined(k) and t.may(k, "a") and t[k] not in MANY_BEFORE:
        k -= 1
    if not t.joined(k) or not t.is_small(k, i):
        return
    if t[k] == "the" and t[k - 1] == "of" and t[k - 2] in ("one", "each", "two", "several"):
        if not t.may(k - 3, "ns") and t[k - 3] != "or":
            yield form(t[i], "n", "s"), "one of many"
    elif (
        t[i - 1] == "different"
        and t[i - 2] in PREPOSITIONS
        and t[i - 2] not in ("than", "in")
        and t.joined(i - 2)
        and t.joined(i - 1)
    ):
        if not t.may(i, "b") and t[i + 1] not in ("and", "or", "of") and t[i] not in tables.small_words("not counted"):
            yield form(t[i], "n", "s"), "behind “different”"
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
    k = i - 1
    while k > i - 3 and t.joined(k) and t.may(k, "a") and t[k] not in ONE:
        k -= 1
    if t.joined(k) and t[k] in ONE_EACH and t.ends_phrase(i) and t.joined(i - 1):
        if (t[k] not in ("a", "an") or k < i - 1) and t.may(i, "z") and not t.mark(i + 1):
            return
        if k < i - 1 and t[i + 1] in ("and", "or"):
            return
        if _COUNTS.isdisjoint(t.words[k + 1 : i]) and t.is_small(k, i) and t.mark(k - 1) not in ("-", "&"):
            yield form(t[i], "s", "n"), "behind a word for one"


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
        if t[i - 1] in MODALS or (t[i - 1] == "to" and t[i - 2] in _WANT):
            adverb = _adverb_of(word)
            if readings(adverb) == ADVERB_ONLY:
                yield adverb, "before a verb"
    elif word.endswith("ly") and readings(word) == ADVERB_ONLY and t[i - 1] in ("a", "an"):
        adjective = next(
            (a for a in (word[:-2], word[:-3] + "y", word[:-1] + "e", word[:-4]) if "a" in readings(a)), ""
        )
        if t.may(i + 1, "ns") and not t.may(i + 1, "apgdr") and t.ends_phrase(i + 1):
            yield adjective, "before a noun"


_WAYS: Sequence[Callable[[Words, int], _Found]] = (
    _behind_modal,
    _past_behind_modal,
    _behind_help,
    _behind_relative,
    _behind_subject,
    _behind_attribute,
    _behind_pronoun,
    _let,
    _this_for_these,
    _behind_there,
    _one_of_many,
    _many_for_one,
    _others,
    _for_gerund,
    _for_participle,
    _for_infinitive,
    _for_adverb,
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
_WANT = word_set("want wants able how need needs order trying try like easier possible easy wish wanted going")
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
_NO_GERUND = word_set(
    "default example law nature name hand means way mistake let have do be experience number need hope"
)
