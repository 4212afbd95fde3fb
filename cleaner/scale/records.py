"""The records of an archive as stretches of its bytes, each with the text it holds and a way to put another there."""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
from base64 import b32encode
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import IO, Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec import Struct

from cleaner import files, jsonl
from cleaner.edits import splice
from cleaner.model import Change, FileError

LARGEST = 8 << 20  # bytes of a record that is looked at; what is larger is copied


class Options(Struct, frozen=True):
    """Where the text of a record is, in which encoding if not in UTF-8, and how the columns of CSV are called."""

    field: str = "text"
    encoding: str | None = None
    columns: tuple[str, ...] = ()


class Record(Struct, frozen=True):
    """A stretch of an archive. `text` is None if there is nothing to clean; if that is a fault, `fault` names it.

    `id` and `source` (an address, a site) are what the record says of itself. `held` is what its format
    needs to write it with another text. `begins`: it is not a further piece of one that is too large.
    """

    raw: bytes
    text: str | None = None
    kind: str = "text"
    fault: str = ""
    id: str = ""
    source: str = ""
    held: Any = None
    begins: bool = True


class Format(NamedTuple):
    """How to cut a stream into records, read one, and write one with changes to its text."""

    cut: Callable[[IO[bytes]], Iterator[Record]]
    read: Callable[[bytes, Options, str], Record]
    write: Callable[[Record, Sequence[Change]], bytes]


def too_large(size: str = "a record") -> str:
    """Say why something is copied without being looked at."""
    return f"{size} of more than {LARGEST >> 20} MiB is copied as it is"


# JSON Lines


def _lines(stream: IO[bytes]) -> Iterator[Record]:
    begins = True
    while line := stream.readline(LARGEST + 1):
        ends = line.endswith(b"\n")
        if not begins:
            yield Record(line, begins=False)
        elif len(line) > LARGEST:
            yield Record(line, fault=too_large())
        else:
            yield Record(line)
            continue
        begins = ends


class _About(Struct):
    id: Any = None
    url: Any = None
    source: Any = None


_ABOUT = msgspec.json.Decoder(_About)


def _read_line(raw: bytes, options: Options, where: str) -> Record:
    if not raw.removeprefix(codecs.BOM_UTF8).strip():
        return Record(raw)
    try:
        found = jsonl.parse(raw, options.field, where)
    except FileError as error:
        return Record(raw, fault=str(error))
    try:
        about = _ABOUT.decode(raw.removeprefix(codecs.BOM_UTF8))
    except msgspec.DecodeError:  # such as half a surrogate in another field
        about = _About()
    source = next((value for value in (about.url, about.source) if isinstance(value, str)), "")
    return Record(raw, found.text, id="" if about.id is None else str(about.id), source=source, held=found)


def _write_line(record: Record, changes: Sequence[Change]) -> bytes:
    return jsonl.replace(record.held, changes)


# CSV, as written: quotes and line ends stay what they are


class _Cell(NamedTuple):
    start: int
    end: int
    quoted: bool


def _rows(stream: IO[bytes]) -> Iterator[Record]:
    """Cut at line ends that are not between quotation marks."""
    raw, open_, begins = b"", False, True
    while line := stream.readline(LARGEST + 1):
        raw += line
        open_ ^= bool(line.count(b'"') % 2)
        if not open_ and line.endswith(b"\n"):
            yield Record(raw, begins=begins)
            raw, begins = b"", True
        elif len(raw) > LARGEST:
            yield Record(raw, fault=too_large() if begins else "", begins=begins)
            raw, begins = b"", False
    if raw:
        yield Record(raw, begins=begins)


def _csv(delimiter: str) -> Format:
    mark = re.escape(delimiter)
    cell = re.compile(rf'"((?:[^"]|"")*)"(?={mark}|\r?\n?\Z)|([^"{mark}\r\n][^{mark}\r\n]*|)(?={mark}|\r?\n?\Z)')

    def cells(row: str) -> list[_Cell] | None:
        out, at = [], int(row.startswith("\ufeff"))
        while match := cell.match(row, at):
            out.append(_Cell(*match.span(1 if match[1] is not None else 2), match[1] is not None))
            at = match.end() + 1
            if row[match.end() : at] != delimiter:
                return out
        return None

    def read(raw: bytes, options: Options, where: str) -> Record:
        try:
            row = raw.decode(options.encoding or "utf-8")
        except UnicodeError as error:
            return Record(raw, fault=f"{where}: {error}; the row is left as it is")
        found = cells(row)
        if found is None:
            return Record(raw, fault=f"{where}: not a row of CSV; it is left as it is")
        if options.field not in options.columns:
            return Record(raw, fault=f"{where}: no column “{options.field}” (--field NAME); it is left as it is")
        place = options.columns.index(options.field)
        if place >= len(found):
            return Record(raw, fault="" if not row.strip() else f"{where}: a row of {len(found)} cells; left as it is")
        values = dict(zip(options.columns, (row[c.start : c.end].replace('""', '"') for c in found), strict=False))
        at = found[place]
        text = row[at.start : at.end]
        text = text.replace('""', '"') if at.quoted else text
        held = (row, at, options.encoding or "utf-8")
        source = values.get("url") or values.get("source") or ""
        return Record(raw, text, id=values.get("id", ""), source=source, held=held)

    def write(record: Record, changes: Sequence[Change]) -> bytes:
        row, at, encoding = record.held
        new = splice(record.text or "", changes)
        if at.quoted:
            new = new.replace('"', '""')
        elif re.search(rf'["\r\n{mark}]', new):
            new = '"' + new.replace('"', '""') + '"'
        return f"{row[: at.start]}{new}{row[at.end :]}".encode(encoding)

    return Format(_rows, read, write)


