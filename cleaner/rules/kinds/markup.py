"""Kind `markup`: broken syntax of Markdown, HTML and addresses, mended into the node that it was.

The expressions are those of `pattern`, but they look at `Document.lines`, where broken syntax is text; whether the
repair makes what its rule says is for the engine to verify.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence

from cleaner.document import Document
from cleaner.edits import splice
from cleaner.model import Edit, Node
from cleaner.rules.kinds import pattern
from cleaner.rules.kinds.hit import Hit, Matcher
from cleaner.rules.linear import PatternSet
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.schema import MarkupRule

check = pattern.check


def prepare(entries: Sequence[Entry], rules: RuleSet) -> Matcher:
    by_format: dict[str, list[pattern.Prepared]] = {}
    for prepared in pattern.prepare_all(entries, rules):
        assert isinstance(prepared.entry.rule, MarkupRule)
        for name in prepared.entry.rule.formats or ("markdown",):
            by_format.setdefault(name, []).append(prepared)
    searches = {name: [pattern.Search(p) for p in listed] for name, listed in by_format.items()}

    @functools.cache
    def together(name: str) -> PatternSet:
        return PatternSet([(p.source, p.exact) for p in by_format[name]])

    def match(document: Document) -> Iterator[Hit]:
        if document.kind not in by_format:
            return
        for passage in document.lines.passages:
            for i in together(document.kind).which(passage.data):
                prepared = by_format[document.kind][i]
                for whole, named in searches[document.kind][i].matches(passage):
                    span = named.get(pattern.WHOLE, whole)
                    for hit in pattern.hit(prepared, passage.text, whole, named, 0):
                        if hit.edits and _may_mend(prepared.entry, document, passage.text, span, hit.edits):
                            node = _node(prepared.entry, passage.text, hit.edits, named, span)
                            edits = tuple(
                                Edit(e.start + passage.start, e.end + passage.start, e.text) for e in hit.edits
                            )
                            start, end = span[0] + passage.start, span[1] + passage.start
                            yield hit._replace(start=start, end=end, edits=edits, makes=node)

    return match


def _may_mend(entry: Entry, document: Document, text: str, span: tuple[int, int], edits: Sequence[Edit]) -> bool:
    """False if what the repair makes should stand elsewhere in the document and does not."""
    assert isinstance(entry.rule, MarkupRule)
    start, end = span
    made = splice(text[start:end], [Edit(e.start - start, e.end - start, e.text) for e in edits])
    return not entry.rule.elsewhere or made in document.text


def _node(
    entry: Entry, text: str, edits: Sequence[Edit], named: Mapping[str, tuple[int, int]], span: tuple[int, int]
) -> Node:
    """Return the node that a repair makes, as far as the match tells it."""
    assert isinstance(entry.rule, MarkupRule)

    def mended(stretch: tuple[int, int]) -> str:
        start, end = stretch
        inside = [e for e in edits if start <= e.start and e.end <= end]
        return splice(text[start:end], [Edit(e.start - start, e.end - start, e.text) for e in inside])

    kind, whole = entry.rule.makes, mended(span).strip()
    target = mended(named["target"]) if "target" in named else ""
    if "text" in named and kind not in ("link", "image", "item"):
        return Node(kind, mended(named["text"]), target)
    if kind in ("html", "front-matter", "admonition", "definition", "table"):
        return Node(kind, "", target or whole)
    if kind == "code":
        return Node(kind, whole, whole.strip("`"))
    if kind == "task":
        return Node(kind, whole, whole)
    return Node(kind, whole, target)
