"""Measure what every rule has earned and write the table of trust (`make trust`).

    bench/trust.py [DATA [ENGINE...]]        DATA: the development data, default ../shared/bench
    bench/trust.py [DATA] --changed          only rules that were not measured as they stand; a few minutes

Counts hits and opportunities on edited English (clean, clean-more), takes the verdicts on the hits from
bench/verdicts.csv, and counts right and wrong edits on pairs that people corrected. Prints the hits on clean
text that nobody has judged yet; they count as false until somebody does.

The grammar engines named are measured too; the rows of the others stay as they are. With --changed so do those of
all other rules, and a rule that fired seldom takes the level that the pool of its category has.
"""

from __future__ import annotations

import collections
import csv
import functools
import hashlib
import itertools
import json
import multiprocessing
import pathlib
import re
import sys
from collections.abc import Iterator, Mapping

import engines
from msgspec import structs

from cleaner import engine, trust, worddiff
from cleaner.detectors import encoding, spelling
from cleaner.document import Document
from cleaner.edits import splice
from cleaner.model import ENGINES, Applicability, Detector, Edit, Finding
from cleaner.rules import detector, load
from cleaner.rules.kinds import lookalike, pattern
from cleaner.rules.linear import Pattern
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.schema import FrameRule, LookalikeRule, MarkupRule
from cleaner.worddiff import MARK

HERE = pathlib.Path(__file__).resolve().parent
VERDICTS = HERE / "verdicts.csv"
TABLE = HERE.parent / "rules" / "trust.csv"
PAIRS = ["typos/*.jsonl", "postedit/*.jsonl", "gec/*.jsonl", "demetr/*.jsonl"]
MARKDOWN_PAIRS = ("overpass-doc.dev", "typo-core.dev")  # the others are plain text
OnClean = tuple[str, list[tuple[str, str, str]], dict[str, int]]  # path, (hash, rule, excerpt), opportunities
OnPairs = tuple[str, list[tuple[str, str, int, str]]]  # source, (hash, rule, verdict, excerpt)
Unjudged = tuple[str, str, str, str]  # hash, rule, excerpt, path
TOKEN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|\d+(?:[.,]\d+)*|[^\w\s]|\w+")


def main() -> None:
    given = [argument for argument in sys.argv[1:] if argument != "--changed"]
    data = pathlib.Path(given[0] if given else HERE.parent.parent / "shared" / "bench")
    measured = given[1:]
    if not data.is_dir():
        print(f"no data in {data}: nothing measured")
        return
    if "--changed" in sys.argv:
        measure_changed(data)
        return
    rules = load()
    with multiprocessing.Pool(2) as pool:
        on_clean = list(pool.imap_unordered(clean_hits, clean_files(data), chunksize=8))
        on_pairs = list(pool.imap_unordered(judge_pairs, pair_batches(data)))
    counts, unjudged = count(on_clean, on_pairs)
    rows = [r for entry in rules.entries for r in rows_of(entry, counts)]
    rows += [row(name, "code", counts[name]) for name in sorted(counts) if name.startswith(("encoding.", "spelling."))]
    pooled = pool_few(rows, on_pairs, {entry.id: entry.kind for entry in rules.entries})
    for name in ENGINES:
        if name in measured:
            found, better, open_ones = engine_rows(name, data)
            rows += found
            pooled |= better
            unjudged += open_ones
        else:
            rows += [r for r in rules.engines.values() if r.rule.startswith(f"{name}.")]
    TABLE.write_text(trust.render([pooled.get(r.rule, r) for r in rows]), encoding="utf-8")
    report(rules, pooled, rows, unjudged)


def rows_of(entry: Entry, counts: Mapping[str, trust.Counts]) -> Iterator[trust.Row]:
    """Yield the row of a rule, and one for each entry of its tables that has to be taken out of it."""
    opening = entry.id + trust.ROW
    entries = {name: c for name, c in counts.items() if name.startswith(opening)}
    whole, bad = trust.apart(counts[entry.id], entries)
    # Once entries had to be taken out, silence of the rest proves nothing: only right edits make it safe.
    earned = trust.earned(structs.replace(whole, opportunities=0) if bad else whole)
    yield trust.Row(entry.id, entry.hash, whole, whole.confidence, earned)
    for name, its_counts in bad.items():
        yield trust.Row(name, entry.hash, its_counts, its_counts.confidence, Applicability.DISPLAY)


