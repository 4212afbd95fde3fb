"""Markup mended: what was broken parses to the node that it was, as a second parser sees it too, and all else stays."""

from __future__ import annotations

from pathlib import Path

import pytest
import strategies  # noqa: F401  (its settings)
from hypothesis import given
from hypothesis import strategies as st
from repairs import besides_prose, repaired

from cleaner import engine
from cleaner.document import Document
from cleaner.model import Applicability
from cleaner.rules import detector, load

# Broken, and what a second parser must see after the repair: the same as of the whole text.
PAIRS = [
    ("Read [the **old** manual] (https://a.b/c_d) now.", "Read [the **old** manual](https://a.b/c_d) now."),
    (
        "- [It] (https://a.b/c) is new.\n- **[That] (https://a.b/d)**",
        "- [It](https://a.b/c) is new.\n- **[That](https://a.b/d)**",
    ),
    ("Read [the\nold manual] (https://a.b/c) now.", "Read [the\nold manual](https://a.b/c) now."),
    ('<div id="a">\n\nOld.\n\n</ div>\n\nNew.', '<div id="a">\n\nOld.\n\n</div>\n\nNew.'),
    ("11. [It] (https://a.b/c)", "11. [It](https://a.b/c)"),
    ("Read [it] ( https://a.b/c ) now.", "Read [it](https://a.b/c) now."),
    ("Read ［it］（https://a.b/c） now.", "Read [it](https://a.b/c) now."),
    ("Read (it)[https://a.b/c] now.", "Read [it](https://a.b/c) now."),
    ("Read [it] (https: //a.b/c) now.", "Read [it](https://a.b/c) now."),
    ("！[A map](a.png)", "![A map](a.png)"),
    ("! [A map] (a.png)", "![A map](a.png)"),
    ("Press ** Save ** or ** Close ** now.", "Press **Save** or **Close** now."),
    ("Press ** [Save] (https://a.b) ** now.", "Press **[Save](https://a.b)** now."),
    ("Call ` f() ` or `g() ` now.", "Call `f()` or `g()` now."),
    ("##Start", "## Start"),
    ("text\n\n＃ Start\n\ntext", "text\n\n# Start\n\ntext"),
    ("-Bread here\n-Milk there\n-Honey too", "- Bread here\n- Milk there\n- Honey too"),
    ("> [! NOTE]\n> text", "> [!NOTE]\n> text"),
    ("It is <b>so</ b>, yes.", "It is <b>so</b>, yes."),
    ("One< br / >two.", "One<br />two."),
    ("Ten& nbsp;miles.", "Ten&nbsp;miles."),
    ("Ten&nbsp ;miles.", "Ten&nbsp;miles."),
    ("She read * The Old Mill * twice.", "She read *The Old Mill* twice."),
    ("She read _The Old Mill _ twice.", "She read _The Old Mill_ twice."),
    ("Read [it] [docs] now.\n\n[docs]: https://a.b/c", "Read [it][docs] now.\n\n[docs]: https://a.b/c"),
    ("Read [it][book] and [book].\n\n[book] : https://a.b", "Read [it][book] and [book].\n\n[book]: https://a.b"),
    (
        "- [Mill] [mill]\n- [Old] [old]\n\n[mill]: b.md\n[old]: c.md",
        "- [Mill][mill]\n- [Old][old]\n\n[mill]: b.md\n[old]: c.md",
    ),
    ("- [x][a]\n- [y][b]\n\n[a] : /a\n[b] : /b", "- [x][a]\n- [y][b]\n\n[a]: /a\n[b]: /b"),
    ("It is old.[ ^mill ]\n\n[^mill]: Very.", "It is old.[^mill]\n\n[^mill]: Very."),
    ("It is new.[^new]\n\n[^new] : Very.", "It is new.[^new]\n\n[^new]: Very."),
    ("- [x ] Hens fed\n- [] Door closed", "- [x] Hens fed\n- [ ] Door closed"),
    (": : : tip\n\nThe door is closed.\n\n：：：", "::: tip\n\nThe door is closed.\n\n:::"),
    ("You have % d messages, %(name) s.", "You have %d messages, %(name)s."),
    ("Hello { name }.\n\nIt is { who } or {name}.", "Hello {name}.\n\nIt is { who } or {name}."),
    ("<div>\n<b>It is old.< / b >\n</ div>\n\nText.", "<div>\n<b>It is old.</b>\n</div>\n\nText."),
    ("<div>\n<pre>\n</ b>\n</pre>\n</ div>\n", "<div>\n<pre>\n</ b>\n</pre>\n</div>\n"),
    ("｜ A ｜ B ｜\n｜ --- ｜ --- ｜\n｜ c ｜ d ｜\n\nE ｜ f.", "| A | B |\n| --- | --- |\n| c | d |\n\nE ｜ f."),
    ("| A | B |\n| — | :— |\n| c ｜ d |\n", "| A | B |\n| --- | :--- |\n| c | d |\n"),
]


@pytest.mark.parametrize(("broken", "whole"), PAIRS)
def test_broken_markup_becomes_what_it_was(broken: str, whole: str) -> None:
    assert repaired(broken, "markdown").after == whole
    assert besides_prose(repaired(broken, "markdown").after) == besides_prose(whole)


