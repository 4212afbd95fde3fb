"""Detector `encoding`: the broken is mended where it stands, all else stays, and clean text costs next to nothing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import kinds

from cleaner import engine, worddiff
from cleaner.detectors import encoding
from cleaner.document import Document
from cleaner.edits import splice
from cleaner.model import Applicability, Edit, Finding, Result

DATA = Path(__file__).parent / "data" / "encoding"
CASES = json.loads((DATA / "ftfy.json").read_text(encoding="utf-8"))
for number, case in enumerate(CASES):
    case["id"] = f"{number} {case['label']}"
    case["expected"] = case.get("fixed-encoding", case["fixed"])
PASSING = [case for case in CASES if case["expect"] == "pass"]
POSITIVE = [case for case in PASSING if case["original"] != case["expected"]]
NEGATIVE = [case for case in PASSING if case["original"] == case["expected"]]
FAILING = [case for case in CASES if case["expect"] == "fail"]

# Where a closing mark was lost and its opening one is there, ftfy writes U+FFFD.
CLOSED = {
    "Lossy decoding can have plain ASCII question marks, as well": "The ICR has been upgraded to “bb+” from “bb”",
    "Synthetic: lossy decoding in sloppy-windows-1252": "“lossy decoding”",
}


def each(cases: list[dict[str, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case["id"] for case in cases])


def lines(name: str) -> Iterator[str]:
    """The cases of a file, `\\xNN`, `\\uNNNN` and `\\n` in them read."""
    for line in (DATA / name).read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("//"):
            yield re.sub(r"\\(?:x(..)|u(....)|n)", lambda m: chr(int(m[1] or m[2] or "a", 16)), line)


def found(text: str, kind: str = "text") -> list[Finding]:
    """The findings that have a repair, in order."""
    return sorted((f for f in encoding.detect(Document(text, kind=kind)) if f.edits), key=lambda finding: finding.span)


def mended(text: str, kind: str = "text") -> str:
    return splice(text, [edit for finding in found(text, kind) for edit in finding.edits])


def cleaned(text: str, kind: str = "text", level: Applicability = Applicability.UNSAFE) -> Result:
    return engine.clean(Document(text, kind=kind), [encoding.detect], level)


# --- ftfy's own cases ---


def test_there_are_cases_enough() -> None:
    assert len(POSITIVE) >= 60
    assert len(NEGATIVE) >= 40


@each(PASSING)
def test_reads_as_ftfy_expects(case: dict[str, str]) -> None:
    assert mended(case["original"]) == CLOSED.get(case["label"], case["expected"])


@each(FAILING)
@pytest.mark.xfail(strict=True, reason="ftfy does not know better")
def test_what_ftfy_fails_at(case: dict[str, str]) -> None:
    assert mended(case["original"]) == case["expected"]


@each(POSITIVE)
def test_is_mended_from_end_to_end_and_then_at_rest(case: dict[str, str]) -> None:
    result = cleaned(case["original"])
    assert result.after == CLOSED.get(case["label"], case["expected"])
    again = cleaned(result.after)
    assert (again.after, again.changes) == (result.after, ())


@each(NEGATIVE)
@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_what_only_looks_broken_is_left_alone(case: dict[str, str], kind: str) -> None:
    assert found(case["original"], kind) == []


@each(NEGATIVE)
@pytest.mark.parametrize("odd", [" – 日本 é 🙂", " “café”", " Ω Ж"])
def test_what_only_looks_broken_is_left_alone_beside_what_keeps_the_line_from_decoding(
    case: dict[str, str], odd: str
) -> None:
    before = len(case["original"])
    assert [f for f in found(case["original"] + odd) if f.span.start < before] == []


def test_words_are_mended_beside_what_keeps_the_line_from_decoding() -> None:
    odd = [" – 日本 é 🙂", " “café”", " Ω Ж"]
    kept = [mended(case["original"] + tail) == case["expected"] + tail for case, tail in product(POSITIVE, odd)]
    assert sum(kept) >= 0.7 * len(kept)  # ftfy alone: 0.61


@each(PASSING)
def test_one_more_layer_is_undone(case: dict[str, str]) -> None:
    if "mixed up three times" in case["label"]:
        pytest.skip("a fourth time makes a sequence longer than we look")
    assert mended(case["original"].encode().decode("latin-1")) == case["expected"]


@each(POSITIVE)
def test_an_edit_covers_the_broken_sequence_and_no_more(case: dict[str, str]) -> None:
    text = case["original"]
    findings = found(text)
    for finding in findings:
        assert finding.span.start == finding.edits[0].start
        assert finding.span.end == finding.edits[-1].end
        for edit in finding.edits:
            old = text[edit.start : edit.end]
            assert not old[0].isascii()
            assert all(not c.isascii() or c in " ?" for c in old)
            assert old != edit.text
    assert all(a.span.end < b.span.start for a, b in pairwise(findings))


# --- our own ---


def own() -> Iterator[tuple[str, str, str]]:
    rule = level = ""
    for line in lines("mended.txt"):
        if line.startswith("# "):
            rule, level = line[2:].split()
        else:
            yield rule, level, line


@pytest.mark.parametrize(("rule", "level", "marked"), list(own()))
def test_is_mended_where_it_is_broken_by_the_rule_that_names_it(rule: str, level: str, marked: str) -> None:
    before, after, edits = worddiff.parse(marked)
    findings = found(before)
    assert worddiff.render(before, [edit for f in findings for edit in f.edits]) == marked
    assert tuple(edit for f in findings for edit in f.edits) == edits
    if edits:
        assert {(f.rule, f.applicability.value) for f in findings} == {(rule, level)}
        assert all(f.evidence and f.message and f.confidence is None for f in findings)
    else:
        (finding,) = (f for f in encoding.detect(Document(before)))
        assert (finding.rule, finding.applicability.value) == (rule, level)
    assert mended(after) == after


@pytest.mark.parametrize("text", list(lines("untouched.txt")))
@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_good_text_is_left_alone(text: str, kind: str) -> None:
    assert list(encoding.detect(Document(text, kind=kind))) == []


@pytest.mark.parametrize("marked", list(lines("markdown.txt")))
def test_in_markdown_prose_is_mended_and_nothing_else(marked: str) -> None:
    before, after, edits = worddiff.parse(marked)
    assert tuple(edit for f in found(before, "markdown") for edit in f.edits) == edits
    result = cleaned(before, "markdown", Applicability.SAFE)
    assert result.after == after
    assert cleaned(after, "markdown").changes == ()


def test_lines_of_plain_text_are_judged_one_by_one() -> None:
    assert mended("A cafÃ©.\r\nNaïve – 日本.\nRÄ«ga `Ã©`\n") == "A café.\r\nNaïve – 日本.\nRīga `Ã©`\n"


def test_a_finding_says_how_it_was_mended() -> None:
    (finding,) = found("It costs 20 â‚¬ now.")
    assert finding.message == "“â‚¬” should read “€”"
    assert finding.evidence[0].detail == ("UTF-8 that was read in another encoding (encode windows-1252, decode utf-8)")
    (finding,) = found("Wellâ€¦Â\xa0")
    assert finding.message == "“â”, “€”, “¦”, “Â”, NO-BREAK SPACE should read “…”, NO-BREAK SPACE"


def test_what_may_have_been_lost_is_offered() -> None:
    (finding,) = found("SlovenÄ�ina")
    assert "č" in finding.alternatives


def test_a_closing_mark_that_was_lost_is_one_only_after_an_opening_one() -> None:
    findings = found("â€œAâ€� and Bâ€�")
    assert [edit.text for finding in findings for edit in finding.edits] == ["“", "”", "�"]
    assert [f.rule for f in findings] == [encoding.MOJIBAKE, encoding.LOSSY_QUOTE, encoding.LOSSY]
    assert cleaned("â€œA,â€� he said.").after == "“A,” he said."


def test_digits_of_another_script_that_were_broken_may_be_mended() -> None:
    (finding,) = found("year ï¼‘ï¼™ or so")
    assert "numbers" in finding.may_change
    assert cleaned("year ï¼‘ï¼™ or so").after == "year １９ or so"


def test_a_long_repair_is_told_in_short() -> None:
    (finding,) = found(("日本語" * 50).encode().decode("latin-1"))
    assert len(finding.message) < 1000
    assert finding.edits[0].text == "日本語" * 50


# --- cost ---


def test_neither_ascii_nor_clean_text_imports_ftfy() -> None:
    program = (
        "import sys; from cleaner.detectors.encoding import detect; from cleaner.document import Document\n"
        "texts = ['ASCII', '“Café,” she said—naïve… 😀', '日本語 Ж Ω', *open(sys.argv[1], encoding='utf-8')]\n"
        "assert not any(list(detect(Document(text))) for text in texts)\n"
        "assert 'ftfy' not in sys.modules\n"
        "assert list(detect(Document('cafÃ©'))) and 'ftfy' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program, str(DATA / "untouched.txt")], check=True)


def test_the_filter_is_ftfys_own_test() -> None:
    """If ftfy's heuristic changes, so must ours: compare the difference, then edit `BADNESS` and `CLASSES`."""
    from ftfy.badness import BADNESS_RE, MOJIBAKE_CATEGORIES

    names = {"start": "start_punctuation", "end": "end_punctuation", "upper": "upper_accented"}
    names["lower"] = "lower_accented"
    for name, characters in encoding.CLASSES.items():
        if name not in ("nbsp", "shy"):
            assert plain(characters) == MOJIBAKE_CATEGORIES[names.get(name, name)]
    written = encoding.BADNESS.format(**encoding.CLASSES, space=r"\s", letter=r"\w", line_start="^")
    assert plain("|".join(written.strip("\n").split("\n"))) == plain(without_layout(BADNESS_RE.pattern))


