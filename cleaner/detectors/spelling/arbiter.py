"""One judge for all candidates: logistic regression over named evidence, its weights in a table for all to read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from cleaner import trust
from cleaner.detectors.spelling import tables
from cleaner.model import Applicability, Evidence

DISPLAY = 0.60  # less sure, and nobody is bothered with it
_MOST = 20.0  # log odds; nothing is certain
_SHOWN = 6  # pieces of evidence, the weightiest; the others are summed up


def probability(rule: str, evidence: Mapping[str, float]) -> float:
    """Return how likely a candidate is right; 0 for a rule without weights."""
    weighed = _weighed(rule, evidence)
    return 1 / (1 + math.exp(-min(_MOST, sum(weighed.values())))) if weighed else 0.0


def among(probability: float, others: Iterable[float]) -> float:
    """Return how likely a candidate is right if others of its place may be, too: only one of them can be.

    >>> among(0.9, []), round(among(0.9, [0.9]), 2)
    (0.9, 0.47)
    """
    odds = [p / (1 - p) for p in others]
    return probability / (1 + (1 - probability) * sum(odds))


def level(rule: str, confidence: float) -> Applicability:
    """Return what may happen to a repair that is right so often, if its rule has kept to what it said before.

    What was held out of the training has the last word: it may take a level away, and never gives one.
    """
    for level, bound in ((Applicability.SAFE, trust.SAFE), (Applicability.UNSAFE, trust.UNSAFE)):
        right, wrong = tables.levels().get((rule, level.value), (0, 0))
        if confidence >= bound and trust.Counts(right=right, wrong=wrong).confidence >= bound:
            return level
    return Applicability.DISPLAY


def reasons(rule: str, evidence: Mapping[str, float], confidence: float) -> tuple[Evidence, ...]:
    """Return the evidence with its weights, the weightiest first; the weights add up to the log odds."""
    weighed = _weighed(rule, evidence)
    lost = math.log(confidence / (1 - confidence)) - sum(weighed.values())
    if lost < -_LITTLE:
        weighed[_OTHERS] = lost
    order = sorted(weighed, key=lambda name: (-abs(weighed[name]), name))
    told = [Evidence("spelling", _say(name, evidence.get(name, 1)), round(weighed[name], 2)) for name in order[:_SHOWN]]
    rest = sum(weighed[name] for name in order[_SHOWN:])
    return (*told, Evidence("spelling", f"{len(order) - _SHOWN} more", round(rest, 2))) if rest else tuple(told)


_SAME = "much of this says the same"
_OTHERS = "other words may be meant"
_LITTLE = 0.01  # log odds


def _weighed(rule: str, evidence: Mapping[str, float]) -> dict[str, float]:
    """Return the evidence in log odds, with what it says twice taken off; empty for a rule without weights."""
    weights = tables.weights().get(rule)
    if weights is None:
        return {}
    weighed = {name: weights.get(name, 0.0) * value for name, value in evidence.items()}
    limit, share = tables.saturation().get(rule, (math.inf, 1.0))
    above = sum(weighed.values()) - limit
    return weighed | {_SAME: (share - 1) * above} if above > 0 else weighed


def _say(name: str, value: float) -> str:
    if name == "always":
        return "before anything else is known"
    return name if value == 1 else f"{name}: {value:.2g}"
