"""Kind `term`: a technical term whose words were replaced by synonyms, found without a list of such phrases.

“Counterfeit consciousness” is artificial intelligence: each of its words is a synonym of the word that stands there
in a term. Two words are reported if they make a term when put right, are none as they stand, and are no common pair.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner import statistics
from cleaner.casing import carry
from cleaner.document import Document, Passage
from cleaner.edits import trim
from cleaner.model import Edit, Evidence, RuleError
from cleaner.rules import words
from cleaner.rules.kinds import pattern
from cleaner.rules.kinds.hit import Hit, Matcher, stands_free
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.schema import TermRule


def prepare(entries: Sequence[Entry], rules: RuleSet) -> Matcher:
    vocabularies = [(entry, Vocabulary(entry, rules)) for entry in entries]

    def match(document: Document) -> Iterator[Hit]:
        for passage in document.reading.passages:
            for entry, vocabulary in vocabularies:
                for old, meant in vocabulary.reworded(passage):
                    yield from _hits(entry, passage, old, meant)

    return match


def check(entry: Entry, rules: RuleSet) -> None:
    """Raise RuleError if the tables of a rule are not there, or not of the shape that the kind reads."""
    Vocabulary(entry, rules)


class Vocabulary:
    """Terms of two words, and the synonyms of these words."""

    def __init__(self, entry: Entry, rules: RuleSet) -> None:
        assert isinstance(entry.rule, TermRule)
        tables = pattern.tables_of(entry, rules)
        terms = _table(entry, tables, entry.rule.terms, ("first", "second"))
        synonyms = _table(entry, tables, entry.rule.synonyms, ("word", "synonym"))
        self._terms = {(a.encode(), b.encode()) for a, b in terms.rows}
        self._meant: dict[bytes, set[bytes]] = defaultdict(set)
        for word, synonym in synonyms.rows:
            self._meant[synonym.encode()].add(word.encode())
        firsts = {first for first, _ in self._terms}
        # Whatever may open a term: most text has none of them.
        self._openers = frozenset(s for s, meant in self._meant.items() if not meant.isdisjoint(firsts))

    def reworded(self, passage: Passage) -> Iterator[tuple[bytes, str]]:
        """Yield the pairs of words, each once, that stand for one term, and the term."""
        openers = self._openers & passage.vocabulary
        if not openers:
            return
        for first, second in {pair for pair in pairwise(passage.words) if pair[0] in openers}:
            meant = self._terms_of(first, second)
            if len(meant) == 1 and not self._is_usual(first, second):
                yield first + b" " + second, meant.pop()

    def _terms_of(self, first: bytes, second: bytes) -> set[str]:
        ending = "" if second in self._meant else "s"
        seconds = self._meant.get(second) or self._meant.get(second.removesuffix(b"s"), set())
        found = {(a, b) for a in self._meant[first] for b in seconds} & self._terms
        return {f"{a.decode()} {b.decode().removesuffix(ending) + ending}" for a, b in found}

    def _is_usual(self, first: bytes, second: bytes) -> bool:
        return (first, second) in self._terms or second in statistics.following().of(first)


def _table(entry: Entry, tables: dict[str, words.Table], name: str, columns: tuple[str, str]) -> words.Table:
    table = tables.get(name)
    if table is None or table.columns != columns:
        where = f"{entry.path}:{entry.line}: rule {entry.id}"
        raise RuleError(f"{where}: no table words/{name}.csv with the columns {','.join(columns)}")
    return table


def _hits(entry: Entry, passage: Passage, old: bytes, term: str) -> Iterator[Hit]:
    evidence = Evidence("table", f"each word is a synonym of one in “{term}”, and the two are no common pair")
    found = [match.span() for match in re.finditer(re.escape(old), passage.data.lower())]
    for start, end in passage.spans(found):
        first, last = start - passage.start, end - passage.start
        if stands_free(passage.text, first, last):
            parts = zip(passage.text[first:last].split(" "), term.split(" "), strict=True)
            edit = trim(Edit(first, last, " ".join(carry(part, word) for part, word in parts)), passage.text)
            edits = (Edit(edit.start + passage.start, edit.end + passage.start, edit.text),) if edit else ()
            yield Hit(entry, start, end, edits, (evidence,))
