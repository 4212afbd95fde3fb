"""Terms reworded by synonyms: a good part of such phrases is found without a list of them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cleaner.document import Document
from cleaner.rules import detector, load
from cleaner.rules.load import RuleSet

RULES = load()
GENERALISER = [entry for entry in RULES.entries if entry.kind == "term"]
HELD_OUT = Path(__file__).parent / "data" / "tortured.csv"
TABLES = [entry for entry in RULES.entries if entry.id.startswith("en.tortured.")]


def held_out() -> list[dict[str, str]]:
    with HELD_OUT.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_third_of_the_phrases_kept_out_of_the_making_are_found() -> None:
    detect = detector(RuleSet(tuple(GENERALISER), RULES.tables))
    found = [row["old"] for row in held_out() if list(detect(Document(f"We look at the {row['old']} here.")))]
    assert len(held_out()) == 100
    assert len(found) >= 33


def test_the_phrases_kept_out_stand_in_no_table() -> None:
    listed = {phrase for entry in TABLES for phrase in entry.rule.phrases}  # type: ignore[union-attr]
    assert listed
    assert listed.isdisjoint(row["old"] for row in held_out())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("profound learning", "deep learning"),
        ("Profound Learning", "Deep Learning"),
        ("haphazard woodlands", "random forests"),
    ],
)
def test_a_term_keeps_its_letter_case_and_number(old: str, new: str) -> None:
    detect = detector(RuleSet(tuple(GENERALISER), RULES.tables))
    text = f"They write of {old} again."
    (finding,) = detect(Document(text))
    for edit in reversed(finding.edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    assert text == f"They write of {new} again."


@pytest.mark.parametrize("text", ["deep learning", "a deep breath of learning", "profound change in learning"])
def test_plain_words_are_left_alone(text: str) -> None:
    detect = detector(RuleSet(tuple(GENERALISER), RULES.tables))
    assert not list(detect(Document(f"They write of {text} again.")))
