"""Kind `mixed`: a letter of another script inside a Latin word, where a Latin letter that looks like it belongs.

A keyboard left in Cyrillic or a recogniser of characters puts them there, and no search finds the word. Greek, Cyrillic
and mathematics stay: a word is mixed only if most of it is Latin and every other letter of it has a Latin double.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cleaner.document import Document
from cleaner.model import Edit, Evidence
from cleaner.rules.kinds.hit import Hit, Matcher
from cleaner.rules.load import Entry, RuleSet

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z]")
_ENOUGH = 3  # Latin letters; shorter ones are units, symbols and initials (µm, ΔE)
# Letters that no reader tells apart, Unicode's confusables (UTS #39) as far as they are letters of words.
_DOUBLES = dict(
    zip(
        "аеорсухіјѕԁһАВЕЅІЈКМНОРСТХ" + "οΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aeopcyxijsdhABESIJKMHOPCTX" + "oABEZHIKMNOPTYX",
        strict=True,
    )
)


def prepare(entries: Sequence[Entry], _rules: RuleSet) -> Matcher:
    def match(document: Document) -> Iterator[Hit]:
        for passage in document.reading.passages:
            if passage.marks.isdisjoint(_DOUBLES):
                continue
            for word in _WORD.finditer(passage.text):
                if edits := _doubles(word, passage.start):
                    names = f"{len(edits)} of its {len(word[0])} letters are not Latin"
                    for entry in entries:
                        start, end = word.start() + passage.start, word.end() + passage.start
                        yield Hit(entry, start, end, edits, (Evidence("word", names),))

    return match


def _doubles(word: re.Match[str], shift: int) -> tuple[Edit, ...]:
    text = word[0]
    if text.isascii():
        return ()
    latin = len(_LATIN.findall(text))
    others = [i for i, letter in enumerate(text) if "\u0370" <= letter <= "\u052f"]
    if latin < _ENOUGH or 2 * len(others) > latin or not all(text[i] in _DOUBLES for i in others):
        return ()
    at = word.start() + shift
    return tuple(Edit(at + i, at + i + 1, _DOUBLES[text[i]]) for i in others)
