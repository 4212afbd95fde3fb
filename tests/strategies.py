"""What the property tests draw from: texts, Markdown of all sorts, faulty sentences, edits.

`HYPOTHESIS_PROFILE=search` looks for new examples; the default looks at the same ones each time.
"""

from __future__ import annotations

import os

from hypothesis import settings
from hypothesis import strategies as st

from cleaner.model import Applicability, Change, Edit, Finding, Span

settings.register_profile("steady", deadline=None, derandomize=True, database=None, max_examples=100)
settings.register_profile("search", deadline=None, database=None, max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

WORDS = ["the", "house", "He", "went", "a", "an", "hour", "naïve", "Ωmega", "日本", "😀", "3", "1,000"]
MARKS = [" ", " ", " ", ".", ",", "“", "”", '"', "’", "(", ")", "–", "!", "?", "\u00a0", "\u2028", "\t"]
LINE_ENDS = ["\n", "\n", "\n\n", "\r\n", "  \n", "\\\n"]
MARKDOWN = [
    *("*", "**", "_", "~~", "`", "``", "$", "$$", "\\", "\\*", "&amp;", "&#8212;", "&", "<", ">"),
    *(
        "[",
        "]",
        "](",
        "](x)",
        "[foo]",
        "[foo][]",
        "[^1]",
        "\n[foo]: http://x\n",
        "\n[^1]: ",
        "[`a` `b` c]",
        "\n[`a` `b` c]: x\n",
        "![",
        "[[",
    ),
    *(
        "<b>",
        "</b>",
        "<br>",
        "<code>",
        "</code>",
        "<img src='x'>",
        "<div>\n",
        "</div>\n",
        "<Foo bar={1}/>",
        "<!--",
        "-->",
    ),
    *(
        "<!-- cleaner: off -->",
        "<!-- cleaner: on -->",
        "https://a.b/c_d",
        "me@foo.org",
        "<https://a.b>",
        "{name}",
        "%s",
    ),
    *("{{< x >}}", "{% x %}", "@user", "README.md", "/usr/bin", ":smile:"),
    *(
        "# ",
        "> ",
        "- ",
        "1. ",
        "    ",
        "- [ ] ",
        "|",
        "\n|--|--|\n",
        "```\n",
        "~~~\n",
        "\n---\n",
        "\n===\n",
        "+++\n",
        ":::",
    ),
]

any_text = st.text(max_size=200)
prose = st.lists(st.sampled_from(WORDS + MARKS), max_size=20).map("".join)
markdown = st.lists(st.sampled_from(WORDS + MARKS + LINE_ENDS + MARKDOWN), max_size=40).map("".join)
kinds = st.sampled_from(["text", "markdown"])
new_words = st.sampled_from(["", "x", "the", " the", "two words", ".", "”", "é😀", " "])


@st.composite
def edits_of(draw: st.DrawFn, text: str, most: int = 5) -> list[Edit]:
    """Edits of a text that do not overlap and do not share a place of insertion."""
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=2 * most)))
    pairs = zip(places[::2], places[1::2], strict=False)
    out: list[Edit] = []
    for start, end in pairs:
        if not out or start > out[-1].end:
            out.append(Edit(start, end, draw(new_words)))
    return out


@st.composite
def changes_of(draw: st.DrawFn, text: str) -> list[Change]:
    """The same as changes, each made by one of two rules."""
    return [
        Change(e.start, e.end, e.text, (draw(st.sampled_from(["any.one", "any.two"])),)) for e in draw(edits_of(text))
    ]


@st.composite
def a_finding(draw: st.DrawFn) -> Finding:
    """A finding in a text of forty characters, with a few edits, trusted somehow."""
    edits = tuple(draw(edits_of("x" * 40, most=3)))
    start = draw(st.integers(0, 40))
    return Finding(
        rule=draw(st.sampled_from(["any.one", "en.two"])),
        span=Span(start, draw(st.integers(start, 40))),
        message="",
        edits=edits,
        applicability=draw(st.sampled_from(list(Applicability))),
        confidence=draw(st.sampled_from([None, 0.5, 0.9])),
    )
