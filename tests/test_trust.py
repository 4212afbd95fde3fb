"""Levels are earned: the table of trust belongs to the rules as they stand, and no rule claims more than it says."""

from __future__ import annotations

import pytest

from cleaner import trust
from cleaner.model import Applicability, RuleError
from cleaner.rules import load
from cleaner.rules.load import Entry, shipped_folder

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
