"""Train the arbiter of spelling and write its weights (`make train`).

    bench/train.py [DATA]        DATA: the development data, default ../shared/bench

Every candidate on lines that people corrected (typos, gec) is right if it brings the line closer to what they made of
it; every candidate on edited English (clean) is wrong unless bench/verdicts.csv says that the editors overlooked a
fault there; of more edited English and of machine translation (judged) what has a verdict. One
logistic regression a rule, with ridge penalty. What is printed was predicted by weights that saw nothing of the same
repository: the sources are cut in six, a repository of typo commits to each.
"""

from __future__ import annotations

import collections
import csv
import hashlib
import json
import multiprocessing
import os
import pathlib
import pickle
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import trust as measured

from cleaner import trust
from cleaner.detectors import spelling
from cleaner.detectors.spelling import arbiter, doubt, evidence, sources
from cleaner.document import Document
from cleaner.edits import splice
from cleaner.model import Finding, Span

TABLES = pathlib.Path(__file__).resolve().parent.parent / "rules" / "en" / "spelling"
FOLDS = 6
KEPT = os.environ.get("SAMPLES")  # a file to keep the samples in, for trying other ways to fit
RIDGE = 0.3
LEVELS = (0.5, 0.6, 0.8, 0.9, 0.95, 0.97)
WORTH = 0.3  # candidates that are less likely are not asked how likely they are in truth
MANY = 200  # of them, enough to ask
KINDS = ("typos", "gec", "clean", "judged")
TRANSLATED = ("bad", "google", "bing", "text")  # what machines made of a text, in the data with corrections or ratings
MUCH = 2  # log odds
FEW = 8  # right candidates; fewer are not worth a model
WEIGHTS = "# Log odds that a candidate is right: the sum of these weights times the evidence. Written by make train.\n"
SATURATION = "# Log odds above which the sum of the evidence counts by a share only. Written by make train.\n"
EARNED = "# Candidates that earn a level, or a better one, right and wrong in folds held out. Written by make train.\n"


class Sample(NamedTuple):
    """One candidate: where it comes from, what speaks for it, and whether it is right (None: nobody knows)."""

    kind: str
    source: str
    place: tuple[int, int]
    rule: str
    evidence: dict[str, float]
    right: bool | None
    shown: str
    digest: str = ""


class Batch(NamedTuple):
    kind: str
    texts: list[tuple[str, str, list[str] | None]]  # source, text, what people made of it
    format: str = "text"


def main() -> None:
    data = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else measured.HERE.parent.parent / "shared" / "bench")
    if not (data / "typos").is_dir():
        print(f"no data in {data}: nothing trained")
        return
    with multiprocessing.Pool(2) as pool:
        samples = [s for part in pool.imap(samples_of, batches(data), chunksize=4) for s in part]
    if KEPT:
        pathlib.Path(KEPT).write_bytes(pickle.dumps([tuple(s) for s in samples]))
    finish(samples)


def finish(samples: Sequence[Sample]) -> None:
    """Fit each rule on the folds and on all, report what the folds predicted, and write the weights."""
    samples = unlike([s for s in samples if s.right is not None])
    folds = fold_of(samples)
    rows: list[list[str]] = []
    limits: list[list[str]] = []
    predicted: dict[int, float] = {}
    for rule in sorted({s.rule for s in samples}):
        mine = [s for s in samples if s.rule == rule]
        if sum(bool(s.right) for s in mine) < FEW:
            continue
        names, matrix, right = matrix_of(mine)
        where = np.array([folds[s.kind, s.source] for s in mine])
        guesses = np.zeros(len(mine))
        for fold in range(FOLDS):
            inside = where != fold
            guesses[~inside] = chances(matrix[~inside], fit(matrix[inside], right[inside]))
        weights = fit(matrix, right)
        raw = {id(s): p for s, p in zip(mine, guesses, strict=True)}
        best = {id(s) for s in best_of(mine, raw) if raw[id(s)] > WORTH}
        # So much edited English has fewer slips than a text that anybody cleans: it tells what counts, not how often.
        shown = np.array([id(s) in best and (s.kind != "judged" or rule in evidence.ALONE) for s in mine])
        if shown.sum() >= MANY:
            # The likeliest of several candidates is right more often than a candidate that stands alone would be, and
            # where much speaks for it, pieces of evidence say the same thing.
            lines = steps(log_odds(guesses))
            for fold in range(FOLDS):
                learnt = fit(lines[shown & (where != fold)], right[shown & (where != fold)], ridge=0.01)
                guesses[where == fold] = chances(lines[where == fold], learnt)
            constant, slope, bend = fit(lines[shown], right[shown], ridge=0.01)
            weights *= slope
            weights[0] += constant
            limits.append([rule, f"{constant + slope * MUCH:.3f}", f"{1 + bend / slope:.3f}"])
        predicted.update(among(mine, guesses))
        rows += [[rule, name, f"{w:.3f}"] for name, w in zip(names, weights, strict=True) if abs(w) > 0.005]
        report(rule, best_of(mine, predicted), predicted)
    best = best_of([s for s in samples if id(s) in predicted], predicted)
    report("all", best, predicted)
    write("weights.csv", WEIGHTS, [["rule", "evidence", "weight"], *rows])
    write("saturation.csv", SATURATION, [["rule", "above", "share"], *limits])
    write("levels.csv", EARNED, [["rule", "level", "right", "wrong"], *earned(best, predicted)])


