"""What a finding is known by, whatever moves around it: its rule, its text and the words beside it.

No line, no offset and no path: a finding stays the same one if its paragraph moves, the heading above it is
reworded or its file gets another name. It becomes another one if the words right beside it change.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from cleaner.document import Document
from cleaner.model import Finding

WORDS = 3  # on each side; fewer would confuse findings in phrases that recur
_WORD = re.compile(r"\w+")


class Trace(Struct, frozen=True, order=True):
    """A finding without its place: `before` and `after` are the words beside it in its paragraph, in lower case."""

    rule: str
    text: str
    before: str
    after: str


def traces(document: Document, findings: Sequence[Finding]) -> list[Trace]:
    """Return the traces of findings of a document, in their order."""
    return [_trace(document, finding) for finding in findings]


def fingerprints(document: Document, findings: Sequence[Finding]) -> list[str]:
    """Return a short hexadecimal hash for each finding of a document, different for all of them.

    It hashes the trace, and which of the findings with that trace it is.
    """
    seen: Counter[Trace] = Counter()
    out = []
    for trace in traces(document, findings):
        seen[trace] += 1
        said = "\0".join((trace.rule, trace.text, trace.before, trace.after, str(seen[trace])))
        out.append(hashlib.blake2b(said.encode(), digest_size=16).hexdigest())
    return out


def _trace(document: Document, finding: Finding) -> Trace:
    reading, span = document.reading, finding.span
    start, end = reading.offset(span.start), reading.offset(span.end)
    before = _words(reading.text[reading.paragraph(start).start : start])[-WORDS:]
    after = _words(reading.text[end : reading.paragraph(end).end])[:WORDS]
    text = " ".join(document.text[span.start : span.end].split())
    return Trace(finding.rule, text, " ".join(before), " ".join(after))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
