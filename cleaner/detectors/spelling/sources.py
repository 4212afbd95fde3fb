"""Where candidates come from: each source is a function from a doubtful place to the texts that may have been meant.

A new source is one function and one line in `SOURCES`.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaner import article, statistics
from cleaner.detectors.spelling import agreement, cues, phrases, tables, typos, variants
from cleaner.detectors.spelling.line import Line
from cleaner.document import Document
from cleaner.mask.holes import OBJECT

NONWORD = "nonword"
REAL_WORD = "real-word"
AGREEMENT = "agreement"
DOUBLED = "doubled-word"
ARTICLE = "article"
RUN_TOGETHER = "run-together"
SPLIT = "split-word"


class Place(NamedTuple):
    """A token of a line that something is wrong with, perhaps: a word that the dictionary lacks, or a known one."""

    document: Document
    line: Line
    at: int
    unknown: bool
    times: int = 1  # that an unknown word stands in the document

    @property
    def word(self) -> str:
        return self.line.tokens[self.at].plain

    @property
    def stem(self) -> str:
        """The word without the ending of a genitive."""
        return self.word.removesuffix(typos.GENITIVE)

    @property
    def is_name(self) -> bool:
        """True for a capital in the midst of a sentence, and for capitals inside a word."""
        text = self.line.tokens[self.at].text
        inside = text[1:] != text[1:].lower() and not text.isupper()
        return inside or (text[0].isupper() and not text.isupper() and not self.line.opens(self.at))

    @property
    def is_short_name(self) -> bool:
        return self.is_name and len(self.word) < LONG_NAME

    @property
    def is_part(self) -> bool:
        """True for a word in use behind a hyphen: left-hander."""
        before = self.line.text[: self.line.tokens[self.at].start]
        return before.endswith("-") and (statistics.rarity(self.stem) < statistics.UNHEARD or is_derived(self.stem))

    @property
    def is_clipped(self) -> bool:
        """True for a word that has lost its g: livin'."""
        end = self.line.tokens[self.at].end
        return self.word.endswith("in") and self.line.text[end : end + 1] in ("'", "’")


class Proposal(NamedTuple):
    """Words for the tokens `first` to `last` (exclusive) of a line: none for a deletion, no tokens for an insertion."""

    rule: str
    first: int
    last: int
    words: tuple[str, ...]


# Letters: so long a word with a capital may stand in a title, and few names are one slip away from a word.
LONG_NAME = 8

Source = Callable[[Place], Iterable[Proposal]]


def proposals(place: Place) -> dict[Proposal, frozenset[str]]:
    """Return what was proposed for a place, and by whom."""
    found: dict[Proposal, frozenset[str]] = {}
    for name, source in SOURCES.items():
        for proposal in source(place):
            found[proposal] = found.get(proposal, frozenset()) | {name}
    return found


def _instead(place: Place, rule: str, *words: str) -> Proposal:
    return Proposal(rule, place.at, place.at + 1, words)


def by_typos(place: Place) -> Iterator[Proposal]:
    known = place.word in tables.misspelt() or (place.is_part and len(place.stem) < _LONG_PART)
    if place.unknown and not place.is_clipped and not known:
        for word in typos.corrections([place.word]).get(place.word, ()):
            yield _instead(place, NONWORD, word)


_LONG_PART = 7  # letters: a shorter word behind a hyphen is a piece of a name


def by_list(place: Place) -> Iterator[Proposal]:
    """What is in use and misspelt all the same: `descendent`, `alot`. Whoever is quoted may write so."""
    meant = tables.misspelt().get(place.word)
    if meant and not place.line.is_quoted(place.at):
        words = tuple(meant.split())
        yield _instead(place, NONWORD if len(words) == 1 else RUN_TOGETHER, *words)


def by_look(place: Place) -> Iterator[Proposal]:
    """Words of English that look like the unknown one."""
    if place.unknown and not (
        place.is_short_name or place.is_part or place.is_clipped or place.word in tables.misspelt()
    ):
        for word in lookalikes(place.word):
            if not variants.are(place.word, word) and not _is_derived_from(place.word, word):
                yield _instead(place, NONWORD, word)


def by_document(place: Place) -> Iterator[Proposal]:
    """Words that only the document has, and that look like the unknown one."""
    if place.unknown and len(place.word) >= _SHORTEST_OF_DOCUMENT and place.times == 1:
        word = place.word.encode()
        own = _own(place.document.reading.words)[word[0]]
        alike = [w.decode(errors="replace") for w in own if abs(len(w) - len(word)) < 2]
        for other, distance in _near(place.word, alike, 1):
            if distance:
                yield _instead(place, NONWORD, other)


