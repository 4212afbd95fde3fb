"""Leave out what the text itself, or its owners, do not want to hear of: ignores, accepted words.

This happens before findings are chosen among: what is hidden does not displace what is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cleaner.document import Document
from cleaner.mask.ignores import WORDS, Ignore
from cleaner.model import Detector, Finding, Span

UNUSED = "cleaner.unused-ignore"
UNKNOWN = "cleaner.unknown-ignore"

# Families that dispute how a word is spelt. Of rules, their kind tells.
_SPELLERS = ("spelling", "harper", "languagetool", "glossary.lookalike")


def below(prefix: str, name: str) -> bool:
    """True if a dotted prefix covers the name of a rule or family."""
    return name == prefix or name.startswith(prefix + ".")


def heeding(detectors: Sequence[Detector], *, judges: Callable[[Sequence[str]], bool] = lambda _: True) -> Detector:
    """Return one detector for several, which heeds ignores and accepted words.

    It tells of ignores that hide nothing, if `judges` says of their rules (none: all) that they were looked for.
    """

    def detect(document: Document) -> Iterator[Finding]:
        found = (finding for detector in detectors for finding in detector(document))
        if document.accepted:
            found = (finding for finding in found if not _is_accepted(finding, document))
        if not document.ignores:
            yield from found
            return
        hid: set[tuple[Ignore, str]] = set()  # "" for an ignore of all rules
        for finding in found:
            hidden = [pair for ignore in document.ignores for pair in _hides(ignore, finding)]
            if not hidden:
                yield finding
            hid.update(hidden)
        yield from _useless(document, detectors, hid, judges)

    return detect


def _is_accepted(finding: Finding, document: Document) -> bool:
    return any(below(prefix, finding.rule) for prefix in _SPELLERS) and document.accepts(finding.span, finding.edits)


def _hides(ignore: Ignore, finding: Finding) -> Iterator[tuple[Ignore, str]]:
    """Yield an ignore with each of its prefixes by which it hides a finding."""
    start, end = finding.span.start, max(finding.span.end, finding.span.start + 1)
    if start < ignore.last and ignore.first < end:
        if not ignore.rules:
            yield ignore, ""
        yield from ((ignore, prefix) for prefix in ignore.rules if below(prefix, finding.rule))


def _useless(
    document: Document,
    detectors: Sequence[Detector],
    hid: set[tuple[Ignore, str]],
    judges: Callable[[Sequence[str]], bool],
) -> Iterator[Finding]:
    comments = [ignore for ignore in document.ignores if ignore.word not in ("sic", "on")]
    if any(ignore.is_hole for ignore in comments) and judges(()):
        # What stands in a hole is not looked at: look at the text as if the comments said nothing.
        heedless = document.heedless()
        for finding in (finding for detector in detectors for finding in detector(heedless)):
            hid.update(pair for ignore in comments if ignore.is_hole for pair in _hides(ignore, finding))
    for ignore in comments:
        span = Span(ignore.start, ignore.end)
        if ignore.word not in WORDS and judges(()):
            expected = f"“{ignore.word}” says nothing to cleaner: expected one of {', '.join(WORDS)}"
            yield Finding(UNKNOWN, span, expected)
        if ignore.word not in WORDS:
            continue
        idle = [prefix for prefix in ignore.rules or [""] if (ignore, prefix) not in hid]
        if idle and judges(tuple(prefix for prefix in idle if prefix)):
            names = ", ".join(filter(None, idle))
            yield Finding(UNUSED, span, f"the ignore hides nothing{names and f' of {names}'}")
