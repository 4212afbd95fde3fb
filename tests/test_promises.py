"""The promises, on documents put together from faulty sentences and Markdown of all sorts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repairs import besides_prose, repaired
from strategies import kinds, markdown

from cleaner.document import Document
from cleaner.edits import splice
from cleaner.rules import load

RULES = load().entries
MAY_CHANGE_NUMBERS = {entry.id for entry in RULES if "numbers" in entry.rule.may_change}

FAULTY = [
    "He went to the the house.",
    "The the lamp of of the 3 ships was lit.",
    "It was their worst year in 1984. .",
    "“It is a threat, ”Trump said in a tweet.",
    "They will be held fully responsible. “",
    "The rocket fell on a The Iraqi base and an the house.",
    "(She wrote and Peter Cooney )",
    "In Palm Beach, Fla. And Daphne Psaledakis wrote it.",
    "He met Iraqi Prime Minister Adel Abdul Mahdi of Iraq. “It was good,” he said.",
    "On the first on the first of May 1900 they left , as the old mill burned down .",
    "He ( so they say ) calls it “ the narrow bridge ” of the valley.",
    "The road was was closed to all traffic. The road is closed to all traffic.",
    "However,, the train was late in 2001 in 2001 ,.",
    "It took an hour hour at the the end — naïve naïve, they said said.",
]
GOOD = ["All is well here.", "“Yes,” he said.", "A third of 1,000 is 333.3.", "日本 is Japan, and Ünïcode is 😀."]
WRAPPED = [
    "**{}**",
    "*{}*",
    "`{}`",
    "[{}](https://a.b/the_the)",
    "<b>{}</b>",
    "~~{}~~",
    "<!-- {} -->",
    "[{}][ref]",
    "$`{}`$",
]
SPANS = [
    "`the the`",
    "<https://a.b/the>",
    "https://a.b/c_d",
    "{name}",
    "{{< the the >}}",
    "![the the](x.png)",
    "[^1]",
    "\\*",
    "&amp;",
]
BLOCKS = [
    "{}\n\n",
    "{}\n",
    "# {}\n\n",
    "- {}\n",
    "1. {}\n",
    "> {}\n",
    "> - {}\n\n",
    "- [ ] {}\n\n",
    "| {} | `the the` |\n|--|--|\n| {} | the |\n\n",
    "```\n{}\n```\n\n",
    "    {}\n\n",
    "<div>\n{}\n</div>\n\n",
    "<!--\n{}\n-->\n\n",
    "::: note {}\n{}\n:::\n\n",
    "\n[^1]: {}\n\n",
    "{}\n===\n\n",
    "$$\n{}\n$$\n\n",
    "<!-- cleaner: off -->\n{}\n<!-- cleaner: on -->\n\n",
    "<Note a={{1}}>\n\n{}\n\n</Note>\n\n",
]
FRONT = ["", "", "---\ntitle: The the house\n---\n\n", "+++\ntitle = 'the the house'\n+++\n\n"]
LAST = "[ref]: https://a.b/the_the 'the the'\n"


@st.composite
def a_sentence(draw: st.DrawFn) -> str:
    """A sentence with some of its words marked up, other things put between them, and its lines broken anywhere."""
    words = draw(st.sampled_from(FAULTY * 3 + GOOD)).split(" ")
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(words) - 1))
        end = draw(st.integers(start + 1, len(words)))
        words[start:end] = [draw(st.sampled_from(WRAPPED)).format(" ".join(words[start:end]))]
    if draw(st.booleans()):
        words.insert(draw(st.integers(0, len(words))), draw(st.sampled_from(SPANS)))
    spaces = draw(
        st.lists(
            st.sampled_from([" ", " ", " ", " ", "\n", "\n> ", "  \n", " "]), min_size=len(words), max_size=len(words)
        )
    )
    return "".join(word + space for word, space in zip(words, spaces, strict=True)).strip()


@st.composite
def a_document(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(FRONT))
    for block in draw(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=5)):
        sentences = draw(st.tuples(a_sentence(), a_sentence()))
        if block.startswith("|"):  # a row is a line
            sentences = tuple(" ".join(sentence.split()) for sentence in sentences)
        text += block.format(*sentences)
    text += LAST
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


@given(a_document() | markdown, kinds)
def test_fixing_twice_changes_nothing_the_second_time(text: str, kind: str) -> None:
    after = repaired(text, kind).after
    assert repaired(after, kind).after == after


@given(a_document() | markdown, kinds)
def test_the_changes_of_a_result_make_its_text(text: str, kind: str) -> None:
    result = repaired(text, kind)
    assert splice(text, result.changes) == result.after
    assert {rule for change in result.changes for rule in change.rules} <= {entry.id for entry in RULES}


# Random Markdown is left out: where it is odd enough, two parsers see two documents.
@given(a_document())
def test_code_and_targets_and_html_stay_as_a_second_parser_sees_them(text: str) -> None:
    assert besides_prose(repaired(text, "markdown").after) == besides_prose(text)


@given(a_document(), kinds)
def test_numbers_stay_unless_a_rule_is_licensed_to_change_them(text: str, kind: str) -> None:
    result = repaired(text, kind)
    others = [c for c in result.changes if not MAY_CHANGE_NUMBERS.intersection(c.rules)]
    assert re.findall(r"\d+", splice(text, others)) == re.findall(r"\d+", text)


@given(a_document() | markdown, kinds)
def test_no_change_reaches_into_what_is_not_prose(text: str, kind: str) -> None:
    document = Document(text, kind=kind)
    for change in repaired(text, kind).changes:
        for hole in document.holes:
            assert hole.reads == " " or change.end <= hole.start or hole.end <= change.start


@pytest.mark.parametrize("sentence", FAULTY)
def test_the_faulty_sentences_are_mended_where_nothing_is_in_the_way(sentence: str) -> None:
    assert repaired(sentence, "text").changes
