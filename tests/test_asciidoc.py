"""Documents in AsciiDoc: nothing outside of prose changes, line by line and hole by hole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repairs import repaired
from shell import SELECT, cleaner
from strategies import LINE_ENDS, MARKS, WORDS, sentences

from cleaner.document import Document

WRAPPED = ["*{}*", "_{}_", "`{}`", "**{}**", "+{}+", "link:a.html[{}]", "https://a.b/the_the[{}]", "<<a,{}>>", "#{}#"]
WRAPPED += ["footnote:[{}]", "[.red]#{}#", "pass:[{}]", "(({}))", '"`{}`"']
SPANS = [
    "`the the`",
    "https://a.b/c_d",
    "{the}",
    "image:a.png[the the]",
    "kbd:[the]",
    "<<a>>",
    "\\*",
    "&amp;",
    "^2^",
    "C++",
    "(`/`)",
    "`/` or `the the`",
    "_pass:[the the]_",
    "image:https://a.b/c.png[the the]",
    "http://<the>@<the>/a",
    "<<a,the\nthe>>",
    "[underline]#house#",
]
CODE = [
    "----\n{}\n----\n\n",
    "....\n{}\n....\n\n",
    "++++\n{}\n++++\n\n",
    "////\n{}\n////\n\n",
    "```ruby\n{}\n```\n\n",
    "[source]\n{}\n{}\n\n",
    "[source,c]\n.Code\n--\n{}\n--\n\n",
    '["verse",subs="normal"]\n{}\n{}\n\n',
    "[stem]\n++++\n{}\n++++\n\n",
    "|===\n| {} | the\n| the | {}\n|===\n\n",
    " {}\n\n",
    "// {}\n\n",
    ":name: {}\n\n",
    ":name: a \\\n{}\n\n",
    "image::a.png[{}]\n\n",
    "ifdef::a[]\n",
    "[quote,the the]\n",
    "[[the-the]]\n",
    "include::a.adoc[]\n\n",
]
BLOCKS = [
    "{}\n\n",
    "{}\n{}\n\n",
    "{} +\n{}\n\n",
    "== {}\n\n",
    "=== The the\n\n{}\n\n",
    "NOTE: {}\n\n",
    ".The the\n====\n{}\n====\n\n",
    "* {}\n** {}\n\n",
    "- {}\n+\n{}\n\n",
    ". {}\n. [x] {}\n\n",
    "1. {}\n\n",
    "term of of:: {}\n\n",
    "[NOTE]\n--\n{}\n--\n\n",
    "____\n{}\n____\n\n",
    "{}\n// the the\n{}\n\n",
    "<1> {}\n\n",
    "Title of of\n-----------\n\n{}\n\n",
]


SENTENCES = sentences(WRAPPED, SPANS)


@st.composite
def documents(draw: st.DrawFn) -> str:
    head = draw(st.sampled_from(["", "", "= The the book\nThe The Author <a@b.c>\n:toc: the the\n\n"]))
    blocks = draw(st.lists(st.sampled_from(BLOCKS + CODE), min_size=1, max_size=5))
    return head + "".join(block.format(draw(SENTENCES), draw(SENTENCES)) for block in blocks)


odd = st.lists(
    st.sampled_from(
        WORDS + MARKS + LINE_ENDS + WRAPPED + SPANS + CODE + BLOCKS + ["----\n", "|===\n", "[", "]", "+", "`"]
    ),
    max_size=30,
).map("".join)


@given(documents() | odd)
def test_no_change_reaches_into_what_is_not_prose(text: str) -> None:
    document = Document(text, kind="asciidoc")
    result = repaired(text, "asciidoc")
    for change in result.changes:
        assert all(h.reads == " " or change.end <= h.start or h.end <= change.start for h in document.holes)
    assert repaired(result.after, "asciidoc").after == result.after
    assert document.replaced(result.after).structure == document.structure


@pytest.mark.parametrize("block", CODE)
def test_code_and_attributes_and_tables_and_comments_stay(block: str) -> None:
    text = "He went.\n\n" + block.format("Go to the the house.", "an an hour") + "\nHe went to the the house.\n"
    assert repaired(text, "asciidoc").after == text[::-1].replace("eht eht", "eht", 1)[::-1]


@pytest.mark.parametrize(
    "written", [w for w in WRAPPED if w[0] not in '*_#[h"l'] + ["image:a[{}]", "link:a[{},window=_b]"]
)
def test_code_and_notes_and_what_has_attributes_stay(written: str) -> None:
    text = f"He went {written.format('to the the house')} and back.\n"
    assert repaired(text, "asciidoc").after == text


@pytest.mark.parametrize("written", ["*{}*", "_{}_", "#{}#", "https://a.b[{}]", "link:a[{}]", "[.red]#{}#", '"`{}`"'])
def test_what_is_only_marked_is_prose(written: str) -> None:
    text = f"He went {written.format('to the the house')} and back.\n"
    assert repaired(text, "asciidoc").after == text.replace("the the", "the")


def test_links_go_on_from_line_to_line() -> None:
    text = "See link:a.html[Automatic\nServer the the Schemes] and `a`.\n"
    assert repaired(text, "asciidoc").after == text.replace("the the", "the")
    assert "a.html" not in Document(text, kind="asciidoc").reading.text


@pytest.mark.parametrize("head", ["The book\n========\n\n", "= The book\n:compat-mode:\n\n"])
@pytest.mark.parametrize("code", ['"`the the`"', "'`the the`'", "`a`'s `the the`", "``the the''"])
def test_quotation_marks_around_code_are_only_that_in_documents_of_the_old_style(head: str, code: str) -> None:
    text = f"{head}He went to {code} and back.\n"
    assert repaired(text, "asciidoc").after == text
    assert repaired('He said "`the the end`" then.\n', "asciidoc").after == 'He said "`the end`" then.\n'


def test_a_title_that_something_leads_to_by_name_stays() -> None:
    text = "== The the end\n\nSee <<The the end>> and the the rest.\n"
    assert repaired(text, "asciidoc").after == text.replace("the the rest", "the rest")


def test_a_file_is_fixed_in_place(tmp_path: Path) -> None:
    file = tmp_path / "a.adoc"
    file.write_bytes(b"Go to the the house.\r\n\r\n----\r\nthe the\r\n----\r\n")
    assert cleaner("fix", "-q", *SELECT, tmp_path).returncode == 0
    assert file.read_bytes() == b"Go to the house.\r\n\r\n----\r\nthe the\r\n----\r\n"
