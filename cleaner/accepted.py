"""Accepted words: what the owners of a text spell like that, and want no finding on.

A file of them holds one a line; `#` opens a comment. A word in lower case is accepted in any case, one with a
capital exactly as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct


class Accepted(Struct, frozen=True):
    """Accepted words: those with capitals as they stand, those without in any case."""

    exact: frozenset[str] = frozenset()
    any_case: frozenset[str] = frozenset()

    def __contains__(self, word: str) -> bool:
        bare = word.replace("’", "'").removesuffix("'s")
        return bare in self.exact or bare.lower() in self.any_case

    def __bool__(self) -> bool:
        return bool(self.exact or self.any_case)


NOTHING = Accepted()


def accepted(entries: Iterable[str]) -> Accepted:
    """Return the words of entries as accepted words.

    >>> words = accepted(["keycloak", "Trump"])
    >>> [word in words for word in ("Keycloak", "KEYCLOAK’s", "Trump", "trump")]
    [True, True, True, False]
    """
    plain = {entry.replace("’", "'") for entry in entries}
    lower = frozenset(entry for entry in plain if entry == entry.lower())
    return Accepted(frozenset(plain - lower), lower)


def entry_of(line: str) -> str:
    """Return the word on a line of a file of accepted words, "" if there is none."""
    return _COMMENT.sub("", line, count=1).strip()


_COMMENT = re.compile(r"(?:^|\s)#.*")  # C# is a word


def added(text: str, words: Iterable[str]) -> str:
    """Return the text of a file of accepted words with more of them, sorted, each once, comments kept.

    Comment lines stay above the word that follows them; a comment block with a blank line below it stays on top.

    >>> print(added("# Names\\n\\nzeta\\n# our product\\nAlpha # x\\n", ["midi", "zeta"]), end="")
    # Names
    <BLANKLINE>
    # our product
    Alpha # x
    midi
    zeta
    """
    head, pending = list[str](), list[str]()
    entries: dict[str, list[str]] = {}
    for line in text.splitlines():
        word = entry_of(line)
        if word:
            kept = entries.setdefault(word, [])
            kept += [*pending, line.rstrip()] if not kept else [above for above in pending if above not in kept]
            pending = []
        elif line.strip() or not entries:
            pending.append(line.rstrip())
            if not line.strip():
                head, pending = head + pending, []
    for word in words:
        entries.setdefault(word, [word])
    ordered = sorted(entries, key=lambda word: (word.lower(), word))
    lines = [*head, *(line for word in ordered for line in entries[word]), *pending]
    return "".join(f"{line}\n" for line in lines)
