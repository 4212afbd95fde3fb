"""Documents in reStructuredText, as docutils reads them before and after."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repairs import repaired, second_parser
from shell import SELECT, cleaner
from strategies import LINE_ENDS, MARKS, WORDS, sentences

from cleaner.document import Document
from cleaner.edits import splice
from cleaner.mask.holes import Hole
from cleaner.model import Edit

besides_prose = second_parser["rst"]

WRAPPED = ["**{}**", "*{}*", "``{}``", "`{}`", ":emphasis:`{}`", "`{} <https://a.b>`_", "`{}`__", "|{}|", "\\ {}"]
SPANS = [
    "``the the``",
    "https://a.b/c_d",
    "a_",
    "`a b`_",
    "[1]_",
    "[#n]_",
    "|x|",
    "\\*",
    ":sub:`2`",
    "_`here`",
    "file:a/the",
    "the@house",
    "日:the:`the the`",
    "文件，``the the``。",
    ":the:`the the``",
    "*",
    "`",
]
BLOCKS = [
    "{}\n\n",
    "{}\n{}\n\n",
    "The title\n=========\n\n{}\n\n",
    "=====\n{}\n=====\n\n",
    100 * "=" + "\n{}\n" + 100 * "=" + "\n\n",
    "{}\n----------------------------------------------------------------------------------------------------\n\n",
    "* {}\n* {}\n\n",
    "- {}\n\n  {}\n\n",
    "1. {}\n2. {}\n\n",
    "(a) {}\n\n",
    "Term\n   {}\n\n",
    "   {}\n\n",
    ".. note:: {}\n   {}\n\n",
    ".. warning::\n   :class: the the\n\n   {}\n\n",
    ".. code::\n\n   {}\n\n",
    ".. topic:: {}\n\n   {}\n\n",
    ".. {}\n   {}\n\n",
    ".. |y| replace:: {}\n\n",
    ".. [2] {}\n   {}\n\n",
    ".. [3] .. versionadded:: the the\n       {}\n\n",
    ":field the the: {}\n   {}\n\n",
    "-o FILE, --out=FILE  {}\n\n",
    "| {}\n| {}\n\n",
    "{}::\n\n   {}\n\n",
    "{}::\n\n\t{}\n\n",
    "(a) {}::\n\n\t{}\n\n",
    "*\t{}\n\t{}\n\n",
    ".. seealso::\n\t{}\n\n\t{}::\n\n\t\t{}\n\n",
    ".. function:: a(b, *c)\n\n\tThe\t{}\n\n",
    "::\n\n > {}\n\n",
    "{} ::\n\n> {}\n\n",
    ">>> {}\n{}\n\n",
    "=====  =====\nthe    the\n=====  =====\nof     of\n=====  =====\n\n",
    "+-----+-----+\n| the | the |\n+-----+-----+\n\n",
    "----------\n\n",
    ".. cleaner: off\n\n{}\n\n.. cleaner: on\n\n",
]
LAST = ".. _a: https://a.b/the_the\n.. _a b: a_\n.. |x| replace:: the the\n.. [1] one\n.. [#n] two\n__ https://c.d\n"


SENTENCES = sentences(WRAPPED, SPANS)


@st.composite
def documents(draw: st.DrawFn) -> str:
    blocks = draw(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=5))
    return "".join(block.format(draw(SENTENCES), draw(SENTENCES), draw(SENTENCES)) for block in blocks) + LAST


PIECES = [
    *WRAPPED,
    *SPANS,
    *BLOCKS,
    "\n",
    "\n\n",
    "  ",
    "::\n\n  ",
    ".. ",
    "`` ",
    " ``",
    "**",
    " _",
    "====\n",
    "- ",
    "| ",
]
odd = st.lists(st.sampled_from(WORDS + MARKS + LINE_ENDS + PIECES), max_size=30).map("".join)


@given(documents())
def test_only_prose_changes_as_docutils_reads_it(text: str) -> None:
    assert besides_prose(repaired(text, "rst").after) == besides_prose(text)


@given(documents() | odd)
def test_no_change_reaches_into_what_is_not_prose(text: str) -> None:
    document = Document(text, kind="rst")
    result = repaired(text, "rst")
    for change in result.changes:
        assert all(h.reads == " " or change.end <= h.start or h.end <= change.start for h in document.holes)
    assert repaired(result.after, "rst").after == result.after


@given(documents())
def test_what_is_prose_is_prose_to_docutils(text: str) -> None:
    # Every small letter that the mask leaves is another one now, and docutils must not notice.
    out, at = [], 0
    for hole in [*Document(text, kind="rst").holes, Hole(len(text), len(text), "")]:
        out += ["q" if "a" <= c <= "z" else c for c in text[at : hole.start]] + [text[hole.start : hole.end]]
        at = hole.end
    assert besides_prose("".join(out)) == besides_prose(text)


@pytest.mark.parametrize("text", ["Ein the the\n===========\n", "====\nab c\n====\n"])
def test_a_title_is_never_longer_than_the_line_under_it(text: str) -> None:
    document = Document(text, kind="rst")
    at = text.index("b c") if "b c" in text else text.index("the")
    longer = splice(text, [Edit(at, at, "very ")])
    assert document.replaced(longer).structure != document.structure


def test_a_field_may_hold_an_item_and_a_stray_mark_hides_no_reference() -> None:
    text = ":Copyright: (c) The the author\n\nIt's ` the end.\n\nThe the end\n===========\n\n`The the end`_\n"
    assert repaired(text, "rst").after == text.replace("(c) The the", "(c) The")


def test_a_title_that_something_leads_to_by_name_stays() -> None:
    text = "The the end\n===========\n\nSee `the the end`_ and the the rest.\n"
    assert repaired(text, "rst").after == text.replace("the the rest", "the rest")


def test_a_file_is_fixed_in_place(tmp_path: Path) -> None:
    file = tmp_path / "a.rst"
    file.write_bytes(b"Go to the the house::\r\n\r\n    the the\r\n")
    assert cleaner("fix", "-q", *SELECT, tmp_path).returncode == 0
    assert file.read_bytes() == b"Go to the house::\r\n\r\n    the the\r\n"