FRONT_MATTER = [
    ("- - -\nx: |\n  One,\n  two.\ny: z\n- - -\n\n# T\n", "---\nx: |\n  One,\n  two.\ny: z\n---\n\n# T\n"),
    ("- - -\ntitle: X\n- - -\n\n# The mill\n", "---\ntitle: X\n---\n\n# The mill\n"),
    ("—\ntitle: X\ntags:\n- a\n- b\n—\n\nThe mill.\n", "---\ntitle: X\ntags:\n- a\n- b\n---\n\nThe mill.\n"),
    ("- - -\ntitle: X\n---\nThe mill.\n", "---\ntitle: X\n---\nThe mill.\n"),
    ("---\ntitle: X\n- - -\n\n- One\n- Two\n", "---\ntitle: X\n---\n\n- One\n- Two\n"),
]


@pytest.mark.parametrize(("broken", "whole"), FRONT_MATTER)
def test_front_matter_is_mended_at_the_beginning_of_a_file_and_nowhere_else(broken: str, whole: str) -> None:
    assert repaired(broken, "markdown").after == whole
    assert besides_prose(whole)[1:] == besides_prose(repaired(broken, "markdown").after)[1:]
    assert repaired(whole, "markdown").after == whole
    later = "The mill is old.\n\n" + broken
    assert repaired(later, "markdown").after == later


def test_front_matter_and_links_are_mended_together() -> None:
    result = repaired("- - -\ntitle: X\n- - -\n\n- Read [it] (https://a.b/c) now.\n", "markdown")
    assert result.after == "---\ntitle: X\n---\n\n- Read [it](https://a.b/c) now.\n"


PAGES = [
    ("<p>It is <b>so</ b>, yes.</p><p>And so on.</p>", "<p>It is <b>so</b>, yes.</p><p>And so on.</p>"),
    ("<ul><li>one</ li><li>two</li></ul>", "<ul><li>one</li><li>two</li></ul>"),
    ("<p>One< br / >two.</p>", "<p>One<br />two.</p>"),
    ("<p>It is < strong >so</strong>.</p>", "<p>It is <strong>so</strong>.</p>"),
    ('<p>Read < a href = "x.html" >it</a>.</p>', '<p>Read <a href="x.html">it</a>.</p>'),
    ("<p>Ten& nbsp;miles &amp ; more.</p>", "<p>Ten&nbsp;miles &amp; more.</p>"),
    ("<p>See https: //a.b/c now.</p>", "<p>See https://a.b/c now.</p>"),
    ("<p>You have % d messages.</p>", "<p>You have %d messages.</p>"),
]


@pytest.mark.parametrize(("broken", "whole"), PAGES)
def test_broken_tags_and_references_of_a_page_are_mended(broken: str, whole: str) -> None:
    assert repaired(broken, "html").after == whole
    assert repaired(whole, "html").after == whole


def test_many_broken_tags_of_a_page_are_mended_together() -> None:
    broken, whole = ("\n".join(part) for part in zip(*PAGES, strict=True))
    assert repaired(broken, "html").after == whole


@pytest.mark.parametrize(
    "page", ["<code>a</ b></code>", "<pre></ b></pre>", "<pre>< br ></pre>", "<script>a < b > c</ b></script>"]
)
def test_code_in_a_page_is_left_alone(page: str) -> None:
    assert repaired(page, "html").after == page


@given(st.lists(st.sampled_from(PAIRS), min_size=2, max_size=6))
def test_many_broken_nodes_are_mended_together(pairs: list[tuple[str, str]]) -> None:
    broken, whole = ("\n\n".join(part) for part in zip(*pairs, strict=True))
    assert repaired(broken, "markdown").after == whole


@pytest.mark.parametrize("whole", [whole for _, whole in PAIRS])
def test_whole_markup_is_left_alone(whole: str) -> None:
    assert repaired(whole, "markdown").after == whole


@pytest.mark.parametrize("broken", ["Read [it] (https://a.b/c) now.", "Press ** Save ** now.", "##Start here"])
def test_plain_text_has_no_markup_to_mend(broken: str) -> None:
    assert repaired(broken, "text").after == broken


WHERE_NOTHING_MAY_BE_MENDED = [
    "`[it] (https://a.b/c)`",
    "```\n[it] (https://a.b/c)\n** bold **\n```",
    "```\nSee http: //a.b/c and % d.\n: : : tip\n```",
    "<pre>\n[it] (https://a.b/c)\n</pre>",
    "<!-- [it] (https://a.b/c) -->",
    "**one ** and ** two**",  # bold already, as a whole
]


@pytest.mark.parametrize("text", WHERE_NOTHING_MAY_BE_MENDED)
def test_code_and_comments_are_left_alone(text: str) -> None:
    assert repaired(text, "markdown").findings == ()


def test_a_repair_that_would_make_something_else_is_no_finding(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        """
kind: markup
rules:
  liar:
    message: "{old}"
    why: for the test
    makes: emphasis
    pattern: '(?P<whole>[-@-]{+**+}(?P<text>\\w+)[-@-]{+**+})'
    bad: ["[-@-]{+*+}a[-@-]{+*+}"]
    good: [a]
""",
        encoding="utf-8",
    )
    rules = detector(load([tmp_path], shipped=False))
    assert engine.examine(Document("so @strong@ it is", kind="markdown"), [rules]) == []


def test_one_node_that_cannot_be_mended_does_not_keep_the_others_from_it() -> None:
    # The second is the text of a link already.
    text = "Read [it] (https://a.b/c), [[it] (https://a.b/d)](https://e.f), [it] (https://a.b/g)."
    result = repaired(text, "markdown")
    assert result.after.count("](https://a.b/c)") == result.after.count("](https://a.b/g)") == 1
    assert "(https://e.f)" in result.after


def test_markup_is_mended_before_prose() -> None:
    result = repaired("Press ** the the key ** now.", "markdown")
    assert result.after == "Press **the key** now."
    assert all(f.applicability is not Applicability.DISPLAY for f in result.findings)
