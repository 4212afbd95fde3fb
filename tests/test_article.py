"""The indefinite article: before which word it is which, and that repairs keep it right."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner import worddiff
from cleaner.article import agree, article_for
from cleaner.edits import splice

TABLE = (Path(__file__).parent / "data" / "articles.txt").read_text(encoding="utf-8")
ROWS = [line.split() for line in TABLE.split("\n") if line and not line.startswith("#")]


@pytest.mark.parametrize(("word", "article"), [(word, row[0]) for row in ROWS for word in row[1:]])
def test_a_word_takes_the_article_it_sounds_like(word: str, article: str) -> None:
    assert article_for(word) == (None if article == "-" else article)


@pytest.mark.parametrize(
    ("marked", "reads"),
    [
        ("It was a [-quiet-]{+hour+}.", "It was an hour."),
        ("It was an[- old-] house.", "It was a house."),
        ("It was a {+unusual +}house.", "It was an unusual house."),
        ("An[- old-] house.", "A house."),
        ("A {+old +}house.", "An old house."),
        ("AN[- OLD-] HOUSE.", "A HOUSE."),
        ("on [-a The-]{+a+} Iraqi base", "on an Iraqi base"),
        ("on [-an the-]{+an+} “house”", "on a “house”"),
        ("He [-told a-]{+said in a+} interview.", "He said in an interview."),
        ("It was a [-big-]{+great+} house.", "It was a great house."),
        ("an historic[- the-] house", "an historic house"),
        ("a house [-big-]{+old+}", "a house old"),
        ("vitamin-a [-big-]{+old+} house", "vitamin-a old house"),
        ("It was a [-house-]{+1990s house+}.", "It was a 1990s house."),
        ("a [-house-]{+hour+} and a [-bridge-]{+arch+}", "an hour and an arch"),
    ],
)
def test_a_repair_puts_the_article_right_that_it_makes_wrong(marked: str, reads: str) -> None:
    text, _, edits = worddiff.parse(marked)
    assert splice(text, agree(text, edits)) == reads