def measure_changed(data: pathlib.Path) -> None:
    """Measure the rules that were not measured as they stand, and write their rows."""
    rules = load()
    changed = [entry for entry in rules.entries if entry.trust is None]
    names = tuple(entry.id for entry in changed)
    with multiprocessing.Pool(2, initializer=look_for_some, initargs=(names,)) as pool:
        on_clean = list(pool.imap_unordered(clean_hits, clean_files(data), chunksize=8))
        on_pairs = list(pool.imap_unordered(judge_pairs, pair_batches(data)))
    counts, unjudged = count(on_clean, on_pairs)
    rows = [r for entry in changed for r in rows_of(entry, counts)]
    kinds = {entry.id: entry.kind for entry in changed}
    pools: dict[str, Applicability] = {}  # what a pool lifts its members to, wherever it lifts one
    for entry in rules.entries:
        if entry.trust and entry.trust.level.rank > trust.earned(entry.trust.counts).rank:
            pools[category(entry.kind)] = min(
                entry.trust.level, pools.get(category(entry.kind), Applicability.SAFE), key=lambda level: level.rank
            )
    pooled = {}
    for r in rows:
        lifted = pools.get(category(kinds[r.rule])) if r.rule in kinds else None
        if lifted and seldom(r) and lifted.rank > r.level.rank:
            pooled[r.rule] = trust.Row(r.rule, r.hash, r.counts, r.confidence, lifted)
    known = {entry.id for entry in rules.entries}
    table = trust.parse(TABLE.read_text(encoding="utf-8"), str(TABLE)).values()
    kept = [
        r
        for r, rule in ((r, r.rule.partition(trust.ROW)[0]) for r in table)
        if rule not in names and (rule in known or not rule.startswith(SHIPPED))
    ]
    TABLE.write_text(trust.render(kept + [pooled.get(r.rule, r) for r in rows]), encoding="utf-8")
    report(structs.replace(rules, entries=tuple(changed)), pooled, rows, unjudged)


def look_for_some(names: tuple[str, ...]) -> None:
    """Prepare a process that looks for some rules, and for nothing else."""
    rules = load()
    rules = structs.replace(rules, entries=tuple(entry for entry in rules.entries if entry.id in names))
    _prepared.extend([rules, detector(rules)])
    _detectors.append(_prepared[1])  # type: ignore[arg-type]


def engine_rows(name: str, data: pathlib.Path) -> tuple[list[trust.Row], dict[str, trust.Row], list[Unjudged]]:
    """Measure all rules of a grammar engine; return a row each, those that a pool lifts, and what nobody has judged."""
    categories: dict[str, str] = {}
    detect = engines.asked(name)
    on_pairs = [engine_pairs(path, detect, categories) for path in engines.files(data, engines.FIRST)]
    if name == "harper":
        counts, _ = count([], on_pairs)
        detect = engines.asked(name, sorted(rule for rule, c in counts.items() if c.right and c.right >= c.wrong))
    on_pairs += [engine_pairs(path, detect, categories) for path in engines.files(data, engines.SECOND)]
    on_clean: list[OnClean] = []
    for path in engines.clean_files(data):
        document = engines.document_of(path)
        hits = []
        for finding in detect(document):
            digest, shown = excerpt(document.text, finding)
            hits.append((digest, finding.rule, shown))
            categories[finding.rule] = finding.evidence[0].detail
        on_clean.append((str(path), hits, {}))
    counts, unjudged = count(on_clean, on_pairs)
    found = by_source(on_pairs)
    rows = [engines.row(rule, counts[rule], found.get(rule, {})) for rule in categories]
    print(engines.held_out(rows, found))
    return rows, engines.pool(rows, found, categories), unjudged


def engine_pairs(path: pathlib.Path, detect: Detector, categories: dict[str, str]) -> OnPairs:
    """Judge the repairs of an engine in a file of pairs, each rule for itself; note the kind of every rule."""
    judged = []
    for record in engines.pairs(path):
        for finding, text, goods in findings_of(record, [detect], alone=True):
            digest, shown = excerpt(text, finding)
            judged.append((digest, finding.rule, verdict(text, finding, goods), shown))
            categories[finding.rule] = finding.evidence[0].detail
    return path.stem, judged


