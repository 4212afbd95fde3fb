"""What a terminal shows of one item of a review: where it stands, its sentence with the edits marked, the reasons."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner import worddiff
from cleaner.model import Edit
from cleaner.offsets import Lines
from cleaner.render.excerpt import printable
from cleaner.render.findings import BOLD, COLOURS, DIM, style, style_marks
from cleaner.review.decisions import Answer, Decision
from cleaner.review.items import Draft, Item, sentence

_SAID = {
    Answer.ACCEPT: "accepted",
    Answer.REJECT: "rejected",
    Answer.REPLACE: "reworded",
    Answer.IGNORE: "to be ignored here",
    Answer.WORD: "to be accepted as a word",
    Answer.BASELINE: "to be known",
}


def question(draft: Draft, item: Item, decided: Decision | None, place: str, *, styled: bool) -> Iterator[str]:
    """Yield the lines; `place` says which of all items it is."""
    line, column = Lines(draft.text).position(item.span.start)
    where = ":".join(map(str, (draft.path, *[draft.record][: draft.record], line, column)))
    level = style(f"[{item.level}]", COLOURS[item.level], styled)
    yield f"{place}  {style(printable(where), BOLD, styled)}  {', '.join(item.rules)} {level}"
    for message in dict.fromkeys(finding.message for finding in item.findings):
        yield printable(message)
    if not item.findings:
        yield "it follows from other repairs of this text"
    yield ""
    yield "    " + style_marks(_marked(draft, item, decided), styled)
    yield ""
    for evidence in (evidence for finding in item.findings for evidence in finding.evidence):
        weight = f" ({evidence.weight:+.1f})" if evidence.weight else ""
        yield f"  {style(evidence.kind, DIM, styled)}: {printable(evidence.detail)}{weight}"
    for number, text in enumerate(item.alternatives[:9], 1):
        yield f"  {number}  “{printable(text)}”"
    if decided:
        yield f"  so far {_SAID[decided.decision]}"


def _marked(draft: Draft, item: Item, decided: Decision | None) -> str:
    shown = sentence(draft.text, item.span)
    edits = decided.chosen if decided and decided.decision is Answer.REPLACE else item.edits
    edits = edits or (Edit(item.span.start, item.span.end, ""),)
    moved = [Edit(edit.start - shown.start, edit.end - shown.start, edit.text) for edit in edits]
    return printable(worddiff.render(draft.text[shown.start : shown.end], moved))
