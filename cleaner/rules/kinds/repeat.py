"""Kind `repeat`: a word, a phrase or a sentence that is said twice in a row.

A cheap pass over the bytes of a passage tells whether anything in it can be a repeat; only then are its
words looked at one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import eq
from typing import NamedTuple

from cleaner.document import Document, Passage
from cleaner.model import Edit, Evidence
from cleaner.rules.kinds.hit import Hit, Matcher
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.schema import RepeatRule

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SENTENCE = re.compile(r"[^\n.!?]*(?:[.!?](?![ \n]|$)[^\n.!?]*)*[.!?]+[\"”’)]*")
_SENTENCE_WORDS = 4  # shorter ones are said twice on purpose

# ASCII letters in lower case, digits and apostrophes kept, all else of ASCII a space; UTF-8 beyond as it is.
_FOLD = bytes(
    c + 32 if 65 <= c <= 90 else c if c > 127 or chr(c).isalnum() or c == 39 else 32 for c in range(256)
)
_TYPOGRAPHIC = [mark.encode() for mark in "“”‘—–…"]


class Token(NamedTuple):
    start: int
    end: int
    folded: str


class Run(NamedTuple):
    """`copies` of a phrase of `length` words, side by side; `first` is the index of its first word."""

    first: int
    length: int
    copies: int


def prepare(entries: Sequence[Entry], _rules: RuleSet) -> Matcher:
    rules = [entry.rule for entry in entries]
    longest = max((r.longest for r in rules if isinstance(r, RepeatRule) and r.unit == "phrase"), default=1)

    def match(document: Document) -> Iterator[Hit]:
        for passage in document.reading.passages:
            words = _words(passage)
            if any(map(eq, words, islice(words, 1, None))) or _echoes(words, longest):
                yield from _phrases(passage, entries, longest)
            if _sentence_twice(passage.text):
                yield from _sentences(passage, entries)

    return match


def _words(passage: Passage) -> list[bytes]:
    data = passage.data
    if len(data) != len(passage.text):
        for mark in _TYPOGRAPHIC:
            data = data.replace(mark, b" ")
    return data.translate(_FOLD).split()


def _echoes(words: list[bytes], longest: int) -> bool:
    """True if a phrase of 2 to `longest` words may stand twice in a row.

    One byte of each word's hash, and the whole passage compared with itself shifted: as two big numbers,
    because there is no faster way to compare all words at once.
    """
    hashes = bytes([hash(word) & 255 for word in words])
    number = int.from_bytes(hashes, "big")
    for lag in range(2, longest + 1):
        if len(hashes) < 2 * lag:
            return False
        difference = (number ^ (number >> 8 * lag)).to_bytes(len(hashes), "big")
        if difference.find(bytes(lag), lag) >= 0:
            return True
    return False


def _phrases(passage: Passage, entries: Sequence[Entry], longest: int) -> Iterator[Hit]:
    text = passage.text
    tokens = [Token(m.start(), m.end(), m[0].lower().replace("’", "'")) for m in _WORD.finditer(text)]
    taken: set[int] = set()
    for length in range(1, longest + 1):
        for run in _runs(text, tokens, length):
            end = run.first + run.length * run.copies
            if taken.isdisjoint(range(run.first, end)):
                taken.update(range(run.first, end))
                for entry in entries:
                    if _wants(entry, text, tokens[run.first : run.first + run.length]):
                        yield _hit(entry, passage, tokens, run)


def _runs(text: str, tokens: Sequence[Token], length: int) -> Iterator[Run]:
    folded = [token.folded for token in tokens]
    same = list(map(eq, folded, islice(folded, length, None)))
    i = 0
    while i < len(same):
        copies = 1
        while all(same[i + (copies - 1) * length : i + copies * length]) and _adjacent(
            text, tokens, i + (copies - 1) * length, length
        ):
            copies += 1
        if copies > 1:
            yield Run(i, length, copies)
            i += length * (copies - 1)
        i += 1


def _adjacent(text: str, tokens: Sequence[Token], first: int, length: int) -> bool:
    """True if the phrase at `first` and the one after it are alike to the punctuation, a space between them."""
    second = first + length
    if second + length > len(tokens):
        return False
    between = text[tokens[second - 1].end : tokens[second].start]
    one = text[tokens[first].start : tokens[second - 1].end]
    two = text[tokens[second].start : tokens[second + length - 1].end]
    return between != "" and not between.strip(" ") and one.lower() == two.lower()


def _wants(entry: Entry, text: str, phrase: Sequence[Token]) -> bool:
    rule = entry.rule
    assert isinstance(rule, RepeatRule)
    words = [token.folded for token in phrase]
    if rule.unit != ("word" if len(words) == 1 else "phrase") or len(words) > rule.longest:
        return False
    if len(words) == 1:
        return words[0] in rule.words if rule.words else words[0] not in rule.allow and len(words[0]) > 1
    return not any(word in rule.allow for word in words) and not all(word.isdigit() for word in words)


def _hit(entry: Entry, passage: Passage, tokens: Sequence[Token], run: Run) -> Hit:
    end = run.first + run.length * run.copies
    first, kept_end = tokens[run.first].start, tokens[run.first + run.length - 1].end
    last = tokens[end - 1].end
    phrase = passage.text[first:kept_end]
    shift = passage.start
    # The same words are left if the first copy goes with the space before it.
    before = len(passage.text[:first].rstrip(" "))
    last_copy = tokens[end - run.length].start
    exact = passage.text[last_copy:last] == phrase and before and passage.text[before - 1] != "\n"
    times = {2: "twice", 3: "three times"}.get(run.copies, f"{run.copies} times")
    return Hit(
        entry,
        first + shift,
        last + shift,
        (Edit(kept_end + shift, last + shift, ""),),
        (Evidence("document", f"“{phrase}” stands {times} in a row"),),
        instead=(Edit(before + shift, kept_end + shift, ""),) if exact and run.copies == 2 else (),
    )


def _sentence_twice(text: str) -> bool:
    sentences = text.replace(".\n", ". ").replace("\n", ". ").split(". ")
    return any(map(eq, sentences, islice(sentences, 1, None)))


def _sentences(passage: Passage, entries: Sequence[Entry]) -> Iterator[Hit]:
    wanting = [e for e in entries if isinstance(e.rule, RepeatRule) and e.rule.unit == "sentence"]
    text, shift = passage.text, passage.start
    previous, end = "", 0
    for found in _SENTENCE.finditer(text):
        sentence = found[0].strip()
        between = text[end : found.end() - len(found[0].lstrip())]
        if sentence == previous and not between.strip(" ") and len(sentence.split()) >= _SENTENCE_WORDS:
            evidence = (Evidence("document", "the same sentence stands right before it"),)
            for entry in wanting:
                yield Hit(entry, end + shift, found.end() + shift, (Edit(end + shift, found.end() + shift, ""),), evidence)
        previous, end = sentence, found.end()
