"""How much of a text looks machine-translated: a probability with its evidence.

A logistic regression over rates: of function words and of what stands beside them, of stops and styles, of findings,
and how well the words follow one another (`cleaner.fluency`). Its weights are a table, `rules/en/score.csv`, trained by
`make score` on text that people and machines wrote about the same things. It is for English. It knows the systems of
2012 to 2020 that it has seen, and what people wrote or mended beside them; how good it is, and where it is blind, says
docs/scoring.md.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from cleaner import fluency
from cleaner.document import Document
from cleaner.mask.holes import BREAK, OBJECT
from cleaner.model import Evidence, Finding, Span
from cleaner.rules import words
from cleaner.rules.load import shipped_folder

LANGUAGE = "en"
ENOUGH = 120  # words at which a text says half of what it could say at any length; chosen by `make score`
FEW = 25  # words; of less, nothing is said


class Score(Struct, frozen=True):
    """How likely a stretch of a text is to be a machine's; `span` is that of the source, in code points.

    `evidence` holds what weighs most, for (+) and against (-), in log odds.
    """

    span: Span
    words: int
    probability: float
    evidence: tuple[Evidence, ...]


class Weight(NamedTuple):
    """What a feature is worth: its mean and spread over the texts of the training, and the log odds of one spread."""

    mean: float
    scale: float
    weight: float


Model = Mapping[str, Weight]


def score(document: Document, findings: Sequence[Finding], *, model: Model | None = None) -> tuple[Score, list[Score]]:
    """Return the score of a document, and those of its paragraphs that are long enough to say anything."""
    model = shipped() if model is None else model
    text = document.reading.text
    stretches = list(_paragraphs(text))
    of_whole = Tally()
    parts = []
    for start, end in stretches:
        source = Span(*document.reading.source_span(start, end))
        inside = [f for f in findings if source.start <= f.span.start < source.end]
        tally = Tally()
        tally.add(text[start:end], inside)
        of_whole += tally
        if tally.words >= FEW:
            parts.append(_score(tally, source, model))
    return _score(of_whole, Span(0, len(document.text)), model), parts


def verdict(score: Score, *, repair_from: float = 0.5, drop_from: float = 0.9) -> str:
    """Return what to do with a text: `keep` (also one that is too short to say anything), `repair` or `drop`."""
    if score.words < FEW or score.probability < repair_from:
        return "keep"
    return "drop" if score.probability >= drop_from else "repair"


@functools.cache
def shipped() -> Model:
    """Return the model that comes with the package."""
    path = shipped_folder() / "en" / "score.csv"
    rows = words.parse_table(path.read_text(encoding="utf-8"), str(path)).rows
    return {name: Weight(float(mean), float(scale), float(weight)) for name, mean, scale, weight in rows}


def _score(tally: Tally, span: Span, model: Model) -> Score:
    if tally.words < FEW:
        return Score(span, tally.words, 0.5, (Evidence("length", f"{tally.words} words say nothing"),))
    weighed = sorted(contributions(tally, model).items(), key=lambda item: -abs(item[1]))
    log_odds = sum(weight for _, weight in weighed)
    features = tally.features()
    shown = [(name, weight) for name, weight in weighed if name != ALWAYS][:_SHOWN]
    evidence = tuple(_told(name, features.get(name, 0.0), model[name].mean, weight) for name, weight in shown)
    return Score(span, tally.words, 1 / (1 + math.exp(-log_odds)), evidence)


_SHOWN = 6  # features


def contributions(tally: Tally, model: Model) -> dict[str, float]:
    """Return what each feature adds to the log odds: little in a short text, whose rates are an accident."""
    features = tally.features()
    trust = tally.words / (tally.words + ENOUGH)
    out = {}
    for name, (mean, scale, weight) in model.items():
        value = 1.0 if name == ALWAYS else trust * value_of(features.get(name, 0.0), mean, scale)
        out[name] = weight * value
    return out


def value_of(rate: float, mean: float, scale: float) -> float:
    """Return a feature in spreads from its mean; what is beyond four of them says no more."""
    return max(-4.0, min(4.0, (rate - mean) / scale))


ALWAYS = "always"  # the constant of the regression
# What is counted to make features of, and is none itself.
FURTHER: tuple[str, ...] = ("sentences", "known", "unknown", "small opening", "tightly bound", "bound", "rare")
FURTHER += ("worse than alone", "avoiding", "shunning")


class Tally:
    """What is counted in paragraphs. Counts of several are added, so that a text is looked at once."""

    def __init__(self) -> None:
        self.words = 0
        self.tokens = 0
        self.counts: Counter[str] = Counter()  # grams, and what is counted beside them
        self.sums: dict[str, float] = dict.fromkeys(_SUMS, 0.0)  # of chances and lengths
        self.seen: Counter[str] = Counter()  # different words

    def __iadd__(self, other: Tally) -> Tally:
        self.words += other.words
        self.tokens += other.tokens
        self.counts += other.counts
        self.sums = {name: self.sums[name] + other.sums[name] for name in _SUMS}
        self.seen += other.seen
        return self

    def add(self, paragraph: str, findings: Iterable[Finding] = ()) -> None:
        """Count a paragraph as it reads, and what was found in it."""
        for sentence in _SENTENCE_END.split(_plain(paragraph)):
            tokens = _TOKEN.findall(sentence)
            if tokens:
                self._sentence(tokens)
        self.counts["spaced stop"] += len(_SPACED.findall(paragraph))
        for finding in findings:
            self.counts[_FOUND + _family(finding.rule)] += 1

    def _sentence(self, tokens: Sequence[str]) -> None:
        classes = [_class(token) for token in tokens]
        self.tokens += len(tokens)
        self.counts.update(classes)
        self.counts.update(f"{a} {b}" for a, b in pairwise(classes))
        self.counts.update(f"{a} {b} {c}" for a, b, c in zip(classes, classes[1:], classes[2:], strict=False))
        said = [token.lower() for token in tokens if token[0].isalpha()]
        self.words += len(said)
        self.seen.update(said)
        self.sums["letters"] += sum(map(len, said))
        self.counts["sentences"] += 1
        self.counts["small opening"] += tokens[0][0].islower()
        self.counts["contractions"] += sum("'" in word and not word.endswith("'s") for word in said)
        self.counts["possessives"] += sum(word.endswith("'s") for word in said)
        self._chances(said)

    def _chances(self, said: Sequence[str]) -> None:
        """Add how well words follow one another, and how they would do in any order."""
        before = [fluency.START]
        for word in said:
            if not fluency.knows(word):
                self.counts["unknown"] += 1
                before = []
                continue
            alone, chance = fluency.alone(word), fluency.chance(before, word)
            self.counts["known"] += 1
            self.sums["alone"] += alone
            self.sums["gain"] += chance - alone
            self.sums["gain squared"] += (chance - alone) ** 2
            self.counts["rare"] += chance < _RARE
            self.counts["worse than alone"] += chance < alone - 1
            if before:
                bond = fluency.bond(before[-1], word)
                self.counts["avoiding"] += bond < -1
                self.counts["shunning"] += bond < -2.5
                self.counts["bound"] += bond > 3
                self.counts["tightly bound"] += bond > 5
            before = [*before[-1:], word]

    def features(self) -> dict[str, float]:
        """Return all rates."""
        tokens, count = max(1, self.tokens), max(1, self.words)
        known, sentences = max(1, self.counts["known"]), max(1, self.counts["sentences"])
        gain = self.sums["gain"] / known
        spread = math.sqrt(max(0.0, self.sums["gain squared"] / known - gain**2))
        out = {name: number / tokens for name, number in self.counts.items()}
        out |= {f"fluency: {name}": self.counts[name] / known for name in _FLUENCY}
        out |= {
            "fluency: alone": self.sums["alone"] / known,
            "fluency: gain": gain,
            "fluency: spread": spread,
            "style: sentence length": math.log(max(1.0, self.words / sentences)),
            "style: word length": self.sums["letters"] / count,
            "style: different words": math.log(len(self.seen) + 1) / math.log(count + 1),
            "style: small opening": self.counts["small opening"] / sentences,
            "style: unknown": self.counts["unknown"] / count,
        }
        return out


_SUMS = ("letters", "alone", "gain", "gain squared")
_FLUENCY = ("rare", "worse than alone", "avoiding", "shunning", "bound", "tightly bound")
_RARE = -12.0


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for part in text.split(BREAK):
        if part.strip():
            yield at, at + len(part)
        at += len(part) + 1


# How a text is typed is not how it is worded.
_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "—", OBJECT: "N"})
_DASH = re.compile(r"\s*(?:--+|—)\s*| +- +")


def _plain(text: str) -> str:
    return _DASH.sub(" — ", text.translate(_MARKS))


_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\w\s]")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]*[^\W\d_a-z])|(?<= [.!?])\s+")
_SPACED = re.compile(r"\w [,.;:!?)](?= |$)", re.M)


@functools.lru_cache(maxsize=1 << 16)
def _class(token: str) -> str:
    """Return what a token counts as: itself if it is a function word or a mark, otherwise what its shape tells."""
    word = token.lower()
    if word in _FUNCTION_WORDS:
        return word
    if token[0].isdigit():
        return "number"
    if not token[0].isalpha():
        return token
    if token[0].isupper():
        return "Name"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return f"-{ending}"
    return "word"


_ENDINGS: tuple[str, ...] = ("tion", "ment", "ness", "ity", "ing", "ed", "ly", "ance", "ence", "al", "ive", "ous")
_ENDINGS += ("able", "ism", "er", "est", "s")
_LISTED = """
    a an the this that these those such some any no every each all both either neither another other same own
    i me my mine we us our ours you your yours he him his she her hers it its they them their theirs one ones who whom
    whose which what something anything nothing everything someone anyone everyone nobody himself herself itself
    themselves myself ourselves yourself
    of to in for on with at by from about into through after over between out against during without before under
    around among within across behind beyond toward towards upon up down off above below near since until till despite
    because like unlike per via along throughout regarding concerning including following according due
    and but or nor so yet if while although though whereas unless whether when where why how as than once whenever
    wherever not n't
    is are was were be been being am has have had having do does did done doing will would shall should can could may
    might must ought need
    also too very only just even still already again ever never always often now then there here more most less least
    much many few little several enough quite rather almost perhaps however therefore thus hence moreover furthermore
    nevertheless nonetheless meanwhile otherwise indeed instead especially particularly first second last next finally
    well back away together together today yesterday tomorrow
    it's that's there's he's she's what's let's don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't
    couldn't shouldn't haven't hasn't hadn't i'm i've i'll i'd you're you've you'll we're we've we'll they're they've
    said say says make made making take taken took get got go going gone come came given give see seen put use used
    two three way time people
"""
_FUNCTION_WORDS = frozenset(_LISTED.split())


def _family(rule: str) -> str:
    """Return what a finding of a rule is about."""
    first, _, rest = rule.partition(".")
    if first in ("en", "any"):
        return "typing" if first == "any" or rest.partition(".")[0] in _TYPING else "wording"
    return first


_TYPING = ("spacing", "quotes", "tokenised", "capitals")


def _told(name: str, rate: float, mean: float, weight: float) -> Evidence:
    """Return a feature as evidence."""
    kind, _, what = name.partition(": ")
    if kind in ("fluency", "style"):
        return Evidence(kind, f"{what} {rate:.2f}, elsewhere {mean:.2f}", round(weight, 2))
    kind, shown = ("findings", name.removeprefix(_FOUND)) if name.startswith(_FOUND) else ("wording", f"“{name}”")
    return Evidence(
        kind, f"{shown} {1000 * rate:.1f} times in a thousand, elsewhere {1000 * mean:.1f}", round(weight, 2)
    )


_FOUND = "findings of "