def earned(samples: Sequence[Sample], predicted: dict[int, float]) -> list[list[str]]:
    """Return how many candidates of each rule that would be given a level, or a better one, are right and wrong."""
    rows = []
    for rule in sorted({s.rule for s in samples}):
        for level, bound in (("safe", trust.SAFE), ("unsafe", trust.UNSAFE)):
            given = [bool(s.right) for s in samples if s.rule == rule and predicted[id(s)] >= bound]
            rows.append([rule, level, str(sum(given)), str(len(given) - sum(given))])
    return rows


def write(name: str, note: str, rows: Sequence[Sequence[str]]) -> None:
    with (TABLES / name).open("w", encoding="utf-8", newline="") as file:
        file.write(note)
        csv.writer(file, lineterminator="\n").writerows(rows)


def batches(data: pathlib.Path) -> Iterator[Batch]:
    for path in sorted(data.glob("typos/*.jsonl")):
        records = [json.loads(line) for line in path.open(encoding="utf-8")]
        texts = [(r["repo"], r["bad"], [r["good"]]) for r in records]
        yield from (Batch("typos", texts[i : i + 100]) for i in range(0, len(texts), 100))
    for path in sorted(data.glob("gec/*.jsonl")):
        records = [json.loads(line) for line in path.open(encoding="utf-8")]
        texts = [(f"{path.stem} {i // 300}", r["bad"], r["goods"]) for i, r in enumerate(records)]
        yield from (Batch("gec", texts[i : i + 300]) for i in range(0, len(texts), 300))
    for path in sorted(p for p in (data / "clean").rglob("*") if p.suffix in (".txt", ".md")):
        text = path.read_text(encoding="utf-8", errors="replace")
        yield Batch("clean", [(path.name, text, None)], "markdown" if path.suffix == ".md" else "text")
    for path in sorted(p for p in (data / "clean-more").rglob("*") if p.suffix in (".txt", ".md")):
        text = path.read_text(encoding="utf-8", errors="replace")
        yield Batch("judged", [(path.name, text, None)], "markdown" if path.suffix == ".md" else "text")
    for path in sorted([*data.glob("postedit/*.dev.jsonl"), *data.glob("mqm/*.jsonl")]):
        records = [json.loads(line) for line in path.open(encoding="utf-8")]
        made = [text for r in records if not r.get("human") for key in TRANSLATED if (text := r.get(key))]
        texts = [(f"{path.stem} {i // 300}", text, None) for i, text in enumerate(dict.fromkeys(made))]
        yield from (Batch("judged", texts[i : i + 300]) for i in range(0, len(texts), 300))


def samples_of(batch: Batch) -> list[Sample]:
    verdicts = measured.read_judgements()
    out = []
    for source, text, goods in batch.texts:
        document = Document(text, kind=batch.format)
        read = document.reading.text
        for place in doubt.places(document):
            for proposal, found in evidence.weigh(place, sources.proposals(place)):
                if not spelling.is_in(document, place):
                    continue
                start, end = spelling.span_of(place, proposal)
                rule = f"spelling.{proposal.rule}"
                digest, _ = measured.excerpt(text, Finding(rule, Span(*document.reading.source_span(start, end)), ""))
                said = judged(proposal, *verdicts.get(digest, ("", "")))
                right = said
                if goods is not None:
                    mended = splice(read, [spelling.edit_of(place, proposal)])
                    right = any(measured.distance(mended, good) < measured.distance(read, good) for good in goods)
                    # A fault that the correction left in is right to mend.
                    right = right or said or False
                elif batch.kind == "clean" and digest not in verdicts:
                    right = False
                shown = f"{read[max(0, start - 30) : start]}[-{read[start:end]}-]{{+{' '.join(proposal.words)}+}}"
                shown += read[end : end + 20]
                at = (hash(text), place.line.start + place.line.tokens[place.at].start)
                out.append(Sample(batch.kind, source, at, proposal.rule, found, right, shown, digest))
    return out


def judged(proposal: sources.Proposal, verdict: str, shown: str) -> bool | None:
    """Return whether a repair is right as far as a verdict on a repair at its place tells, which may be another one."""
    if not verdict:
        return None
    if proposal.rule in evidence.ALONE:
        return verdict == "true"
    new, _, cut = shown.partition("{+")[2].lower().partition("+}")
    words = " ".join(proposal.words)
    if words == new or (not cut and new and words.startswith(new)):
        return verdict == "true"
    return False if verdict == "true" and new else None


