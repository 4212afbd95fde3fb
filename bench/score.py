"""Train what tells machine translation from human text, and write its weights (`make score`).

    bench/score.py [DATA]        DATA: the development data, default ../shared/bench

Documents are consecutive rows of one system, of at least 300 words, and short ones of at least 60. Those of a fold
come from one sixth of the rows, of whatever system, so that what is predicted was seen in no other version; of news,
every system is predicted by weights that saw nothing of it. Edited English (clean) is human, too: a fold holds
whole files of it.
"""

from __future__ import annotations

import collections
import csv
import functools
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

from cleaner import engine, score, work
from cleaner.config import Settings
from cleaner.document import Document
from cleaner.model import Detector

TABLE = pathlib.Path(__file__).resolve().parent.parent / "rules" / "en" / "score.csv"
KEPT = os.environ.get("SAMPLES")  # a file to keep the counts in, for trying other ways to fit
FOLDS = 6
LONG, SHORT = 300, 60  # words of a document
GRAMS = 800  # the most frequent of them are looked at
RIDGE = 40.0
SHARES = {"wce": 1.0, "news": 1.0, "mlqe": 0.5, "clean": 0.5}  # of the weight in the training
NOTE = "# Log odds that a text is machine-translated: weight * (rate - mean) / scale, summed. Written by make score.\n"


class Sample(NamedTuple):
    """A document: where it is from, whether a machine wrote it, and what was counted in it."""

    kind: str
    system: str
    fold: int
    is_machine: bool
    is_long: bool
    tally: score.Tally


Rows = list[tuple[int, str]]  # where in its source, from 0 to FOLDS; text


def main() -> None:
    data = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else measured.HERE.parent.parent / "shared" / "bench")
    if not (data / "mqm").is_dir():
        print(f"no data in {data}: nothing trained")
        return
    if KEPT and pathlib.Path(KEPT).exists():
        samples = [Sample(*s) for s in pickle.loads(pathlib.Path(KEPT).read_bytes())]
    else:
        with multiprocessing.Pool(2) as pool:
            samples = list(pool.imap(sample_of, documents(data), chunksize=64))
        if KEPT:
            pathlib.Path(KEPT).write_bytes(pickle.dumps([tuple(s) for s in samples]))
    finish(samples)


def documents(data: pathlib.Path) -> Iterator[tuple[str, str, int, bool, bool, str]]:
    for kind, system, is_machine, rows in sources(data):
        for size in (LONG, SHORT):
            for number, (fold, texts) in enumerate(cut(rows, size)):
                if size == LONG or number % 5 == 0:
                    yield kind, system, fold, is_machine, size == LONG, (" ", "\n")[number % 2].join(texts)