def columns(row: bytes, delimiter: str, encoding: str | None) -> tuple[str, ...]:
    """Return the names in the first row of CSV."""
    text = row.decode(encoding or "utf-8", "replace").removeprefix("\ufeff")
    return tuple(next(csv.reader([text], delimiter=delimiter), []))


# WARC


_HEAD_END = b"\r\n\r\n"
_BEGINS = re.compile(rb"(?<![^\n])WARC/1\.[01]\r\n")
_LENGTH = re.compile(rb"^(Content-Length:[ \t]*)(\d+)", re.I | re.M)
_TYPE = re.compile(rb"^WARC-Type:[ \t]*(\w+)", re.I | re.M)
_URI = re.compile(rb"^WARC-Target-URI:[ \t]*<?([^\r\n>]+)", re.I | re.M)
_ID = re.compile(rb"^WARC-Record-ID:[ \t]*<?([^\r\n>]+)", re.I | re.M)
_DIGEST = re.compile(rb"^(WARC-(Block|Payload)-Digest:[ \t]*sha1:)([A-Z2-7]{32})", re.I | re.M)
_CODED = re.compile(rb"^(?:Content|Transfer)-Encoding:[ \t]*(?!identity)\S", re.I | re.M)
_HTML = re.compile(rb"^Content-Type:[ \t]*(?:text/html|application/xhtml\+xml)", re.I | re.M)
_PLAIN = re.compile(rb"^Content-Type:[ \t]*text/plain", re.I | re.M)
_KEPT = re.compile(rb"^WARC-(?:Target-URI|Date|IP-Address):[^\r\n]*\r\n", re.I | re.M)
_CHARSET = re.compile(rb"^Content-Type:[^\r\n]*charset=[\"']?([\w.:-]+)", re.I | re.M)


