"""Count the rule library: rules and table rows, what they have earned, where they fire, what names a source.

    bench/library.py [DATA] [--rows]           DATA: the development data, default ../shared/bench

A row is one entry of what a rule goes through: a phrase of a table, a row of a table that holds fault and cure, a
term, a verb of a frame that has several, a name of a list that a rule of names has. The forms of a verb in a phrase
(gave free reign, giving free reign) and whose it is (my, his) make no row of their own. A rule without any of these
counts as one. A row fires if the rule finds it
in machine translation, in the text of learners or of the web (postedit, mqm, gec, typos) and the edit takes the text
no further from what a person made of it, or in edited English where somebody has judged the hit to be right. It
counts at the level of its rule. Demetr does not count: its errors were made by program.

--rows prints every row that counts, with what it rests on.
"""

from __future__ import annotations

import argparse
import collections
import functools
import json
import multiprocessing
import pathlib
import re
from collections.abc import Iterator
from typing import NamedTuple

import trust as measure

from cleaner import engine
from cleaner.document import Document
from cleaner.model import Applicability, Finding
from cleaner.rules import load
from cleaner.rules.kinds import pattern
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.schema import FrameRule, PatternRule, PhraseRule, TermRule
from cleaner.worddiff import MARK

# The families of the library, by what the names of their rules open with; the longest that fits counts.
FAMILIES = {
    "any.catalogue": "markup",
    "any.markup": "markup",
    "any.punctuation": "punctuation",
    "any.residue": "residue",
    "any.scripts": "untranslated",
    "en.abbreviations": "residue",
    "en.agreement": "nouns, articles, agreement",
    "en.articles": "nouns, articles, agreement",
    "en.capitals": "names, titles, offices",
    "en.complements": "verb and preposition frames",
    "en.consistency": "names, titles, offices",
    "en.determiners": "nouns, articles, agreement",
    "en.doublets": "repetition",
    "en.foreign": "untranslated",
    "en.frames": "verb and preposition frames",
    "en.hyphenated": "residue",
    "en.lookalikes": "set phrases",
    "en.marks": "punctuation",
    "en.names": "names, titles, offices",
    "en.offices": "names, titles, offices",
    "en.organisations": "names, titles, offices",
    "en.quotes": "punctuation",
    "en.repeats": "repetition",
    "en.reworded": "tortured phrases",
    "en.set-phrases": "set phrases",
    "en.spacing": "punctuation",
    "en.stray": "punctuation",
    "en.time": "set phrases",
    "en.tokenised": "residue",
    "en.tortured": "tortured phrases",
    "en.translationese": "set phrases",
    "en.verb": "verb and preposition frames",
    "en.word-order": "names, titles, offices",
    "": "other",
}
OTHER = ""
READ = ("postedit/*.jsonl", "mqm/*.jsonl", "gec/*.jsonl", "typos/*.jsonl")
WHOLE = ""  # the row of a rule that has none


class Batch(NamedTuple):
    """Texts of one source."""

    source: str
    records: list[dict[str, object]]


