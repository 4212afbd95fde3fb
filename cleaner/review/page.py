"""The page for editors: one HTML file that holds documents, suggestions and its own code, and asks no network.

What comes from documents is data: it stands in a block of JSON that no browser runs, every `<` in it escaped, and
the page makes text nodes of it. Only the script and the style of this package, named by their hashes, may work.
"""

from __future__ import annotations

import base64
import hashlib
import json
import pkgutil
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from cleaner.review.decisions import VERSION, Answer, Decision, Reviewed, decide
from cleaner.review.items import Draft, Item, rivals_of


def render(
    files: Sequence[Reviewed], drafts: Sequence[Draft], *, lang: str = "en", decided: Sequence[Decision] = ()
) -> Iterator[bytes]:
    """Yield the parts of the page; what was decided earlier stands there when it is opened."""
    template, style, script = _part("page.html"), _part("page.css"), _part("page.js")
    parts = {"{style-hash}": _hash(style), "{script-hash}": _hash(script), "{style}": style, "{script}": script}
    for name, value in parts.items():
        template = template.replace(name, value)
    before, after = template.split("{data}")
    yield before.encode()
    # A lone surrogate, as of a file name that is not UTF-8, becomes the escape that JSON has for it.
    data = _data(files, drafts, lang) | {"decided": _decided(drafts, decided)}
    yield _json(data).replace("<", "\\u003c").encode(errors="backslashreplace")
    yield after.encode()


def _part(name: str) -> str:
    data = pkgutil.get_data(__package__ or "", name)
    assert data is not None
    return data.decode()


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _decided(drafts: Sequence[Draft], decided: Sequence[Decision]) -> list[tuple[int, str, str | None]]:
    """Return the answers that are on items of the page, each with the number of the item."""
    asked = [
        decide(draft.path, draft.record, draft.text, item, Answer.REJECT).item
        for draft in drafts
        for item in draft.items
    ]
    numbers = {item: number for number, item in enumerate(asked)}
    return [(numbers[one.item], one.decision, one.text) for one in decided if one.item in numbers]


def _data(files: Sequence[Reviewed], drafts: Sequence[Draft], lang: str) -> dict[str, Any]:
    """Return what the page knows, as plain values; what is said often stands once, in `said`."""
    said: dict[Hashable, int] = {}
    numbers = {file.path: number for number, file in enumerate(files)}

    def once(value: Hashable) -> int:
        return said.setdefault(value, len(said))

    def of(item: Item, rivals: list[int]) -> list[Any]:
        findings = [
            [
                once(finding.rule),
                once(finding.message),
                [once((e.kind, e.detail, e.weight)) for e in finding.evidence],
            ]
            for finding in item.findings
        ]
        edits = [part for edit in item.edits for part in (edit.start, edit.end, edit.text)]
        span = item.span
        rules = list(map(once, item.rules))
        return [span.start, span.end, edits, rules, item.level.rank, findings, list(item.alternatives), rivals]

    told = [
        {
            "file": numbers[draft.path],
            "record": draft.record,
            "text": draft.text,
            "points": len(draft.text),
            "items": [of(*pair) for pair in zip(draft.items, rivals_of(draft.items), strict=True)],
        }
        for draft in drafts
    ]
    reviewed = [[file.path, file.digest, file.encoding, file.field] for file in files]
    return {"version": VERSION, "lang": lang, "files": reviewed, "drafts": told, "said": list(said)}
