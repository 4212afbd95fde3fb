"""A baseline knows its findings wherever they go, and knows no others: histories of edits, made at random."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shell import FAULTY, SELECT, cleaner

from cleaner import baseline
from cleaner.baseline import Baseline, Entry
from cleaner.document import Document
from cleaner.fingerprint import Trace, traces
from cleaner.model import Finding, Span

VOCABULARY = ("the", "sea", "was", "calm", "and", "nobody", "came", "to", "see", "it", "for", "years")
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=4, max_size=9)
# A paragraph: words, and perhaps a fault in them.
PARAGRAPHS = st.lists(st.tuples(WORDS, WORDS, st.booleans()), min_size=1, max_size=8)
SITES = st.dictionaries(st.sampled_from(["a.md", "b.md", "c.md"]), PARAGRAPHS, min_size=1, max_size=3)
FAULT = "zz zz"


def text_of(paragraphs: list[tuple[list[str], list[str], bool]]) -> str:
    said = (" ".join([*before, *([FAULT] if faulty else []), *after]) + "." for before, after, faulty in paragraphs)
    return "# Title\n\n" + "\n\n".join(said) + "\n"


def found(text: str) -> list[Trace]:
    starts = [i for i in range(len(text)) if text.startswith(FAULT, i)]
    findings = [Finding("en.x", Span(i, i + len(FAULT)), "") for i in starts]
    return traces(Document(text, kind="markdown"), findings)


def new_ones(known: Baseline, site: dict[str, str]) -> Counter[str]:
    spent: set[int] = set()
    new: Counter[str] = Counter()
    for name, text in site.items():
        claimed = known.claim(name, found(text), spent)
        spent.update(number for number in claimed if number is not None)
        new[name] += claimed.count(None)
    return +new


@settings(max_examples=100, deadline=None)
@given(SITES, st.randoms(use_true_random=False), st.integers(0, 2))
def test_what_moves_stays_known_and_what_is_added_is_new(site: dict, chance: random.Random, added: int) -> None:
    entries = [Entry(name, trace) for name, paragraphs in site.items() for trace in found(text_of(paragraphs))]
    moved = {}
    for name, paragraphs in site.items():
        paragraphs = list(paragraphs)
        chance.shuffle(paragraphs)
        paragraphs.insert(chance.randrange(len(paragraphs) + 1), (["an", "edit"], ["of", "no", "account"], False))
        text = text_of(paragraphs).replace("# Title", "# Another title")
        moved["renamed.md" if name == "b.md" else name] = text
    assert not new_ones(Baseline(entries, "nosuch"), moved)
    place = chance.choice(list(moved))
    moved[place] += "".join(f"\nAn entirely other {FAULT} thing happened here.\n" for _ in range(added))
    assert new_ones(Baseline(entries, "nosuch"), moved).total() == added


@given(SITES)
def test_a_baseline_is_read_as_it_was_written(site: dict) -> None:
    entries = [Entry(name, trace) for name, paragraphs in site.items() for trace in found(text_of(paragraphs))]
    data = baseline.render(entries)
    assert data == baseline.render(reversed(entries))
    lines = data.decode().splitlines()
    assert len(lines) == len(set(lines)) == len(entries) + 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_workers_do_not_use_one_entry_for_two_findings(tmp_path: Path, jobs: int) -> None:
    filler = "All is well in this paragraph, and it goes on.\n\n" * 13000
    (tmp_path / "old.md").write_text(FAULTY + "\n" + filler)
    assert cleaner("baseline", *SELECT, ".", cwd=tmp_path).returncode == 0
    (tmp_path / "old.md").rename(tmp_path / "a.md")
    (tmp_path / "b.md").write_text(FAULTY + "\n" + filler)
    ran = cleaner("check", "-q", "--format", "jsonl", "--jobs", jobs, *SELECT, ".", cwd=tmp_path)
    assert ran.stdout.count(b"\n") == 1
    assert b'"path":"b.md"' in ran.stdout


def test_a_paragraph_that_moves_to_another_file_stays_known_and_a_copy_is_new(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(FAULTY)
    (tmp_path / "b.md").write_text("Quiet.\n")
    assert cleaner("baseline", *SELECT, ".", cwd=tmp_path).returncode == 0
    (tmp_path / "b.md").write_text(FAULTY)
    # b.md alone is looked at, as by a hook: a.md still has what is known of it.
    assert cleaner("check", *SELECT, "b.md", cwd=tmp_path).returncode == 1
    (tmp_path / "a.md").write_text("Quiet.\n")
    assert cleaner("check", *SELECT, "b.md", cwd=tmp_path).returncode == 0
