"""Scores: what they are made of adds up, faults never speak for a person, and machines are told from people."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import strategies  # noqa: F401  (its settings)
from hypothesis import given
from shell import FAULTY, cleaner
from strategies import any_text, markdown

from cleaner import score
from cleaner.document import Document
from cleaner.model import Finding, Span

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"
LONG = "The minister went to the house of his mother, and she gave him bread. " * 30


@given(any_text | markdown)
def test_a_document_is_counted_like_its_paragraphs_together(text: str) -> None:
    document = Document(text, kind="markdown")
    whole, parts = score.score(document, ())
    assert 0 <= whole.probability <= 1
    assert sum(part.words for part in parts) <= whole.words
    assert all(0 <= part.span.start < part.span.end <= len(text) for part in parts)


@pytest.mark.parametrize("text", ["", "\n", "It is fine.", "12 + 3 = 15", "日本語です。"])
def test_of_few_words_nothing_is_said(text: str) -> None:
    whole, parts = score.score(Document(text), ())
    assert (whole.probability, parts) == (0.5, [])


def test_evidence_is_what_the_probability_is_made_of() -> None:
    tally = score.Tally()
    tally.add(LONG)
    model = {score.ALWAYS: score.Weight(0, 1, -1.0), "his": score.Weight(0.01, 0.05, 2.0)}
    added = score.contributions(tally, model)
    share = tally.words / (tally.words + score.ENOUGH)
    assert added == {
        score.ALWAYS: -1.0,
        "his": pytest.approx(2 * share * (tally.counts["his"] / tally.tokens - 0.01) / 0.05),
    }
    whole, _ = score.score(Document(LONG), (), model=model)
    assert [e.weight for e in whole.evidence] == [round(added["his"], 2)]


def test_a_fault_never_speaks_for_a_person() -> None:
    assert all(weight.weight >= -1e-3 for name, weight in score.shipped().items() if name.startswith("findings"))
    document = Document(LONG)
    found = [Finding("en.frames.x", Span(at, at + 1), "") for at in range(0, 60, 10)]
    assert score.score(document, found)[0].probability >= score.score(document, ())[0].probability


def test_how_a_text_is_typed_is_not_how_it_is_worded() -> None:
    typed = "He said “no” – and he didn’t go. ‘Why?’ — she asked. " * 10
    plain = typed.translate(str.maketrans("“”‘’", "\"\"''")).replace("–", "--").replace("—", "--")
    assert score.score(Document(typed), ())[0].probability == score.score(Document(plain), ())[0].probability


def test_only_prose_is_scored() -> None:
    code = "```\n" + "of of the the regarding\n" * 40 + "```\n"
    assert score.score(Document(LONG + "\n\n" + code, kind="markdown"), ())[0].words == len(LONG.split())


def test_the_verdict_follows_the_bounds_that_are_given(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LONG)
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": LONG + FAULTY}) + "\n\n" + json.dumps({"text": ""}) + "\n")
    for bounds, verdict in ((("1", "1"), "keep"), (("0", "1"), "repair"), (("0", "0"), "drop")):
        options = ("--repair-from", bounds[0], "--drop-from", bounds[1], "--format", "json", "--paragraphs")
        ran = cleaner("score", *options, "a.txt", "b.jsonl", cwd=tmp_path)
        assert ran.returncode == 0, ran.stderr
        scored = json.loads(ran.stdout)
        assert [(s["path"], s.get("record")) for s in scored] == [("a.txt", None), ("b.jsonl", 1), ("b.jsonl", 3)]
        assert scored[0]["verdict"] == verdict
        (part,) = scored[0]["paragraphs"]
        assert (part["start"], part["end"], part["line"]) == (0, len(LONG.rstrip()), 1) or part["end"] == len(LONG)
    ran = cleaner("score", "--repair-from", "0.9", "--drop-from", "0.5", "a.txt", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (2, b"cleaner: --repair-from 0.9 is above --drop-from 0.5\n")


def test_what_cannot_be_read_is_named_and_the_rest_is_scored(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LONG)
    ran = cleaner("score", "none.txt", "a.txt", cwd=tmp_path)
    assert ran.returncode == 2
    assert b"none.txt: cannot read it" in ran.stderr
    assert ran.stdout.startswith(b"a.txt: 0.")


def documents(path: Path, field: str) -> Iterator[str]:
    """Documents of 300 words and more from rows that follow each other."""
    rows = [json.loads(line)[field] for line in path.read_text(encoding="utf-8").split("\n") if line]
    for start in range(0, 900, 30):
        yield "\n".join(itertools.islice(rows, start, start + 30))


def test_machines_are_told_from_people_by_the_shipped_weights() -> None:
    # That they tell what they were not trained on, `make score` shows.
    path = BENCH / "postedit" / "wce-fr-en.dev.jsonl"
    if not path.is_file():
        pytest.skip(f"no development data in {BENCH}")
    said = {}
    for system in ("bing", "good"):
        scores = [score.score(Document(text), ())[0] for text in documents(path, system)]
        said[system] = [s.probability for s in scores if s.words >= 300]
    pairs = [m > h for m in said["bing"] for h in said["good"]]
    assert sum(pairs) / len(pairs) > 0.85