_SHORTEST_OF_DOCUMENT = 7  # letters


@functools.lru_cache(maxsize=1)
def _own(words: frozenset[bytes]) -> Mapping[int, Sequence[bytes]]:
    """Return the words that the dictionary lacks, by the byte that they begin with."""
    found = defaultdict[int, list[bytes]](list)
    for word in words - statistics.dictionary():
        if word.isalpha():
            found[word[0]].append(word)
    return found


def by_parts(place: Place) -> Iterator[Proposal]:
    """Two words run together: `asquickly`; or a space that slipped by a letter: `th enext`."""
    word, line, at = place.word, place.line, place.at
    if not place.unknown or place.is_name:
        return
    for i in range(1, len(word)):
        left, right = word[:i], word[i:]
        if _is_plain(left) and _is_plain(right):
            yield _instead(place, RUN_TOGETHER, left, right)
    for first in (at - 1, at):
        if first >= 0 and first + 1 < len(line.tokens) and line.gap(first) == " ":
            a, b = line.tokens[first].plain, line.tokens[first + 1].plain
            if len(a) > 1 and len(b) > 1:
                for left, right in ((a[:-1], a[-1] + b), (a + b[0], b[1:])):
                    if _is_plain(left) and _is_plain(right):
                        yield Proposal(RUN_TOGETHER, first, first + 2, (left, right))


def by_cue(place: Place) -> Iterator[Proposal]:
    """Words that this one is taken for, where what stands beside it shows that."""
    for cue in cues.at(place.line, place.at):
        yield Proposal(REAL_WORD, place.at, place.at + len(cue.word), cue.meant)


def by_agreement(place: Place) -> Iterator[Proposal]:
    """Another form of the word, where it does not go with those around it: `hooks that follows`."""
    if not place.unknown:
        for doubt in agreement.at(place.line, place.at):
            yield _instead(place, AGREEMENT, doubt.meant)


def by_repetition(place: Place) -> Iterator[Proposal]:
    """The same word once more."""
    line, at = place.line, place.at
    if at and line.tokens[at - 1].plain == place.word and line.gap(at - 1) == " ":
        yield _instead(place, DOUBLED)


def by_sound(place: Place) -> Iterator[Proposal]:
    """`a` before a vowel, `an` before a consonant."""
    line, at = place.line, place.at
    if place.word in ("a", "an") and at + 1 < len(line.tokens) and line.gap(at) == " ":
        behind = line.tokens[at + 1].plain
        if line.tokens[at].text == "A" and (not line.opens(at) or behind in tables.third_persons()):
            return  # a letter, the initial of a name, or a name: "A adds"
        if "s" in (read := phrases.readings(behind)) and "n" not in read:
            return  # it is not the sound that is wrong: "a updates"
        if (len(behind) == 1 and behind != OBJECT) or (at and line.text[line.tokens[at].start - 1] == "-"):
            return  # a piece of a word, or of a name: "an d", "orexin-A"
        if behind in tables.small_words("never twice") or behind in _OPEN_PHRASES:
            return  # one of the two is too much, or another word was meant
        wanted = article.article_for(
            said(place.document, line.start + line.tokens[at + 1].start) or line.tokens[at + 1].text
        )
        if wanted is not None and wanted != place.word:
            yield _instead(place, ARTICLE, wanted)


_OPEN_PHRASES = frozenset({"all", "another", "any", "each", "either", "every", "our"})


def said(document: Document, place: int) -> str:
    """Return how the code at a place of the reading is read out, empty if there is none, or if nobody can tell."""
    if document.reading.text[place] != OBJECT:
        return ""
    start, end = document.reading.source_span(place, place + 1)
    found = _SAID.match(document.text, start, end)
    return found[1] if found else ""


# Words, not abbreviations that may be spelt out: a vowel comes early, and does not open it as in "user" or "URL".
_SAID = re.compile(r"`+(?![UHuh]|[Ee]u|[Oo]ne)(?=[A-Za-z]{0,2}[aeiou])([A-Z]?[a-z]{3,}|[a-z]{2}(?=[A-Z]))")


def by_joining(place: Place) -> Iterator[Proposal]:
    """One word in two pieces: `an other`, `respon sibility`."""
    line = place.line
    for first in (place.at - 1, place.at):
        if 0 <= first < len(line.tokens) - 1 and line.gap(first) == " ":
            left, right = line.tokens[first].plain, line.tokens[first + 1].plain
            if first == place.at and not (place.unknown and right.encode() in statistics.dictionary()):
                continue  # the other piece is a place of its own, or none
            if left and right and len(left + right) > _SHORTEST_JOINED and left + right in statistics.everyday():
                yield Proposal(SPLIT, first, first + 2, (left + right,))


