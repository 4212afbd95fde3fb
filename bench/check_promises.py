#!/usr/bin/env python3
"""Check on real text what cleaner promises: only prose changes, and a second run changes nothing.

    check_promises.py [DATA] [--every N] [--jobs N] [--all-levels]

Repairs every text below DATA (default ../shared/bench; .txt, .md, and each field of text of each record of .jsonl) with
unsafe fixes (with --all-levels also those that are only shown), in process, parses it with a second, different parser before and after, and repairs it again. Prints what
breaks a promise, then counts. Exit status 0: nothing did (or there is no DATA), 1: something did.
"""

from __future__ import annotations

import argparse
import difflib
import json
import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import second_parser

import cleaner
from cleaner.model import VerifyError

FIELDS = ("text", "bad", "good", "google", "bing", "smt", "goods", "mt")
SHOWN = 20


class Text(NamedTuple):
    """A text with its name; `written` says as what it was written, `kind` as what cleaner takes it."""

    name: str
    text: str
    kind: str
    written: str


class Outcome(NamedTuple):
    """What became of a text: how much of it, and the promises it broke."""

    characters: int
    changed: bool
    refused: bool
    structure: str = ""
    second: str = ""


def texts(data: Path) -> Iterator[Text]:
    """Yield every text below a folder."""
    for path in sorted(data.rglob("*")):
        name = str(path.relative_to(data))
        if path.suffix in (".txt", ".md"):
            kind = "markdown" if path.suffix == ".md" else "text"
            yield Text(name, path.read_bytes().decode(), kind, kind)
        elif path.suffix == ".jsonl":
            with path.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    yield from _of_record(f"{name}:{number}", json.loads(line))


def _of_record(name: str, record: dict[str, object]) -> Iterator[Text]:
    written = "markdown" if str(record.get("path", "")).endswith((".md", ".mdx")) else "text"
    for field in FIELDS:
        value = record.get(field, [])
        for text in [value] if isinstance(value, str) else value:
            # As a record it is taken for plain text, whatever it was; as Markdown if it was that.
            for kind in sorted({"text", written}):
                yield Text(f"{name} {field} as {kind}", text, kind, written)


def check(item: Text) -> tuple[str, Outcome]:
    """Repair a text twice and compare."""
    view = second_parser.markdown if item.written == "markdown" else second_parser.plain
    try:
        after = cleaner.check(item.text, item.kind, unsafe_fixes=True).after
        again = cleaner.check(after, item.kind, unsafe_fixes=True).after
    except VerifyError as error:
        return item.name, Outcome(len(item.text), changed=False, refused=True, structure="", second=str(error))
    structure = ""
    if after != item.text and (old := view(item.text)) != (new := view(after)):
        structure = f"{_difference(item.text, after)}\n    {next(((a, b) for a, b in zip(old, new) if a != b), '')}"  # noqa: B905
    second = _difference(after, again) if again != after else ""
    return item.name, Outcome(len(item.text), after != item.text, refused=False, structure=structure, second=second)


def _difference(a: str, b: str) -> str:
    lines = difflib.unified_diff(a.split("\n"), b.split("\n"), lineterm="", n=0)
    return "\n".join("    " + line[:300] for line in islice(lines, 2, 12))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "bench")
    parser.add_argument("--every", type=int, default=1, help="look at every Nth text only")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"no data at {options.data}: nothing checked")
        return 0
    count: Counter[str] = Counter()
    with multiprocessing.Pool(options.jobs) as pool:
        for name, outcome in pool.imap_unordered(
            check, islice(texts(options.data), 0, None, options.every), chunksize=50
        ):
            count.update(texts=1, characters=outcome.characters, changed=outcome.changed, refused=outcome.refused)
            for what, detail in (("violations", outcome.structure), ("not idempotent or refused", outcome.second)):
                if detail:
                    count[what] += 1
                    if count[what] <= SHOWN:
                        print(f"{what}: {name}\n{detail}", flush=True)
    broken = count["violations"] + count["not idempotent or refused"]
    print(
        f"{count['texts']} texts, {count['characters'] / 1e6:.1f} million characters: {count['changed']} changed, "
        f"{count['violations']} violations, {count['not idempotent or refused'] - count['refused']} not idempotent, "
        f"{count['refused']} refused"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
