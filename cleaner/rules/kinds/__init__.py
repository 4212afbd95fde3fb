"""The kinds of rule: each turns all its rules into one function that looks through a document.

To add a kind: a rule type in `schema`, a module here, and a line in `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cleaner.rules.kinds import (
    catalogue,
    consistency,
    frame,
    hyphenated,
    lookalike,
    markup,
    mixed,
    pattern,
    phrase,
    quotes,
    repeat,
    term,
    tokenised,
)
from cleaner.rules.kinds.hit import Matcher
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.sieve import Sieve

# Raises RuleError for an expression that cannot be used.
KINDS: dict[str, Callable[[Sequence[Entry], RuleSet], Matcher]] = {
    "phrase": phrase.prepare,
    "pattern": pattern.prepare,
    "catalogue": catalogue.prepare,
    "markup": markup.prepare,
    "mixed": mixed.prepare,
    "frame": frame.prepare,
    "lookalike": lookalike.prepare,
    "quotes": quotes.prepare,
    "repeat": repeat.prepare,
    "tokenised": tokenised.prepare,
    "consistency": consistency.prepare,
    "hyphenated": hyphenated.prepare,
    "term": term.prepare,
}

# Which words must stand side by side for a rule to match: made when it is first loaded, and kept; raises RuleError.
SIEVES: dict[str, Callable[[Entry, RuleSet], tuple[Sieve, ...]]] = {
    "frame": frame.sieves,
    "lookalike": lookalike.sieves,
    "pattern": pattern.sieves,
}

# What a kind checks of a rule when it is first loaded, beyond its type; raises RuleError.
CHECKS: dict[str, Callable[[Entry, RuleSet], None]] = {
    "pattern": pattern.check,
    "markup": markup.check,
    "lookalike": lookalike.check,
    "consistency": consistency.check,
    "term": term.check,
}

# Kinds that dispute how a word is spelt: they give way to accepted words.
DISPUTE_WORDS = ("lookalike", "consistency")