class _Pushed:
    """A stream to which bytes can be given back that were read too far."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._ahead = b""

    def push(self, data: bytes) -> None:
        self._ahead = data + self._ahead

    def read(self, size: int) -> bytes:
        taken, self._ahead = self._ahead[:size], self._ahead[size:]
        return taken + self._stream.read(size - len(taken)) if len(taken) < size else taken

    def readline(self, limit: int) -> bytes:
        end = self._ahead.find(b"\n", 0, limit) + 1
        if end or len(self._ahead) >= limit:
            return self.read(end or limit)
        taken, self._ahead = self._ahead, b""
        return taken + self._stream.readline(limit - len(taken))


def _entries(stream: IO[bytes]) -> Iterator[Record]:
    """Cut by the lengths that the records say; where one is wrong, at the next line that begins a record."""
    source = _Pushed(stream)
    while True:
        head = b""
        while _HEAD_END not in head and len(head) < 1 << 20 and (line := source.readline(1 << 16)):
            head += line
            if len(head) == len(line) and not line.startswith(b"WARC/"):
                break
        if not head:
            return
        length = _LENGTH.search(head)
        if not head.startswith(b"WARC/") or not length or _HEAD_END not in head:
            yield from _lost(source, head)
        elif (size := int(length[2])) > LARGEST:
            yield Record(head, fault=too_large())
            while size and (piece := source.read(min(size, 1 << 20))):
                size -= len(piece)
                yield Record(piece, begins=False)
        else:
            body = source.read(size)
            end = source.read(4)
            if end == _HEAD_END:
                yield Record(head + body + end)
            elif not end and b"\r\nWARC/1." not in body:
                yield Record(head + body, fault="cut off: the record is shorter than it says")
            else:
                yield from _lost(source, head + body + end)


def _lost(source: _Pushed, raw: bytes) -> Iterator[Record]:
    """Pass what is no record up to a line that begins one, which may be inside what a wrong length took."""
    fault = "its Content-Length is wrong, or it is no record of WARC: copied as it is"
    if inside := _BEGINS.search(raw, 1):
        source.push(raw[inside.start() :])
        yield Record(raw[: inside.start()], fault=fault)
        return
    yield Record(raw, fault=fault)
    while line := source.readline(1 << 16):
        if _BEGINS.match(line):
            source.push(line)
            return
        yield Record(line, begins=False)


class _Page(NamedTuple):
    head: bytes
    http: bytes  # none of a conversion
    source: files.Source


def _read_entry(raw: bytes, options: Options, where: str) -> Record:
    head_end = raw.index(_HEAD_END) + 4 if _HEAD_END in raw else 0
    head, body = raw[:head_end], raw[head_end:-4]
    kind = _said(_TYPE, head).lower()
    entry = partial(Record, raw, id=_said(_ID, head), source=_said(_URI, head))
    if kind == "conversion" and _PLAIN.search(head):
        try:
            source = files.decode(body, f"{where}.txt", options.encoding)
        except FileError as error:
            return entry(fault=str(error))
        return entry(text=source.text, held=_Page(head, b"", source))
    if kind != "response" or _HEAD_END not in body:
        return entry()
    http_end = body.index(_HEAD_END) + 4
    http, page = body[:http_end], body[http_end:]
    if not _HTML.search(http):
        return entry()
    if _CODED.search(http):
        return entry(fault=f"{where}: a page that is packed or in chunks is left as it is")
    charset = _CHARSET.search(http)
    try:
        said = files.encoding_of(page, charset[1]) if charset else ""
        source = files.decode(page, f"{where}.html", said or options.encoding)
    except FileError as error:
        return entry(fault=str(error))
    return entry(text=source.text, kind="html", held=_Page(head, http, source))


def _said(field: re.Pattern[bytes], head: bytes) -> str:
    found = field.search(head)
    return found[1].decode(errors="replace") if found else ""


def _write_entry(record: Record, changes: Sequence[Change]) -> bytes:
    head, http, source = record.held
    page = source.encode(splice(source.text, changes))
    http = _LENGTH.sub(rb"\g<1>%d" % len(page), http)
    block = http + page
    digests = {b"block": block, b"payload": page}

    def digest(match: re.Match[bytes]) -> bytes:
        return match[1] + _digest(digests[match[2].lower()])

    head = _DIGEST.sub(digest, _LENGTH.sub(rb"\g<1>%d" % len(block), head))
    entry: bytes = head + block + _HEAD_END
    return entry


def conversion(page: Record, text: str) -> bytes:
    """Return the record that holds the text of a page in its stead, as the standard has it (WARC 1.1, 6.8).

    Its name is made from that of the page, so that it is the same in every run.
    """
    block = text.encode() + b"\n"
    name = uuid5(NAMESPACE_URL, f"cleaner:{page.id or hashlib.sha256(page.raw).hexdigest()}").urn
    head: bytes = page.held.head
    lines = [
        head[: head.index(b"\r\n") + 2],
        b"WARC-Type: conversion\r\n",
        *_KEPT.findall(head),
        f"WARC-Record-ID: <{name}>\r\n".encode(),
        f"WARC-Refers-To: <{page.id}>\r\n".encode() if page.id else b"",
        b"WARC-Block-Digest: sha1:" + _digest(block) + b"\r\n",
        b"Content-Type: text/plain; charset=utf-8\r\n",
        b"Content-Length: %d" % len(block),
    ]
    return b"".join(lines) + _HEAD_END + block + _HEAD_END


def _digest(data: bytes) -> bytes:
    return b32encode(hashlib.sha1(data, usedforsecurity=False).digest())


# Files that are one document


def _whole(stream: IO[bytes]) -> Iterator[Record]:
    data = stream.read(LARGEST + 1)
    if len(data) <= LARGEST:
        yield Record(data)
        return
    yield Record(data, fault=too_large("a document"))
    while data := stream.read(1 << 20):
        yield Record(data, begins=False)


def _read_whole(raw: bytes, options: Options, where: str) -> Record:
    try:
        source = files.decode(raw, where, options.encoding)
    except FileError as error:
        return Record(raw, fault=str(error))
    return Record(raw, source.text, files.kind_of(where), held=source, id=where)


def _write_whole(record: Record, changes: Sequence[Change]) -> bytes:
    new: bytes = record.held.encode(splice(record.text or "", changes))
    return new


DELIMITERS = {".csv": ",", ".tsv": "\t"}
WARC = Format(_entries, _read_entry, _write_entry)
FORMATS = {
    ".jsonl": Format(_lines, _read_line, _write_line),
    ".warc": WARC,
    ".wet": WARC,
    **{suffix: _csv(delimiter) for suffix, delimiter in DELIMITERS.items()},
}
WHOLE = Format(_whole, _read_whole, _write_whole)
