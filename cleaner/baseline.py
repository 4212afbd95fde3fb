"""The baseline: the findings that stand and are known, so that only new ones are told.

An entry is what a finding is known by (see fingerprint), with the path where it stood as a hint. Each entry
stands for one finding: a second one like it is new. It holds for its path, or, if that is gone or no longer
has those words, for any other.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from typing import Any

import msgspec
from msgspec import Struct

from cleaner import files
from cleaner.document import Document
from cleaner.engine import Limit
from cleaner.fingerprint import WORDS, Trace, traces
from cleaner.mask import MASKS
from cleaner.model import ConfigError, Edit, FileError, Finding

_VERSION = 1
_ENOUGH = 3  # of the six words beside a finding; by those left a finding is known if others were edited
_WORD = re.compile(r"\w+")


class Entry(Struct, frozen=True, order=True):
    """A known finding: the file where it stood, below the folder of the baseline, with slashes, and its trace."""

    path: str
    trace: Trace


class Baseline:
    """The entries of one file, ready to be asked for."""

    def __init__(self, entries: Sequence[Entry] = (), folder: str = ".") -> None:
        self.entries = entries
        self._folder = folder
        self._like: dict[tuple[str, str], list[int]] = defaultdict(list)  # by rule and text
        for number, entry in enumerate(entries):
            self._like[entry.trace.rule, entry.trace.text].append(number)
        self._words: dict[str, str | None] = {}  # of the files that entries name

    def claim(self, path: str, traces: Sequence[Trace], spent: Set[int]) -> list[int | None]:
        """Return for each finding of a file the number of the entry that knows it; those `spent` know nothing more."""
        here = files.below(path, self._folder)
        claimed: list[int | None] = [None] * len(traces)
        taken = set(spent)
        # The surest first: no finding takes the entry of one that it fits better.
        for fits in (_is_same, _is_beside):
            for elsewhere in (False, True):
                for i, trace in enumerate(traces):
                    if claimed[i] is None:
                        claimed[i] = self._find(here, trace, fits, taken, elsewhere=elsewhere)
                        taken.update(n for n in claimed[i : i + 1] if n is not None)
        return claimed

    def _find(
        self, here: str, trace: Trace, fits: Callable[[Trace, Trace], bool], taken: Set[int], *, elsewhere: bool
    ) -> int | None:
        for number in self._like.get((trace.rule, trace.text), ()):
            entry = self.entries[number]
            if number in taken or (entry.path != here) != elsewhere or not fits(entry.trace, trace):
                continue
            if not elsewhere or not self.holds(entry):
                return number
        return None

    def limit(self, path: str, spent: Set[int], claims: list[tuple[int, Trace]]) -> Limit:
        """Return the limit to what is new in a file; `claims` takes what was known, with the number of its entry."""

        def limit(document: Document, findings: Sequence[Finding]) -> tuple[Set[Finding], Callable[[Edit], bool]]:
            found = traces(document, findings)
            known = self.claim(path, found, spent)
            claims.extend((n, trace) for n, trace in zip(known, found, strict=True) if n is not None)
            held = [
                edit
                for finding, number in zip(findings, known, strict=True)
                if number is not None
                for edit in finding.edits
            ]
            new = {finding for finding, number in zip(findings, known, strict=True) if number is None}
            return new, lambda edit: not any(a.start <= edit.end and edit.start <= a.end for a in held)

        return limit

    def holds(self, entry: Entry) -> bool:
        """True if the file that an entry names still has its words."""
        if entry.path not in self._words:
            path = os.path.join(self._folder, entry.path)
            try:
                text = files.read_bytes(path).decode(errors="replace")
            except FileError:
                self._words[entry.path] = None
            else:
                kind = files.kind_of(path)
                read = Document(text, kind=kind).reading.text if kind in MASKS else text
                self._words[entry.path] = f" {' '.join(_WORD.findall(read.lower()))} "
        words = self._words[entry.path]
        parts = (entry.trace.before, entry.trace.text.lower(), entry.trace.after)
        sought = " ".join(word for part in parts for word in _WORD.findall(part))
        return words is not None and f" {sought} " in words


def _is_same(known: Trace, found: Trace) -> bool:
    return known == found


def _is_beside(known: Trace, found: Trace) -> bool:
    """True if enough of the words beside a finding stand where they stood, seen from it; an edge counts as one."""
    before = zip(_outwards(known.before.split()[::-1]), _outwards(found.before.split()[::-1]), strict=False)
    after = zip(_outwards(known.after.split()), _outwards(found.after.split()), strict=False)
    return sum(a == b for a, b in (*before, *after)) >= _ENOUGH


def _outwards(words: list[str]) -> list[str]:
    return words if len(words) == WORDS else [*words, ""]


def load(path: str) -> Baseline:
    """Read a baseline; raises ConfigError that names file and remedy."""
    try:
        head, *lines = msgspec.json.decode(files.read_bytes(path))
        if head != {"version": _VERSION}:
            raise ValueError(f"expected version {_VERSION}, found {head}")
        entries = [
            Entry(line["path"], Trace(line["rule"], line["text"], line["before"], line["after"])) for line in lines
        ]
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"{path}: not a baseline: {error}; cleaner baseline PATH... makes it anew") from None
    return Baseline(entries, os.path.dirname(path) or ".")


def render(entries: Iterable[Entry]) -> bytes:
    """Return entries as a file, one a line, sorted: two branches that add some can be merged line by line."""
    lines = [f'[{{"version": {_VERSION}}}\n']
    previous, count = None, 0
    for entry in sorted(entries):
        count = count + 1 if entry == previous else 1
        previous, trace = entry, entry.trace
        value: dict[str, Any] = {"path": entry.path, "rule": trace.rule, "before": trace.before}
        value |= {"text": trace.text, "after": trace.after} | ({"occurrence": count} if count > 1 else {})
        lines.append(f",{json.dumps(value, ensure_ascii=False)}\n")
    return "".join([*lines, "]\n"]).encode(errors="surrogateescape")
