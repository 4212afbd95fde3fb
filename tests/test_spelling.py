"""Detector `spelling`: what is plainly a slip is mended, what may be right is left alone, findings say why."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import cache, engine, statistics, worddiff
from cleaner.detectors import spelling
from cleaner.detectors.spelling import (
    agreement,
    arbiter,
    calls,
    cues,
    doubt,
    evidence,
    slips,
    sources,
    tables,
    typos,
    variants,
)
from cleaner.detectors.spelling.line import Line
from cleaner.document import Document
from cleaner.model import Applicability, Finding

DATA = Path(__file__).parent / "data" / "spelling"


def lines(name: str) -> list[str]:
    return [line for line in (DATA / name).read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]


def found(text: str, kind: str = "text") -> list[Finding]:
    return list(spelling.detect(Document(text, kind=kind)))


def mended(text: str, kind: str = "text") -> str:
    return engine.clean(Document(text, kind=kind), [spelling.detect], Applicability.UNSAFE).after


@pytest.mark.parametrize("marked", lines("mended.txt"))
def test_a_slip_is_mended(marked: str) -> None:
    before, after, _ = worddiff.parse(marked)
    assert mended(before) == after


@pytest.mark.parametrize("marked", lines("mended.txt"))
def test_what_was_mended_is_left_alone(marked: str) -> None:
    _, after, _ = worddiff.parse(marked)
    assert found(after) == []


@pytest.mark.parametrize("text", lines("quiet.txt"))
def test_what_may_be_right_is_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("text", "mended_text"), [("a `onClick`", "an `onClick`"), ("an `reviewer`", "a `reviewer`")])
def test_an_article_goes_by_how_the_code_behind_it_is_read_out(text: str, mended_text: str) -> None:
    assert mended(f"The button has {text} handler.", "markdown") == f"The button has {mended_text} handler."


@pytest.mark.parametrize("code", ["`url`", "`html`", "`SQL`", "`useEffect`", "`<li>`", "`x`"])
def test_code_that_may_be_read_out_in_two_ways_has_both_articles(code: str) -> None:
    assert not found(f"The page has a {code} value.", "markdown")
    assert not found(f"The page has an {code} value.", "markdown") or code == "`useEffect`"


def test_code_and_targets_are_left_alone() -> None:
    text = "Call `recieve` as in [the notes](https://a.b/recieve).\n\n    recieve()\n\n```\nrecieve\n```\n"
    assert mended(text, "markdown") == text


def test_a_repair_keeps_capitals_and_mends_the_article_before_it() -> None:
    assert mended("Becuase of the rain the match was cancelled.").startswith("Because of")
    assert mended("It was a enourmous house that everybody knew.") == "It was an enormous house that everybody knew."


def test_every_finding_shows_evidence_whose_weights_add_up_to_its_confidence() -> None:
    for finding in found("The goverment recieved the letter becuase of the rain."):
        assert finding.confidence is not None
        total = sum(reason.weight for reason in finding.evidence)
        assert 1 / (1 + math.exp(-total)) == pytest.approx(finding.confidence, abs=0.02)


def test_the_level_follows_from_the_confidence() -> None:
    levels = [arbiter.level(sources.NONWORD, confidence) for confidence in (0.97, 0.96, 0.80, 0.79)]
    assert levels == [Applicability.SAFE, Applicability.UNSAFE, Applicability.UNSAFE, Applicability.DISPLAY]


def test_a_rule_that_did_not_keep_to_what_it_said_loses_the_level(monkeypatch: pytest.MonkeyPatch) -> None:
    held_out = {(sources.NONWORD, "safe"): (100, 10), (sources.NONWORD, "unsafe"): (300, 30)}
    monkeypatch.setattr(tables, "levels", lambda: held_out)
    assert arbiter.level(sources.NONWORD, 0.99) is Applicability.UNSAFE
    assert arbiter.level(sources.NONWORD, 0.79) is Applicability.DISPLAY
    assert arbiter.level(sources.ARTICLE, 0.99) is Applicability.DISPLAY


def test_evidence_that_says_the_same_twice_counts_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "weights", lambda: {"nonword": {"always": 1.0, "a": 2.0, "b": 1.0}})
    monkeypatch.setattr(tables, "saturation", lambda: {"nonword": (3.0, 0.5)})
    little, much = {"always": 1.0, "a": 1.0}, {"always": 1.0, "a": 1.0, "b": 1.0}
    assert arbiter.probability("nonword", little) == pytest.approx(1 / (1 + math.exp(-3.0)))
    assert arbiter.probability("nonword", much) == pytest.approx(1 / (1 + math.exp(-3.5)))
    confidence = arbiter.probability("nonword", much)
    assert [reason.weight for reason in arbiter.reasons("nonword", much, confidence)] == [2.0, 1.0, 1.0, -0.5]
    told = arbiter.reasons("nonword", much, arbiter.among(confidence, [confidence]))
    assert "other words may be meant" in [reason.detail for reason in told]
    assert arbiter.probability("unheard", much) == 0


def test_a_slip_behind_a_hyphen_is_found_and_a_part_of_a_name_is_not() -> None:
    assert mended("This is a backwards-compatability break for everyone.") == (
        "This is a backwards-compatibility break for everyone."
    )
    assert not found("He kept on livin' in a left-hander world of his own.")


def test_other_languages_are_left_alone() -> None:
    assert list(spelling.detect(Document("The goverment spoke.", lang="de"))) == []


def test_everyday_words_and_their_genitives_are_beyond_doubt() -> None:
    text = "The teacher’s house isn't far, and the children's colours are well known in 2019."
    assert not [place.word for place in doubt.places(Document(text)) if place.unknown]


@pytest.mark.parametrize("words", ["unrivaled unrivalled", "gynaecologist gynecologist", "kilometre kilometer"])
def test_british_and_american_spelling_are_one_word(words: str) -> None:
    assert variants.are(*words.split())


def test_typos_is_asked_once_about_a_word_and_remembers() -> None:
    assert typos.corrections(["teh", "house", "housxqe"]) == {"teh": ("the",)}
    kept = cache.text(typos._place()).split("\n")
    assert "teh the" in kept
    assert "housxqe " in kept
    assert "house " not in kept  # in use, and so among those asked about at first


def test_the_tables_hold_what_was_promised() -> None:
    taken = {(cue[1], cue[2]) for cue in tables.cues()}
    assert len(taken) >= 150
    assert {("form", "from"), ("from", "form"), ("then", "than"), ("it's", "its"), ("its", "it's")} <= taken
    british, american = tables.variants()
    assert not british & american


def test_every_cue_holds_where_it_says() -> None:
    for before, word, meant, after in tables.cues():
        assert before or after.strip("!") == after != "" or " " in word, "nothing shows that another word is meant"
        if "{" in word + before + after:
            continue
        beside = before.split("|")[0], "" if after.startswith("!") else after.split("|")[0]
        text = f"{beside[0]} {word} {beside[1]} xq".strip()
        line = Line(text, 0)
        at = len(beside[0].split())
        held = {cue.meant for cue in cues.at(line, at)}
        assert tuple(meant.split()) in held, (before, word)


@pytest.mark.parametrize(
    ("text", "at", "meant"),
    [
        ("It is being depends on.", 3, {("depended",)}),
        ("Our well-being depends on it.", 4, set()),
        ("if it is means tested", 2, {()}),
        ("if it is means-tested", 2, set()),
    ],
)
def test_a_cue_is_no_part_of_a_word_with_a_hyphen(text: str, at: int, meant: set[tuple[str, ...]]) -> None:
    assert {cue.meant for cue in cues.at(Line(text, 0), at)} == meant


@pytest.mark.parametrize("marked", lines("mended.txt") + lines("quiet.txt"))
def test_a_form_that_is_doubted_in_its_line_is_met_in_the_passage(marked: str) -> None:
    text, _, _ = worddiff.parse(marked)
    line = Line(text, 0)
    doubted = {line.words[i] for i in range(len(line.words)) if line.words[i] and any(agreement.at(line, i))}
    words = Document(text).reading.passages[0].words
    assert doubted <= {words[i].decode() for i in calls.doubtful(words, frozenset(words))}


def test_weights_are_of_evidence_that_exists() -> None:
    rules = {getattr(sources, name) for name in dir(sources) if isinstance(getattr(sources, name), str)}
    assert set(tables.weights()) <= rules


def test_a_document_that_mixes_british_and_american_spelling_gets_one_finding() -> None:
    british = "The colour of the harbour wall, the neighbours’ favourite, was a rumour. "
    (finding,) = variants.detect(Document(british + "Its behavior was a favor to the neighbors."))
    assert (finding.rule, finding.edits) == (variants.RULE, ())
    assert finding.message == "“behavior” is American spelling, and most of the document is British"
    assert not list(variants.detect(Document(british)))


def test_the_likeliest_of_several_candidates_is_proposed_first() -> None:
    (place,) = [p for p in doubt.places(Document("We walked thruogh the forest.")) if p.unknown]
    weighed = evidence.weigh(place, sources.proposals(place))
    best = max(weighed, key=lambda w: arbiter.probability(w[0].rule, w[1]))
    assert best[0].words == ("through",)


def test_the_lexicon_is_in_order_and_holds_no_word_that_typos_lists() -> None:
    words = statistics._LEXICON.read_text(encoding="utf-8").split()
    assert words == sorted(set(words))
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)
    assert not typos.corrections(words[::20])


@given(st.sampled_from(["accommodate", "through", "kubernetes"]), st.integers(0, 12), st.characters(codec="ascii"))
def test_a_slip_costs_something_and_no_slip_nothing(word: str, at: int, letter: str) -> None:
    other = word[:at] + letter.lower() + word[at + 1 :]
    assert slips.cost(word, word) == 0
    assert (slips.cost(other, word) > 0) == (other != word)


def test_a_name_with_a_capital_inside_is_written_as_it_is_known() -> None:
    assert mended("The database is Postgressql, and its driver is new.").startswith("The database is PostgreSQL,")
    assert mended("Use the javscript console.") == "Use the javascript console."


def test_a_word_and_its_genitive_are_two_places() -> None:
    places = doubt.places(Document("The goverment spoke, and the goverment's plan was read to the goverment."))
    assert [place.word for place in places if place.unknown] == ["goverment", "goverment's", "goverment"]