def by_source(on_pairs: list[OnPairs]) -> dict[str, dict[str, trust.Counts]]:
    """What each rule came to in each source of pairs."""
    found: dict[str, dict[str, trust.Counts]] = collections.defaultdict(dict)
    for source, _, rule, judged, _ in edits_of_pairs(on_pairs, read_verdicts()):
        one = trust.Counts(right=judged == RIGHT, wrong=judged == WRONG)
        found[rule][source] = found[rule].get(source, trust.Counts()).plus(one)
    return found


def clean_files(data: pathlib.Path) -> list[pathlib.Path]:
    folders = (data / "clean", data / "clean-more")
    return sorted(p for folder in folders for p in folder.rglob("*") if p.suffix in (".txt", ".md"))


def clean_hits(path: pathlib.Path) -> tuple[str, list[tuple[str, str, str]], dict[str, int]]:
    """Return the hits in one file of edited text (hash, rule, excerpt), and the opportunities of every rule."""
    text = path.read_text(encoding="utf-8", errors="replace")
    document = Document(text, kind="markdown" if path.suffix == ".md" else "text")
    hits = []
    for finding in engine.examine(document, detectors()):
        digest, shown = excerpt(text, finding)
        hits.append((digest, named(finding), shown))
    return str(path), hits, opportunities(document)


def named(finding: Finding) -> str:
    """The name by which a finding is counted: its rule, and the entry of the rule's tables."""
    return finding.rule + (trust.ROW + finding.row if finding.row else "")


def counted_for(name: str) -> set[str]:
    """The rule of a finding, and its entry if it is one of a table."""
    return {name, name.partition(trust.ROW)[0]}


def excerpt(text: str, finding: Finding) -> tuple[str, str]:
    """A hash that tells one finding from others wherever it stands, and at most 60 characters to judge it by."""
    first, last = max(0, finding.span.start - 25), finding.span.end + 25
    around = text[first:last]
    edits = [Edit(e.start - first, e.end - first, e.text) for e in finding.edits if first <= e.start and e.end <= last]
    digest = hashlib.blake2b(f"{finding.rule}\0{around}".encode(), digest_size=6).hexdigest()
    return digest, " ".join(worddiff.render(around, edits).split())[:60]


_prepared: list[object] = []


_detectors: list[Detector] = []


def detectors() -> list[Detector]:
    return _detectors or [the_detector(), encoding.detect, spelling.detect]  # type: ignore[no-untyped-call]


def the_detector():  # type: ignore[no-untyped-def]
    if not _prepared:
        _prepared.extend([load(), detector(load())])
    return _prepared[1]


def opportunities(document: Document) -> dict[str, int]:
    """How often each rule met in a document what it is about, and was silent."""
    the_detector()
    rules: RuleSet = _prepared[0]  # type: ignore[assignment]
    found = {}
    for entry in rules.entries:
        measure = MEASURES.get(entry.kind)
        found[entry.id] = measure(entry, text_for(entry, document)) if measure else 0
    return found


def text_for(entry: Entry, document: Document) -> str:
    """What a rule might have found something in: prose, or all of the source for one that mends its markup."""
    if not isinstance(entry.rule, MarkupRule):
        return document.reading.text
    if document.kind not in (entry.rule.formats or ["markdown"]):
        return ""
    return re.sub(r"(?m)^[> ]+", "", document.text)  # a line begins behind the marks of a quotation


def repaired_examples(entry: Entry, text: str) -> int:
    """Places where what a rule would write stands: the examples of the rule, the words around them taken loosely."""
    return sum(len(regex.findall(text)) for regex in sought(entry))


def repaired_patterns(entry: Entry, text: str) -> int:
    """Places where what a rule would write stands: its expressions with the new text for the old."""
    if entry.id not in _compiled:
        tables = pattern.tables_of(entry, _prepared[0])  # type: ignore[arg-type]
        expressions = [MARK.sub(new_text, e) for e in pattern._expressions(entry)]
        _compiled[entry.id] = [pattern.compile_prepared(pattern.read(entry, e, tables)) for e in expressions]
    return sum(1 for compiled in _compiled[entry.id] for _ in compiled.spans(text))


