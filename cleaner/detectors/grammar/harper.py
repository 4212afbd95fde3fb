"""Harper, the grammar checker that runs inside this process."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

from cleaner.detectors.grammar.answers import Answers, Ask, remembering
from cleaner.detectors.grammar.match import MOST_REPLACEMENTS, VERSIONS, Match

if TYPE_CHECKING:
    import harper

VERSION = VERSIONS["harper"]
_SPELLING = "SpellCheck"


def prepare(answers: Answers, rules: Collection[str]) -> Ask:
    """Return a way to ask Harper with these rules alone (ids), which makes it when it must be asked."""
    names = frozenset(rule.partition(".")[2] for rule in rules)
    return remembering(answers, settings=settings(names), make=partial(Harper, names))


def sieve(rules: Collection[str]) -> Callable[[str], bool] | None:
    """Return a test that every paragraph passes in which one of these rules (ids) can hit; None: nothing is known."""
    patterns = [_SIEVES.get(rule.partition(".")[2]) for rule in rules]
    if None in patterns:
        return None
    searches = [re.compile(pattern).search for pattern in patterns if pattern is not None]
    return lambda paragraph: any(search(paragraph) for search in searches)


# What stands wherever a rule hits, by what Harper says of the rule, and held against all hits that were measured
# (bench/engines.py): most paragraphs are then never asked about. A trusted rule that is not here costs all that time.
_SIEVES = {
    "AnA": r"\b(?:[Aa]\W+(?:[aeiouhAEIOUFHLMNRSX8]|1[18])|[Aa][Nn]\W+(?![aeioAEIO]))",
    "CommaFixes": r"\s[,、，]|,[^\s\d\"'”’]|[、，]",
    "InAnyWay": r"(?i)\bany ?ways?\b",
    "Months": r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b",
    "OpenCompounds": r"(?i)\b(?:afew|alot|aswell|atall|atleast|incase|infact|infront|upto)",
    "RepeatedWords": r"(?i)\b(\w+)\W+\1\b",
    "ThenThan": r"(?i)\bthen\b",
}


def settings(rules: Collection[str] | None = None) -> str:
    """Name all that an answer depends on."""
    return " ".join(["harper", VERSION, *(["all"] if rules is None else sorted(rules))])


class Harper:
    """Harper with some of its rules, or with all but the speller; to make one takes half a second."""

    def __init__(self, rules: Collection[str] | None = None) -> None:
        import harper

        self._linter = harper.Linter()
        on = all_rules() if rules is None else rules
        self._linter.set_lint_config({name: name in on for name in harper.get_default_lint_config()})

    def ask(self, paragraphs: Sequence[str]) -> list[list[Match]]:
        return [self._ask(paragraph) for paragraph in paragraphs]

    def _ask(self, paragraph: str) -> list[Match]:
        # Without `dedup`, whether a rule is heard does not depend on which others are on.
        found = self._linter.organized_lints(paragraph, language="plaintext", dedup=False)
        return [_match(rule, lint) for rule, lints in found.items() for lint in lints]


def names() -> frozenset[str]:
    """Return the names of all rules."""
    import harper

    return frozenset(harper.get_default_lint_config())


def all_rules() -> frozenset[str]:
    """Return the names of all rules but the speller's."""
    return names() - {_SPELLING}


def _match(rule: str, lint: harper.Lint) -> Match:
    span, old = lint.span, lint.problem_text
    replacements = []
    for suggestion in lint.suggestions[:MOST_REPLACEMENTS]:
        after = suggestion.kind == suggestion.kind.INSERT_AFTER
        replacements.append((old if after else "") + suggestion.replacement_text)
    return Match(rule, lint.lint_kind, span.start, span.end, lint.message, tuple(replacements))