def plain(pattern: str) -> str:
    return re.sub(r"\\x\{?([0-9a-f]+)\}?", lambda m: chr(int(m[1], 16)), pattern)


def without_layout(pattern: str) -> str:
    """A verbose pattern without its comments and the space outside classes."""
    pattern = re.sub(r"\n\s*#[^\n]*", "", pattern)
    return re.sub(r"(\[[^]]*\])|[ \n]", lambda m: m[1] or "", pattern)


def test_the_classes_that_re2_has_not_are_no_narrower_than_pythons() -> None:
    import re2

    characters = [chr(i) for i in range(sys.maxunicode + 1) if not 0xD800 <= i <= 0xDFFF]
    for name, original in (("space", r"\s"), ("letter", r"\w")):
        wide = re2.compile(encoding.WIDENED[name])
        among = "".join(re.findall(original, "".join(characters)))
        assert len(among) == sum(1 for _ in wide.finditer(among.encode()))


# What mojibake is made of, what it is made from, and what stands around it.
SEQUENCES = [
    word.encode().decode(name, "replace")
    for word in ["é", "Č", "à", "“", "”", "—", "’", "Ру", "日", "😀", "…", "№", "\xa0"]
    for name in ["latin-1", "cp1252", "cp1251", "cp1250", "mac_roman", "cp437", "iso8859-2"]
]
SIGNS = "".join(re.sub(r"\\x\{\w+\}|-", "", characters) for characters in encoding.CLASSES.values())
PIECES = st.one_of(
    st.sampled_from(SEQUENCES),
    st.sampled_from(SEQUENCES).map(lambda s: s.encode().decode("latin-1")),
    st.sampled_from(["é", "“ok”", "—", "日本", "😀", "naïve", "’s", "the", "a", " ", " ", ". ", "?", "Å", "Ã ", "Â "]),
    st.text(SIGNS + "\x80\x85\x92\x94\xa0 aZ.0", max_size=4),
)
BROKEN = st.lists(PIECES, max_size=14).map("".join)


