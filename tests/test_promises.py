"""The promises, on documents put together from faulty sentences and Markdown of all sorts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from repairs import besides_prose, repaired
from strategies import FAULTY, faulty_documents, html, kinds, markdown

from cleaner.document import Document
from cleaner.edits import splice
from cleaner.rules import load

RULES = load().entries
CODE = {"encoding", "spelling"}  # families of findings that do not come from rule files
MAY_CHANGE_NUMBERS = {entry.id for entry in RULES if "numbers" in entry.rule.may_change}


@given(faulty_documents() | markdown | html, kinds)
def test_fixing_twice_changes_nothing_the_second_time(text: str, kind: str) -> None:
    after = repaired(text, kind).after
    assert repaired(after, kind).after == after


@given(faulty_documents() | markdown | html, kinds)
def test_the_changes_of_a_result_make_its_text(text: str, kind: str) -> None:
    result = repaired(text, kind)
    assert splice(text, result.changes) == result.after
    rules = {rule for change in result.changes for rule in change.rules if rule.partition(".")[0] not in CODE}
    assert rules <= {entry.id for entry in RULES}


# Random Markdown is left out: where it is odd enough, two parsers see two documents.
@given(faulty_documents())
def test_code_and_targets_and_html_stay_as_a_second_parser_sees_them(text: str) -> None:
    assert besides_prose(repaired(text, "markdown").after) == besides_prose(text)


@given(faulty_documents(), kinds)
def test_numbers_stay_unless_a_rule_is_licensed_to_change_them(text: str, kind: str) -> None:
    result = repaired(text, kind)
    others = [c for c in result.changes if not MAY_CHANGE_NUMBERS.intersection(c.rules)]
    assert re.findall(r"\d+", splice(text, others)) == re.findall(r"\d+", text)


@given(faulty_documents() | markdown | html, kinds)
def test_no_change_reaches_into_what_is_not_prose(text: str, kind: str) -> None:
    document = Document(text, kind=kind)
    for change in repaired(text, kind).changes:
        for hole in document.holes:
            assert hole.reads == " " or change.end <= hole.start or hole.end <= change.start


@pytest.mark.parametrize("sentence", FAULTY)
def test_the_faulty_sentences_are_mended_where_nothing_is_in_the_way(sentence: str) -> None:
    assert repaired(sentence, "text").changes
