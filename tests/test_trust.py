"""Levels are earned: the table of trust belongs to the rules as they stand, and no rule claims more than it says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cleaner import engine, trust
from cleaner.document import Document
from cleaner.model import Applicability, RuleError
from cleaner.rules import detector, load
from cleaner.rules.load import Entry, shipped_folder
from cleaner.rules.load import load as load_checked

ENTRIES = load().entries
TABLE_PATH = shipped_folder() / "trust.csv"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_a_shipped_rule_was_measured_as_it_stands_and_earned_its_level(entry: Entry) -> None:
    assert entry.trust is not None, "changed since it was measured: make trust"
    assert entry.level == Applicability(entry.rule.level), "claims more than it earned (rules/trust.csv)"


def test_the_table_reads_as_it_was_written() -> None:
    text = TABLE_PATH.read_text(encoding="utf-8")
    assert trust.render(list(trust.parse(text, "trust.csv").values())) == text


@pytest.mark.parametrize(
    "row", ["x,0,1,2,3", "x,0,a,0,0,0,0,0.5,safe", "x,0,0,0,0,0,0,0.5,sure", "x,0,0,0,0,0,0,much,safe"]
)
def test_a_broken_row_is_refused_with_its_line(row: str) -> None:
    header = TABLE_PATH.read_text(encoding="utf-8").split("\n")[0]
    with pytest.raises(RuleError, match=r"^trust\.csv:2: "):
        trust.parse(f"{header}\n{row}\n", "trust.csv")


@pytest.mark.parametrize(
    ("counts", "level"),
    [
        (trust.Counts(right=40), "safe"),
        (trust.Counts(right=40, wrong=2), "unsafe"),
        (trust.Counts(right=8, wrong=1), "unsafe"),
        (trust.Counts(right=3, wrong=3), "display"),
        (trust.Counts(opportunities=100), "safe"),
        (trust.Counts(opportunities=99), "display"),
        (trust.Counts(opportunities=10_000, hits=1, false=1), "display"),
        (trust.Counts(hits=40, false=1), "unsafe"),
        (trust.Counts(hits=60), "safe"),
    ],
)
def test_a_level_follows_from_the_counts(counts: trust.Counts, level: str) -> None:
    assert trust.earned(counts) == level


RULES = """
kind: phrase
rules:
  said-twice:
    message: "{old}"
    why: for the test
    level: safe
    phrases: {began started: began, child kid: child, "don't not": "don't"}
    bad: ["They [-began started-]{+began+}."]
    good: [They began.]
"""


def shipped_with(rules: str, folder: Path, monkeypatch: pytest.MonkeyPatch, rows: list[trust.Row]) -> dict[str, Entry]:
    """Load some rules as if they were the ones that ship, with a table of trust."""
    monkeypatch.setattr(sys.modules[load_checked.__module__], "shipped_folder", lambda: folder)
    (folder / "en").mkdir(exist_ok=True)
    (folder / "en" / "x.yaml").write_text(rules, encoding="utf-8")
    if rows:
        (folder / "trust.csv").write_text(trust.render(rows), encoding="utf-8")
    return {entry.id: entry for entry in load().entries}


def test_an_entry_that_is_wrong_alone_is_demoted_and_the_rule_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = shipped_with(RULES, tmp_path, monkeypatch, [])["en.x.said-twice"].hash
    counts = trust.Counts(right=40)
    rows = [trust.Row("en.x.said-twice", digest, counts, counts.confidence, Applicability.SAFE)]
    wrong, display = trust.Counts(wrong=2), Applicability.DISPLAY
    rows += [trust.Row(f"en.x.said-twice: {e}", digest, wrong, 0.25, display) for e in ("child kid", "don't not")]
    shipped_with(RULES, tmp_path, monkeypatch, rows)
    text = "They began started to call the child kid, and I don’t not know why."
    found = engine.examine(Document(text), [detector(load())])
    assert [(f.row, f.applicability.value) for f in found] == [
        ("began started", "safe"),
        ("child kid", "display"),
        ("don't not", "display"),
    ]


def test_a_rule_with_many_entries_that_are_wrong_is_judged_as_a_whole() -> None:
    good, bad = trust.Counts(right=5), trust.Counts(right=1, wrong=3)
    of_five = dict.fromkeys("abcd", good) | {"x": bad}
    assert trust.apart(trust.Counts(right=21, wrong=3), of_five) == (trust.Counts(right=20), {"x": bad})
    of_three = dict.fromkeys("ab", good) | {"x": bad}
    whole = trust.Counts(right=11, wrong=3)
    assert trust.apart(whole, of_three) == (whole, {})


def test_an_entry_with_one_slip_among_many_that_are_right_stays() -> None:
    entries = {name: trust.Counts(right=30, hits=1, false=1) for name in "abcdefgh"}
    whole = trust.Counts(right=240, hits=8, false=8)
    assert trust.apart(whole, entries) == (whole, {})


@pytest.mark.parametrize(("pattern", "changes"), [("{people} [-is-]{+are+}", True), ("people [-is-]{+are+}", False)])
def test_a_rule_is_measured_again_if_a_word_list_changes_that_it_names(
    pattern: str, changes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = (
        RULES.split("rules:")[0].replace("phrase", "pattern")
        + f"""rules:
  number:
    message: "{{old}}"
    why: for the test
    pattern: '{pattern}'
    bad: ["Some people [-is-]{{+are+}}."]
    good: [They are.]
"""
    )
    (tmp_path / "en" / "words").mkdir(parents=True)
    hashes = set()
    for words in ("people\n", "people\npersons\n"):
        (tmp_path / "en" / "words" / "people.txt").write_text(words, encoding="utf-8")
        hashes.add(shipped_with(rules, tmp_path, monkeypatch, [])["en.x.number"].hash)
    assert (len(hashes) == 2) == changes
