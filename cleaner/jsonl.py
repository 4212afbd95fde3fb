"""JSON Lines: find the string of one field in a line, and change nothing but its bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]  # public by use, not in the stubs
from typing import NamedTuple

from cleaner.edits import splice
from cleaner.model import Change, Edit, FileError

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)  # their values do not matter, and int refuses long ones
_PIECE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.S)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class Record(NamedTuple):
    """One line with the field it holds: `line[start:end]` is what stands between the quotes of its string."""

    line: str
    start: int
    end: int
    text: str


def parse(data: bytes, field: str, where: str) -> Record:
    """Find a field in a line of JSON; raises FileError that says what is wrong with the line."""
    try:
        line = data.decode()
    except UnicodeDecodeError as error:
        raise FileError(
            f"{where}: not UTF-8 (byte 0x{data[error.start]:02X}), as JSON has to be; the line is left as it is"
        ) from None
    try:
        found = _find(line, field)
    except ValueError as error:
        what = f"{error.msg}: column {error.colno}" if isinstance(error, json.JSONDecodeError) else error
        raise FileError(f"{where}: not JSON: {what}; the line is left as it is") from None
    if found is None:
        raise FileError(f"{where}: no field “{field}” (--field NAME); the line is left as it is")
    start, end = found
    if line[start - 1] != '"':
        raise FileError(f"{where}: field “{field}” is not a string; the line is left as it is")
    text = scanstring(line, start, True)[0]
    if _SURROGATE.search(text):
        raise FileError(f"{where}: half a surrogate pair in field “{field}”; the line is left as it is")
    return Record(line, start, end, text)


def _find(line: str, field: str) -> tuple[int, int] | None:
    """Return the place of the value of a top-level field, without its quotes if it is a string.

    Of a field that stands twice the last counts, as for every JSON reader.
    """
    at = _skip(line, line.startswith("\ufeff"))
    if line[at : at + 1] != "{":
        raise ValueError("expected an object")
    at = _skip(line, at + 1)
    found = None
    while line[at : at + 1] != "}":
        if line[at : at + 1] != '"':
            raise ValueError(f"expected a name in column {at + 1}")
        name, at = scanstring(line, at + 1, True)
        at = _skip(line, at)
        if line[at : at + 1] != ":":
            raise ValueError(f"expected “:” in column {at + 1}")
        start = _skip(line, at + 1)
        try:
            _, at = _DECODER.raw_decode(line, start)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        if name == field:
            found = (start + 1, at - 1) if line[start] == '"' else (start, at)
        at = _skip(line, at)
        if line[at : at + 1] == ",":
            at = _skip(line, at + 1)
            if line[at : at + 1] == "}":
                raise ValueError(f"a comma before the end in column {at + 1}")
        elif line[at : at + 1] != "}":
            raise ValueError(f"expected “,” or “}}” in column {at + 1}")
    if _skip(line, at + 1) != len(line):
        raise ValueError(f"more than one value in the line (column {at + 2})")
    return found


def _skip(line: str, at: int) -> int:
    match = _SPACE.match(line, at)
    return match.end() if match else at


def replace(record: Record, changes: Sequence[Change]) -> bytes:
    """Return the line with changes to the text of its field; all other bytes, escapes included, stay."""
    return splice(record.line, in_line(record, changes)).encode()


def in_line(record: Record, edits: Sequence[Edit | Change]) -> list[Edit]:
    """Return edits of the text as edits of the line, what they put in written as JSON writes it."""
    raw = record.line[record.start : record.end]
    places = range(len(raw) + 1) if "\\" not in raw else [m.start() for m in _PIECE.finditer(raw)] + [len(raw)]
    ascii_only = raw.isascii() and "\\u" in raw
    return [
        Edit(
            record.start + places[edit.start],
            record.start + places[edit.end],
            json.dumps(edit.text, ensure_ascii=ascii_only)[1:-1],
        )
        for edit in edits
    ]
