"""One judge for all candidates: logistic regression over named evidence, its weights in a table for all to read."""

from __future__ import annotations

import math
from collections.abc import Mapping

from cleaner import trust
from cleaner.detectors.spelling import tables
from cleaner.model import Applicability, Evidence

DISPLAY = 0.60  # less sure, and nobody is bothered with it
_SHOWN = 6  # pieces of evidence, the weightiest; the others are summed up


def probability(rule: str, evidence: Mapping[str, float]) -> float:
    """Return how likely a candidate is right; 0 for a rule without weights."""
    weights = tables.weights().get(rule)
    if weights is None:
        return 0.0
    score = sum(weights.get(name, 0.0) * value for name, value in evidence.items())
    return 1 / (1 + math.exp(-score))


def level(rule: str, confidence: float) -> Applicability:
    """Return what may happen to a repair that is right so often, if its rule has kept to what it said before.

    What was held out of the training has the last word: it may take a level away, and never gives one.
    """
    for level, bound in ((Applicability.SAFE, trust.SAFE), (Applicability.UNSAFE, trust.UNSAFE)):
        right, wrong = tables.levels().get((rule, level.value), (0, 0))
        if confidence >= bound and trust.Counts(right=right, wrong=wrong).confidence >= bound:
            return level
    return Applicability.DISPLAY


def reasons(rule: str, evidence: Mapping[str, float]) -> tuple[Evidence, ...]:
    """Return the evidence with its weights, the weightiest first; the weights add up to the log odds."""
    weights = tables.weights().get(rule, {})
    weighed = {name: weights.get(name, 0.0) * value for name, value in evidence.items()}
    order = sorted(weighed, key=lambda name: (-abs(weighed[name]), name))
    told = [Evidence("spelling", _say(name, evidence[name]), round(weighed[name], 2)) for name in order[:_SHOWN]]
    rest = sum(weighed[name] for name in order[_SHOWN:])
    return (*told, Evidence("spelling", f"{len(order) - _SHOWN} more", round(rest, 2))) if rest else tuple(told)


def _say(name: str, value: float) -> str:
    if name == "always":
        return "before anything else is known"
    return name if value == 1 else f"{name}: {value:.2g}"