def new_text(mark: re.Match[str]) -> str:
    """The new text of a mark as an expression, word classes kept."""
    new = mark["new"] or mark["only"] or ""
    return mark["old"] if new == pattern.SHOWN else re.sub(r"[!-/:-@\[-^`|~]", r"\\\g<0>", new)


_compiled: dict[str, list[Pattern]] = {}
_sought: dict[str, list[re.Pattern[str]]] = {}


def sought(entry: Entry) -> list[re.Pattern[str]]:
    """The new text of the examples with the next token on both sides, any word for a word."""
    if entry.id not in _sought:
        forms = set()
        for example in entry.rule.bad:
            _, after, edits = worddiff.parse(example)
            shift = 0
            for edit in edits:
                start, end = edit.start + shift, edit.start + shift + len(edit.text)
                shift += len(edit.text) - (edit.end - edit.start)
                left = re.search(r"(?:\w+\s*|[^\w\s]\s*)?$", after[:start])
                right = re.match(r"(?:\s*\w+|\s*[^\w\s])?", after[end:])
                assert left is not None
                assert right is not None
                forms.add(loose(left[0]) + re.escape(after[start:end]).replace(r"\ ", r"\s") + loose(right[0]))
        _sought[entry.id] = [re.compile(form) for form in sorted(forms) if form]
    return _sought[entry.id]


def loose(context: str) -> str:
    return re.sub(r"\w+", r"\\w+", re.escape(context).replace(r"\ ", " "))


def lookalikes(entry: Entry, text: str) -> int:
    """For pairs: the words that were doubted. For named words: the places where one of them stands."""
    assert isinstance(entry.rule, LookalikeRule)
    if entry.rule.pairs:
        return sum(1 for _ in lookalike._doubtful(Document(text)))
    if entry.id not in _compiled:
        tables = pattern.tables_of(entry, _prepared[0])  # type: ignore[arg-type]
        expression = entry.rule.pattern.replace("[-{word}-]", "{" + entry.rule.like + "}")
        _compiled[entry.id] = [pattern.compile_prepared(pattern.read(entry, expression, tables))]
    return sum(1 for compiled in _compiled[entry.id] for _ in compiled.spans(text))


def verbs_of_frame(entry: Entry, text: str) -> int:
    """Places where a verb that the rule is about stands."""
    assert isinstance(entry.rule, FrameRule)
    if entry.id not in _forms:
        expressions = [entry.rule.frame] if isinstance(entry.rule.frame, str) else entry.rule.frame
        named = {v for e in expressions for slot in re.findall(r"<([a-z|]+)", e) for v in slot.split("|")}
        tables = _prepared[0].tables[entry.lang]  # type: ignore[attr-defined]
        rows = [row for name, table in tables.items() if name.startswith("forms") for row in table.rows]
        _forms[entry.id] = {form for row in rows if row[0] in named for form in row[:5] if form}
    counts = word_counts(text)
    return sum(counts[form] for form in _forms[entry.id])


_forms: dict[str, set[str]] = {}


@functools.lru_cache(maxsize=1)
def word_counts(text: str) -> collections.Counter[str]:
    return collections.Counter(re.findall(r"[a-z]+", text.lower()))


def words_of_repeat(entry: Entry, text: str) -> int:
    listed = getattr(entry.rule, "words", [])
    if not listed:
        return len(text.split())
    return len(re.findall(rf"\b(?:{'|'.join(listed)})\b", text, re.I))


def terms_of(entry: Entry, text: str) -> int:
    """Places where one of the terms stands as it should."""
    table = _prepared[0].tables[entry.lang][entry.rule.terms]  # type: ignore[attr-defined, union-attr]
    terms = {(first, second) for first, second in table.rows}
    return sum(pair in terms for pair in itertools.pairwise(re.findall(r"[a-z]+", text.lower())))


MEASURES = {
    "term": terms_of,
    "pattern": repaired_patterns,
    "markup": repaired_patterns,
    "phrase": repaired_examples,
    "frame": verbs_of_frame,
    "lookalike": lookalikes,
    "quotes": lambda entry, text: text.count("”") + text.count("“") + text.count('"'),
    "repeat": words_of_repeat,
    "tokenised": lambda entry, text: len(re.findall(r"\w[,.](?: |$)", text, re.M)),
    "mixed": lambda entry, text: len(text.split()),
    "hyphenated": lambda entry, text: len(re.findall(r"\w{2}-\w{2}", text)),
}


