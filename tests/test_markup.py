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
]


@pytest.mark.parametrize(("broken", "whole"), PAIRS)
def test_broken_markup_becomes_what_it_was(broken: str, whole: str) -> None:
    assert repaired(broken, "markdown").after == whole
    assert besides_prose(repaired(broken, "markdown").after) == besides_prose(whole)


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
