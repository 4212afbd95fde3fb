"""The way of a document: detect, select, apply, verify, and again until nothing is left to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set

from cleaner import mask
from cleaner.document import Document
from cleaner.edits import Taken, compose, origin, splice
from cleaner.mask.holes import BREAK
from cleaner.model import (
    ENGINES,
    Applicability,
    Change,
    Detector,
    Edit,
    Finding,
    Result,
    VerifyError,
    demoted,
)

_ROUNDS = 20  # a second round is rare and a third has not been seen; more than this is a circle
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


# Takes a document and its findings; returns those that are of interest, and what says of an edit to the document
# whether it may be made.
Limit = Callable[[Document, Sequence[Finding]], tuple[Set[Finding], Callable[[Edit], bool]]]


def clean(
    document: Document,
    detectors: Sequence[Detector],
    level: Applicability = Applicability.SAFE,
    *,
    limits: Sequence[Limit] = (),
) -> Result:
    """Find all faults of a document and repair those trusted at least as much as `level`.

    Raises VerifyError if a promise would be broken in a way that no single finding explains, or if the
    repairs do not come to rest.
    """
    findings, permits = _within(document, examine(document, detectors), limits)
    first = findings
    current, changes = document, tuple[Change, ...]()
    for _ in range(_ROUNDS):
        chosen = [f for f in findings if f.edits and f.applicability.rank >= level.rank]
        if limits:
            chosen = [f for f in chosen if all(permits(_original(edit, changes)) for edit in f.edits)]
        if not chosen:
            return Result(document.path, document.text, current.text, tuple(first), changes)
        # Markup comes first and alone: what is prose depends on it.
        chosen = [f for f in chosen if f.makes] or chosen
        after = _apply(current, chosen)
        if reason := _breaks_promise(current, after, chosen):
            findings = _without_guilty(current, findings, chosen, reason)
            first = findings if current is document else first
            continue
        made = [Change(e.start, e.end, e.text, (f.rule,)) for f in chosen for e in f.edits]
        changes = compose(document.text, changes, current.text, sorted(made))
        current = after
        findings = examine(current, detectors)
    rules = ", ".join(sorted({f.rule for f in chosen}))
    raise VerifyError(f"{document.path}: not repaired: repairs do not come to rest after {_ROUNDS} rounds: {rules}")


def check(document: Document, detectors: Sequence[Detector], *, limits: Sequence[Limit] = ()) -> Result:
    """Find all faults of a document and repair none: `after` is `before`."""
    findings, _ = _within(document, examine(document, detectors), limits)
    return Result(document.path, document.text, document.text, tuple(findings), ())


def _within(
    document: Document, findings: list[Finding], limits: Sequence[Limit]
) -> tuple[list[Finding], Callable[[Edit], bool]]:
    """Return the findings that all limits keep, and what says of an edit whether all permit it."""
    said = [limit(document, findings) for limit in limits]
    kept = [finding for finding in findings if all(finding in some for some, _ in said)]
    return kept, lambda edit: all(permits(edit) for _, permits in said)


def _original(edit: Edit, changes: Sequence[Change]) -> Edit:
    """Return an edit of a text that has been changed as one of the text as it came."""
    return Edit(*origin(changes, edit.start, edit.end), edit.text) if changes else edit


def examine(document: Document, detectors: Sequence[Detector]) -> list[Finding]:
    """Return the findings of a document that do not collide, in order of place, none promising too much."""
    found = [finding for detect in detectors for finding in detect(document)]
    return _keep_promises(document, select(found)) if found else []


def select(findings: Iterable[Finding]) -> list[Finding]:
    """Choose among findings that collide: the most trusted, markup first, the surest, the longest, by place and rule.

    A repair of a rule comes before whatever a grammar engine says of the same place.

    The outcome does not depend on the order in which the findings come.
    """
    taken = Taken()
    chosen = []
    for finding in sorted(set(findings), key=_rank):
        held = finding.edits or (Edit(finding.span.start, finding.span.end, ""),)
        if taken.is_free(held):
            taken.take(held)
            chosen.append(finding)
    return sorted(chosen, key=lambda f: (f.span.start, f.span.end, f.rule))


def _rank(finding: Finding) -> tuple[object, ...]:
    is_engine = finding.rule.partition(".")[0] in ENGINES
    return (
        is_engine or not finding.edits or finding.applicability is Applicability.DISPLAY,
        -finding.applicability.rank,
        finding.makes is None,
        -(finding.confidence or 0.0),
        finding.span.start - finding.span.end,
        finding.span.start,
        finding.rule,
        finding.edits,
        finding.message,
    )


def _apply(document: Document, findings: Iterable[Finding]) -> Document:
    return document.replaced(splice(document.text, [edit for f in findings for edit in f.edits]))


def _keep_promises(document: Document, findings: list[Finding]) -> list[Finding]:
    """Demote the findings whose repair would break a promise, drop those that would not mend the markup they find.

    Whether the text still parses to the same structure is asked here only where an edit comes near something
    that may be markup; `clean` asks it of every text that it makes.
    """
    mending = [f for f in findings if f.makes]
    if mending:
        held = {id(f) for f in _holding(document, mending)}
        findings = [f for f in findings if not f.makes or id(f) in held]
    applicable = [f for f in findings if f.edits and f.applicability is not Applicability.DISPLAY and not f.makes]
    broken = {id(f): reason for f in applicable if (reason := _breaks_numbers(document.text, f))}
    near = [f for f in applicable if id(f) not in broken and _comes_near_markup(document.text, f)]
    if near and (_breaks_promise(document, _apply(document, near), near)):
        # Only now is it worth looking at them one by one.
        broken |= {id(f): reason for f in near if (reason := _breaks_promise(document, _apply(document, [f]), [f]))}
    return [demoted(f, broken[id(f)]) if id(f) in broken else f for f in findings]


def _holding(document: Document, mending: Sequence[Finding], given: Sequence[Finding] = ()) -> Sequence[Finding]:
    """Return those of the findings that, together with those given, make the nodes that they name and nothing else."""
    if not mending:
        return ()
    together = [*given, *mending]
    if not _breaks_markup(document, _apply(document, together), together):
        return mending
    if len(mending) == 1:
        return ()
    half = len(mending) // 2
    first = _holding(document, mending[:half], given)
    return [*first, *_holding(document, mending[half:], [*given, *first])]


def _without_guilty(
    document: Document, findings: list[Finding], chosen: Sequence[Finding], reason: str
) -> list[Finding]:
    """Demote those of the chosen findings that break a promise alone; raises VerifyError if none does."""
    broken = {id(f): why for f in chosen if (why := _breaks_promise(document, _apply(document, [f]), [f]))}
    if not broken:
        rules = ", ".join(sorted({f.rule for f in chosen}))
        raise VerifyError(f"{document.path}: not repaired: together, {rules} would break a promise: {reason}")
    return [demoted(f, broken[id(f)]) if id(f) in broken else f for f in findings]


def _comes_near_markup(text: str, finding: Finding) -> bool:
    """True unless an edit changes letters, spaces and plain stops among others of their kind, after a word."""
    for edit in finding.edits:
        around = text[max(0, edit.start - 2) : edit.end + 2] + edit.text
        line = text[text.rfind("\n", 0, edit.start) + 1 : edit.start]
        if not _PLAIN.fullmatch(around) or not any(c.isalpha() for c in line):
            return True
    return False


_PLAIN = re.compile(r"(?:[^\W\d_]|[ ,.;:?!()’“”–—-])*")


def _breaks_numbers(text: str, finding: Finding) -> str:
    if "numbers" in finding.may_change:
        return ""
    start, end = min(e.start for e in finding.edits), max(e.end for e in finding.edits)
    # Digits next to the edit, and what joins them, belong to the number it touches.
    while start and (text[start - 1].isdigit() or text[start - 1] in ".,"):
        start -= 1
    while end < len(text) and (text[end].isdigit() or text[end] in ".,"):
        end += 1
    old = text[start:end]
    new = splice(old, [Edit(e.start - start, e.end - start, e.text) for e in finding.edits])
    return "" if _NUMBER.findall(old) == _NUMBER.findall(new) else "the repair would change a number"


def _breaks_promise(before: Document, after: Document, findings: Sequence[Finding]) -> str:
    if findings[0].makes:
        return _breaks_markup(before, after, findings)
    if before.structure != after.structure:
        return "the text would parse to another structure"
    if any("quotes" in finding.may_change for finding in findings):
        return ""
    old, new = _unpaired_quotes(before.reading.text), _unpaired_quotes(after.reading.text)
    return "quotation marks would pair worse" if new > old else ""


def _breaks_markup(before: Document, after: Document, findings: Iterable[Finding]) -> str:
    """Say if a text does not parse to what it was and the nodes that the repairs make, or reads as anything else."""
    nodes = [(f.span, f.makes) for f in findings if f.makes]
    expected = before.lines_with(nodes)
    in_tables = any(node.kind == "table" for _, node in nodes)
    if expected is None or not _reads_as(expected, after.lines.text, in_tables):
        return "the text would read otherwise"
    gains = mask.GAINS.get(before.kind)
    if gains and not gains(before.text, after.text, [node for _, node in nodes]):
        return "the text would parse to another structure"
    return ""


def _reads_as(expected: str, text: str, in_tables: bool) -> bool:
    """True if two texts are alike but for spaces and, in tables, for marks that stand between cells and so are gone."""
    expected, text = "".join(expected.split()), "".join(text.split())
    if not in_tables or expected == text:
        return expected == text
    read = 0
    for character in expected:
        if text[read : read + 1] == character:
            read += 1
        elif character != "|":
            return False
    return read == len(text)


def _unpaired_quotes(reading: str) -> int:
    """How many paragraphs of a reading hold quotation marks that do not pair up."""
    count = 0
    for paragraph in reading.split(BREAK):
        if "“" in paragraph or "”" in paragraph or '"' in paragraph:
            marks = Counter(paragraph)
            count += (marks["“"] != marks["”"]) + marks['"'] % 2
    return count
