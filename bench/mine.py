#!/usr/bin/env python3
"""Print what people change in machine translation, and what raters mark in it, for a person to make rules of.

    mine.py [DATA] [--pairs] [--rated] [--top N]         DATA: the development data, default ../shared/bench

Pairs: small substitutions, insertions and deletions between translations and what people made of them (MLQE train,
WCE, overpass; no text that measures the rules), in a context of a word or a word class on either side. Each row says
how often the edit was made there, how often the left side stands in the translations, how many of a million places
in edited text have it before and after the edit, and which sources it comes from. The rows that say the most come
first: an edit made often where its left side is rare in edited text.

Rated: runs of words that raters mark far more often than the rest of a translation, on different documents, with
their rate in human translations and in edited text.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import pathlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from rapidfuzz.distance import Levenshtein

TOKEN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|\d+(?:[.,]\d+)*|[^\w\s]|\w+")
PAIRS = ("postedit/mlqe-*.train.jsonl", "postedit/wce-*.jsonl", "postedit/overpass-*.jsonl")
RATED = "mqm/*.jsonl"
LONGEST = 3  # tokens on either side of an edit, and in a run of words
LEAST = 5  # times an edit must have been made in one context
LEAST_DOCUMENTS = 4  # on which a run of words must be marked
LIFT = 2.0  # times as often marked as the rest
START, END = "<s>", "</s>"

WORDS = pathlib.Path(__file__).resolve().parents[1] / "rules" / "en" / "words" / "function_words.txt"
# Words that stand for themselves in a context; all others stand for their class.
FUNCTION_WORDS = frozenset(line for line in WORDS.read_text(encoding="utf-8").split("\n") if line and line[0] != "#")


class Key(NamedTuple):
    """An edit in its context."""

    left: str
    old: str
    new: str
    right: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    default = pathlib.Path(__file__).resolve().parents[2] / "shared" / "bench"
    parser.add_argument("data", nargs="?", type=pathlib.Path, default=default)
    parser.add_argument("--pairs", action="store_true", help="only pairs")
    parser.add_argument("--rated", action="store_true", help="only rated text")
    parser.add_argument("--top", type=int, default=200, help="rows of each (default 200)")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"no data in {options.data}: nothing mined")
        return
    clean = list(clean_sentences(options.data))
    if options.pairs or not options.rated:
        print_pairs(options.data, clean, options.top)
    if options.rated or not options.pairs:
        print_rated(options.data, clean, options.top)


def clean_sentences(data: pathlib.Path) -> Iterator[list[str]]:
    for path in sorted((data / "clean").rglob("*")):
        if path.suffix in (".txt", ".md"):
            for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
                yield TOKEN.findall(line)


def print_pairs(data: pathlib.Path, clean: Sequence[Sequence[str]], top: int) -> None:
    made: collections.Counter[Key] = collections.Counter()
    sources: dict[Key, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    translations: list[list[str]] = []
    for source, bad, good in pairs(data):
        translations.append(bad)
        for key in edits(bad, good):
            made[key] += 1
            sources[key][source] += 1
    often = {key: n for key, n in made.items() if n >= LEAST}
    befores = {(key.left, key.old, key.right) for key in often}
    afters = {(key.left, key.new, key.right) for key in often}
    in_translations = occurrences(translations, befores)
    in_clean = occurrences(clean, befores | afters)
    words = sum(map(len, clean)) / 1e6
    rows = []
    for key, n in often.items():
        places = in_translations[key.left, key.old, key.right]
        before = in_clean[key.left, key.old, key.right] / words
        after = in_clean[key.left, key.new, key.right] / words
        rows.append((n * n / max(1, places) * math.log2(2 + after / (before + 1)), n, places, before, after, key))
    rows.sort(reverse=True)
    print(f"{len(translations)} translations; made / places, per million words of edited text before > after")
    for _, n, places, before, after, key in rows[:top]:
        come = ", ".join(f"{source} {count}" for source, count in sources[key].most_common())
        change = f"{key.left} [-{key.old}-]{{+{key.new}+}} {key.right}"
        print(f"{n:5}/{places:<6} {before:8.1f} > {after:<8.1f} {change:50} {come}")


def pairs(data: pathlib.Path) -> Iterator[tuple[str, list[str], list[str]]]:
    for glob in PAIRS:
        for path in sorted(data.glob(glob)):
            for line in path.open(encoding="utf-8"):
                record = json.loads(line)
                for field in ("bad", "google", "bing", "smt"):
                    if record.get(field):
                        # The statistical system wrote small letters only.
                        fold = str.lower if field == "smt" else str
                        source = path.stem if field == "bad" else field
                        yield source, TOKEN.findall(fold(record[field])), TOKEN.findall(fold(record["good"]))


def edits(bad: Sequence[str], good: Sequence[str]) -> Iterator[Key]:
    """The small edits between two texts, each in all its contexts: the word, its class, anything, on either side."""
    for tag, i, j, k, m in Levenshtein.opcodes(bad, good):
        if tag != "equal" and j - i <= LONGEST and m - k <= LONGEST:
            old, new = " ".join(bad[i:j]), " ".join(good[k:m])
            for left in contexts(bad[i - 1] if i else START):
                for right in contexts(bad[j] if j < len(bad) else END):
                    yield Key(left, old, new, right)


def contexts(token: str) -> tuple[str, ...]:
    if token.lower() in FUNCTION_WORDS or word_class(token) == token:
        return token, "*"
    return token, word_class(token), "*"


def word_class(token: str) -> str:
    if token in (START, END) or not (token[0].isalnum()):
        return token
    if token[0].isdigit():
        return "<year>" if re.fullmatch(r"1[5-9]\d\d|20\d\d", token) else "<number>"
    if token[0].isupper():
        return "<Name>"
    for ending in ("ing", "ed", "ly", "s"):
        if token.endswith(ending) and len(token) > len(ending) + 2:
            return f"<-{ending}>"
    return "<word>"


def occurrences(
    texts: Iterable[Sequence[str]], wanted: set[tuple[str, str, str]]
) -> collections.Counter[tuple[str, str, str]]:
    """How often each text stands in its context."""
    middles = {middle for _, middle, _ in wanted}
    found: collections.Counter[tuple[str, str, str]] = collections.Counter()
    for tokens in texts:
        around = [START, *tokens, END]
        for i in range(len(tokens) + 1):
            for length in range(min(LONGEST, len(tokens) - i) + 1):
                middle = " ".join(tokens[i : i + length])
                if middle in middles:
                    for left in contexts(around[i]):
                        for right in contexts(around[i + length + 1]):
                            if (left, middle, right) in wanted:
                                found[left, middle, right] += 1
    return found


class Run:
    """What is known of one run of words in rated text."""

    def __init__(self) -> None:
        self.times = self.characters = self.marked = self.human = 0
        self.documents: set[str] = set()


def print_rated(data: pathlib.Path, clean: Iterable[Sequence[str]], top: int) -> None:
    runs: dict[str, Run] = collections.defaultdict(Run)
    words: collections.Counter[bool] = collections.Counter()
    marked = characters = 0
    for record in rated(data):
        text, human = record["text"], record["human"]
        mask = bytearray(len(text))
        for error in record["errors"]:
            if error["start"] is not None:
                mask[error["start"] : error["end"]] = b"\1" * (min(error["end"], len(text)) - error["start"])
        tokens = list(TOKEN.finditer(text))
        words[human] += len(tokens)
        if not human:
            marked += sum(mask)
            characters += len(text)
        for run, start, end in runs_of(tokens):
            if human:
                runs[run].human += 1
            else:
                note(runs[run], mask, start, end, record["id"])
    if not characters:
        print(f"no rated text in {data}")
        return
    base = marked / characters
    often = {
        run: r
        for run, r in runs.items()
        if len(r.documents) >= LEAST_DOCUMENTS
        and r.marked / r.characters >= LIFT * base
        and r.human / max(1, words[True]) < r.times / words[False] / 2
    }
    in_clean = collections.Counter(run for tokens in clean for run in grams(tokens) if run in often)
    millions = sum(in_clean.values()) and sum(1 for tokens in clean for _ in tokens) / 1e6
    print(f"\nraters mark {base:.3f} of all characters; per million words of translations, human ones, edited text:")
    rows = [(r.marked / r.characters / base, r.times, run) for run, r in often.items()]
    rows.sort(key=weight, reverse=True)
    for lift, times, run in rows[:top]:
        rates = (times / words[False] * 1e6, often[run].human / max(1, words[True]) * 1e6, in_clean[run] / millions)
        print(f"lift {lift:4.1f} {times:5} times on {len(often[run].documents):3} documents", end="  ")
        print(f"{rates[0]:7.0f} {rates[1]:7.0f} {rates[2]:7.0f}  {run}")


def weight(row: tuple[float, int, str]) -> float:
    return row[0] * math.log(row[1])


def rated(data: pathlib.Path) -> Iterator[dict[str, Any]]:
    for path in sorted(data.glob(RATED)):
        for line in path.open(encoding="utf-8"):
            yield json.loads(line)


def runs_of(tokens: Sequence[re.Match[str]]) -> Iterator[tuple[str, int, int]]:
    for length in range(1, LONGEST + 1):
        for i in range(len(tokens) - length + 1):
            part = tokens[i : i + length]
            yield " ".join(token[0].lower() for token in part), part[0].start(), part[-1].end()


def note(run: Run, mask: bytearray, start: int, end: int, identity: str) -> None:
    run.times += 1
    run.characters += end - start
    run.marked += sum(mask[start:end])
    run.documents.add(identity.split("|")[2])


def grams(tokens: Sequence[str]) -> Iterator[str]:
    for length in range(1, LONGEST + 1):
        for i in range(len(tokens) - length + 1):
            yield " ".join(tokens[i : i + length]).lower()


if __name__ == "__main__":
    main()
