"""What changed since a revision: the files and lines that git names, so that only these are looked at."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set

from cleaner import files, git
from cleaner.document import Document
from cleaner.engine import Limit
from cleaner.model import ConfigError, Edit, Finding
from cleaner.offsets import Lines

Spans = tuple[tuple[int, int], ...]  # first and last lines, from 1

ALL: Spans = ((1, 1 << 60),)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_ESCAPED = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}


def since(revision: str, paths: Sequence[str]) -> dict[str, Spans]:
    """Return the changed and new lines of files, or of those below folders; files that git does not know are all new.

    The keys are absolute, links followed. Git is asked three times, however many files there are. Raises ConfigError.
    """
    asked_by = f"--since {revision}"
    if revision.startswith("-"):
        raise ConfigError(f"{asked_by}: not a revision")
    roots = sorted({path if os.path.isdir(path) else os.path.dirname(path) or "." for path in paths}) or ["."]
    top = os.fsdecode(git.ask("rev-parse", "--show-toplevel", folder=roots[0], asked_by=asked_by).rstrip(b"\n"))
    # No pathspec: the files of a hook do not fit on every command line, and a renamed one is told from its old name.
    options = ("--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--find-renames", "--src-prefix=a/")
    diff = git.ask("diff", *options, "--dst-prefix=b/", revision, "--", folder=top, asked_by=asked_by)
    found = {os.path.join(top, name): lines for name, lines in _changed(diff)}
    new = git.ask("ls-files", "--others", "--exclude-standard", "-z", folder=top, asked_by=asked_by)
    return found | {os.path.join(top, os.fsdecode(name)): ALL for name in new.split(b"\0") if name}


def below(paths: Sequence[str], lines: Mapping[str, Spans], excludes: files.Excludes) -> dict[str, Spans]:
    """Return the lines of those files that paths stand for and that changed, by the names that the paths give them.

    Folders are not walked: what did not change costs nothing.
    """
    out = {}
    for path in paths:
        real = os.path.realpath(path)
        if real in lines:
            out[path] = lines[real]
        elif os.path.isdir(path):
            for file in sorted(name for name in lines if name.startswith(real.rstrip(os.sep) + os.sep)):
                name = os.path.normpath(os.path.join(path, os.path.relpath(file, real)))
                if files.is_text(name) and os.path.isfile(name) and not excludes(name):
                    out[name] = lines[file]
    return out


def limit(lines: Spans) -> Limit:
    """Return the limit to findings that touch some lines, and to edits inside them."""

    def limit(document: Document, findings: Sequence[Finding]) -> tuple[Set[Finding], Callable[[Edit], bool]]:
        position = Lines(document.text).position

        def covered(start: int, end: int, *, wholly: bool) -> bool:
            first, last = position(start)[0], position(max(start, end - 1))[0]
            if wholly:
                return any(a <= first and last <= b for a, b in lines)
            return any(a <= last and first <= b for a, b in lines)

        kept = {f for f in findings if covered(f.span.start, f.span.end, wholly=False)}
        return kept, lambda edit: covered(edit.start, edit.end, wholly=True)

    return limit


def _changed(diff: bytes) -> Iterator[tuple[str, Spans]]:
    """Yield the files of a diff, as they are called now, with their lines."""
    name, spans, left = "", list[tuple[int, int]](), 0
    for line in diff.split(b"\n"):
        if left:
            # A line of text may look like a header: each hunk says how many it has.
            left -= line[:1] in (b"+", b"-")
        elif line.startswith(b"diff --git "):
            if spans:
                yield name, tuple(spans)
            name, spans = "", []
        elif line.startswith(b"+++ "):
            name = _name(line[4:])
        elif match := _SIZES.match(line):
            old, start, new = int(match[1] or 1), int(match[2]), int(match[3] or 1)
            left = old + new
            if new:
                spans.append((start, start + new - 1))
    if spans:
        yield name, tuple(spans)


_SIZES = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def _name(raw: bytes) -> str:
    """Read a name as git writes it in a diff: in quotes if it is unusual, with a tab after one with a space."""
    raw = raw.removesuffix(b"\t")
    if raw.startswith(b'"'):
        raw = _ESCAPE.sub(lambda m: bytes([int(m[1], 8)]) if len(m[1]) == 3 else _ESCAPED.get(m[1], m[1]), raw[1:-1])
    return os.fsdecode(raw.removeprefix(b"b/"))
