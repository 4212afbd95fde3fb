"""Grammar engines as detectors: what they are asked, and which of their hits become findings.

An engine sees each paragraph of the reading by itself, with a noun where a hole is. Only rules that have earned
it on corrected text are heard, and of these nothing that comes near a hole.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from cleaner import article, language
from cleaner import trust as measured
from cleaner.detectors.grammar.answers import Ask
from cleaner.detectors.grammar.match import VERSIONS, Match
from cleaner.document import Document
from cleaner.edits import Taken, splice, trim
from cleaner.mask.holes import BREAK, OBJECT
from cleaner.model import Applicability, Detector, Edit, Evidence, Finding, Span, demoted

LANGUAGE = "en"  # the one that both engines are measured on

# The noun that stands for what is not prose: one and many are spelt alike, so no verb or article clashes with it.
NOUN = "sheep"
_NEAR = re.compile(r"\W*(?:[\w'’-]+\W*)?")  # one word at most


def trusted(name: str, table: Mapping[str, measured.Row], named: Collection[str] = ()) -> dict[str, Trust]:
    """Return the rules of an engine that have earned to be heard, and those named, which are shown otherwise."""
    found = {rule: Trust(Applicability.DISPLAY) for rule in named}
    for rule, row in table.items():
        is_heard = row.level is not Applicability.DISPLAY or rule in named
        if is_heard and rule.startswith(f"{name}.") and row.hash == digest(rule):
            level = Applicability.DISPLAY if rule in _OURS else row.level
            found[rule] = Trust(level, row.confidence)
    return found


def unknown(rule: str, table: Mapping[str, measured.Row]) -> str:
    """Return what is wrong with the name of an engine's rule, empty if nothing is. No engine is started for it.

    What was measured is in the table; for the rest, Harper knows all its rules by name. Of LanguageTool, many are
    not in its files: a name is wrong if it is nearly that of another rule, or none that a rule could have.
    """
    if rule in table:
        return ""
    import difflib

    from cleaner.detectors.grammar import harper, install

    engine, _, name = rule.partition(".")
    measured_names = {known.partition(".")[2] for known in table if known.startswith(f"{engine}.")}
    names = measured_names | (harper.names if engine == "harper" else install.names)()
    near = difflib.get_close_matches(name, sorted(names), cutoff=_NEARLY)
    if name in names or (engine == "languagetool" and not near and _ID.fullmatch(name)):
        return ""
    like = near or difflib.get_close_matches(name, sorted(names))
    hint = f": did you mean {' or '.join(f'{engine}.{other}' for other in like)}?" if like else ""
    return f"no rule {name!r} of {engine}{hint}"


_NEARLY = 0.9
_ID = re.compile(r"[A-Z][\w-]+")


class Trust(Struct, frozen=True):
    """What may happen to the hits of one rule, and how sure they are (None: not measured)."""

    level: Applicability
    confidence: float | None = None


def detector(
    name: str, ask: Ask, trust: Callable[[str], Trust | None], *, worth: Callable[[str], bool] | None = None
) -> Detector:
    """Make a detector of an engine: of its rules, those that `trust` knows by their ids.

    `worth` tells whether a paragraph can hold a hit; the others are not asked about.
    """

    def detect(document: Document) -> Iterator[Finding]:
        asked = list(paragraphs(document, worth))
        if not asked:
            return
        for paragraph, matches in zip(asked, ask([p.text for p in asked]), strict=True):
            for match in matches:
                rule = f"{name}.{match.rule}"
                trusted = trust(rule)
                if trusted is not None and not paragraph.is_near_noun(match.start, match.end):
                    finding = _finding(rule, match, paragraph, document, trusted)
                    if finding is not None:
                        yield finding

    return detect


def in_company(detect: Detector, rules: Sequence[Detector]) -> Detector:
    """Make the detector of an engine that does not fight: not with `rules`, and not with itself.

    A repair after which one of them wants something else in its place is only shown.
    """

    def checked(document: Document) -> Iterator[Finding]:
        pending = []
        for finding in detect(document):
            if finding.edits and finding.applicability is not Applicability.DISPLAY:
                pending.append(finding)
            else:
                yield finding
        while pending:
            taken, together, later = Taken(), list[Finding](), list[Finding]()
            for finding in pending:
                is_free = taken.is_free(finding.edits)
                (together if is_free else later).append(finding)
                if is_free:
                    taken.take(finding.edits)
            yield from _uncontested(document, together, (*rules, detect))
            pending = later

    return checked


def _uncontested(document: Document, repairs: Sequence[Finding], detectors: Sequence[Detector]) -> Iterator[Finding]:
    """Yield repairs, which do not collide; those that are not left in peace are demoted."""
    after = document.replaced(splice(document.text, [edit for finding in repairs for edit in finding.edits]))
    again = [
        (edit.start, edit.end, found.rule)
        for detect in detectors
        for found in detect(after)
        if found.applicability is not Applicability.DISPLAY
        for edit in found.edits
    ]
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    shift = 0
    for edit, number in sorted((edit, number) for number, finding in enumerate(repairs) for edit in finding.edits):
        start = edit.start + shift
        places[number].append((start, start + len(edit.text)))
        shift += len(edit.text) - (edit.end - edit.start)
    for number, finding in enumerate(repairs):
        rule = next((r for s, e, r in again for a, b in places[number] if s <= b and a <= e), "")
        yield demoted(finding, f"after the repair, {rule} would change the same place") if rule else finding


class Paragraph(Struct, frozen=True):
    """A paragraph as an engine sees it: where it starts in the reading, and where nouns were put into its text."""

    start: int
    text: str
    nouns: tuple[int, ...] = ()

    def place(self, offset: int) -> int:
        """Return the offset in the reading of an offset in `text` that is not inside such a noun."""
        before = sum(noun < offset for noun in self.nouns)
        return self.start + offset - before * (len(NOUN) - len(OBJECT))

    def is_near_noun(self, start: int, end: int) -> bool:
        """True if no more than one word stands between a stretch of `text` and such a noun."""
        if not self.nouns:
            return False
        first, last = start - _reach(self.text[:start][::-1]), end + _reach(self.text[end:])
        return any(first <= noun + len(NOUN) and noun <= last for noun in self.nouns)


def _reach(text: str) -> int:
    match = _NEAR.match(text)
    return match.end() if match else 0


def paragraphs(document: Document, worth: Callable[[str], bool] | None = None) -> Iterator[Paragraph]:
    """Yield the paragraphs of a document that are in the language of the engines, and worth asking about."""
    if document.lang != LANGUAGE:
        return
    start = 0
    for text in document.reading.text.split(BREAK):
        if text and (worth is None or worth(text)) and any(map(str.isalpha, text)) and language.is_in(text, LANGUAGE):
            yield _paragraph(start, text)
        start += len(text) + len(BREAK)


def _paragraph(start: int, text: str) -> Paragraph:
    parts = text.split(OBJECT)
    nouns, at = [], 0
    for part in parts[:-1]:
        nouns.append(at + len(part))
        at = nouns[-1] + len(NOUN)
    return Paragraph(start, NOUN.join(parts), tuple(nouns))


def _finding(rule: str, match: Match, paragraph: Paragraph, document: Document, trust: Trust) -> Finding | None:
    """Turn a hit into a finding in coordinates of the text; None if its repair meets a hole."""
    reading = document.reading
    start, end = paragraph.place(match.start), paragraph.place(match.end)
    edits: tuple[Edit, ...] = ()
    replacements = match.replacements
    if rule in _KNOWN_BETTER:
        own = _KNOWN_BETTER[rule](reading.text, start, end)
        if own is None:
            return None
        replacements = (own,)
    if replacements:
        wanted = trim(Edit(start, end, replacements[0]), reading.text)
        found = reading.source_of(article.agree(reading.text, (wanted,))) if wanted else None
        if found is None:
            return None
        edits = found
    return Finding(
        rule=rule,
        span=Span(*reading.source_span(start, end)),
        message=match.message,
        edits=edits,
        applicability=trust.level if edits else Applicability.DISPLAY,
        confidence=trust.confidence,
        evidence=(Evidence("engine", f"{rule.partition('.')[0]}: {match.category}"),),
        alternatives=replacements[1:],
    )


def _once(text: str, start: int, end: int) -> str | None:
    """Return a word that stands twice once; None if it may: names, emphasis, a clause that ends as the next begins.

    >>> [_once(t, 0, len(t)) for t in ("of of", "The the", "that that", "Saba Saba", "first FIRST")]
    ['of', 'The', None, None, None]
    """
    first, _, second = text[start:end].partition(" ")
    if first.lower() != second or second in _MAY_STAND_TWICE or text[end : end + 1] == "-":
        return None
    return first


# fmt: off
_MAY_STAND_TWICE = frozenset([
    "that", "had", "have", "is", "was", "her", "his", "it", "in", "on", "up", "out", "over", "so", "no",
    "yes", "now", "there", "here", "all", "very", "really", "many", "much", "more", "too", "far", "long",
    "never", "ever", "well", "way", "real", "new", "old", "big", "dear", "same", "different", "such", "this",
    "what", "who", "do", "did", "can", "will", "match", "work", "ha", "he", "hey", "oh", "ah", "la", "na",
    "bye", "blah", "tut", "hush", "knock", "woot", "womp",
])
# fmt: on

# Rules that find the place, but take a letter for an article, a word by its spelling, or emphasis for a slip: what is
# to stand there is asked of these, of which None is that all is well.
_KNOWN_BETTER: Mapping[str, Callable[[str, int, int], str | None]] = {
    "harper.AnA": article.corrected,
    "harper.RepeatedWords": _once,
    "languagetool.ENGLISH_WORD_REPEAT_RULE": _once,
    "languagetool.EN_A_VS_AN": article.corrected,
}

# Rules on what is ours to repair (spelling.article), which weighs what stands around: what they find besides is only
# shown, for where a translation is broken their repairs were as often away from what people made of it.
_OURS = ("harper.AnA", "languagetool.EN_A_VS_AN")


def digest(rule: str) -> str:
    """Return what stands for the content of an engine's rule in the table of trust: the version of the engine."""
    version = VERSIONS[rule.partition(".")[0]]
    return hashlib.blake2b(f"{rule} {version}".encode(), digest_size=5).hexdigest()
