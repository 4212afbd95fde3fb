"""The two functions for other programs; their doctests say the rest."""

from __future__ import annotations

import pytest

import cleaner
from cleaner.edits import splice
from cleaner.model import ConfigError


def test_fix_returns_what_check_says_comes_after() -> None:
    text = "He went to the the house.\n"
    result = cleaner.check(text)
    assert cleaner.fix(text) == result.after == splice(text, result.changes) == "He went to the house.\n"
    assert (result.before, result.path) == (text, "")


def test_findings_are_those_of_the_text_as_it_came() -> None:
    text = "Ünï: he went to the the house."
    (finding,) = cleaner.check(text).findings
    assert text[finding.span.start : finding.span.end] == "the the"
    assert splice(text, finding.edits) == "Ünï: he went to the house."


def test_a_text_without_faults_comes_back_as_it_is() -> None:
    result = cleaner.check("All is well.", "markdown", unsafe_fixes=True)
    assert (result.after, result.findings, result.changes) == ("All is well.", (), ())


def test_rules_of_one_language_leave_other_languages_alone() -> None:
    german = "Er ging in das the the Haus, und die Tür war nicht auf, weil er sie für uns zu gemacht hat."
    assert cleaner.fix(german) == german
    assert cleaner.fix("He went to the the house.", lang="de") == "He went to the the house."


def test_an_unknown_kind_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="expected one of text, markdown, html, po"):
        cleaner.fix("x", "latex")