def sources(data: pathlib.Path) -> Iterator[tuple[str, str, bool, Rows]]:
    rows = read(data / "postedit" / "wce-fr-en.dev.jsonl")
    for system in ("google", "bing", "smt", "good"):
        yield "wce", system, system != "good", placed([row[system] for row in rows])
    by_system = collections.defaultdict(list)
    rows = read(data / "mqm" / "newstest2020-zh-en.dev.jsonl")
    for at, row in enumerate(rows):
        by_system[row["system"], row["human"]].append((FOLDS * at // len(rows), row["text"]))
    for (system, is_human), texts in by_system.items():
        yield "news", system, not is_human, texts
    for path in sorted(data.glob("postedit/mlqe-*.train.jsonl")):
        rows = read(path)
        for side in ("bad", "good"):
            yield "mlqe", f"{path.stem} {side}", side == "bad", placed([row[side] for row in rows])
    paths = sorted(p for folder in ("clean", "clean-more") for p in (data / folder).rglob("*") if p.suffix in _TEXTS)
    chosen = [p for p in paths if "clean-more" not in p.parts or digest(p.name) % 8 == 0]
    for path in chosen:
        text = path.read_text(encoding="utf-8", errors="replace")
        fold = digest(path.name) % FOLDS
        kind = "markdown" if path.suffix == ".md" else "text"
        prose = Document(text, kind=kind).reading.text.split("\n")[:400]
        yield "clean", path.parent.name, False, [(fold, part) for part in prose if part.strip()]


_TEXTS = (".txt", ".md")


def digest(name: str) -> int:
    return int(hashlib.blake2b(name.encode(), digest_size=4).hexdigest(), 16)


def read(path: pathlib.Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.open(encoding="utf-8")]


def placed(texts: Sequence[str]) -> Rows:
    return [(FOLDS * i // len(texts), text) for i, text in enumerate(texts)]


def cut(rows: Rows, size: int) -> Iterator[tuple[int, list[str]]]:
    held: list[str] = []
    for i, (fold, text) in enumerate(rows):
        held.append(text)
        ends = i + 1 == len(rows) or rows[i + 1][0] != fold
        if sum(len(t.split()) for t in held) >= size:
            yield fold, held
            held = []
        if ends:
            held = []


def sample_of(given: tuple[str, str, int, bool, bool, str]) -> Sample:
    kind, system, fold, is_machine, is_long, text = given
    document = Document(text)
    findings = engine.check(document, detectors()).findings
    tally = score.Tally()
    tally.add(document.reading.text, findings)
    return Sample(kind, system, fold, is_machine, is_long, tally)


@functools.cache
def detectors() -> tuple[Detector, ...]:
    return work.detectors(Settings())


class Data(NamedTuple):
    """The samples as numbers: a row each, a column for each feature after the constant."""

    samples: Sequence[Sample]
    names: list[str]
    rates: np.ndarray
    words: np.ndarray

    def mask(self, **wanted: object) -> np.ndarray:
        return np.array([all(getattr(s, key) == value for key, value in wanted.items()) for s in self.samples])


class Fitted(NamedTuple):
    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray  # the constant first

    def log_odds(self, data: Data) -> np.ndarray:
        return values(data, self.mean, self.scale) @ self.weights


def finish(samples: Sequence[Sample]) -> None:
    """Fit on all folds but one, report what was predicted of that, fit on all, and write the weights."""
    rates = [s.tally.features() for s in samples]
    names = chosen(samples, rates)
    matrix = np.array([[r.get(name, 0.0) for name in names] for r in rates])
    data = Data(samples, names, matrix, np.array([s.tally.words for s in samples]))
    evaluate(data)
    write(data, fit(data, np.ones(len(samples), bool)))


def chosen(samples: Sequence[Sample], rates: Sequence[dict[str, float]]) -> list[str]:
    """The features: styles, fluency and findings, and the grams that most documents hold."""
    held = collections.Counter(name for s, r in zip(samples, rates, strict=True) if s.is_long for name in r)
    counted = {name for name in held if name.startswith(("style:", "fluency:", "findings of ")) or name in COUNTED}
    grams = [name for name, _ in sorted(held.items(), key=lambda i: (-i[1], i[0])) if name not in counted]
    grams = [name for name in grams if name not in score.FURTHER]
    return sorted(name for name in counted if held[name] >= 100) + grams[:GRAMS]


COUNTED = ("contractions", "possessives", "spaced stop")


def values(data: Data, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    trust = data.words / (data.words + score.ENOUGH)
    spread = np.clip((data.rates - mean) / scale, -4, 4) * trust[:, None]
    return np.column_stack([np.ones(len(spread)), spread])


def fit(data: Data, inside: np.ndarray, silent: tuple[str, ...] = ()) -> Fitted:
    """Logistic regression by Newton's method on some samples; rare grams are held back more than frequent ones."""
    long = inside & data.mask(is_long=True)
    mean, scale = data.rates[long].mean(0), data.rates[long].std(0) + 1e-9
    matrix = values(data, mean, scale)[inside]
    right = np.array([s.is_machine for s in data.samples], float)[inside]
    weight = weights_of(data)[inside]
    gram = np.array([not name.startswith(("style:", "fluency:", "findings of ")) for name in data.names])
    penalty = np.where(gram, RIDGE * np.median(scale[gram]) / scale, RIDGE)
    penalty = np.concatenate([[1e-3], np.where(np.isin(data.names, silent), 1e12, penalty)])
    found = np.zeros(matrix.shape[1])
    for _ in range(12):
        p = 1 / (1 + np.exp(-np.clip(matrix @ found, -30, 30)))
        slope = matrix.T @ (weight * (p - right)) + penalty * found
        step = np.linalg.solve((matrix * (weight * p * (1 - p))[:, None]).T @ matrix + np.diag(penalty), slope)
        found -= step
        if abs(step).max() < 1e-3:
            break
    for column, name in enumerate(data.names, 1):
        # A fault never speaks for a person: where people made more of them, it says nothing.
        if name.startswith("findings of ") and found[column] < -1e-6:
            return fit(data, inside, (*silent, name))
    return Fitted(mean, scale, found)


def weights_of(data: Data) -> np.ndarray:
    """Each kind has its share, half of it for machines and half for people where there are both."""
    groups = collections.Counter((s.kind, s.is_machine) for s in data.samples)
    total = len(data.samples) / sum(SHARES.values())
    both = {kind: 1 + ((kind, True) in groups) for kind in SHARES}
    return np.array([SHARES[s.kind] * total / both[s.kind] / groups[s.kind, s.is_machine] for s in data.samples])


def evaluate(data: Data) -> None:
    folds = np.array([s.fold for s in data.samples])
    news = data.mask(kind="news", is_machine=True)
    systems = sorted({s.system for s in data.samples if s.kind == "news" and s.is_machine})
    predicted = np.zeros(len(folds))
    of_system = {system: np.zeros(len(folds)) for system in systems}
    for fold in range(FOLDS):
        predicted[folds == fold] = fit(data, folds != fold).log_odds(data)[folds == fold]
        for system in systems:
            others = ~(news & data.mask(system=system))
            of_system[system][folds == fold] = fit(data, (folds != fold) & others).log_odds(data)[folds == fold]
    for size in (True, False):
        print(f"documents of {LONG if size else SHORT} words and more: area under the curve")
        is_long = data.mask(is_long=size)
        human = is_long & data.mask(kind="wce", is_machine=False)
        for system in ("google", "bing", "smt"):
            print(f"  wce {system}: {area(predicted[is_long & data.mask(system=system)], predicted[human]):.3f}")
        human = is_long & data.mask(kind="news", is_machine=False)
        for system in systems:
            said = of_system[system]
            print(f"  news {system}: {area(said[is_long & data.mask(system=system)], said[human]):.3f}")
        mlqe = [predicted[is_long & data.mask(kind="mlqe", is_machine=side)] for side in (True, False)]
        print(f"  mlqe: {area(*mlqe):.3f}")
        for kind in SHARES:
            for side in (True, False):
                asked = predicted[is_long & data.mask(kind=kind, is_machine=side)]
                if len(asked):
                    shares = ", ".join(f"{(asked > np.log(p / (1 - p))).mean():.2f} from {p}" for p in (0.5, 0.8, 0.9))
                    print(f"  {kind} {'machine' if side else 'human'}: {len(asked)} documents, {shares}")


def area(machine: np.ndarray, human: np.ndarray) -> float:
    """The chance that of a machine's and a human's document the first is likelier to be a machine's."""
    return float((machine[:, None] > human).mean() + (machine[:, None] == human).mean() / 2)


def write(data: Data, fitted: Fitted) -> None:
    constant, *weights = fitted.weights
    rows = [[score.ALWAYS, "0", "1", f"{constant:.4f}"]]
    for name, mean, scale, weight in zip(data.names, fitted.mean, fitted.scale, weights, strict=True):
        rows.append([name, f"{mean:.6g}", f"{scale:.6g}", f"{weight:.4f}"])
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        file.write(NOTE)
        csv.writer(file, lineterminator="\n").writerows([["feature", "mean", "scale", "weight"], *rows])


if __name__ == "__main__":
    main()
