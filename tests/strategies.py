"""What the property tests draw from: texts, Markdown of all sorts, faulty sentences, edits.

`HYPOTHESIS_PROFILE=search` looks for new examples; the default looks at the same ones each time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

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

HTML = [
    *("<p>", "</p>", "<P LANG=de>", "<div translate=no>", "</div>", "<li>", "<ul>", "</ul>", "<td>", "<tr>", "<table>"),
    *(
        "</table>",
        "<b>",
        "</b>",
        "<i lang='la'>",
        "</i>",
        "<a href='x>y' title=\"the the",
        "<a b=c'd\">",
        "</a>",
        "<br/>",
    ),
    *("<code>", "</code>", "<pre>", "</pre >", "<script>", "</script>", "<style>", "</style/>", "<title>", "</title>"),
    *("<svg>", "</svg>", "<svg/>", "<math>", "</math>", "<![CDATA[", "]]>", "<textarea>", "</textarea>", "<template>"),
    *(
        "</template>",
        "<select>",
        "<option>",
        "</select>",
        "<!--",
        "-->",
        "--!>",
        "<!-->",
        "<!doctype html>",
        "<?x",
        ">",
    ),
    *(
        "<",
        "</",
        "<>",
        "</>",
        "=",
        "'",
        '"',
        "/",
        "&amp;",
        "&copy",
        "&notit;",
        "&#x41;",
        "&#0;",
        "&shy;",
        "&",
        "<img a=>",
    ),
    *(
        "<html lang=en>",
        "<body>",
        "<head>",
        "</body>",
        "</html>",
        "<button>",
        "</button>",
        "<xmp>",
        "</xmp>",
        "<noscript>",
    ),
    *(
        "<h1>",
        "</h2>",
        "<span class='notranslate x'>",
        "</span>",
        "<iframe>",
        "</iframe>",
        "<frameset>",
        "<dd>",
        "<dt>",
    ),
    *("<!-- cleaner: off -->", "<!-- cleaner: on -->", "<plaintext>", "<object>", "<del>", "</del>", "\f", "\r\n"),
]

any_text = st.text(max_size=200)
prose = st.lists(st.sampled_from(WORDS + MARKS), max_size=20).map("".join)
markdown = st.lists(st.sampled_from(WORDS + MARKS + LINE_ENDS + MARKDOWN), max_size=40).map("".join)
html = st.lists(st.sampled_from(WORDS + MARKS + LINE_ENDS + HTML + HTML), max_size=40).map("".join)
kinds = st.sampled_from(["text", "markdown", "html"])
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


# Documents put together from faulty sentences.
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
_GOOD = ["All is well here.", "“Yes,” he said.", "A third of 1,000 is 333.3.", "日本 is Japan, and Ünïcode is 😀."]
_WRAPPED = [
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
_SPANS = [
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
_BLOCKS = [
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
_FRONT = ["", "", "---\ntitle: The the house\n---\n\n", "+++\ntitle = 'the the house'\n+++\n\n"]
_LAST = "[ref]: https://a.b/the_the 'the the'\n"


@st.composite
def _marked_up(draw: st.DrawFn, texts: Sequence[str], wrapped: Sequence[str]) -> list[str]:
    """The words of a sentence, some of them marked up."""
    words = draw(st.sampled_from(texts)).split(" ")
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(words) - 1))
        end = draw(st.integers(start + 1, len(words)))
        words[start:end] = [draw(st.sampled_from(wrapped)).format(" ".join(words[start:end]))]
    return words


@st.composite
def sentences(draw: st.DrawFn, wrapped: Sequence[str], spans: Sequence[str]) -> str:
    """A sentence with some of its words marked up, and a span or none put between them."""
    words = draw(_marked_up(FAULTY, wrapped))
    words.insert(draw(st.integers(0, len(words))), draw(st.sampled_from(["", "", *spans])))
    return " ".join(filter(None, words))


@st.composite
def _sentence(draw: st.DrawFn) -> str:
    """A sentence with some of its words marked up, other things put between them, and its lines broken anywhere."""
    words = draw(_marked_up(FAULTY * 3 + _GOOD, _WRAPPED))
    if draw(st.booleans()):
        words.insert(draw(st.integers(0, len(words))), draw(st.sampled_from(_SPANS)))
    spaces = draw(
        st.lists(
            st.sampled_from([" ", " ", " ", " ", "\n", "\n> ", "  \n", " "]), min_size=len(words), max_size=len(words)
        )
    )
    return "".join(word + space for word, space in zip(words, spaces, strict=True)).strip()


@st.composite
def faulty_documents(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(_FRONT))
    for block in draw(st.lists(st.sampled_from(_BLOCKS), min_size=1, max_size=5)):
        sentences = draw(st.tuples(_sentence(), _sentence()))
        if block.startswith("|"):  # a row is a line
            sentences = tuple(" ".join(sentence.split()) for sentence in sentences)
        text += block.format(*sentences)
    text += _LAST
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text
