"""A finding is known by what it is and what stands beside it, not by where it stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Document
from cleaner.fingerprint import fingerprints, traces
from cleaner.model import Finding, Span

TEXT = "# News\n\nHe went to *the* the house, and\nhe was glad.\n\nA dog.\n"


def found(text: str, what: str, rule: str = "en.x") -> tuple[Document, list[Finding]]:
    starts = [i for i in range(len(text)) if text.startswith(what, i)]
    return Document(text, kind="markdown"), [Finding(rule, Span(i, i + len(what)), "") for i in starts]


def test_a_trace_holds_the_words_beside_the_finding_through_markup_and_line_ends() -> None:
    (trace,) = traces(*found(TEXT, "house"))
    assert (trace.text, trace.before, trace.after) == ("house", "to the the", "and he was")
    (trace,) = traces(*found(TEXT, "glad"))
    assert (trace.before, trace.after) == ("and he was", "")


def test_moving_a_paragraph_or_rewording_a_heading_keeps_the_fingerprint() -> None:
    moved = "A dog.\n\nMore.\n\n## Other news\n\nHe went to *the* the house,\nand he was glad.\n"
    assert fingerprints(*found(TEXT, "house")) == fingerprints(*found(moved, "house"))


def test_another_rule_text_or_neighbour_makes_another_fingerprint() -> None:
    others = [found(TEXT, "house", "en.y"), found(TEXT.replace("to", "into"), "house"), found(TEXT, "dog")]
    assert len({*fingerprints(*found(TEXT, "house")), *(p for other in others for p in fingerprints(*other))}) == 4


@given(st.integers(1, 5))
def test_findings_that_are_alike_have_fingerprints_of_their_own(count: int) -> None:
    prints = fingerprints(*found("So it is.\n\n" * count, "it"))
    assert len(set(prints)) == count
    assert prints == fingerprints(*found("So it is.\n\n" * 5, "it"))[:count]


@given(st.text(alphabet="a b*`\n<>#&;é[](x)", max_size=40))
def test_what_is_read_is_found_again_in_the_reading(text: str) -> None:
    reading = Document(text, kind="markdown").reading
    for offset, character in enumerate(reading.text):
        start, end = reading.source_span(offset, offset + 1)
        if end - start == 1 and text[start] == character:
            assert reading.offset(start) == offset
