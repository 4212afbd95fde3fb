"""The proof of a rule: its own examples, alone and in company with all other rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from cleaner import engine, worddiff
from cleaner.document import Document
from cleaner.edits import splice
from cleaner.model import Applicability, Detector, Finding, VerifyError
from cleaner.rules import detector
from cleaner.rules.load import ANY, Entry, RuleSet
from cleaner.rules.schema import CatalogueRule, MarkupRule


class Failure(Struct, frozen=True):
    """An example that does not hold."""

    entry: Entry
    example: str
    reason: str

    def __str__(self) -> str:
        return f"{self.entry.path}:{self.entry.line}: rule {self.entry.id}: {self.reason}\n    {self.example}"


def test(rules: RuleSet, entries: Sequence[Entry]) -> Iterator[Failure]:
    """Yield the examples of `entries` that do not hold, alone or in company with all `rules`.

    Each `bad` must become its marked text and be at rest then; no `good` may be found.
    """
    company = detector(rules)
    for entry in entries:
        alone = detector(RuleSet((entry,), rules.tables))
        for example in entry.rule.bad:
            reason = _bad(entry, example, alone) or _in_company(entry, example, company)
            if reason:
                yield Failure(entry, example, reason)
        for example in entry.rule.good:
            found = engine.examine(document_of(entry, example), [_at_least_unsafe(alone)])
            if found:
                marked = worddiff.render(example, [edit for finding in found for edit in finding.edits])
                yield Failure(entry, example, f"finds something in a good example: {marked}")


def _bad(entry: Entry, example: str, alone: Detector) -> str:
    before, after, _ = worddiff.parse(example)
    if before == after and not worddiff.MARK.search(example):
        return "a bad example marks its fault: [-old-]{+new+}"
    found = engine.examine(document_of(entry, before), [_at_least_unsafe(alone)])
    if not found:
        return "does not find its bad example"
    if all(not finding.edits for finding in found):
        return "" if before == after else "finds its bad example, but has no repair for it"
    if any(finding.applicability is Applicability.DISPLAY for finding in found):
        return f"its repair would break a promise: {found[0].evidence[-1].detail}"
    got, problem = _repaired(entry, before, alone)
    return problem or ("" if got == after else f"makes of its bad example: {got}")


def _in_company(entry: Entry, example: str, company: Detector) -> str:
    """All rules together: the mended text is left alone, and the bad example comes out the same."""
    before, after, _ = worddiff.parse(example)
    if before == after:
        return ""
    for text in (after, before):
        got, problem = _repaired(entry, text, company)
        if problem or got != after:
            return problem or f"in company with all rules becomes: {got}"
    return ""


def _repaired(entry: Entry, text: str, detect: Detector) -> tuple[str, str]:
    try:
        result = engine.clean(document_of(entry, text), [_at_least_unsafe(detect)], Applicability.UNSAFE)
    except VerifyError as error:
        return text, str(error)
    return splice(text, result.changes), ""


def document_of(entry: Entry, text: str) -> Document:
    """Make a document of an example, of a kind that its rule looks at."""
    kind = {MarkupRule: "markdown", CatalogueRule: "po"}.get(type(entry.rule), "text")
    return Document(text, kind=kind, lang="en" if entry.lang == ANY else entry.lang)


def _at_least_unsafe(detect: Detector) -> Detector:
    """A detector whose findings can be applied: an example shows what a rule would do if it were let."""

    def trusted(document: Document) -> Iterator[Finding]:
        for finding in detect(document):
            display = finding.applicability is Applicability.DISPLAY
            yield msgspec.structs.replace(finding, applicability=Applicability.UNSAFE) if display else finding

    return trusted
