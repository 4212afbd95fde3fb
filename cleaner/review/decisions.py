"""The file of decisions: which files were reviewed, and what was answered to each suggestion.

It is one JSON document with a decision a line (docs/reviewing.md). Offsets are code points. Of several decisions
on one item the last counts, so that a review can be kept by adding to the end.
"""

from __future__ import annotations

import enum
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from cleaner.mask import ignores
from cleaner.model import Change, Edit, FileError
from cleaner.review.items import Item

VERSION = 1


class Answer(enum.StrEnum):
    """What was decided: to make the suggested edits, to leave the text as it is, or to put another text there.

    Or that it is right: the rules are to be ignored in that line, the word is to be accepted, or the finding is to
    be known from now on.
    """

    ACCEPT = "accept"
    REJECT = "reject"
    REPLACE = "replace"
    IGNORE = "ignore"
    WORD = "word"
    BASELINE = "baseline"


class Reviewed(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A file that was reviewed: the digest of its bytes, and how they were read."""

    path: str
    digest: str  # BLAKE2b, in hexadecimal
    encoding: str = "utf-8"
    field: str = "text"  # of the records of a .jsonl


class Decision(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An answer, with all that is needed to carry it out: `text` is what a REPLACE puts in the place of `before`."""

    path: str
    start: Annotated[int, Meta(ge=0)]
    end: int
    before: str
    edits: tuple[Edit, ...]
    rules: tuple[str, ...]
    decision: Answer
    text: str | None = None
    record: int = 0  # the line of a .jsonl, from 1

    @property
    def item(self) -> object:
        """What the answer was given to."""
        return self.path, self.record, self.start, self.end, self.rules, self.edits

    @property
    def chosen(self) -> tuple[Edit, ...]:
        """The edits that carry the answer out."""
        if self.decision is Answer.ACCEPT:
            return self.edits
        if self.decision is Answer.REPLACE:
            return (Edit(self.start, self.end, self.text or ""),)
        return ()


class Decisions(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file of decisions."""

    version: int
    files: tuple[Reviewed, ...]
    decisions: tuple[Decision, ...]


def decide(path: str, record: int, before: str, item: Item, answer: Answer, text: str | None = None) -> Decision:
    """Return an answer to an item of a document whose text is `before`."""
    start, end = item.span.start, item.span.end
    return Decision(path, start, end, before[start:end], item.edits, item.rules, answer, text, record)


def parse(data: bytes, name: str) -> Decisions:
    """Read a file of decisions; raises FileError that says where it is wrong."""
    # The json module, because names of files may hold what is not Unicode; msgspec refuses that.
    try:
        value = json.loads(data)
    except ValueError as error:
        raise FileError(f"{name}: not a file of decisions: not JSON: {error}") from None
    if isinstance(value, dict) and isinstance(value.get("version"), int) and value["version"] > VERSION:
        raise FileError(f"{name}: decisions of version {value['version']}; this cleaner reads up to {VERSION}")
    try:
        decisions = msgspec.convert(value, Decisions)
    except msgspec.ValidationError as error:
        raise FileError(f"{name}: not a file of decisions: {error}") from None
    known = {file.path for file in decisions.files}
    for decision in decisions.decisions:
        if decision.path not in known:
            raise FileError(f"{name}: a decision on {decision.path}, which is not among its files")
    return decisions


def render(decisions: Decisions) -> bytes:
    """Write a file of decisions; the inverse of `parse`."""
    return opening(decisions.files) + b",".join(b"\n" + line(d) for d in decisions.decisions) + CLOSING


def opening(files: Sequence[Reviewed]) -> bytes:
    """Return a file of decisions up to the first of them."""
    lines = b",".join(b"\n" + _json(file) for file in files)
    return b'{"version": %d, "files": [%s\n], "decisions": [' % (VERSION, lines)


CLOSING = b"\n]}\n"


def line(decision: Decision) -> bytes:
    return _json(decision)


def _json(value: Struct) -> bytes:
    return json.dumps(msgspec.to_builtins(value), ensure_ascii=True).encode()


def last(decisions: Iterable[Decision]) -> Iterator[Decision]:
    """Return the decisions that count."""
    return iter({decision.item: decision for decision in decisions}.values())


def changes_of(text: str, decisions: Sequence[Decision], where: str, *, kind: str = "text") -> list[Change]:
    """Return the changes that decisions make to a text; raises FileError if they do not fit it or each other."""
    changes = []
    for decision in decisions:
        end = decision.start + len(decision.before)
        inside = all(decision.start <= edit.start <= edit.end <= end for edit in decision.chosen)
        if not inside or decision.end != end or text[decision.start : decision.end] != decision.before:
            raise FileError(f"{where}: not written: a decision does not fit what stands at {decision.start}")
        changes += [Change(edit.start, edit.end, edit.text, decision.rules) for edit in decision.chosen]
    changes.sort()
    for left, right in itertools.pairwise(changes):
        if right.start < left.end or left.start == right.start:
            rules = ", ".join((*left.rules, *right.rules))
            raise FileError(f"{where}: not written: two decisions change the same words at {right.start}: {rules}")
    ignored: dict[Edit, set[str]] = {}  # by where the comment goes
    for decision in decisions:
        if decision.decision is Answer.IGNORE:
            place = ignores.comment(text, kind, decision.start, ())
            if place is None:
                raise FileError(f"{where}: not written: no comment can stand at {decision.start}; reject it instead")
            ignored.setdefault(place, set()).update(decision.rules)
    for place, named in ignored.items():
        silenced = tuple(sorted(named))
        if made := ignores.comment(text, kind, place.start, silenced):
            changes.append(Change(made.start, made.end, made.text, silenced))
    return changes
