"""Rules as a detector: load them, choose among them, run every kind once over a document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import structs

from cleaner import article, language
from cleaner.document import Document
from cleaner.edits import splice
from cleaner.mask.holes import BREAK
from cleaner.model import Detector, Edit, Evidence, Finding, RuleError, Span
from cleaner.rules.kinds import CHECKS, DISPUTE_WORDS, KINDS, SIEVES
from cleaner.rules.kinds.hit import Hit
from cleaner.rules.linear import Pattern, PatternError
from cleaner.rules.load import ANY, Entry, RuleSet
from cleaner.rules.load import load as load_checked


def load(folders: Sequence[Path] = (), *, shipped: bool = True) -> RuleSet:
    """Load the shipped rules and those of more folders; raises RuleError with path and line."""
    return load_checked(folders, _complete, shipped=shipped)


def _complete(rules: RuleSet) -> RuleSet:
    """Check the rules, and make once what takes long."""
    entries = []
    for entry in rules.entries:
        _vetoes(entry)
        if entry.kind in CHECKS:
            CHECKS[entry.kind](entry, rules)
        made = SIEVES[entry.kind](entry, rules) if entry.kind in SIEVES else ()
        entries.append(structs.replace(entry, sieves=made))
    return structs.replace(rules, entries=tuple(entries))


def detector(rules: RuleSet) -> Detector:
    """Prepare rules to run."""
    by_kind: dict[str, list[Entry]] = defaultdict(list)
    for entry in rules.entries:
        by_kind[entry.kind].append(entry)
    matchers = [KINDS[kind](entries, rules) for kind, entries in by_kind.items()]
    vetoes: dict[str, list[Pattern]] = {}  # compiled when first needed

    def detect(document: Document) -> Iterator[Finding]:
        for matcher in matchers:
            for hit in matcher(document):
                if hit.entry.id not in vetoes:
                    vetoes[hit.entry.id] = _vetoes(hit.entry)
                finding = _finding(hit, document, vetoes[hit.entry.id])
                if finding is not None:
                    yield finding

    return detect


def _vetoes(entry: Entry) -> list[Pattern]:
    try:
        return [Pattern(expression) for expression in entry.rule.unless]
    except PatternError as error:
        raise RuleError(f"{entry.path}:{entry.line}: rule {entry.id}: unless: {error}") from None


def _finding(hit: Hit, document: Document, vetoes: Sequence[Pattern]) -> Finding | None:
    """Turn a hit into a finding in coordinates of the text, or drop it."""
    entry = hit.entry
    reading = document.lines if hit.makes else document.reading
    if BREAK in reading.text[hit.start : hit.end] and not hit.makes:
        return None
    paragraph = reading.paragraph(hit.start)
    text = reading.text[paragraph.start : paragraph.end]
    if entry.lang != ANY and (entry.lang != document.lang or not language.is_in(text, entry.lang)):
        return None
    start, end = hit.start - paragraph.start, hit.end - paragraph.start
    if any(a < end and start < b for veto in vetoes for a, b in veto.spans(text)):
        return None
    edits: tuple[Edit, ...] = ()
    if hit.edits:
        agree = entry.lang in ("en", ANY) and not hit.makes
        # With the articles that they make wrong.
        ways = (
            reading.source_of(article.agree(reading.text, way) if agree else way)
            for way in (hit.edits, hit.instead)
            if way
        )
        found = next((way for way in ways if way is not None), None)
        if found is None:
            return None
        edits = found
    span = Span(*reading.source_span(hit.start, hit.end))
    if entry.kind in DISPUTE_WORDS and document.accepts(span, edits):
        return None
    return Finding(
        rule=entry.id,
        span=span,
        message=_message(reading.text, hit),
        edits=edits,
        applicability=min(entry.level, entry.rows.get(hit.row, entry.level), key=lambda level: level.rank),
        confidence=entry.trust.confidence if entry.trust else None,
        evidence=(*hit.evidence, Evidence("rule", entry.rule.why)),
        alternatives=hit.alternatives,
        may_change=frozenset(entry.rule.may_change),
        makes=hit.makes,
        row=hit.row,
    )


def _message(text: str, hit: Hit) -> str:
    """The message of a rule for what it found, named with the words around it where there is nothing but space."""
    message = hit.entry.rule.message
    start, end, ends = hit.start, hit.end, " "
    while True:
        old = text[start:end]
        inside = [e for e in hit.edits if start <= e.start and e.end <= end]
        new = splice(old, [Edit(e.start - start, e.end - start, e.text) for e in inside]).strip(ends)
        old = old.strip(ends)
        wider = _wider(text, start, end)
        if (old and ("{new}" not in message or (new and new != old))) or wider == (start, end):
            return message.replace("{old}", old).replace("{new}", new)
        (start, end), ends = wider, " .,;:!?"


def _wider(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch with the words next to it, as far as they stand in the same paragraph."""
    before = re.search(r"[^\s]*[^\S\n]*\Z", text[max(0, start - _LONGEST_WORD) : start])
    after = re.match(r"[^\S\n]*[^\s]*", text[end : end + _LONGEST_WORD])
    return start - (len(before[0]) if before else 0), end + (len(after[0]) if after else 0)


_LONGEST_WORD = 40  # with the spaces around it
