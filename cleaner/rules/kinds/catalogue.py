"""Kind `catalogue`: placeholders of a gettext catalogue that are not those of the original any more.

What a program fills in must stand in the translation as it stands in the original: `%s`, `{name}`, `%(name)s`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.document import Document
from cleaner.model import Edit, Evidence, Node
from cleaner.rules.kinds.hit import Hit, Matcher
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.schema import CatalogueRule


def prepare(entries: Sequence[Entry], _rules: RuleSet) -> Matcher:
    def match(document: Document) -> Iterator[Hit]:
        if document.kind != "po":
            return
        from cleaner.mask import po

        for fault in po.faults(document.text):
            for entry in entries:
                assert isinstance(entry.rule, CatalogueRule)
                if entry.rule.fault != fault.kind:
                    continue
                reading = document.lines if fault.meant else document.reading
                start, end = reading.offset(fault.start), reading.offset(fault.end)
                if not fault.meant:
                    said = f"the original has “{fault.original}”, the translation has not"
                    yield Hit(entry, start, max(end, start + 1), (), (Evidence("original", said),))
                elif fault.end - fault.start == end - start:
                    said = f"the original has “{fault.meant}”"
                    node = Node("placeholder", fault.meant, fault.meant)
                    edits = (Edit(start, end, fault.meant),)
                    yield Hit(entry, start, end, edits, (Evidence("original", said),), makes=node)

    return match
