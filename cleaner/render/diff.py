"""The unified diff of a repair, exactly as `git apply` takes it.

Lines end at newline only, carriage returns are part of them, a missing last newline is said, three lines
of context, paths below the working folder, bytes in the file's own encoding. No `diff --git` line: with
one, `git apply` in a subfolder skips the patch and says success.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from cleaner.model import Change, FileError
from cleaner.offsets import Lines

_CONTEXT = 3
_ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}

Block = tuple[Sequence[bytes], Sequence[bytes]]  # lines before, lines after; equal ones in a block are context


def render(path: str, blocks: Iterable[Block]) -> Iterator[bytes]:
    """Yield the parts of a unified diff of blocks of lines, nothing if no block changes anything."""
    headed = False
    for hunk in _hunks(blocks):
        if not headed:
            headed = True
            yield _header(b"--- ", "a/", path) + _header(b"+++ ", "b/", path)
        yield hunk


def coloured(part: bytes) -> bytes:
    """Return a part of a diff as git shows it on a terminal."""
    return b"\n".join(map(_coloured, part.split(b"\n")))


def _coloured(line: bytes) -> bytes:
    style = b"1" if line.startswith((b"--- a/", b'--- "a/', b"+++ b/", b'+++ "b/')) else _STYLES.get(line[:1])
    return b"\x1b[" + style + b"m" + line + b"\x1b[0m" if style else line


_STYLES = {b"@": b"36", b"-": b"31", b"+": b"32"}


def blocks_of(old: bytes, new: bytes, before: str, after: str, changes: Sequence[Change]) -> Iterator[Block]:
    """Yield the lines of a file in blocks, of which those that hold changes differ.

    `before` and `after` are the texts of the bytes: they tell the lines that changes touch, and these have
    the same numbers in the bytes, whatever the encoding, because newlines are counted in text.
    """
    old_lines, new_lines = _split(old, before), _split(new, after)
    position = Lines(before)
    i = shift = 0  # lines done of the old text, and how many more the new text has so far
    for first, last, growth in _touched(changes, position, before):
        yield old_lines[i:first], old_lines[i:first]
        yield old_lines[first : last + 1], new_lines[first + shift : last + 1 + shift + growth]
        shift += growth
        i = last + 1
    yield old_lines[i:], old_lines[i:]


def _touched(changes: Sequence[Change], position: Lines, before: str) -> Iterator[tuple[int, int, int]]:
    """Yield the stretches of lines (from 0, ends included) that changes touch, and by how many lines each grows."""
    pending: tuple[int, int, int] | None = None
    for change in changes:
        first, last = position.position(change.start)[0] - 1, position.position(change.end)[0] - 1
        growth = change.text.count("\n") - before[change.start : change.end].count("\n")
        if pending and first <= pending[1]:
            pending = pending[0], max(last, pending[1]), pending[2] + growth
            continue
        if pending:
            yield pending
        pending = first, last, growth
    if pending:
        yield pending


def _split(data: bytes, text: str) -> list[bytes]:
    """Split bytes into lines where the text has its newlines, newlines kept."""
    if b"\0" in data or data.count(b"\n") != text.count("\n"):
        raise FileError("a diff cannot show an encoding whose newlines are not one byte: fix writes it")
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + [part for part in parts[-1:] if part]


def _hunks(blocks: Iterable[Block]) -> Iterator[bytes]:
    before: deque[bytes] = deque(maxlen=_CONTEXT)  # context that may open a hunk
    lines: list[bytes] = []  # the hunk so far
    old_start = new_start = old_count = new_count = 0
    trailing = 0  # lines of context since the last change in the hunk
    old_line = new_line = 0  # lines passed
    for old, new in blocks:
        if old == new:
            for line in old:
                if lines:
                    lines.append(_line(b" ", line))
                    trailing += 1
                    old_count += 1
                    new_count += 1
                    if trailing > 2 * _CONTEXT:
                        surplus = trailing - _CONTEXT
                        yield _hunk(old_start, old_count - surplus, new_start, new_count - surplus, lines[:-surplus])
                        lines = []
                before.append(line)
                old_line += 1
                new_line += 1
            continue
        if not lines:
            old_start, new_start = old_line - len(before), new_line - len(before)
            lines = [_line(b" ", line) for line in before]
            old_count = new_count = len(lines)
        lines += [_line(b"-", line) for line in old] + [_line(b"+", line) for line in new]
        old_count, new_count = old_count + len(old), new_count + len(new)
        old_line, new_line = old_line + len(old), new_line + len(new)
        trailing = 0
        before.clear()
    if lines:
        surplus = max(0, trailing - _CONTEXT)
        kept = lines[: len(lines) - surplus]
        yield _hunk(old_start, old_count - surplus, new_start, new_count - surplus, kept)


def _hunk(old_start: int, old_count: int, new_start: int, new_count: int, lines: Sequence[bytes]) -> bytes:
    head = f"@@ -{_range(old_start, old_count)} +{_range(new_start, new_count)} @@\n"
    return head.encode() + b"".join(lines)


def _range(start: int, count: int) -> str:
    first = start + 1 if count else start  # an empty stretch is named by the line before it
    return str(first) if count == 1 else f"{first},{count}"


def _line(mark: bytes, line: bytes) -> bytes:
    return mark + line if line.endswith(b"\n") else mark + line + b"\n\\ No newline at end of file\n"


def _header(mark: bytes, side: str, path: str) -> bytes:
    # Links are followed, as fix does: git apply refuses to patch a link, or beyond one.
    relative = os.path.relpath(os.path.realpath(path))
    name = side + (path.lstrip("/") if relative.startswith("..") else relative).replace(os.sep, "/")
    raw = os.fsencode(name)
    if any(byte < 32 or byte in (34, 92, 127) for byte in raw):
        quoted = "".join(
            f"\\{_ESCAPES[byte]}" if byte in _ESCAPES else chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
            for byte in raw
        )
        return mark + f'"{quoted}"\n'.encode()
    # A tab after a name with a space tells where the name ends.
    return mark + raw + (b"\t\n" if b" " in raw else b"\n")
