"""Consistency: whole documents with one name spelt two ways, documents with two names that look like one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import strategies  # noqa: F401  (its settings)
from hypothesis import given
from hypothesis import strategies as st

from cleaner import engine, worddiff
from cleaner.document import Document
from cleaner.edits import splice
from cleaner.likeness import likeness
from cleaner.model import Applicability, Evidence, Finding, RuleError
from cleaner.rules import detector, load
from cleaner.rules.load import RuleSet

DATA = Path(__file__).parent / "data" / "consistency"
ROOT = Path(__file__).parent.parent
SHIPPED = load()
DETECT = detector(RuleSet(tuple(e for e in SHIPPED.entries if e.kind == "consistency"), SHIPPED.tables))


def unsafe(document: Document) -> Iterator[Finding]:
    """All findings of the kind, whatever level they have earned."""
    return (msgspec.structs.replace(f, applicability=Applicability.UNSAFE) for f in DETECT(document))


def cleaned(text: str, kind: str = "text") -> str:
    return engine.clean(Document(text, kind=kind), [unsafe], Applicability.UNSAFE).after


def kind_of(path: Path) -> str:
    return "markdown" if path.suffix == ".md" else "text"


@pytest.mark.parametrize("path", [pytest.param(p, id=p.stem) for p in sorted(DATA.iterdir()) if p.is_file()])
def test_the_rarer_spelling_gives_way(path: Path) -> None:
    marked = path.read_text(encoding="utf-8")
    before, after, _ = worddiff.parse(marked)
    result = engine.clean(Document(before, kind=kind_of(path)), [unsafe], Applicability.UNSAFE)
    assert worddiff.render(before, result.changes) == marked
    assert splice(before, result.changes) == after
    assert cleaned(after, kind_of(path)) == after


@pytest.mark.parametrize("path", [pytest.param(p, id=p.stem) for p in sorted((DATA / "silent").iterdir())])
def test_two_names_that_look_like_one_are_left_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = list(DETECT(Document(text, kind=kind_of(path))))
    assert not found, "\n".join(f"{f.message}: {f.evidence[0].detail}" for f in found)


def test_the_seed_has_one_compound_and_one_abbreviation_of_another_style() -> None:
    text = (ROOT / "seeds" / "embassy.txt").read_text(encoding="utf-8")
    found = [worddiff.render(text, f.edits)[f.span.start :].split(" ")[0] for f in DETECT(Document(text))]
    assert sorted(found) == ["[-Iranian-backed-]{+Iran-backed+}", "[-U.S.-]{+US+}"]


def test_evidence_says_how_often_each_spelling_stands() -> None:
    text = "Bellandi sang. Bellandi danced. Bellandi slept. They liked Bellandi, and Belandi liked them."
    (finding,) = DETECT(Document(text))
    assert finding.evidence[0] == Evidence("document", "“Bellandi” stands 4 times, “Belandi” once")


def test_two_commoner_names_as_near_as_each_other_leave_it_open_which_was_meant() -> None:
    text = "Marbosa came. Marbosa went. Marboza came. Marboza went. Then came Marbova, and went."
    assert list(DETECT(Document(text))) == []


NAMES = [
    "Bellandi",
    "Belandi",
    "Bellandy",
    "Erdoğan",
    "Erdogan",
    "Abdul-Mahdi",
    "Abdul Mahdi",
    "U.S.",
    "US",
    "Elsie",
    "Phillips",
]
NAMES += [
    "Philips",
    "Iran-backed",
    "Iranian-backed",
    "Kata’ib",
    "Kataib",
    "adviser",
    "advisors",
    "There",
    "These",
    "KENYA",
]
JOINTS = [" ", " ", " ", ". ", ", ", "’s ", "\n\n", " the ", " is ", "*", "`", "-"]


few_names = st.lists(st.sampled_from(NAMES), min_size=2, max_size=4)
texts = few_names.flatmap(lambda names: st.lists(st.sampled_from(3 * names + JOINTS), max_size=60)).map("".join)


@given(texts, st.sampled_from(["text", "markdown"]))
def test_a_second_run_finds_nothing_left_to_do(text: str, kind: str) -> None:
    once = cleaned(text, kind)
    assert cleaned(once, kind) == once


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_is_mutual(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)


WRONG = {
    "names: letter, forms: [[a, b]]": "has names:, or forms:, or first: and second:",
    "forms: [[email]]": "two or more different spellings are wanted",
    "forms: [[email, Email]]": "two or more different spellings are wanted",
    "first: countries, second: nothing": "second: no word list “nothing”",
    "names: spelling": "names: invalid enum value 'spelling'",
}


@pytest.mark.parametrize(("fields", "message"), WRONG.items())
def test_a_rule_that_compares_nothing_is_refused_with_its_line(fields: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "countries.csv").write_text("demonym,country\nIranian,Iran\n", encoding="utf-8")
    body = "kind: consistency\nrules:\n  one: {message: m, why: w, bad: [b], good: [g], " + fields + "}\n"
    path = tmp_path / "one.yaml"
    path.write_text(body, encoding="utf-8")
    with pytest.raises(RuleError) as error:
        load([tmp_path], shipped=False)
    assert str(error.value).startswith(f"{path}:3: rule one.one: ")
    assert message in str(error.value)


def test_without_data_the_benchmark_says_so(tmp_path: Path) -> None:
    command = [sys.executable, ROOT / "bench" / "consistency.py", tmp_path / "nowhere"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"no news below {tmp_path}/nowhere: nothing measured\n")
