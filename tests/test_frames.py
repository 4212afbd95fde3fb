"""Frames: families of faults that were written before their rules, the table of forms, errors in rule files."""

from __future__ import annotations

import csv
import runpy
from pathlib import Path

import pytest
from repairs import repaired

from cleaner import worddiff
from cleaner.document import Document
from cleaner.edits import splice
from cleaner.model import RuleError
from cleaner.rules import detector, load
from cleaner.rules.schema import FrameRule

DATA = Path(__file__).parent / "data" / "frames"
ROOT = Path(__file__).parent.parent
ENOUGH = 8  # of the ten sentences of a family


@pytest.mark.parametrize("family", sorted(DATA.glob("*.txt")), ids=lambda path: path.stem)
def test_a_family_is_repaired_in_at_least_eight_of_ten_sentences(family: Path) -> None:
    sentences = family.read_text(encoding="utf-8").splitlines()
    assert len(sentences) == 10
    missed = []
    for marked in sentences:
        before, after, _ = worddiff.parse(marked)
        got = splice(before, repaired(before).changes)
        if got != after:
            missed.append(f"{marked}\n    becomes: {got}")
    print(f"{family.stem}: {10 - len(missed)} of 10", *missed, sep="\n")
    assert 10 - len(missed) >= ENOUGH, "\n".join(missed)
