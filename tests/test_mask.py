"""Masks and readings: what is prose, how the rest reads, and the way back to the source."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_text, html, kinds, markdown, new_words, prose

from cleaner.document import Document
from cleaner.edits import splice
from cleaner.mask.holes import BREAK, OBJECT, SPACE, Hole
from cleaner.mask.html import structure
from cleaner.model import ConfigError, Edit

FOLDER = Path(__file__).parent / "data" / "mask"
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_a_text_reads_as_it_should(kind: str, case: dict[str, Any]) -> None:
    reading = Document(case["text"], kind=kind).reading.text
    passages = [passage.strip(" ") for passage in reading.replace(OBJECT, "■").split(BREAK)]
    assert [passage for passage in passages if passage] == case["reads"]


@pytest.mark.parametrize(("kind", "case"), [case for case in CASES if "kept" in case.values[1]])
def test_what_is_read_and_not_touched_takes_no_edit(kind: str, case: dict[str, Any]) -> None:
    reading = Document(case["text"], kind=kind).reading
    for part in case["kept"]:
        start = reading.text.index(part)
        assert reading.source_edits(Edit(start, start + len(part), "x" * len(part))) is None
        assert reading.source_edits(Edit(start, start + 1, "")) is None


@pytest.mark.parametrize("kind", ["text", "markdown", "html"])
@pytest.mark.parametrize("text", ["", "\n", " \n\n\t\n", "\r\n"])
def test_nothing_reads_as_nothing(text: str, kind: str) -> None:
    assert not Document(text, kind=kind).reading.text.strip()


def test_an_unknown_kind_of_text_is_refused() -> None:
    with pytest.raises(ConfigError, match="unknown kind of text 'latex': expected one of text, markdown, html, po"):
        _ = Document("x", kind="latex").reading


@given(any_text | markdown | html, kinds)
def test_holes_are_in_order_and_apart_and_not_empty(text: str, kind: str) -> None:
    holes = Document(text, kind=kind).holes
    assert all(0 <= hole.start < hole.end <= len(text) for hole in holes)
    assert all(a.end <= b.start for a, b in pairwise(holes))


@given(any_text | markdown | html, kinds)
def test_every_character_of_a_reading_is_found_in_the_source(text: str, kind: str) -> None:
    document = Document(text, kind=kind)
    reading, end = document.reading, 0
    reads = {(hole.start, hole.end): hole.reads for hole in document.holes}
    for i, character in enumerate(reading.text):
        place = reading.source_span(i, i + 1)
        assert character in reads[place] if place in reads else character == text[slice(*place)]
        assert place[0] >= end or place in reads
        end = place[1]
    prose_length = len(text) - sum(hole.end - hole.start for hole in document.holes)
    assert len(reading.text) == prose_length + sum(len(hole.reads) for hole in document.holes)


@given(any_text | markdown | html, kinds)
def test_passages_together_are_the_reading(text: str, kind: str) -> None:
    reading = Document(text, kind=kind).reading
    assert "".join(passage.text for passage in reading.passages) == reading.text
    assert all(passage.data.decode() == passage.text for passage in reading.passages)


@given(any_text | markdown | html, kinds, st.data())
def test_an_edit_of_the_reading_does_the_same_to_the_source_or_cannot_be(
    text: str, kind: str, data: st.DataObject
) -> None:
    document = Document(text, kind=kind)
    reading = document.reading
    start = data.draw(st.integers(0, len(reading.text)))
    end = data.draw(st.integers(start, min(start + 8, len(reading.text))))
    edit = Edit(start, end, data.draw(new_words | prose))
    edits = reading.source_edits(edit)
    if edits is None:
        return
    for part in edits:
        for hole in document.holes:
            assert hole.reads == SPACE or part.end <= hole.start or hole.end <= part.start
    after = document.replaced(splice(text, edits))
    if after.structure == document.structure:
        # Spaces at the ends of lines, and which line ends are joined, may differ.
        assert after.reading.text.split() == splice(reading.text, [edit]).split()


@given(html)
def test_what_is_prose_in_a_page_is_prose_to_another_parser(text: str) -> None:
    # Every letter that the mask leaves is another one now, and the parser of the verification must not notice.
    out, at = [], 0
    document = Document(text, kind="html")
    for hole in [*document.holes, Hole(len(text), len(text), "")]:
        out += ["q" if c.isalpha() else c for c in text[at : hole.start]] + [text[hole.start : hole.end]]
        at = hole.end
    assert structure("".join(out)) == structure(text)