def pair_batches(data: pathlib.Path) -> list[tuple[str, list[dict[str, object]]]]:
    batches = []
    for glob in PAIRS:
        for path in sorted(data.glob(glob)):
            records = [json.loads(line) for line in path.open(encoding="utf-8")]
            batches += [(path.stem, records[i : i + 500]) for i in range(0, len(records), 500)]
    return batches


def judge_pairs(batch: tuple[str, list[dict[str, object]]]) -> tuple[str, list[tuple[str, str, int, str]]]:
    """Return what every edit in one batch of a source came to: hash, rule, verdict, excerpt."""
    source, records = batch
    judged = []
    for record in records:
        kind = "markdown" if source in MARKDOWN_PAIRS else "text"
        for finding, text, goods in findings_of(record, detectors(), kind):
            digest, shown = excerpt(text, finding)
            judged.append((digest, named(finding), verdict(text, finding, goods), shown))
    return source, judged


def findings_of(
    record: dict[str, object], detectors: list[Detector], kind: str = "text", *, alone: bool = False
) -> Iterator[tuple[Finding, str, list[str]]]:
    """Yield the repairs that break no promise in the texts of a pair, with the text and what people made of it.

    `alone`: each for itself, so that no rule hides another.
    """
    goods = record.get("goods") or [record["good"]]
    for field in engines.FIELDS:
        text = record.get(field)
        if not isinstance(text, str):
            continue
        document = Document(text, kind=kind)
        found = [f for detect in detectors for f in detect(document)] if alone else []
        groups = [[lambda _, f=f: [f]] for f in found] if alone else [detectors]
        for finding in (f for group in groups for f in engine.examine(document, group)):  # type: ignore[arg-type]
            if finding.edits and not any(e.kind == "promise" for e in finding.evidence):
                yield finding, text, goods  # type: ignore[misc]


RIGHT, WRONG, NEUTRAL = range(3)


def verdict(text: str, finding: Finding, goods: list[str]) -> int:
    """Whether the edit alone brings a text closer to, or further from, what a person made of it."""
    mended = splice(text, finding.edits)
    closer = max(distance(text, good) - distance(mended, good) for good in goods)
    return RIGHT if closer > 0 else WRONG if closer < 0 else NEUTRAL


def distance(a: str, b: str) -> float:
    """Word distance, with the spacing between as the finer measure."""
    return levenshtein(TOKEN.findall(a), TOKEN.findall(b)) + levenshtein(pieces(a), pieces(b)) / 1000


