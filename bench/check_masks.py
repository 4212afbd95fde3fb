#!/usr/bin/env python3
"""Check on real reStructuredText and AsciiDoc that what the masks leave is prose and nothing else.

    check_masks.py DATA [--every N] [--jobs N]

Puts a “q” for every small letter that the mask leaves, in all .rst (also .rst.txt) and .adoc, .asciidoc below DATA. A
second parser, docutils or Asciidoctor (if it is installed), must see the same blocks, spans, code, targets and
attributes before and after. Prints what differs, then counts. Exit status 0: nothing does, 1: something does.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path

import second_parser

from cleaner.document import Document
from cleaner.mask.holes import Hole

LARGEST = 300_000  # code points of a text
_ENDINGS = {".rst": "rst", ".rst.txt": "rst", ".adoc": "asciidoc", ".asciidoc": "asciidoc"}


def texts(data: Path, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of a kind below a folder with their names, each once."""
    seen = set()
    for path in sorted(data.rglob("*")):
        if path.is_file() and any(path.name.endswith(end) for end, its in _ENDINGS.items() if its == kind):
            text = path.read_bytes().decode(errors="replace")
            if text not in seen and len(text) <= LARGEST:
                seen.add(text)
                yield str(path.relative_to(data)), text


def without_letters(text: str, kind: str) -> str:
    """Return a text with another letter for all small ones that are prose."""
    out, at = [], 0
    for hole in [*Document(text, kind=kind).holes, Hole(len(text), len(text), "")]:
        out += ["q" if "a" <= c <= "z" else c for c in text[at : hole.start]] + [text[hole.start : hole.end]]
        at = hole.end
    return "".join(out)


def check_rst(item: tuple[str, str]) -> tuple[str, str]:
    """Return the name of a text and where docutils sees a difference."""
    name, text = item
    return name, _difference(second_parser.rst(text), second_parser.rst(without_letters(text, "rst")))


def check_asciidoc(items: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the names of texts and where Asciidoctor, called once for all, sees a difference."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (_, text) in enumerate(items):
            Path(folder, f"{number}a.adoc").write_text(text, encoding="utf-8")
            Path(folder, f"{number}b.adoc").write_text(without_letters(text, "asciidoc"), encoding="utf-8")
        # Without the names that it makes of titles.
        call = ["asciidoctor", "--quiet", "--no-header-footer", "--attribute", "sectids!"]
        subprocess.run([*call, *map(str, sorted(Path(folder).glob("*.adoc")))], stderr=subprocess.DEVNULL, check=False)
        for number, (name, _) in enumerate(items):
            old, new = (_Page(Path(folder, f"{number}{side}.html").read_text(encoding="utf-8")).made for side in "ab")
            yield name, _difference(old, new)


class _Page(HTMLParser):
    """What a page is made of besides prose: tags with their attributes, and the text of code and tables."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.made: list[object] = []
        self._held: list[bool] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.made.append((tag, sorted(attrs, key=str)))
        if tag not in ("br", "hr", "img", "col", "input"):
            in_table = tag in ("td", "th") and "tableblock" in str(dict(attrs).get("class"))
            self._held.append(in_table or tag in ("code", "pre", "kbd"))

    def handle_endtag(self, tag: str) -> None:
        self.made.append(f"/{tag}")
        del self._held[-1:]

    def handle_data(self, data: str) -> None:
        if any(self._held):
            self.made.append(data)


def _difference(old: list[object], new: list[object]) -> str:
    pair = next((pair for pair in zip_longest(old, new) if pair[0] != pair[1]), None)
    return f"{pair[0]!s:.300}\n    {pair[1]!s:.300}" if pair else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--every", type=int, default=1, help="look at every Nth text only")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    found = False
    for kind in ("rst", "asciidoc"):
        items = list(texts(options.data, kind))[:: options.every]
        if kind == "asciidoc" and items and not shutil.which("asciidoctor"):
            print(f"{len(items)} of asciidoc not checked: no asciidoctor here")
            continue
        with multiprocessing.Pool(options.jobs) as pool:
            outcomes = pool.imap(check_rst, items, chunksize=5) if kind == "rst" else check_asciidoc(items)
            differing = 0
            for name, difference in outcomes:
                if difference:
                    differing += 1
                    print(f"{name}\n    {difference}", flush=True)
        found |= bool(differing)
        size = sum(len(text) for _, text in items) / 1e6
        print(f"{kind}: {len(items)} texts, {size:.1f} million characters: {differing} differ")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