_SHORTEST_JOINED = 4

SOURCES: dict[str, Source] = {
    "typos": by_typos,
    "look": by_look,
    "document": by_document,
    "parts": by_parts,
    "cue": by_cue,
    "agreement": by_agreement,
    "list": by_list,
    "repetition": by_repetition,
    "sound": by_sound,
    "joining": by_joining,
}


@functools.lru_cache(maxsize=1 << 14)
def lookalikes(word: str) -> tuple[str, ...]:
    """Return the words that are one slip away from an unknown word, or two if it is long; genitives for a genitive."""
    if word.endswith(typos.GENITIVE):
        stem = word.removesuffix(typos.GENITIVE)
        return tuple(other + typos.GENITIVE for other in lookalikes(stem) if not other.endswith("s"))
    if len(word) < _SHORTEST:
        return ()
    slips = 1 if len(word) < _LONG else 2
    found = {}
    for length in range(len(word) - slips, len(word) + slips + 1):
        for other, distance in _near(word, statistics.meant(word[0], length), slips):
            found[other] = statistics.rarity(other) + _RARITY_OF_A_SLIP * distance
    firsts = {word[1:], word[1] + word[0] + word[2:], *(c + word for c in _LETTERS), *(c + word[1:] for c in _LETTERS)}
    everyday = statistics.everyday()
    for other in firsts & everyday.keys():
        found[other] = everyday[other] + _RARITY_OF_A_FIRST_SLIP
    found.pop(word, None)
    return tuple(sorted(found, key=lambda other: (found[other], other))[:_MOST])


def _near(word: str, words: list[str], slips: int) -> Iterator[tuple[str, int]]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extract(word, words, scorer=OSA.distance, score_cutoff=slips, limit=None)
    return ((other, int(distance)) for other, distance, _ in found)


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST = 3
_LONG = 5  # letters from which two letters may be wrong
_RARITY_OF_A_SLIP = 250
_RARITY_OF_A_FIRST_SLIP = 400
_MOST = 8


def is_derived(word: str) -> bool:
    """True if a word is a known one with a prefix or an ending more."""
    known = statistics.dictionary()
    stems = []
    if (prefix := _PREFIXES.match(word)) and len(word) - prefix.end() > _STEM:
        stems.append(word[prefix.end() :])
    for start in range(_STEM + 1, len(word)):
        if _ENDINGS.match(word, start):
            stems += [word[:start], word[:start] + "e", word[:start] + "y"]
    return any(stem.encode() in known for stem in stems)


def _is_derived_from(word: str, stem: str) -> bool:
    """True for a word with a prefix, or an ending of two letters and more: `reviewee` is no slip of `review`."""
    if word.endswith(stem):
        return bool(_PREFIXES.fullmatch(word.removesuffix(stem)))
    return len(word) > len(stem) + 1 and word.startswith(stem) and bool(_ENDINGS.match(word, len(stem)))


def is_compound(word: str) -> bool:
    """True if a word is two known ones without a space."""
    known = statistics.dictionary()
    return any(word[:i].encode() in known and word[i:].encode() in known for i in range(_STEM + 1, len(word) - _STEM))


_STEM = 2
_PREFIXES = re.compile(
    "(?:un|re|de|dis|non|pre|mis|over|under|out|off|on|inter|multi|sub|auto|anti|co|meta|micro|mini|super|hyper|pseudo|"
    "semi|cyber|bio|geo)"
)
_ENDINGS = re.compile(
    "(?:s|es|d|ed|ing|ers?|ees?|ly|able|ness|less|ish|like|i[sz]ation|i[sz]e[sd]?|i[sz]ing|ability|ables|'s|ism|ists?|"
    "wise)$"
)


def _is_plain(word: str) -> bool:
    """True for a word that everybody uses and that may stand alone."""
    if len(word) < _SHORTEST:
        return word in _SHORT
    return statistics.everyday().get(word, statistics.UNHEARD) < _PLAIN and word.encode() in statistics.dictionary()


_PLAIN = 500
_SHORT = frozenset({"a", "i", "am", "an", "as", "at", "be", "by", "do", "go", "he", "if", "in", "is", "it", "me", "my"})
_SHORT |= {"no", "of", "on", "or", "so", "to", "up", "us", "we"}
