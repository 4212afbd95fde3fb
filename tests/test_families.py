"""Families of faults: ten sentences each, made up without a look at the rules that should mend them."""

from __future__ import annotations

from pathlib import Path

import pytest
from repairs import repaired

from cleaner import worddiff
from cleaner.edits import splice

FAMILIES = sorted((Path(__file__).parent / "data" / "families").glob("*.txt"))
ENOUGH = 8  # of the ten sentences of a family


@pytest.mark.parametrize("family", FAMILIES, ids=lambda path: path.stem)
def test_a_family_is_repaired_in_at_least_eight_of_ten_sentences(family: Path) -> None:
    sentences = family.read_text(encoding="utf-8").splitlines()
    assert len(sentences) == 10
    missed = []
    for marked in sentences:
        before, after, _ = worddiff.parse(marked)
        got = splice(before, repaired(before).changes)
        if got != after:
            missed.append(f"{marked}\n    becomes: {got}")
    assert 10 - len(missed) >= ENOUGH, "\n".join(missed)
