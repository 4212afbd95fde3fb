"""Write the words of the lexicon and the names of people.

    python tools/lexicon.py FOLDER > cleaner/lexicon.txt
    python tools/lexicon.py FOLDER names > rules/en/spelling/names.csv

FOLDER holds what `npm pack` fetches of @cspell/dict-en_us, dict-en-gb-mit and the dictionaries of terms that `TERMS`
names, unpacked, the word tries decoded (cspell-trie-lib) to files that end in `.words`. The dictionaries are under the
MIT licence; the American one rests on SCOWL, whose notice allows any use. Words that other tables have are left out,
and those that are on the list of typos: whoever writes them most often means another word.
"""

from __future__ import annotations

import gzip
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from cleaner import statistics
from cleaner.detectors.spelling import typos

ENGLISH = "dict-en"
TERMS = ("software-terms", "companies", "fullstack", "k8s", "rust", "golang", "node", "typescript", "html", "css")
TERMS += ("aws", "docker", "bash", "git", "google", "data-science", "filetypes", "public-licenses", "dotnet", "csharp")
TERMS += ("sql", "php", "swift", "kotlin", "scala", "django", "terraform", "markdown", "gaming-terms", "shell")
LONG_ENOUGH = 4  # letters
WIDTH = 118


def main() -> None:
    folder = Path(sys.argv[1])
    if sys.argv[2:]:
        names(folder)
    else:
        lexicon(folder)


def lexicon(folder: Path) -> None:
    words = set()
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".words" and ENGLISH in path.name:
            words.update(path.read_text(encoding="utf-8").split("\n"))
        elif ".txt" in path.suffixes and any(f"dict-{name}-" in str(path) for name in TERMS):
            words.update(terms(path))
    known = statistics.common() | statistics.dictionary()
    kept = sorted({w for w in map(str.lower, words) if is_word(w) and w.encode() not in known})
    slips = typos.corrections(kept)
    sys.stdout.write("\n".join(textwrap.wrap(" ".join(w for w in kept if w not in slips), WIDTH)) + "\n")


def names(folder: Path) -> None:
    """Write the names of people that are in use, but those that are everyday words as well: Will, Mark."""
    lists = [path for path in folder.rglob("*.txt*") if "dict-people-names-" in str(path)]
    found = {word.lower() for path in lists for word in terms(path)}
    kept = sorted(w for w in found if w.isascii() and w.isalpha() and EVERYDAY < statistics.rarity(w) < RARE)
    sys.stdout.write("# Names of people, from CSpell's dict-people-names (MIT). Written by tools/lexicon.py.\n")
    sys.stdout.write("names\n" + "\n".join(textwrap.wrap(" ".join(kept), WIDTH)) + "\n")


EVERYDAY, RARE = 430, 680  # hundredths of a power of ten below the most frequent word


def terms(path: Path) -> Iterator[str]:
    """Yield the words of a list: a term a line, with marks of what may stand around it, and remarks."""
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    for line in text.split("\n"):
        yield from re.split(r"[\s_./-]+", line.partition("#")[0].strip(" *+~"))


def is_word(word: str) -> bool:
    return len(word) >= LONG_ENOUGH and word.isascii() and word.isalpha()


if __name__ == "__main__":
    main()
