"""What the grammar engines say about the development data, asked once and kept.

An engine takes minutes to an hour for what the rules do in seconds, so its answers are kept in the cache folder, and
text that adds little is sampled: a file in eight of clean-more, a quarter of the training pairs. Harper is slow with
all its rules: those that were not right in the pairs of the first stage are not asked about the rest.
"""

from __future__ import annotations

import collections
import json
import os
import pathlib
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from cleaner import cache, trust
from cleaner.detectors import grammar
from cleaner.detectors.grammar import harper, languagetool
from cleaner.detectors.grammar.answers import Answers
from cleaner.document import Document
from cleaner.model import Applicability, Detector

FIRST = ["typos/*.jsonl", "postedit/*.dev.jsonl", "gec/*.jsonl"]
SECOND = ["postedit/*.train.jsonl", "demetr/*.jsonl"]
FIELDS = ("bad", "google", "bing")
_LIMIT = 4 << 30  # bytes


def asked(name: str, rules: Collection[str] | None = None) -> Detector:
    """An engine with all its rules but the speller's, or with these (ids)."""
    answers = Answers(cache.place("bench", f"{name}.sqlite"), limit=_LIMIT)
    if name == "harper":
        names = harper.all_rules() if rules is None else [rule.partition(".")[2] for rule in rules]
        ask = harper.prepare(answers, [f"harper.{rule}" for rule in names])
    else:
        ask = languagetool.prepare(answers, (), owner=os.getpid(), url="")
    return grammar.detector(name, ask, lambda _: grammar.Trust(Applicability.UNSAFE))


def document_of(path: pathlib.Path) -> Document:
    text = path.read_text(encoding="utf-8", errors="replace")
    return Document(text, kind="markdown" if path.suffix == ".md" else "text")


def files(data: pathlib.Path, globs: Sequence[str]) -> list[pathlib.Path]:
    return [path for glob in globs for path in sorted(data.glob(glob))]


def pairs(path: pathlib.Path) -> list[dict[str, object]]:
    """The pairs of a file, of training data a quarter."""
    records = [json.loads(line) for line in path.open(encoding="utf-8")]
    return records[::4] if ".train." in path.name else records


def clean_files(data: pathlib.Path) -> list[pathlib.Path]:
    """All of clean, and a file in eight of clean-more."""
    found = [p for name in ("clean", "clean-more") for p in (data / name).rglob("*") if p.suffix in (".txt", ".md")]
    return sorted(p for p in found if "clean-more" not in p.parts or zlib.crc32(p.name.encode()) % 8 == 0)


def row(rule: str, counts: trust.Counts, found: Mapping[str, trust.Counts]) -> trust.Row:
    """The row of a rule, with what it came to in each source.

    Faults that a program put into good sentences (demetr) are many and of a few kinds: they count, but a rule that
    raised a false alarm is not safe for their sake.
    """
    made = sum_of(counts for source, counts in found.items() if is_made(source))
    real = msgspec.structs.replace(counts, right=counts.right - made.right, wrong=counts.wrong - made.wrong)
    level = trust.earned(counts)
    if level is Applicability.SAFE and counts.false and trust.earned(real) is not level:
        level = Applicability.UNSAFE
    return trust.Row(rule, grammar.digest(rule), counts, counts.confidence, level)


def is_made(source: str) -> bool:
    return source.startswith(("minor_", "major_"))


def held_out(rows: Sequence[trust.Row], found: Mapping[str, Mapping[str, trust.Counts]]) -> str:
    """What the rules come to in each source of real faults at the levels that they have earned without it."""
    came: dict[Applicability, trust.Counts] = collections.defaultdict(trust.Counts)
    for r in rows:
        sources = found.get(r.rule, {})
        for source, counts in sources.items():
            family = source.partition("-")[0]
            others = {s: c for s, c in sources.items() if s.partition("-")[0] != family}
            left = sum_of(others.values()).plus(trust.Counts(hits=r.counts.hits, false=r.counts.false))
            if not is_made(source):
                level = row(r.rule, left, others).level
                came[level] = came[level].plus(counts)
    return "held out: " + ", ".join(f"{level} {c.right} right {c.wrong} wrong" for level, c in sorted(came.items()))


def pool(
    rows: Sequence[trust.Row], found: Mapping[str, Mapping[str, trust.Counts]], categories: Mapping[str, str]
) -> dict[str, trust.Row]:
    """Rules that fired seldom and were never wrong take the level of their kind in the engine, if it is higher.

    The level of a kind is what its rules did in each source of pairs that were seldom, right and never wrong in all
    the others: no rule is judged on what brought it into the pool.
    """
    by_category: dict[str, list[trust.Row]] = collections.defaultdict(list)
    for r in rows:
        by_category[categories[r.rule]].append(r)
    out = {}
    for category, members in sorted(by_category.items()):
        total = trust.Counts()
        for r in members:
            sources = {source: c for source, c in found.get(r.rule, {}).items() if not is_made(source)}
            for left_out, counts in sources.items():
                others = sum_of(part for source, part in sources.items() if source != left_out)
                others = others.plus(trust.Counts(hits=r.counts.hits, false=r.counts.false))
                if others.right and is_few(others):
                    total = total.plus(counts)
        level = trust.earned(total)
        few = [r for r in members if r.counts.right and is_few(r.counts)]
        print(f"pool {category}: {len(few)} rules; held out: {total.right} right, {total.wrong} wrong: {level}")
        for r in few:
            if level.rank > r.level.rank:
                out[r.rule] = msgspec.structs.replace(r, level=level)
    return out


def is_few(counts: trust.Counts) -> bool:
    """True for a rule that fired seldom and was never wrong."""
    return counts.fired < trust.FEW and not counts.wrong and not counts.false


def sum_of(parts: Iterable[trust.Counts]) -> trust.Counts:
    total = trust.Counts()
    for part in parts:
        total = total.plus(part)
    return total
