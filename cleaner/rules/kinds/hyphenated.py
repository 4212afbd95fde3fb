"""Kind `hyphenated`: a word that was parted at the end of a printed line, and never put together again.

"mod- ern" is joined if the whole is a word that everybody uses and a part is none. A suspended hyphen (pre- and
post-war) and a compound that was parted at its own hyphen are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cleaner import statistics
from cleaner.document import Document
from cleaner.model import Edit, Evidence
from cleaner.rules.kinds.hit import Hit, Matcher
from cleaner.rules.load import Entry, RuleSet

# The hyphen comes first: most text is then passed over by a search for two characters.
_HYPHEN = re.compile(r"- (?<=[^\W\d_]- )(?=[a-z]{2})")
_PARTED = re.compile(r"(?<![\w'’-])(?P<first>[^\W\d_]{2,})- (?P<second>[a-z]{2,})(?![\w'’-])")
# Halves of compounds that keep their hyphen, and words behind a suspended one.
_HALVES = {
    *("anti", "co", "counter", "ex", "extra", "half", "inter", "mid", "mini", "multi", "non", "over", "post", "pre"),
    *("pro", "re", "self", "semi", "sub", "trans", "ultra", "un", "under"),
}
_SUSPENDED = {"and", "as", "but", "et", "nor", "or", "to", "und", "vs"}


def prepare(entries: Sequence[Entry], _rules: RuleSet) -> Matcher:
    def match(document: Document) -> Iterator[Hit]:
        for passage in document.reading.passages:
            for found in _parted(passage.text):
                if reason := _why_joined(found["first"].lower(), found["second"]):
                    start, end = (place + passage.start for place in found.span())
                    parted = found.end("first") + passage.start
                    for entry in entries:
                        edit = Edit(parted, parted + 2, "")
                        yield Hit(entry, start, end, (edit,), (Evidence("language", reason),))

    return match


def _parted(text: str) -> Iterator[re.Match[str]]:
    for hyphen in _HYPHEN.finditer(text):
        start = hyphen.start()
        while start and text[start - 1].isalpha():
            start -= 1
        if found := _PARTED.match(text, start):
            yield found


def _why_joined(first: str, second: str) -> str:
    """Say why two parts are one word; nothing if they may be two."""
    if first in _HALVES or second in _SUSPENDED:
        return ""
    parts, whole = (first.encode(), second.encode()), (first + second).encode()
    rare = next((part for part in parts if part not in statistics.common()), b"")
    if not rare or whole in statistics.unknown({whole}):
        return ""
    if whole not in statistics.common() and rare not in statistics.unknown({rare}):
        return ""
    return f"“{first}{second}” is a word, and “{rare.decode()}” hardly one"
