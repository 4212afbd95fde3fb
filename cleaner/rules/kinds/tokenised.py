"""Kind `tokenised`: text that a program cut into words and marks, and nobody put together again.

One space before a comma is a slip. A paragraph in which all commas and stops stand off is tokenised: there, spaces
round hyphens, quotation marks and brackets may go as well, which elsewhere would be taking chances.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from cleaner.document import Document
from cleaner.mask.holes import BREAK, OBJECT
from cleaner.model import Edit, Evidence
from cleaner.rules.kinds.hit import Hit, Matcher
from cleaner.rules.load import Entry, RuleSet

_SIEVE = (b" ,", b" .")
# Commas and stops that stand off, and those that stand where they should.
_OFF = re.compile(r"(?<=[^\W_]) [,.](?= |$)(?! \.)|(?<=[)\]”\"’'%]) [,.](?= |$)(?! \.)")
_ON = re.compile(r"[^\W\d_]{2},(?= |$)|[^\W\d_A-Z]{3}\.(?= |$)")
_STOP = re.compile(r" [.!?](?: ?[\"”’)])*$")

_MARK = re.compile(r"(?:(?<=[^\s.,;:!?(\[“‘])|(?<=[^\W_]\.)(?= ,)) (?:[,;:!?]|\.(?!\.)|\.\.\.|…)(?! \.)(?= |$|[)”’\]])")
_PERCENT = re.compile(r"(?<=\d) %(?= |$|[,.;:)])")
_BETWEEN_NUMBERS = re.compile(r"(?<=\d) (: | :|/ | /| ?[–-] )(?=\d)")
_OPEN = re.compile(r"(?:(?<= )|^)[(\[] (?=\S)")
_CLOSE = re.compile(r"(?<=\S) [)\]](?= |$|[,.;:!?])")
_CLITIC = re.compile(r"(?<=[^\W\d_]) (?:n['’]t|['’](?:s|re|ve|ll|d|m))\b(?!['’])", re.I)
_PLURAL = re.compile(r"(?<=s) ['’](?= [^\W_])")
_CURRENCY = re.compile(r"(?<= )[$£€¥] (?=\d)")
_SLASH = re.compile(r"(?<=[^\W_]) / (?=[^\W_])")
_CURLY = re.compile(r"(?:(?<= )|^)[“‘] (?=\S)|(?<=\S) [”](?= |$|[,.;:!?])")
_STRAIGHT = re.compile(r"(?:(?<= )|^)(?P<mark>[\"'])(?= |$|[,.;:!?])")
_HYPHEN = re.compile(r"(?<=[^\W_])( - )(?=[^\W_])")
_WORD_BEFORE, _WORD_AFTER = re.compile(r"[^\W_]+$"), re.compile(r"[^\W_]+")
_SIMPLE = (_BETWEEN_NUMBERS, _PERCENT, _MARK, _CURRENCY, _OPEN, _CLOSE, _CLITIC, _CURLY, _SLASH)
# Words that do not stand in a compound: where one meets a hyphen, it was a dash. Adverbs may (built-in, well-known).
_NO_PART = frozenset(
    re.findall(
        r"\w+",
        """a an the and or but nor if that which who whose this these those it he she they we you i his her its their
        our my is are was were be been has have had do does did will would can could may might must should as because
        although though while when where albeit including especially such than also however not said says either
        neither even perhaps about""",
    )
)
# Inside a chain of hyphens these do: state-of-the-art.
_INSIDE = frozenset(["a", "and", "at", "by", "in", "of", "on", "or", "the", "to"])


def prepare(entries: Sequence[Entry], _rules: RuleSet) -> Matcher:
    def match(document: Document) -> Iterator[Hit]:
        for passage in document.reading.passages:
            if not any(mark in passage.data for mark in _SIEVE):
                continue
            start = passage.start
            for text in passage.text.split(BREAK):
                if (off := _standing_off(text)) and OBJECT not in text:
                    evidence = (Evidence("paragraph", f"{off} commas and stops stand off, and none where it should"),)
                    for found in _spaces(text, off):
                        edits = tuple(Edit(e.start + start, e.end + start, e.text) for e in found)
                        for entry in entries:
                            yield Hit(entry, edits[0].start, edits[-1].end, edits, evidence)
                start += len(text) + 1

    return match


def _spaces(text: str, off: int) -> Iterator[list[Edit]]:
    """Yield the spaces that a tokenised paragraph has too much, those together that go together; each one once."""
    taken: set[int] = set()
    for places in itertools.chain(_simple(text), _hyphens(text, off), _straight(text), _plurals(text)):
        if taken.isdisjoint(places):
            taken.update(places)
            yield [Edit(i, i + 1, "") for i in places]


def _standing_off(text: str) -> int:
    """How many commas and stops stand off in a paragraph that is tokenised; none in others."""
    off = len(_OFF.findall(text))
    if not off or (off == 1 and not _STOP.search(text)):
        return 0
    return 0 if _ON.search(text) else off


def _simple(text: str) -> Iterator[list[int]]:
    for pattern in _SIMPLE:
        for match in pattern.finditer(text):
            yield [i for i in range(*match.span()) if text[i] == " "]


def _hyphens(text: str, off: int) -> Iterator[list[int]]:
    places = [m.start() for m in _HYPHEN.finditer(text)]
    for at in places:
        left, right = _WORD_BEFORE.search(text[:at]), _WORD_AFTER.match(text, at + 3)
        assert left is not None
        assert right is not None
        chain = right.end() in places or left.start() - 3 in places
        words = [word[0] for word in (left, right) if not (chain and word[0] in _INSIDE)]
        # Two names with one stop off behind them may be an honest journey: New York - London.
        if not _NO_PART.intersection(words) and (chain or off > 1 or not (words[0].istitle() and words[-1].istitle())):
            yield [at, at + 2]


def _straight(text: str) -> Iterator[list[int]]:
    """Straight marks open and close in turn, if there is an even number of them and each stands off."""
    for mark in "\"'":
        places = [m.start() for m in _STRAIGHT.finditer(text) if m["mark"] == mark and not _is_plural(text, m.start())]
        if len(places) % 2 or (mark == '"' and len(places) != text.count(mark)):
            continue
        for first, second in zip(places[::2], places[1::2], strict=True):
            if second - first < 4:
                break
            yield [i for i in (first + 1, second - 1) if text[i] == " "]


def _is_plural(text: str, at: int) -> bool:
    """True for the apostrophe of a plural, if no mark before it can be what it closes."""
    return text[at] == "'" and text[at - 2 : at] == "s " and " ' " not in f" {text[: at - 1]}"


def _plurals(text: str) -> Iterator[list[int]]:
    for match in _PLURAL.finditer(text):
        at = match.start()
        if _is_plural(text, at + 1) or (text[at + 1] == "’" and "‘" not in text[:at]):
            yield [at]
