"""Histories of a site with a baseline: does a known finding come back, is a new one hidden?

    python bench/baseline.py FOLDER [HISTORIES]

Takes Markdown documents from a folder, plants faults and records them; then words are edited, paragraphs moved,
headings reworded, a file renamed, and new faults planted. Prints what came back and what was hidden.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from cleaner import engine, work
from cleaner.baseline import Baseline, Entry
from cleaner.config import Settings
from cleaner.document import Document
from cleaner.fingerprint import Trace, traces

_WORD = re.compile(r"(?<=[a-z] )[a-z]{4,}(?= [a-z])")
_EDIT, _NEW = "elsewhere", "newcomer"
DETECTORS = work.detectors(Settings(select=("en.repeats", "any.punctuation")))


def main(folder: Path, histories: int) -> None:
    paths = sorted(path for path in folder.rglob("*.md") if 2_000 < path.stat().st_size < 20_000)
    returned = hidden = known = planted = 0
    for number in range(histories):
        chance = random.Random(number)
        site = {path.name: path.read_text(encoding="utf-8") for path in chance.sample(paths, 3)}
        site = {name: _plant(text, chance, 4) for name, text in site.items()}
        entries = [Entry(name, trace) for name, text in site.items() for trace in _found(text)]
        known += len(entries)
        changed = {name: _edited(text, chance) for name, text in site.items()}
        renamed = chance.choice(list(changed))
        changed[f"renamed-{renamed}"] = changed.pop(renamed)
        added = {name: _plant(text, chance, 1, _NEW) for name, text in changed.items()}
        back = _new(Baseline(entries, "nosuch"), changed)
        returned += len(back)
        told = _new(Baseline(entries, "nosuch"), added)
        expected = sum(_NEW in trace.text for text in added.values() for trace in _found(text))
        planted += expected
        hidden += expected - sum(_NEW in trace.text for trace in told)
        for trace in back:
            print(f"history {number}: came back: {trace}")
    print(f"{histories} histories, {known} known findings, {planted} new ones: {returned} came back, {hidden} hidden")


def _found(text: str) -> list[Trace]:
    document = Document(text, kind="markdown")
    return traces(document, engine.check(document, DETECTORS).findings)


def _new(known: Baseline, site: dict[str, str]) -> list[Trace]:
    spent: set[int] = set()
    out = []
    for name, text in site.items():
        found = _found(text)
        claimed = known.claim(name, found, spent)
        spent.update(number for number in claimed if number is not None)
        out += [trace for trace, number in zip(found, claimed, strict=True) if number is None]
    return out


def _plant(text: str, chance: random.Random, count: int, word: str = "") -> str:
    """Say a function word twice in some places, or `word` with a fault beside it."""
    for match in sorted(_places(text, chance, count), key=lambda match: -match.start()):
        new = f"{word} {word} the the {match[0]}" if word else f"the the {match[0]}"
        text = text[: match.start()] + new + text[match.end() :]
    return text


def _edited(text: str, chance: random.Random) -> str:
    for match in sorted(_places(text, chance, 6, near=True), key=lambda match: -match.start()):
        text = text[: match.start()] + _EDIT + text[match.end() :]
    text = re.sub(r"^(#+ )", r"\1New: ", text, count=2, flags=re.M)
    paragraphs = text.split("\n\n")
    plain = [i for i, paragraph in enumerate(paragraphs) if re.match(r"[A-Z][a-z]+ ", paragraph)]
    if len(plain) > 1:
        a, b = chance.sample(plain, 2)
        paragraphs[a], paragraphs[b] = paragraphs[b], paragraphs[a]
    return "\n\n".join(paragraphs)


def _places(text: str, chance: random.Random, count: int, *, near: bool = False) -> Sequence[re.Match[str]]:
    """Places in running text, one a paragraph, also in those that hold a fault if `near`."""
    lines = [m for m in re.finditer(r"^[A-Z][^\n|<`\[\]]{80,}$", text, re.M) if near or "the the" not in m[0]]
    chance.shuffle(lines)
    found = (list(_WORD.finditer(text, line.start(), line.end())) for line in lines)
    return [chance.choice(words) for words in found if words][:count]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200)