def pieces(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def levenshtein(a: list[str], b: list[str]) -> int:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(a, b)


def count(on_clean: list, on_pairs: list) -> tuple[dict[str, trust.Counts], list[tuple[str, str, str, str]]]:  # type: ignore[type-arg]
    verdicts = read_verdicts()
    hits: collections.Counter[str] = collections.Counter()
    false: collections.Counter[str] = collections.Counter()
    chances: collections.Counter[str] = collections.Counter()
    unjudged = []
    for path, found, opportunities_found in on_clean:
        chances.update(opportunities_found)
        for digest, rule, shown in found:
            known = verdicts.get(digest)
            for name in counted_for(rule):
                hits[name] += 1
                false[name] += known != "true"
            if known is None:
                unjudged.append((digest, rule.partition(trust.ROW)[0], shown, path))
    right: collections.Counter[str] = collections.Counter()
    wrong: collections.Counter[str] = collections.Counter()
    for _, digest, rule, judged, shown in edits_of_pairs(on_pairs, verdicts):
        for name in counted_for(rule):
            right[name] += judged == RIGHT
            wrong[name] += judged == WRONG
        if judged == WRONG:
            unjudged.append((digest, rule.partition(trust.ROW)[0], shown, "(pair)"))
    names = {*hits, *chances, *right, *wrong}
    counts = collections.defaultdict(trust.Counts)
    counts.update({n: trust.Counts(hits[n], false[n], chances[n], right[n], wrong[n]) for n in names})
    return counts, unjudged


def edits_of_pairs(
    on_pairs: list,  # type: ignore[type-arg]
    verdicts: dict[str, str],
) -> Iterator[tuple[str, str, str, int, str]]:
    """Yield every different edit once: sources share sentences. A fault that a correction left in is not held
    against the rule that found it, once a person has said so."""
    seen = set()
    for source, judged in sorted(on_pairs):
        for digest, rule, value, shown in judged:
            if digest not in seen:
                seen.add(digest)
                excused = value == WRONG and verdicts.get(digest) == "true"
                yield source, digest, rule, NEUTRAL if excused else value, shown


def read_verdicts() -> dict[str, str]:
    return {digest: verdict for digest, (verdict, _) in read_judgements().items()}


def read_judgements() -> dict[str, tuple[str, str]]:
    """Return the verdicts, each with the text that it was given on."""
    if not VERDICTS.is_file():
        return {}
    with VERDICTS.open(encoding="utf-8", newline="") as file:
        return {r["hash"]: (r["verdict"], r["text"]) for r in csv.DictReader(file)}


def row(name: str, digest: str, counts: trust.Counts) -> trust.Row:
    return trust.Row(name, digest, counts, counts.confidence, trust.earned(counts))


SHIPPED = ("any.", "en.")  # what the names of rules in files open with
# Kinds whose rules are expressions that an author put down.
WORDING = ("phrase", "pattern", "markup", "catalogue", "frame", "lookalike", "term")


def category(kind: str) -> str:
    return "wording" if kind in WORDING else kind


def seldom(r: trust.Row) -> bool:
    return r.counts.fired < trust.FEW and not r.counts.wrong and not r.counts.false


def pool_few(rows: list[trust.Row], on_pairs: list, kinds: dict[str, str]) -> dict[str, trust.Row]:  # type: ignore[type-arg]
    """Rules that fired seldom and were never wrong take the level of their category, if it is higher.

    The categories are rules of wording, and every other kind. Those of a category that fired seldom are pooled,
    and the pool must hold whichever source is left out.
    """
    out = {}
    few = [r for r in rows if seldom(r)]
    categories = {r.rule: category(kinds[r.rule]) for r in few if r.rule in kinds}
    edits = list(edits_of_pairs(on_pairs, read_verdicts()))
    for name in sorted(set(categories.values())):
        members = {r.rule: r for r in few if categories.get(r.rule) == name}
        by_source: dict[str, trust.Counts] = collections.defaultdict(trust.Counts)
        for source, _, rule, judged, _ in edits:
            rule = rule.partition(trust.ROW)[0]
            if rule in members:
                by_source[source] = by_source[source].plus(trust.Counts(right=judged == RIGHT, wrong=judged == WRONG))
        left = [
            engines.sum_of(counts for other, counts in by_source.items() if other != source) for source in by_source
        ]
        pooled = min((trust.earned(counts) for counts in left), key=lambda level: level.rank, default=None)
        total = engines.sum_of(by_source.values())
        found = f"{total.right} right, {total.wrong} wrong in {len(left)} sources"
        print(f"pool {name}: {len(members)} rules, {found}: {pooled}")
        for rule, r in members.items():
            if pooled is not None and pooled.rank > r.level.rank:
                out[rule] = trust.Row(r.rule, r.hash, r.counts, r.confidence, pooled)
    return out


def report(rules: RuleSet, pooled: dict[str, trust.Row], rows: list[trust.Row], unjudged: list) -> None:  # type: ignore[type-arg]
    claims = {entry.id: Applicability(entry.rule.level) for entry in rules.entries}
    for r in sorted(rows, key=lambda r: r.rule):
        r = pooled.get(r.rule, r)
        c = r.counts
        claim = claims.get(r.rule)
        note = " (pooled)" if r.rule in pooled else ""
        note += " CLAIMS " + claim.value if claim and claim.rank > r.level.rank else ""
        on_clean = f"clean {c.hits:4} false {c.false:4} of {c.opportunities:7}"
        print(f"{r.rule:40} {on_clean}  right {c.right:4} wrong {c.wrong:3}  {r.confidence:.3f} {r.level}{note}")
    if unjudged:
        print(f"\n{len(unjudged)} hits on clean text and wrong edits of pairs have no verdict in {VERDICTS.name}:")
        for digest, rule, shown, path in sorted(unjudged, key=lambda u: u[1]):
            print(f"{digest},{rule},?,{json.dumps(shown, ensure_ascii=False)},{path[-60:]}")


if __name__ == "__main__":
    main()
