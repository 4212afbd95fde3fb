"""The values that everything else passes along: spans, edits, findings, results, errors.

Offsets are code points of the text as it stands, ends exclusive.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from msgspec import Struct, structs

if TYPE_CHECKING:
    from cleaner.document import Document


class Applicability(enum.StrEnum):
    """What may happen to a fix.

    `safe` fixes are applied by default, `unsafe` ones when asked for, `display` ones are shown to a
    person and never applied.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"

    @property
    def rank(self) -> int:
        """Trust as a number: safe 2, unsafe 1, display 0."""
        return _RANK[self]


# Families of findings that come from grammar engines; they give way to those of rules.
ENGINES = ("harper", "languagetool")

_RANK = {Applicability.SAFE: 2, Applicability.UNSAFE: 1, Applicability.DISPLAY: 0}


class Span(Struct, frozen=True, order=True):
    """A stretch of text."""

    start: int
    end: int


class Edit(Struct, frozen=True, order=True):
    """One replacement: an insertion if `start == end`, a deletion if `text` is empty."""

    start: int
    end: int
    text: str


class Node(Struct, frozen=True):
    """The node of markup that a repair makes of broken text: its kind, how the text reads then, and its target."""

    kind: str
    reads: str
    target: str = ""


class Evidence(Struct, frozen=True):
    """One reason for a finding, with its weight in the decision (0 where it was not weighed)."""

    kind: str
    detail: str
    weight: float = 0.0


class Finding(Struct, frozen=True):
    """A fault, and at most one fix, whose edits are applied together or not at all.

    `alternatives` are other texts for the whole span. `may_change` names the promises that the fix
    is licensed to touch: `numbers`, `quotes` (how marks pair). `makes` is the node, if the fix is there to mend
    markup: the text must then parse to that one and else be what it was. `confidence` is None where it has not been
    measured. `row` is the entry that matched of a rule that is a table.
    """

    rule: str
    span: Span
    message: str
    edits: tuple[Edit, ...] = ()
    applicability: Applicability = Applicability.DISPLAY
    confidence: float | None = None
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[str, ...] = ()
    may_change: frozenset[str] = frozenset()
    makes: Node | None = None
    row: str = ""


def demoted(finding: Finding, reason: str) -> Finding:
    """Return a finding whose repair is only shown, because of the promise that it would break."""
    evidence = (*finding.evidence, Evidence("promise", reason))
    return structs.replace(finding, applicability=Applicability.DISPLAY, evidence=evidence)


class Change(Struct, frozen=True, order=True):
    """One composed replacement in the original text, and the rules that made it."""

    start: int
    end: int
    text: str
    rules: tuple[str, ...]


class Result(Struct, frozen=True):
    """What cleaning one document came to.

    `findings` are those of `before`; splicing `changes` into `before` gives `after`.
    """

    path: str
    before: str
    after: str
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]


Detector = Callable[["Document"], Iterable[Finding]]


class CleanerError(Exception):
    """An error that is the user's to mend; its text says where and how."""


class ConfigError(CleanerError):
    """An option or setting that cannot be used."""


class RuleError(CleanerError):
    """A rule file that cannot be used; the text opens with path:line."""


class FileError(CleanerError):
    """A file that cannot be read or written."""


class BackendError(CleanerError):
    """A grammar engine that cannot be asked, or that failed while it was; it ends the run."""


class VerifyError(CleanerError):
    """A document whose repair would break a promise that no single finding explains."""