class Fired(NamedTuple):
    """Where one row was found, and was not wrong."""

    rule: str
    row: str
    source: str


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    default = pathlib.Path(__file__).resolve().parents[2] / "shared" / "bench"
    parser.add_argument("data", nargs="?", type=pathlib.Path, default=default)
    parser.add_argument("--rows", action="store_true", help="print every row that counts")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"no data in {options.data}: nothing counted")
        return
    rules = load()
    fired = collections.Counter[Fired]()
    with multiprocessing.Pool(2) as pool:
        for found in pool.imap_unordered(on_texts, batches(options.data)):
            fired.update(found)
        for found in pool.imap_unordered(on_clean, measure.clean_files(options.data), chunksize=8):
            fired.update(found)
    sources: dict[tuple[str, str], collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for one, times in fired.items():
        sources[one.rule, one.row][one.source] += times
    print_table(rules, sources)
    if options.rows:
        print_rows(rules, sources)


Sources = dict[tuple[str, str], collections.Counter[str]]


def print_table(rules: RuleSet, sources: Sources) -> None:
    print("of the rows at unsafe or better, those that fire, those whose rule names a source, and those that do either")
    print(f"{'family':28} {'rules':>5} {'rows':>6} {'unsafe+':>8} {'fire':>6} {'source':>7} {'either':>7}")
    total = collections.Counter[str]()
    for family in dict.fromkeys(FAMILIES.values()):
        n = collections.Counter[str]()
        for entry in rules.entries:
            if family_of(entry) != family:
                continue
            listed = set(rows_of(entry.id).values())
            n["rules"] += 1
            n["rows"] += len(listed)
            if counts(entry):
                fires = {row for row in listed if (entry.id, row) in sources}
                n["unsafe+"] += len(listed)
                n["fire"] += len(fires)
                n["source"] += len(listed) if entry.rule.source else 0
                n["either"] += len(listed if entry.rule.source else fires)
        print_line(family, n)
        total += n
    print_line("all", total)


def print_line(name: str, n: collections.Counter[str]) -> None:
    print(f"{name:28} {n['rules']:5} {n['rows']:6} {n['unsafe+']:8} {n['fire']:6} {n['source']:7} {n['either']:7}")


def print_rows(rules: RuleSet, sources: Sources) -> None:
    for entry in rules.entries:
        for row in sorted(set(rows_of(entry.id).values())):
            where = ", ".join(f"{source} {n}" for source, n in sources[entry.id, row].most_common())
            if counts(entry) and (where or entry.rule.source):
                print(f"{entry.id:40} {entry.level.value:7} {row or '(the rule)':30} {where or entry.rule.source}")


def family_of(entry: Entry) -> str:
    return FAMILIES[max((prefix for prefix in FAMILIES if entry.id.startswith(prefix)), key=len, default=OTHER)]


def counts(entry: Entry) -> bool:
    return entry.level.rank >= Applicability.UNSAFE.rank


@functools.cache
def rows_of(rule: str) -> dict[str, str]:
    """What a rule goes through, each in small letters, with the row that it is a form of."""
    rules = ready()
    entry = next(entry for entry in rules.entries if entry.id == rule)
    tables = pattern.tables_of(entry, rules)
    rows = set[str]()
    if isinstance(entry.rule, PhraseRule):
        rows = set(entry.rule.phrases)
    elif isinstance(entry.rule, TermRule):
        rows = {f"{first} {second}" for first, second in tables[entry.rule.terms].rows}
    elif isinstance(entry.rule, FrameRule):
        rows = set(verbs(entry.rule))
    elif isinstance(entry.rule, PatternRule):
        named = list(cures(entry.rule)) or list(names(entry.rule))
        rows = {cell for table, column in named if table in tables for cell in tables[table].column(column)}
    return {row.lower(): headword(row.lower()) for row in rows} if len(rows) > 1 else {WHOLE: WHOLE}


def headword(row: str) -> str:
    """A phrase with its verbs in the base form, and anybody's for his and her."""
    return " ".join(ANYBODY.get(word) or base_forms().get(word, word) for word in row.split())


ANYBODY = dict.fromkeys(("my", "your", "his", "her", "its", "our", "their"), "one's")


@functools.cache
def base_forms() -> dict[str, str]:
    rows = [row for table in ready().tables["en"].items() if table[0] == "forms" for row in table[1].rows]
    return {form: row[0] for row in reversed(rows) for form in row[1:5]}


def cures(rule: PatternRule) -> Iterator[tuple[str, str]]:
    """Table and column of the faults for which the same row names the cure."""
    for expression in [rule.pattern] if isinstance(rule.pattern, str) else rule.pattern:
        for mark in MARK.finditer(expression):
            for table, column in re.findall(r"\{(\w+)\.(\w+)\}", mark["old"] or ""):
                if re.search(rf"\{{{table}\.(?!{column}\b)", mark["new"] or ""):
                    yield table, column


# The word lists that are names; a pattern with one of them goes through it.
NAMES = ("places", "the_places", "open_names", "countries", "nationalities", "parties", "offices", "persons")


def names(rule: PatternRule) -> Iterator[tuple[str, str]]:
    """Table and column of the first list of names in the expressions of a rule."""
    expressions = [rule.pattern] if isinstance(rule.pattern, str) else rule.pattern
    for table, column in re.findall(r"\{(\w+)(?:\.(\w+))?\}", " ".join(expressions)):
        if table in NAMES:
            yield table, column
            return


def verbs(rule: FrameRule) -> Iterator[str]:
    for expression in [rule.frame] if isinstance(rule.frame, str) else rule.frame:
        first = re.search(r"<([a-z|]+)", MARK.sub(lambda mark: mark["old"] or "", expression))
        if first and first[1] != "verb":
            yield from first[1].split("|")


def row_of(finding: Finding, text: str) -> str:
    """The row that a finding is of."""
    entry = next(entry for entry in ready().entries if entry.id == finding.rule)
    listed = rows_of(entry.id)
    found = re.sub(r"\s+", " ", text[finding.span.start : finding.span.end].lower().replace("’", "'"))
    if isinstance(entry.rule, TermRule):
        found = " ".join(edit.text for edit in finding.edits).lower()
    elif isinstance(entry.rule, FrameRule):
        found = " ".join(base_forms().get(word, word) for word in re.findall(r"\w+", found))
    inside = [row for row in listed if re.search(rf"(?<!\w){re.escape(row)}(?!\w)", found)]
    return listed[max(inside, key=len)] if inside else WHOLE


def batches(data: pathlib.Path) -> Iterator[Batch]:
    for glob in READ:
        for path in sorted(data.glob(glob)):
            records = [json.loads(line) for line in path.open(encoding="utf-8")]
            for i in range(0, len(records), 500):
                yield Batch(path.stem, records[i : i + 500])


_loaded: list[RuleSet] = []


def ready() -> RuleSet:
    if not _loaded:
        _loaded.append(load())
    return _loaded[0]


def on_texts(batch: Batch) -> list[Fired]:
    """The rows found in texts, but for those whose edits were wrong."""
    detect = measure.the_detector()
    kind = "markdown" if batch.source in measure.MARKDOWN_PAIRS else "text"
    out = []
    for record in batch.records:
        if "errors" in record:
            if record["human"]:
                continue
            record = {"bad": record["text"], "good": None}
        judge = record.get("goods") or ([record["good"]] if record["good"] else [])
        for field in measure.engines.FIELDS:
            text = record.get(field)
            if isinstance(text, str):
                for finding in engine.examine(Document(text, kind=kind), [detect]):
                    wrong = judge and finding.edits and measure.verdict(text, finding, judge) == measure.WRONG  # type: ignore[arg-type]
                    if not wrong:
                        source = batch.source if field == "bad" else field
                        out.append(Fired(finding.rule, row_of(finding, text), source))
    return out


def on_clean(path: pathlib.Path) -> list[Fired]:
    """The rows found in edited English where the hit was judged to be right."""
    verdicts = measure.read_verdicts()
    text = path.read_text(encoding="utf-8", errors="replace")
    document = Document(text, kind="markdown" if path.suffix == ".md" else "text")
    return [
        Fired(finding.rule, row_of(finding, text), "edited text")
        for finding in engine.examine(document, [measure.the_detector()])
        if verdicts.get(measure.excerpt(text, finding)[0]) == "true"
    ]


if __name__ == "__main__":
    main()
