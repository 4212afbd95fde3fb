"""git's word-diff notation, `[-old-]{+new+}`: the one way edits are written in rules, seeds and reports."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cleaner.model import Edit

MARK = re.compile(r"\[-(?P<old>.*?)-\](?:\{\+(?P<new>.*?)\+\})?|\{\+(?P<only>.*?)\+\}", re.S)


def parse(marked: str) -> tuple[str, str, tuple[Edit, ...]]:
    """Split a marked text into the text before, the text after and the edits between them.

    >>> parse("He [-told-]{+said in+} a statement.")[:2]
    ('He told a statement.', 'He said in a statement.')
    """
    before, after, edits, end = "", "", [], 0
    for m in MARK.finditer(marked):
        kept = marked[end : m.start()]
        before, after, end = before + kept, after + kept, m.end()
        old, new = m["old"] or "", m["new"] or m["only"] or ""
        edits.append(Edit(len(before), len(before) + len(old), new))
        before, after = before + old, after + new
    kept = marked[end:]
    return before + kept, after + kept, tuple(edits)


def render(text: str, edits: Iterable[Edit]) -> str:
    """Write `edits` into `text` as marks; the inverse of `parse`.

    >>> render("He told a statement.", [Edit(3, 7, "said in")])
    'He [-told-]{+said in+} a statement.'
    """
    out, end = [], 0
    for edit in sorted(edits):
        old = text[edit.start : edit.end]
        out += [text[end : edit.start], f"[-{old}-]" if old else "", f"{{+{edit.text}+}}" if edit.text else ""]
        end = edit.end
    return "".join([*out, text[end:]])
