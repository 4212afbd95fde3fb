#!/usr/bin/env python3
"""Measure the rules of kind consistency: what they find of names respelt once, and what they find in edited text.

    consistency.py [DATA] [--show] [--seed N]

Takes the news below DATA (default ../shared/bench: clean/news-modern, and the news of clean/gum), and respells one
mention of one name that stands three times or more, in every way that fits it. Counts what is found, what is put right,
and what else is found that was not found before. Then counts findings on all of clean and clean-more as they are;
--show prints them, for a person to judge. Says so and exits with 0 where there is no DATA.
"""

from __future__ import annotations

import argparse
import collections
import random
import re
import string
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from cleaner.document import Document
from cleaner.edits import splice
from cleaner.model import Detector, Finding
from cleaner.rules import detector, load
from cleaner.rules.load import RuleSet

OFTEN = 3
NAME = re.compile(r"(?<=[\w,;] )[^\W\d_a-z][^\W\d_A-Z]{3,}(?!\w)")
FULL_NAME = re.compile(r"(?<=[\w,;] )([A-Z][a-z]{2,}) ([A-Z][a-z]{2,})(?!\w)")
ACCENTED = {
    "a": "áâä",
    "c": "ćčç",
    "e": "éèë",
    "g": "ğ",
    "i": "íï",
    "l": "ł",
    "n": "ñń",
    "o": "óöø",
    "s": "šş",
    "u": "úü",
    "z": "ž",
}
# What one transcriber writes and what another does, in either direction: expressions and replacements.
TRANSCRIBED = [
    ("ou", "u"), ("u(?![aeiou])", "ou"), ("o(?![aeiou])", "u"), ("e(?=[^aeiouy])", "i"), ("i(?=[^aeiouy])", "e"),
    ("ai", "ei"), ("ei", "ai"), ("a(?=[^aeiouy])", "e"), ("aa", "a"), ("ee", "i"), ("oo", "u"),
    ("y$", "iy"), ("y$", "i"), ("i$", "y"), ("sky$", "skiy"), ("y(?=[^aeiouy])", "i"), ("ia", "iya"),
    ("kh", "h"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("q", "k"), ("k(?!h)", "q"), ("c(?=[aou])", "k"), ("ck", "k"),
    ("ph", "f"), ("v", "w"), ("z", "s"), ("j", "dj"), ("ch", "tch"), ("x", "ks"), ("ks", "x"), ("ts", "tz"),
    ("(?<=[aeiou])([dlmnst])(?=[aeiou])", r"\1\1"), (r"([bdlmnst])\1", r"\1"), ("(?<=[aeiou])h(?=[^aeiou])", ""),
]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "bench")
    parser.add_argument("--show", action="store_true", help="print what is missed, and what is found in edited text")
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    news = sorted((options.data / "clean").glob("news-modern/*.txt")) + sorted(
        (options.data / "clean").glob("gum/*_news_*.txt")
    )
    if not news:
        print(f"no news below {options.data}: nothing measured")
        return 0
    rules = load()
    detect = detector(RuleSet(tuple(e for e in rules.entries if e.kind == "consistency"), rules.tables))
    respelt(news, detect, options.seed, options.show)
    for folder in ("clean", "clean-more"):
        untouched(options.data / folder, detect, options.show)
    return 0


