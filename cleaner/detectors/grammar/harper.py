"""Harper, the grammar checker that runs inside this process."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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


def all_rules() -> frozenset[str]:
    """Return the names of all rules but the speller's."""
    import harper

    return frozenset(harper.get_default_lint_config()) - {_SPELLING}


def _match(rule: str, lint: harper.Lint) -> Match:
    span, old = lint.span, lint.problem_text
    replacements = []
    for suggestion in lint.suggestions[:MOST_REPLACEMENTS]:
        after = suggestion.kind == suggestion.kind.INSERT_AFTER
        replacements.append((old if after else "") + suggestion.replacement_text)
    return Match(rule, lint.lint_kind, span.start, span.end, lint.message, tuple(replacements))
