"""Spelling and small words in context: many sources propose, one arbiter decides.

`doubt` finds the places, `sources` what may have been meant there, `evidence` what speaks for it, `arbiter` how likely
it is right. Statistics are loaded where there is a doubtful place.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleaner import article, language, trust
from cleaner.casing import carry
from cleaner.detectors.spelling import arbiter, doubt, evidence, sources, tables, typos, variants
from cleaner.detectors.spelling.sources import Place, Proposal
from cleaner.document import Document
from cleaner.model import Applicability, Edit, Finding, Span

LANG = "en"

_MESSAGES = {
    sources.NONWORD: "“{old}” is no word: “{new}”?",
    sources.REAL_WORD: "“{old}” does not fit here: “{new}”?",
    sources.AGREEMENT: "“{old}” does not go with the words around it: “{new}”?",
    sources.DOUBLED: "“{old}”: the word stands twice",
    sources.ARTICLE: "“{old}” before this sound: “{new}”?",
    sources.RUN_TOGETHER: "“{old}” is two words: “{new}”?",
    sources.SPLIT: "“{old}” is one word: “{new}”?",
}
RULES = (*(f"spelling.{name}" for name in _MESSAGES), variants.RULE)


def detect(document: Document) -> Iterator[Finding]:
    """Find words that are misspelt, mistaken, doubled, left out or run together."""
    if document.lang != LANG:
        return
    seen = set()
    for place in doubt.places(document):
        for finding in _judge(document, place):
            # Two words that are one are looked at twice.
            if finding.edits not in seen:
                seen.add(finding.edits)
                yield finding
    yield from variants.detect(document)


def span_of(place: Place, proposal: Proposal) -> tuple[int, int]:
    """Return where a proposal changes something, in code points of the reading."""
    tokens, shift = place.line.tokens, place.line.start
    return tokens[proposal.first].start + shift, tokens[proposal.last - 1].end + shift


def edit_of(place: Place, proposal: Proposal) -> Edit:
    """Return what a proposal does to the reading, the letter case carried over."""
    text = place.document.reading.text
    start, end = span_of(place, proposal)
    if proposal.words:
        return Edit(start, end, _in_case_of(text[start:end], " ".join(proposal.words)))
    if start and text[start - 1] == " ":
        return Edit(start - 1, end, "")
    return Edit(start, end + text.startswith(" ", end), "")


def _in_case_of(old: str, new: str) -> str:
    """Carry the case over, letter by letter where there are capitals inside: WebSokcet, WebSocket."""
    name, genitive, rest = new.partition(typos.GENITIVE)
    if name in tables.cased() and old != old.lower() and not old.isupper():
        return tables.cased()[name] + genitive + rest
    if old[1:] == old[1:].lower() or old.isupper():
        return carry(old, new)
    from rapidfuzz.distance import Indel

    steps = Indel.opcodes(old.lower(), new)
    return "".join(old[s.src_start : s.src_end] if s.tag == "equal" else new[s.dest_start : s.dest_end] for s in steps)


def is_in(document: Document, place: Place) -> bool:
    """True unless the paragraph of a place is in another language."""
    paragraph = document.reading.paragraph(place.line.start)
    return language.is_in(document.reading.text[paragraph.start : paragraph.end], LANG)


def _judge(document: Document, place: Place) -> Iterator[Finding]:
    weighed = evidence.weigh(place, sources.proposals(place))
    alone = [(arbiter.probability(p.rule, found), p, found) for p, found in weighed]
    judged = sorted((j for j in alone if j[0] >= arbiter.DISPLAY), key=lambda j: (-j[0], j[1]))
    if not judged:
        return
    confidence, proposal, found = judged[0]
    # What another rule makes of the place may be the same.
    confidence = arbiter.among(confidence, [p for p, other, _ in alone if other[1:] != proposal[1:]])
    if confidence < arbiter.DISPLAY:
        return
    if place.is_name and confidence < trust.UNSAFE:
        return  # nobody is asked whether a name is one
    start, end = span_of(place, proposal)
    text = document.reading.text
    edits = document.reading.source_of(article.agree(text, [edit_of(place, proposal)]))
    if edits is None or not is_in(document, place):
        return
    yield Finding(
        rule=f"spelling.{proposal.rule}",
        span=Span(*document.reading.source_span(start, end)),
        message=_MESSAGES[proposal.rule].format(old=text[start:end], new=" ".join(proposal.words)),
        edits=edits,
        applicability=_level(place, proposal, confidence),
        confidence=round(confidence, 3),
        evidence=arbiter.reasons(proposal.rule, found, confidence),
        alternatives=tuple(" ".join(p.words) for _, p, _ in judged[1:] if span_of(place, p) == (start, end)),
    )


def _level(place: Place, proposal: Proposal, confidence: float) -> Applicability:
    level = arbiter.level(proposal.rule, confidence)
    # A capital amid a sentence may be somebody's, however much it looks like a slip.
    return Applicability.UNSAFE if place.is_name and level is Applicability.SAFE else level