def respelt(paths: list[Path], detect: Detector, seed: int, show: bool) -> None:
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        before = {(f.rule, text[f.span.start : f.span.end]) for f in detect(Document(text))}
        for name, way, new in respellings(text, random.Random(f"{seed} {path.name}")):
            chance = random.Random(f"{seed} {path.name} {name} {way}")
            at = chance.choice([m.start() for m in re.finditer(rf"(?<![\w’'-]){re.escape(name)}(?![\w-])", text)])
            made = text[:at] + new + text[at + len(name) :]
            findings = list(detect(Document(made)))
            hits = [f for f in findings if f.span.start < at + len(new) and at < f.span.end]
            right = any(splice(made, f.edits) == text for f in hits)
            others = [f for f in findings if f not in hits and (f.rule, made[f.span.start : f.span.end]) not in before]
            for row in (way, "all"):
                counts[row].update(made=1, found=bool(hits), right=right, off=bool(others))
            if len(name) < 5:
                counts["(of these: four letters)"].update(made=1, found=bool(hits), right=right, off=bool(others))
            if show and (not right or others):
                print(f"{'found' if hits else 'missed'} {path.name} {way}: {name} -> {new}", *map(shown, others))
    print(f"{len(paths)} news texts, one mention of one name respelt")
    for way, c in sorted(counts.items(), key=lambda item: (item[0] == "all", item[0][0] == "(", item[0])):
        made = c["made"]
        print(
            f"  {way:26} {made:5} made  found {c['found'] / made:6.1%}  right {c['right'] / made:6.1%}  off {c['off']}"
        )


def respellings(text: str, chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Yield every name that stands often enough, with each way to respell it and what it then reads."""
    words = collections.Counter(re.findall(r"[^\W\d_]+", text))
    for name in sorted(set(NAME.findall(text))):
        standing = len(re.findall(rf"(?<![\w’'-]){re.escape(name)}(?![\w-])", text))
        if standing < OFTEN or words[name.lower()]:
            continue
        yield name, "one edit", edited(name, chance)
        for way, new in (("diacritics", accented(name, chance)), ("transliteration", transcribed(name, chance))):
            if new != name:
                yield name, way, new
    for first, last in sorted(set(FULL_NAME.findall(text))):
        name = f"{first} {last}"
        if (
            len(re.findall(rf"(?<![\w’'-]){name}(?![\w-])", text)) >= OFTEN
            and not words[first.lower()]
            and not words[last.lower()]
        ):
            yield name, "hyphen", f"{first}-{last}"


def edited(name: str, chance: random.Random) -> str:
    """Make one edit behind the first letter."""
    while True:
        i, letter = chance.randrange(1, len(name)), chance.choice(string.ascii_lowercase)
        new = chance.choice(
            [
                name[:i] + name[i + 1 :],
                name[:i] + letter + name[i:],
                name[:i] + letter + name[i + 1 :],
                name[:i] + name[i : i + 2][::-1] + name[i + 2 :],
            ]
        )
        if new != name:
            return new


def accented(name: str, chance: random.Random) -> str:
    """Take all diacritics away, or give one letter one."""
    if not name.isascii():
        return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    places = [i for i, c in enumerate(name) if c in ACCENTED]
    if not places:
        return name
    i = chance.choice(places)
    return name[:i] + chance.choice(ACCENTED[name[i]]) + name[i + 1 :]


def transcribed(name: str, chance: random.Random) -> str:
    """Write one sound, or two, as another transcriber would."""
    for _ in range(chance.choice([1, 1, 2])):
        ways = [(old, new) for old, new in TRANSCRIBED if re.search(old, name[1:])]
        if ways:
            old, new = chance.choice(ways)
            name = name[0] + re.sub(old, new, name[1:], count=1)
    return name


def untouched(folder: Path, detect: Detector, show: bool) -> None:
    words, rules = 0, collections.Counter[str]()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".txt", ".md")):
        text = path.read_text(encoding="utf-8", errors="replace")
        words += len(text.split())
        for finding in detect(Document(text, kind="markdown" if path.suffix == ".md" else "text")):
            rules[finding.rule] += 1
            if show:
                print(f"{path.relative_to(folder)}: {shown(finding)}")
    found = ", ".join(f"{rule.rpartition('.')[2]} {n}" for rule, n in rules.most_common())
    rate = sum(rules.values()) / max(1, words) * 1000
    print(f"{folder.name} untouched: {sum(rules.values())} findings, {rate:.3f} per 1,000 of {words} words ({found})")


def shown(finding: Finding) -> str:
    return f"{finding.rule.rpartition('.')[2]}: {finding.evidence[0].detail}"


if __name__ == "__main__":
    sys.exit(main())
