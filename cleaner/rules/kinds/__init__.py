"""The kinds of rule: each turns all its rules into one function that looks through a document.

To add a kind: a rule type in `schema`, a module here, and a line in `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cleaner.rules.kinds import pattern, phrase, quotes, repeat
from cleaner.rules.kinds.hit import Matcher
from cleaner.rules.load import Entry, RuleSet

# Raises RuleError for an expression that cannot be used.
KINDS: dict[str, Callable[[Sequence[Entry], RuleSet], Matcher]] = {
    "phrase": phrase.prepare,
    "pattern": pattern.prepare,
    "quotes": quotes.prepare,
    "repeat": repeat.prepare,
}
