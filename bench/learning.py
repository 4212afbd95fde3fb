"""How good what is learnt from corrections is: python bench/learning.py PAIRS.jsonl

Learns from the first half of the pairs (fields `bad` and `good`) and applies every proposal to the second: an edit
is right if it alone brings the text closer to what the person made of it.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

from rapidfuzz.distance import OSA

from cleaner import learning
from cleaner.casing import carry


def measure(path: str) -> tuple[list[learning.Proposal], int, list[str]]:
    """Return what the first half teaches, how many of its edits of the second are right, and the wrong ones."""
    pairs = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    first, second = pairs[: len(pairs) // 2], pairs[len(pairs) // 2 :]
    found = [c for p in first for c in learning.corrections(p["bad"].split("\n"), p["good"].split("\n"))]
    learnt = learning.proposals(found, [p["good"] for p in first])
    right, wrong = 0, []
    for proposal in learnt:
        old = re.compile(rf"(?<!\w){re.escape(proposal.old)}(?!\w)", re.I)
        for pair in second:
            text = pair["bad"]
            for match in old.finditer(text):
                made = text[: match.start()] + carry(match[0], proposal.new) + text[match.end() :]
                if OSA.distance(made, pair["good"]) < OSA.distance(text, pair["good"]):
                    right += 1
                else:
                    around = text[max(0, match.start() - 30) : match.end() + 30]
                    wrong.append(f"{proposal.kind}: {proposal.old} -> {proposal.new}: {around}")
    return learnt, right, wrong


def main(path: str) -> None:
    learnt, right, wrong = measure(path)
    print("proposals", len(learnt), dict(Counter(proposal.kind for proposal in learnt)))
    print(f"on the second half: right {right}, wrong {len(wrong)}: {right / max(1, right + len(wrong)):.3f}")
    print(*wrong, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1])