def unlike(samples: Sequence[Sample]) -> list[Sample]:
    """Return samples without those of a judged text that say the same: many machines translated the same sentences."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for s in samples:
        key = s.rule, s.shown[s.shown.find("[-") :]
        if s.kind != "judged" or key not in seen:
            kept.append(s)
        seen.add(key)
    return kept


def fold_of(samples: Sequence[Sample]) -> dict[tuple[str, str], int]:
    """Return the fold of each source: a repository of typo commits to each, the others by a hash of their names."""
    repositories = sorted({s.source for s in samples if s.kind == "typos"})
    folds = {}
    for kind, source in {(s.kind, s.source) for s in samples}:
        digest = int(hashlib.blake2b(source.encode(), digest_size=4).hexdigest(), 16)
        folds[kind, source] = (repositories.index(source) if kind == "typos" else digest) % FOLDS
    return folds


def matrix_of(samples: Sequence[Sample]) -> tuple[list[str], np.ndarray, np.ndarray]:
    names = ["always", *sorted({name for s in samples for name in s.evidence} - {"always"})]
    column = {name: i for i, name in enumerate(names)}
    matrix = np.zeros((len(samples), len(names)))
    for row, sample in enumerate(samples):
        for name, value in sample.evidence.items():
            matrix[row, column[name]] = value
    return names, matrix, np.array([float(bool(s.right)) for s in samples])


def fit(matrix: np.ndarray, right: np.ndarray, ridge: float = RIDGE) -> np.ndarray:
    """Logistic regression by Newton's method; the constant is not held back."""
    weights = np.zeros(matrix.shape[1])
    penalty = np.full(matrix.shape[1], ridge)
    penalty[0] = 1e-3
    for _ in range(100):
        p = chances(matrix, weights)
        slope = matrix.T @ (p - right) + penalty * weights
        step = np.linalg.solve((matrix * (p * (1 - p))[:, None]).T @ matrix + np.diag(penalty), slope)
        weights -= step
        if abs(step).max() < 1e-6:
            break
    return weights


def chances(matrix: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(matrix @ weights, -30, 30)))


def steps(odds: np.ndarray) -> np.ndarray:
    """A line with a bend at `MUCH`."""
    return np.column_stack([np.ones(len(odds)), odds, np.maximum(0, odds - MUCH)])


def log_odds(p: np.ndarray) -> np.ndarray:
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))


def best_of(samples: Sequence[Sample], predicted: dict[int, float]) -> list[Sample]:
    """The likeliest candidate of each place, which is the one that is shown."""
    best: dict[object, Sample] = {}
    for s in samples:
        key = (s.kind, s.source, s.place)
        if key not in best or predicted[id(s)] > predicted[id(best[key])]:
            best[key] = s
    return list(best.values())


def among(samples: Sequence[Sample], guesses: Sequence[float]) -> dict[int, float]:
    """Return how likely each candidate is with the others of its place in view."""
    at_place: dict[object, list[float]] = collections.defaultdict(list)
    for s, p in zip(samples, guesses, strict=True):
        at_place[s.kind, s.source, s.place].append(p)
    found = {}
    for s, p in zip(samples, guesses, strict=True):
        others = list(at_place[s.kind, s.source, s.place])
        others.remove(p)
        found[id(s)] = arbiter.among(p, others)
    return found


def report(rule: str, samples: Sequence[Sample], predicted: dict[int, float]) -> None:
    shown = [s for s in samples if predicted[id(s)] >= LEVELS[0]]
    print(f"\n{rule}: calibration error {calibration(shown, predicted):.3f} of {len(shown)} held-out candidates")
    for bound in LEVELS:
        counts: collections.Counter[str] = collections.Counter()
        for s in shown:
            if predicted[id(s)] >= bound:
                counts[s.kind] += 1
                counts[f"{s.kind} right"] += bool(s.right)
        told = ", ".join(f"{kind} {counts[f'{kind} right']} of {counts[kind]}" for kind in KINDS)
        print(f"  from {bound}: {told} right")
    if "-v" in sys.argv:
        for s in sorted(shown, key=lambda s: -predicted[id(s)]):
            if not s.right:
                print(f"    {predicted[id(s)]:.2f} {s.kind:5} {s.shown!r}")


def calibration(samples: Sequence[Sample], predicted: dict[int, float], bins: int = 5) -> float:
    """How far, on the whole, the stated confidence is from the share that is right; in bins of as many samples."""
    order = sorted(samples, key=lambda s: predicted[id(s)])
    parts = [order[len(order) * i // bins : len(order) * (i + 1) // bins] for i in range(bins)]
    off = [abs(sum(predicted[id(s)] - bool(s.right) for s in part)) for part in parts]
    return sum(off) / max(1, len(order))


if __name__ == "__main__":
    main()
