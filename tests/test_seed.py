"""The article this project was made for: what its first rules reach is repaired, and no name is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from repairs import repaired

import cleaner

TEXT = (Path(__file__).parents[1] / "seeds" / "embassy.txt").read_text(encoding="utf-8")

# What stands in the article, and how it should read.
MENDED = {
    "a full stop twice": ("worst levels in years. .\n", "worst levels in years.\n"),
    "a closing mark behind the space": ("it is a threat, ”Trump said", "it is a threat,” Trump said"),
    "a closing mark that faces the wrong way": ("held fully responsible. “\n", "held fully responsible.”\n"),
    "an article before another": ("attack on a The Iraqi military base", "attack on an Iraqi military base"),
    "a country named twice": ("Adel Abdul Mahdi of Iraq. “President", "Adel Abdul Mahdi. “President"),
    "an abbreviation taken for the end": ("Fla. And Daphne Psaledakis", "Fla., and Daphne Psaledakis"),
    "a word one letter off another": ("TENSIONS ON AIR STRICTS", "TENSIONS OVER AIR STRIKES"),
    "a verb that takes no statement": ("Mark Esper told a statement", "Mark Esper said in a statement"),
    "a party behind the noun": ("a member Democrat of the Senate", "a Democratic member of the Senate"),
    "a motion that hurts": ("we are now hurting closer to", "we are now hurtling closer to"),
    "a space before a bracket": ("Rosalba O’Brien and Peter Cooney )", "Rosalba O’Brien and Peter Cooney)"),
}
NAMES = (
    "Kataib Hezbollah",
    "Mousavi",
    "Psaledakis",
    "Doina Chiacu",
    "Idrees Ali",
    "Rosalba O’Brien",
    "Adel Abdul Mahdi",
    "Ahmed Rasheed",
    "Diane Bartz",
    "Tom Udall",
    "Mark Esper",
    "Mike Pompeo",
    "Saddam Hussein",
    "Benghazi",
)


@pytest.mark.parametrize(("found", "reads"), [pytest.param(*pair, id=name) for name, pair in MENDED.items()])
def test_a_fault_of_the_article_is_found_and_reads_as_it_should(found: str, reads: str) -> None:
    assert TEXT.count(found) == 1
    after = repaired(TEXT).after
    assert reads in after
    assert found not in after


def test_most_faults_of_the_article_are_mended_with_unsafe_fixes() -> None:
    after = cleaner.check(TEXT, unsafe_fixes=True).after
    assert sum(reads in after for _, reads in MENDED.values()) >= 8


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_the_article_is_not_touched(name: str) -> None:
    result = cleaner.check(TEXT, unsafe_fixes=True)
    assert result.after.count(name) == TEXT.count(name) > 0
    places = [i for i in range(len(TEXT)) if TEXT.startswith(name, i)]
    for finding in result.findings:
        for edit in finding.edits:
            assert not any(edit.start < place + len(name) and place < edit.end for place in places)


def test_mending_the_article_twice_changes_nothing_more() -> None:
    after = cleaner.check(TEXT, unsafe_fixes=True).after
    assert cleaner.check(after, unsafe_fixes=True).after == after
