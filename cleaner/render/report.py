"""What renderers take: documents with what is to be shown of them, and where that stands in their files."""

from __future__ import annotations

import codecs
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from cleaner import files, jsonl
from cleaner.document import Document
from cleaner.fingerprint import fingerprints
from cleaner.model import Applicability, Edit, Finding, Span
from cleaner.offsets import Lines
from cleaner.render.excerpt import excerpt


class Report(Struct, frozen=True):
    """One document and its findings, of which `shown` are to be shown, or the error that kept it from being read.

    `record` is the line of a JSON Lines file (from 1), 0 for a file that is one document. `data` are the bytes
    of the file or line.
    """

    path: str
    record: int = 0
    data: bytes = b""
    text: str = ""
    findings: tuple[Finding, ...] = ()
    shown: tuple[Finding, ...] = ()
    error: str = ""


class Rule(Struct, frozen=True):
    """What is known of a rule: `message` with {old} and {new} for what it names, examples in word-diff notation."""

    id: str
    message: str
    why: str
    level: Applicability
    examples: tuple[str, ...] = ()


class Context(Struct, frozen=True):
    """What renderers are told beside the reports.

    `root` is the folder from which a code host tells paths, `field` that of JSON Lines records, and `rules` loads
    what is known of the rules that stand in files, by their ids.
    """

    root: str = ""
    lang: str = "en"
    field: str = "text"
    styled: bool = False
    rules: Callable[[], Mapping[str, Rule]] = dict


Form = Callable[[Iterator[Report], Context], Iterator[bytes]]


class Placed(Struct, frozen=True):
    """A finding in its file: `span` and `edits` in code points of the text that `lines` is of.

    `edits` are none if the finding is only to be shown. `said` is its message and, unless that would say
    nothing, the text with its edits marked.
    """

    finding: Finding
    lines: Lines
    span: Span
    edits: tuple[Edit, ...]
    said: str


def placed(report: Report, context: Context) -> Iterator[Placed]:
    """Yield the findings of a report, those of a JSON Lines record in coordinates of its line, escapes counted."""
    if not report.shown:
        return
    text = report.text
    own = lines = Lines(text, mark=report.data.startswith(codecs.BOM_UTF8))
    record = None
    if report.record:
        record = jsonl.parse(report.data, context.field, f"{report.path}:{report.record}")
        if mark := record.line.startswith("\ufeff"):
            record = record._replace(line=record.line[1:], start=record.start - 1, end=record.end - 1)
        lines = Lines(record.line, first=report.record, mark=mark)
    for finding in report.shown:
        whole = Edit(finding.span.start, finding.span.end, "")
        said = finding.message
        if finding.edits:
            said += "\n" + excerpt(text, finding.edits, own, around=_AROUND)
        edits = finding.edits if finding.applicability is not Applicability.DISPLAY else ()
        if record is not None:
            (whole,), edits = jsonl.in_line(record, [whole]), tuple(jsonl.in_line(record, edits))
        yield Placed(finding, lines, Span(whole.start, whole.end), edits, said)


_AROUND = 40  # code points shown on each side of a finding, where a line is all there is room for


def decoded(path: str) -> str:
    """Return a path as text that can be written as UTF-8."""
    return os.fsencode(path).decode(errors="replace")


def below_root(path: str, context: Context) -> str:
    """Return a path as code hosts tell it: from the root of the repository, with slashes."""
    real = os.path.realpath(path)
    relative = os.path.relpath(real, context.root or None)
    return decoded((real.lstrip(os.sep) if relative.startswith("..") else relative).replace(os.sep, "/"))


def known_by(report: Report, context: Context, seen: Counter[tuple[str, str]]) -> dict[Finding, str]:
    """Return the fingerprints of the findings of a report; those seen before in the same file get a number.

    They are made of all findings, so that they do not depend on which are shown.
    """
    kind = "text" if report.record else files.kind_of(report.path)
    document = Document(report.text, kind=kind, path=report.path, lang=context.lang)
    out = {}
    for finding, print_ in zip(report.findings, fingerprints(document, report.findings), strict=True):
        seen[report.path, print_] += 1
        number = seen[report.path, print_]
        out[finding] = f"{print_}:{number}" if number > 1 else print_
    return out


def array(values: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a JSON array with a value a line."""
    opening = b"["
    for value in values:
        yield opening + b"\n" + value
        opening = b","
    yield b"[]" if opening == b"[" else b"\n]"
