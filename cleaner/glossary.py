"""Glossaries: the names and terms of a site, each with the spellings that give way to it.

A glossary is YAML, `canonical: [variants]`:

    Popular Mobilization Forces: [People's Mobilization Forces, Popular Mobilisation Forces]
    GitHub: [Github, Git Hub]
    Kataib Hezbollah: []

A variant is replaced wherever it stands; a capitalised near miss of a canonical name that no dictionary knows
is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import ahocorasick_rs

from cleaner import article, statistics
from cleaner.casing import carry
from cleaner.document import Document
from cleaner.edits import trim
from cleaner.mask.holes import BREAK
from cleaner.model import Applicability, Detector, Edit, Evidence, Finding, RuleError, Span
from cleaner.rules.kinds.hit import stands_free
from cleaner.rules.load import compose, line_of, mapping_of

Glossary = dict[str, list[str]]

VARIANT = "glossary.variant"
LOOKALIKE = "glossary.lookalike"

_SHORTEST = 6  # letters; shorter names have too many neighbours
_ABBREVIATION = 3  # letters
_LONG = 10  # letters from which two slips may lie between
_CAPITALISED = re.compile(r"(?<![\w’'-])[^\W\d_a-z][^\W\d_]+")


def load(paths: Sequence[Path]) -> Glossary:
    """Read glossaries; raises RuleError with path and line."""
    glossary: Glossary = {}
    owners: dict[str, str] = {}
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise RuleError(f"{path}: cannot read it: {error.strerror}") from None
        except UnicodeDecodeError:
            raise RuleError(f"{path}:1: glossaries are UTF-8, this one is not") from None
        for term, (key, node) in mapping_of(
            compose(text, path), path, "a glossary holds canonical: [variants]"
        ).items():
            if node.id != "sequence" or any(not isinstance(item.value, str) for item in node.value):
                raise RuleError(f"{path}:{line_of(key)}: “{term}”: expected a list of variants: [one, another]")
            for item in node.value:
                owner = owners.setdefault(item.value, term)
                if owner != term:
                    raise RuleError(f"{path}:{line_of(item)}: “{item.value}” is a variant of “{owner}” already")
            glossary.setdefault(term, []).extend(item.value for item in node.value)
    for variant, term in owners.items():
        if variant in glossary:
            raise RuleError(f"{paths[0]}: “{variant}” is both canonical and a variant of “{term}”")
    return glossary


def detector(glossary: Glossary) -> Detector:
    """Prepare a glossary to run."""
    meant = {form: term for term, variants in glossary.items() for v in variants for form in (v, v.replace("'", "’"))}
    # Canonical terms are looked for too: what stands inside one is not a variant.
    keys = sorted({form.lower() for form in meant} | {term.lower() for term in glossary})
    by_key: dict[str, list[str]] = {}
    for form in meant:
        by_key.setdefault(form.lower(), []).append(form)
    automaton = ahocorasick_rs.BytesAhoCorasick(
        [key.encode() for key in keys], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
    )
    words: dict[str, dict[str, str]] = {}  # by initial
    for term in glossary:
        for word in _CAPITALISED.findall(term):
            if len(word) >= _SHORTEST:
                words.setdefault(word[0], {})[word] = term

    def detect(document: Document) -> Iterator[Finding]:
        text = document.reading.text
        for passage in document.reading.passages:
            raw = automaton.find_matches_as_indexes(passage.data.lower())
            for (key, _, _), (start, end) in zip(raw, passage.spans((a, b) for _, a, b in raw), strict=True):
                written = text[start:end]
                # A plural keeps its s.
                plural = written[-1:].isalpha() and not written.endswith("s") and text.startswith("s", end)
                if written in glossary or not stands_free(text, start, end + plural):
                    continue
                for form in by_key.get(keys[key], ())[:1]:
                    yield from _variant(document, start, end, meant[form])
        if words:
            yield from _lookalikes(document, words)

    return detect


def _variant(document: Document, start: int, end: int, term: str) -> Iterator[Finding]:
    text = document.reading.text
    written = text[start:end]
    # A heading in capitals stays one, but not every abbreviation is a heading; a word at the start keeps its capital.
    capitals = written.isupper()
    new = term if (capitals and len(written) <= _ABBREVIATION) or term.isupper() else carry(written, term)
    if new == written or BREAK in written:
        return
    edit = trim(Edit(start, end, new), text)
    evidence = Evidence("glossary", f"the glossary has “{term}” for “{written}”")
    if edit:
        yield from _finding(document, VARIANT, (start, end), edit, evidence, Applicability.UNSAFE)


def _lookalikes(document: Document, words: dict[str, dict[str, str]]) -> Iterator[Finding]:
    text = document.reading.text
    for word in sorted({word for word in _CAPITALISED.findall(text) if len(word) >= _SHORTEST and word[0] in words}):
        names = words[word[0]]
        near = [name for name in names if _is_near(word, name)] if word not in names else []
        if len(near) != 1 or word.lower().encode() in statistics.words():
            continue
        evidence = Evidence("glossary", f"“{near[0]}” of the glossary (“{names[near[0]]}”) is a slip away")
        for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            edit = Edit(match.start(), match.end(), near[0])
            yield from _finding(document, LOOKALIKE, match.span(), edit, evidence, Applicability.DISPLAY)


def _is_near(word: str, name: str) -> bool:
    if abs(len(word) - len(name)) > 2 or word.removesuffix("s") == name.removesuffix("s"):
        return False
    from rapidfuzz.distance import OSA

    most = 2 if len(name) >= _LONG else 1
    return OSA.distance(word, name, score_cutoff=most) <= most


def _finding(
    document: Document, rule: str, span: tuple[int, int], edit: Edit, evidence: Evidence, level: Applicability
) -> Iterator[Finding]:
    reading = document.reading
    edits = reading.source_of(article.agree(reading.text, [edit]))
    if edits is None:
        return
    yield Finding(
        rule=rule,
        span=Span(*reading.source_span(*span)),
        message=f"“{reading.text[slice(*span)]}” is spelt otherwise here",
        edits=edits,
        applicability=level,
        evidence=(evidence,),
        may_change=frozenset({"numbers"}),
    )
