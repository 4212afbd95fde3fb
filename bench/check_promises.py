#!/usr/bin/env python3
"""Check on real text what cleaner promises: only prose changes, numbers stay, and a second run changes nothing.

    check_promises.py [DATA] [--every N] [--jobs N] [--all-levels]

Repairs every text below DATA (default ../shared/bench; .txt, .md, and each field of text of each record of .jsonl) with
unsafe fixes, in process, parses it with a second, different parser before and after, and repairs it again. Prints what
breaks a promise, then counts. Exit status 0: nothing did (or there is no DATA), 1: something did.
"""

from __future__ import annotations

import argparse
import difflib
import json
import multiprocessing
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice, zip_longest
from pathlib import Path
from typing import NamedTuple

import all_levels
import second_parser

import cleaner
from cleaner.edits import splice
from cleaner.model import Result, VerifyError

FIELDS = ("text", "bad", "good", "google", "bing", "smt", "goods", "mt")
BROKEN = ("not prose", "numbers", "not idempotent", "refused")
SHOWN = 20  # texts printed of each of these
_NUMBER = re.compile(r"\d+")


class Text(NamedTuple):
    """A text with its name; `written` says as what it was written, `kind` as what cleaner takes it."""

    name: str
    text: str
    kind: str
    written: str


class Outcome(NamedTuple):
    """What became of a text, and which promise was broken how."""

    text: Text
    changed: bool
    broken: str = ""
    detail: str = ""


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


def check(item: Text, repair: Callable[[str, str], Result]) -> Outcome:
    """Repair a text twice and compare."""
    try:
        result = repair(item.text, item.kind)
        again = repair(result.after, item.kind).after
    except VerifyError as error:
        return Outcome(item, changed=False, broken="refused", detail=str(error))
    if not result.changes:
        return Outcome(item, changed=False)
    view = second_parser.markdown if item.written == "markdown" else second_parser.plain
    difference = _difference(item.text, result.after)
    if (old := view(item.text)) != (new := view(result.after)):
        first = next((pair for pair in zip_longest(old, new) if pair[0] != pair[1]), None)
        return Outcome(item, changed=True, broken="not prose", detail=f"{difference}\n    {first}")
    licensed = {finding.rule for finding in result.findings if "numbers" in finding.may_change}
    unlicensed = splice(item.text, [change for change in result.changes if not licensed.intersection(change.rules)])
    if _NUMBER.findall(unlicensed) != _NUMBER.findall(item.text):
        return Outcome(item, changed=True, broken="numbers", detail=difference)
    if again != result.after:
        return Outcome(item, changed=True, broken="not idempotent", detail=_difference(result.after, again))
    return Outcome(item, changed=True)


def _with_unsafe_fixes(text: str, kind: str) -> Result:
    return cleaner.check(text, kind, unsafe_fixes=True)


def _difference(a: str, b: str) -> str:
    lines = difflib.unified_diff(a.split("\n"), b.split("\n"), lineterm="", n=0)
    return "\n".join("    " + line[:300] for line in islice(lines, 2, 12))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "bench")
    parser.add_argument("--every", type=int, default=1, help="look at every Nth text only")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--all-levels", action="store_true", help="make the repairs too that are only shown")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"no data at {options.data}: nothing checked")
        return 0
    repair = all_levels.repaired if options.all_levels else _with_unsafe_fixes
    sample = islice(texts(options.data), 0, None, options.every)
    count: Counter[str] = Counter()
    with multiprocessing.Pool(options.jobs) as pool:
        for text, changed, broken, detail in pool.imap_unordered(partial(check, repair=repair), sample, chunksize=50):
            count.update(texts=1, characters=len(text.text), changed=changed)
            if broken:
                count[broken] += 1
                if count[broken] <= SHOWN:
                    print(f"{broken}: {text.name}\n{detail}", flush=True)
    promises = ", ".join(f"{count[broken]} {broken}" for broken in BROKEN)
    size = count["characters"] / 1e6
    print(f"{count['texts']} texts, {size:.1f} million characters, {count['changed']} changed: {promises}")
    return 1 if any(count[broken] for broken in BROKEN) else 0


if __name__ == "__main__":
    sys.exit(main())
