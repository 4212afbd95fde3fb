"""Write the table of words that manuals use: `python tools/manuals.py TEXT... > rules/en/words/manuals.csv`.

TEXT is a file with a paragraph a line, code cut out. The table that is committed was counted over the English
documentation in the main section of Debian 12, from ant-doc to rust-doc: 101 packages, 31 million words of running
text, each paragraph once. Only the counts of words are kept.
"""

from __future__ import annotations

import csv
import math
import re
import sys
import textwrap
from collections import Counter
from pathlib import Path

COMMON = 100  # times; rarer words are slips of the pen, too
LETTERS = range(3, 21)
WIDTH = 110
NOTE = "# Words that manuals use, and what power of two the number of times reaches. Written by tools/manuals.py.\n"
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def main() -> None:
    counts: Counter[str] = Counter()
    for name in sys.argv[1:]:
        with Path(name).open(encoding="utf-8") as file:
            for line in file:
                counts.update(WORD.findall(line.lower()))
    by_power: dict[int, list[str]] = {}
    for word in sorted(counts):
        if counts[word] >= COMMON and len(word) in LETTERS and word.isascii() and word.isalpha():
            by_power.setdefault(int(math.log2(counts[word])), []).append(word)
    sys.stdout.write(NOTE)
    write = csv.writer(sys.stdout, lineterminator="\n")
    write.writerow(["times", "words"])
    for power, words in sorted(by_power.items(), reverse=True):
        write.writerows((power, line) for line in textwrap.wrap(" ".join(words), WIDTH))


if __name__ == "__main__":
    main()
