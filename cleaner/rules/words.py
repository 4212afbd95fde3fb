"""Word classes: named lists of words and tables of related words that patterns refer to as `{name}`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from cleaner.model import RuleError

NAME = re.compile(r"\{([a-z][a-z_]*(?:\.[a-z_]+)?)\}")

# Latin letters and combining marks: the class of all letters takes RE2 a hundred times as long to compile.
_LETTER = r"[A-Za-z\x{C0}-\x{24F}\x{300}-\x{36F}\x{1E00}-\x{1EFF}]"
_CAPITAL = r"[A-Z\x{C0}-\x{DE}\x{100}-\x{17F}\x{1E00}-\x{1EFF}]"
_PARTICLES = "al|el|de|da|di|du|la|le|van|von|der|den|bin|ibn|abu|dos|y"
# Classes that are a shape, not a list.
SHAPES = {
    "word": rf"{_LETTER}+(?:['’-]{_LETTER}+)*",
    "name": rf"(?-i:{_CAPITAL}(?:{_LETTER}|['’-]{_LETTER}|\.{_CAPITAL})*\.?)",
    "names": rf"(?-i:{_CAPITAL}(?:{_LETTER}|['’-]{_LETTER})*\.?"
    rf"(?: (?:(?:{_PARTICLES}) )?{_CAPITAL}(?:{_LETTER}|['’-]{_LETTER}|\.{_CAPITAL})*){{0,5}})",
    "number": r"\pN+(?:[.,]\pN+)*",
}


class Table(Struct, frozen=True):
    """Rows of related words. A plain list is a table of one column without a name."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> list[str]:
        i = self.columns.index(name)
        return [row[i] for row in self.rows if row[i]]

    def rows_with(self, cells: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
        """Return the rows that hold all the (column, text) given, whatever the case and form of apostrophe."""
        wanted = [(self.columns.index(column), text.casefold().replace("’", "'")) for column, text in cells]
        return [row for row in self.rows if all(row[i].casefold() == text for i, text in wanted)]


def parse_list(text: str, path: str) -> Table:
    """Read a word list: one word or phrase a line, `#` opens a comment."""
    rows = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        word = line.partition("#")[0].strip()
        if not word:
            continue
        if word in seen:
            raise RuleError(f"{path}:{number}: “{word}” stands on line {seen[word]} already")
        seen[word] = number
        rows.append((word,))
    return Table(("",), tuple(rows))


def parse_table(text: str, path: str) -> Table:
    """Read a CSV table whose first line names its columns; lines that open with `#` are comments."""
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip() and not line.startswith("#")]
    if not lines:
        raise RuleError(f"{path}:1: an empty table: the first line names the columns")
    import csv
    import io

    rows = list(csv.reader(io.StringIO("\n".join(line for _, line in lines))))
    columns = tuple(rows[0])
    seen: dict[tuple[str, ...], int] = {}
    for (number, _), row in zip(lines[1:], rows[1:], strict=True):
        if len(row) != len(columns):
            raise RuleError(f"{path}:{number}: {len(row)} cells where the first line names {len(columns)} columns")
        if tuple(row) in seen:
            raise RuleError(f"{path}:{number}: the row stands on line {seen[tuple(row)]} already")
        seen[tuple(row)] = number
    return Table(columns, tuple(tuple(row) for row in rows[1:]))


def alternation(words: list[str]) -> str:
    """Return an expression for any of the words, the longest first; an apostrophe stands for both its forms."""
    unique = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace("'", "['’]").replace(r"\ ", " ") for word in unique) + ")"
