"""Tokenised text and mixed scripts: how much it takes before a paragraph, or a word, is taken for broken."""

from __future__ import annotations

import pytest
import strategies  # noqa: F401  (its settings)
from hypothesis import given
from hypothesis import strategies as st

from cleaner import engine
from cleaner.document import Document
from cleaner.model import Applicability, Result
from cleaner.rules import detector, load
from cleaner.rules.load import RuleSet

_ALL = load()
_DETECT = detector(RuleSet(tuple(e for e in _ALL.entries if e.kind in ("tokenised", "mixed")), _ALL.tables))


def repaired(text: str) -> Result:
    return engine.clean(Document(text), [_DETECT], Applicability.UNSAFE)


@pytest.mark.parametrize(
    ("tokenised", "whole"),
    [
        (
            'It is " an advance , " he said , and left ( early ) .',
            'It is "an advance," he said, and left (early).',
        ),
        ("The boys ' school was n't open at 17 : 30 .", "The boys' school wasn't open at 17:30."),
        ("A state - of - the - art , 30 - year - old mill .", "A state-of-the-art, 30-year-old mill."),
        ("The IT - related work cost $ 5 , or 3 % .", "The IT-related work cost $5, or 3%."),
        (
            "He came home - and nobody , not even his dog , knew him .",
            "He came home - and nobody, not even his dog, knew him.",
        ),
    ],
)
def test_a_paragraph_whose_marks_all_stand_off_is_put_together(tokenised: str, whole: str) -> None:
    assert repaired(tokenised).after == whole


@pytest.mark.parametrize(
    "text",
    [
        "The 19 - year - old boy came home, and nobody knew him.",
        "It was $ 5 or 3 % of it, no more.",
        "New York - London, one way.",
    ],
)
def test_where_marks_stand_as_they_should_other_spaces_are_left_alone(text: str) -> None:
    assert repaired(text).after == text


def test_one_paragraph_says_nothing_about_another() -> None:
    text = "A well - known mill , and old .\n\nA well - known mill, and old.\n"
    assert repaired(text).after == "A well-known mill, and old.\n\nA well - known mill, and old.\n"


@given(
    st.lists(st.sampled_from(["mill", "well", "it", "30", ",", ".", "-", '"', "(", ")", "'s", "%", "$"]), max_size=25)
)
def test_putting_together_takes_spaces_only(tokens: list[str]) -> None:
    text = " ".join(tokens)
    result = repaired(text)
    spaces = [c for c in result.changes if c.rules == ("en.tokenised.space",)]
    assert all(not text[c.start : c.end].strip() and not c.text for c in spaces)


@pytest.mark.parametrize("text", ["Москва is Moscow.", "The αβγ test.", "λmax and μm and Δx", "Αθήνα", "naïve"])
def test_words_of_another_script_are_left_alone(text: str) -> None:
    assert repaired(text).after == text


def test_a_letter_that_looks_like_a_latin_one_becomes_it() -> None:
    assert repaired("The h\u0430rb\u043eur was cl\u03bfsed.").after == "The harbour was closed."