@given(BROKEN | st.text())
def test_the_filter_lets_nothing_pass_that_ftfy_would_mend(text: str) -> None:
    fix, is_bad = encoding._ftfy()
    if is_bad(text) or fix(text).text != text:
        assert encoding.suspect().search(text.encode())


def test_the_filter_lets_no_pair_pass() -> None:
    _, is_bad = encoding._ftfy()
    signs = SIGNS + "ÒÖÙÜòöøüÀÁÂÃÑàáñÎÐØ°œβāВвЖβа\x80\x9f\xa0 aZ"
    suspect = encoding.suspect()
    for around in ("{}", "a{}", " {}a", "a {} "):
        for pair in map("".join, product(dict.fromkeys(signs), repeat=2)):
            text = around.format(pair)
            assert not is_bad(text) or suspect.search(text.encode()), text


@given(BROKEN)
def test_units_make_of_a_text_what_ftfy_does_as_far_as_they_go(text: str) -> None:
    units = encoding.mend(text)
    assert all(a.end <= b.start for a, b in pairwise(units))
    fixed = encoding._ftfy()[0](text).text
    if len(units) == 1 and units[0].start == 0 and units[0].end == len(text):
        assert units[0].text == fixed
    assert len(splice(text, [Edit(u.start, u.end, u.text) for u in units])) <= len(text)


@given(st.lists(PIECES | st.sampled_from(["\n", "`", "**", "[", "](x)", "|", "# "]), max_size=20).map("".join), kinds)
def test_mending_comes_to_rest_and_changes_prose_only(text: str, kind: str) -> None:
    result = cleaned(text, kind)
    again = cleaned(result.after, kind)
    assert (again.after, again.changes) == (result.after, ())
    assert Document(result.after, kind=kind).structure == Document(text, kind=kind).structure
