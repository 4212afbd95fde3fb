"""Scores of documents and their paragraphs, in lines for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from cleaner.offsets import Lines
from cleaner.render.findings import counted
from cleaner.render.report import array, decoded
from cleaner.score import Score

_SHOWN = 60  # code points of a paragraph


class Scored(Struct, frozen=True):
    """A document with its score, those of its paragraphs, and what to do with it: keep, repair or drop.

    `record` is the line of a JSON Lines file (from 1), 0 for a file that is one document.
    """

    path: str
    record: int
    text: str
    whole: Score
    paragraphs: Sequence[Score]
    verdict: str


def text(scored: Iterator[Scored], *, paragraphs: bool) -> Iterator[bytes]:
    """Yield lines: a document with what weighs most in its score, and, if asked for, its paragraphs."""
    for found in scored:
        place = ":".join(map(str, (found.path, *[found.record][: found.record])))
        whole = found.whole
        told = [f"{place}: {whole.probability:.2f} {found.verdict} ({counted(whole.words, 'word')})"]
        told += [f"    {e.kind}: {e.detail}" + f" ({e.weight:+.1f})" * bool(e.weight) for e in whole.evidence]
        if paragraphs:
            lines = Lines(found.text)
            for part in found.paragraphs:
                line, column = lines.position(part.span.start)
                opening = " ".join(found.text[part.span.start : part.span.end][: 2 * _SHOWN].split())[:_SHOWN]
                told.append(f"{place}:{line}:{column}: {part.probability:.2f} ({part.words} words) {opening}")
        yield "".join(f"{line}\n" for line in told).encode(errors="surrogateescape")


def json(scored: Iterator[Scored], *, paragraphs: bool) -> Iterator[bytes]:
    """Yield an array of all documents; offsets of paragraphs are code points of the text, lines count from 1."""
    yield from array(_value(found, paragraphs=paragraphs) for found in scored)
    yield b"\n"


def _value(found: Scored, *, paragraphs: bool) -> bytes:
    value: dict[str, Any] = {"path": decoded(found.path)}
    if found.record:
        value["record"] = found.record
    value |= {"verdict": found.verdict, **_told(found.whole)}
    if paragraphs:
        lines = Lines(found.text)
        value["paragraphs"] = [
            {
                "start": part.span.start,
                "end": part.span.end,
                "line": lines.position(part.span.start)[0],
                **_told(part),
            }
            for part in found.paragraphs
        ]
    return msgspec.json.encode(value)


def _told(score: Score) -> dict[str, Any]:
    return {"words": score.words, "probability": round(score.probability, 4), "evidence": score.evidence}


FORMS = {"text": text, "json": json}
