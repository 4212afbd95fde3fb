"""Kind `phrase`: fixed phrases and tables of them, all found in one Aho–Corasick pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import ahocorasick_rs

from cleaner.casing import carry
from cleaner.document import Document
from cleaner.edits import trim
from cleaner.model import Edit
from cleaner.rules.kinds.hit import Hit, Matcher, stands_free
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.schema import PhraseRule


def prepare(entries: Sequence[Entry], _rules: RuleSet) -> Matcher:
    by_phrase: dict[bytes, list[tuple[Entry, str, str]]] = defaultdict(list)
    for entry in entries:
        assert isinstance(entry.rule, PhraseRule)
        for old, new in entry.rule.phrases.items():
            for form in {old, old.replace("'", "’")}:
                by_phrase[form.lower().encode()].append((entry, old, new))
    keys = list(by_phrase)
    automaton = ahocorasick_rs.BytesAhoCorasick(keys, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def match(document: Document) -> Iterator[Hit]:
        text = document.reading.text
        found: list[tuple[Hit, bytes]] = []
        for passage in document.reading.passages:
            # Lower case keeps the length of what it is applied to here: ASCII letters only.
            raw = automaton.find_matches_as_indexes(passage.data.lower())
            which = [keys[i] for i, _, _ in raw]
            for key, (start, end) in zip(which, passage.spans((a, b) for _, a, b in raw), strict=True):
                if stands_free(text, start, end):
                    for entry, old, new in by_phrase[key]:
                        edit = trim(Edit(start, end, carry(text[start:end], new)), text)
                        found.append((Hit(entry, start, end, (edit,) if edit else (), row=old), key))
        different: dict[str, set[bytes]] = defaultdict(set)
        for hit, key in found:
            different[hit.entry.id].add(key)
        for hit, _ in found:
            assert isinstance(hit.entry.rule, PhraseRule)
            if len(different[hit.entry.id]) >= hit.entry.rule.at_least:
                yield hit

    return match
