"""What can be learnt from corrections that people made: rules, names and words, proposed for a person to accept.

Two versions of texts are lined up, line by line and word by word. What was put in the place of what is counted, and
so is how often the old form was left as it was: that is the false-alarm check, on the very texts at hand.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from cleaner import fluency, statistics, worddiff
from cleaner.casing import carry
from cleaner.model import Edit

_TOKEN = re.compile(r"\w+(?:[’'-]\w+)*|\s+|[^\w\s]")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_ALIKE = 0.5  # two lines with less in common are two texts, not one and its correction
_SAME = 0.75  # where lines came or went, those with more in common are taken for one and its correction
_AHEAD = 20  # lines in which a corrected one is looked for
_LONGEST = 4  # words on either side; what is longer was rewritten, not corrected
_AROUND = 30  # code points of context in an example
_SHORTEST = 4  # letters of a misspelling; a shorter one is too easily a name or a code word
_TWICE = 2  # a correction of words that may be right was made at least so often
_SURE = 0.95  # of the places where an old form stood, the share that was corrected
_PREPOSITION = re.compile(
    r"about|above|after|against|at|before|by|for|from|in|into|of|off|on|onto|over|through|to|towards?|under|upon|"
    r"with|within|without"
)
# How well a preposition follows a verb, or without one “the” (fluency.bond): “depend of” -2.1, “depend on” 4.9; “look
# for” 2.1, “look at” 4.4; “discuss about” 1.4, as “discuss the”; “talk about” 4.7, “talk the” -2.3.
_STRANGE = 0.5  # what is looser is no English
_FITTING = 1.5  # what is tighter is
_AS_WELL = -1.0  # what is that much looser is as good


class Correction(Struct, frozen=True, order=True):
    """One thing that a person changed, in the line where it stood."""

    old: str
    new: str
    before: str  # what stands before it in the line, corrected
    after: str


class Proposal(Struct, frozen=True, order=True):
    """One entry to accept; `kept` counts where the old form was left.

    `kind` is "spelling", "phrase", "name" or "frame": a verb, as dictionaries have it, and its preposition if any.
    """

    kind: str
    old: str
    new: str
    count: int
    kept: int
    example: str


def corrections(old: Sequence[str], new: Sequence[str]) -> Iterator[Correction]:
    """Yield what was corrected between the lines of two versions of a text."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "replace":
            for before, after in _paired(old[i:j], new[k:m]):
                yield from _in_line(before, after)


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the lines that belong together: each in turn, or, where some came or went, those that are much alike."""
    if len(old) == len(new):
        yield from zip(old, new, strict=True)
        return
    at = 0
    for line in new:
        for i in range(at, min(len(old), at + _AHEAD)):
            matcher = difflib.SequenceMatcher(None, old[i], line, autojunk=False)
            if matcher.quick_ratio() >= _SAME and matcher.ratio() >= _SAME:
                yield old[i], line
                at = i + 1
                break


def _in_line(old: str, new: str) -> Iterator[Correction]:
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return
    for op, i, j, k, m in _joined(matcher.get_opcodes(), a, b):
        was, becomes = "".join(a[i:j]), "".join(b[k:m])
        both = (was, becomes)
        if op in ("insert", "delete") and _PREPOSITION.fullmatch((was + becomes).strip()):
            before, after = "".join(b[:k]).rstrip(), "".join(b[m:]).lstrip()
            was, becomes = (text and f" {text.strip()}" for text in both)
            yield Correction(was, becomes, before, f" {after}")
        if op == "replace" and all(text == text.strip() and 0 < len(_WORD.findall(text)) <= _LONGEST for text in both):
            yield Correction(was, becomes, "".join(b[:k]), "".join(b[m:]))


Operation = tuple[str, int, int, int, int]


def _joined(operations: Sequence[Operation], a: Sequence[str], b: Sequence[str]) -> Iterator[Operation]:
    """Yield operations, and as one those on words of a name that follow each other."""
    pending: Operation | None = None
    for n, operation in enumerate(operations):
        op, i, j, _, m = operation
        if pending and op == "equal" and a[i:j] == [" "] and n + 1 < len(operations):
            following = operations[n + 1]
            capitals = (*a[pending[1] : pending[2]], *a[following[1] : following[2]], *b[following[3] : following[4]])
            if following[0] == "replace" and all(word[:1].isupper() for word in capitals):
                pending = "replace", pending[1], j, pending[3], m
                continue
        if pending and op == "replace" and pending[2] == i:
            pending = "replace", pending[1], j, pending[3], m
            continue
        if pending:
            yield pending
        pending = operation if op == "replace" else None
        if op != "replace":
            yield operation
    if pending:
        yield pending


def proposals(found: Iterable[Correction], corrected: Sequence[str]) -> list[Proposal]:
    """Return what corrections teach: `corrected` are the texts as people left them, to look for false alarms.

    A misspelling that no dictionary knows is proposed from its first correction on; words that may be right only
    if they were corrected at least twice, always alike. What people left in more than one place of twenty is not.
    """
    examples: dict[tuple[str, str], list[Correction]] = defaultdict(list)
    for correction in found:
        examples[_plain(correction.old), _plain(correction.new)].append(correction)
    ways = Counter(old for old, _ in examples)
    standing = Counter(word for text in corrected for word in map(_plain, _WORD.findall(text)))
    letters = {word.encode() for pair in examples for part in pair for word in _WORD.findall(part.lower())}
    unknown = {word.decode() for word in statistics.unknown(letters)}
    out = []
    for (old, new), seen in examples.items():
        kind = _kind(seen, unknown)
        if not kind or ways[old] > 1 or old == new:
            continue
        kept = standing[old] if _WORD.fullmatch(old) else _standing(old, corrected)
        if len(seen) >= (1 if kind == "spelling" else _TWICE) and len(seen) >= _SURE * (len(seen) + kept):
            forms = (old, new) if kind == "spelling" else (_written(old, seen), _written(new, seen))
            # An example in which the case changed as well would not be what the rule does.
            fitting = [c for c in seen if carry(c.old, forms[1]) == c.new]
            if fitting:
                out.append(Proposal(kind, *forms, len(seen), kept, _example(min(fitting))))
    # What leads on to another correction leads somewhere else, or round in a circle.
    olds = {_plain(proposal.old) for proposal in out}
    return sorted(proposal for proposal in out if _plain(proposal.new) not in olds)


def frames(found: Iterable[Correction], corrected: Sequence[str], forms: Mapping[str, Sequence[str]]) -> list[Proposal]:
    """Return the prepositions that corrections gave to verbs, took from them, or put in the place of others.

    `forms` are those of each verb. A correction counts if the verb does not go with the preposition in English, or not
    without; it must have been made at least twice, and not been left in more than one place of twenty.
    """
    verb_of: dict[str, str] = {}
    for verb, own in forms.items():
        for form in own:
            verb_of[form] = verb if form == verb else verb_of.get(form, verb)
    groups: dict[tuple[str, str, str], list[Correction]] = defaultdict(list)
    for correction in found:
        word = _LAST.search(correction.before)
        old, new = correction.old.strip().lower(), correction.new.strip().lower()
        is_frame = all(not text or _PREPOSITION.fullmatch(text) for text in (old, new)) and old != new
        if word and word[1].lower() in verb_of and is_frame and ((old and new) or _OBJECT.match(correction.after)):
            form = word[1].lower()
            if _is_better(form, old, new):
                groups[verb_of[form], old, new].append(correction)
    ways = Counter((verb, old) for verb, old, _ in groups)
    out = []
    for (verb, old, new), seen in groups.items():
        stands = re.compile(rf"\b(?:{'|'.join(forms[verb])})\b{_followed(old, new)}", re.I)
        kept = sum(len(stands.findall(text)) for text in corrected)
        if ways[verb, old] == 1 and len(seen) >= _TWICE and len(seen) >= _SURE * (len(seen) + kept):
            forms_of = (f"{verb} {old}".rstrip(), f"{verb} {new}".rstrip())
            out.append(Proposal("frame", *forms_of, len(seen), kept, _example(min(seen))))
    return sorted(out)


def _is_better(verb: str, old: str, new: str) -> bool:
    """True if English has a form of a verb with the one preposition (none: "") and not with the other."""
    was, becomes = (fluency.bond(verb, preposition or "the") for preposition in (old, new))
    if not new:
        return was < _FITTING and becomes >= was + _AS_WELL
    return was < _STRANGE and becomes >= _FITTING


_LAST = re.compile(r"(?<![\w’'-])([A-Za-z]+) ?\Z")
# Where a preposition comes or goes, an object must follow: “listen.” and “listen carefully” have none.
_OBJECTS = "the|an?|this|that|these|those|his|her|its|our|their|my|your|him|them|it|me|us|you|each|every|some|any|all"
_OBJECT = re.compile(rf" (?:{_OBJECTS})\b", re.I)


def _followed(old: str, new: str) -> str:
    """Return the expression of what follows a verb where its old preposition stands, or none does."""
    return (f" {old}" if old else "") + (r"\b" if old and new else rf" (?:{_OBJECTS})\b")


def _plain(text: str) -> str:
    """A form without the case of a start of a sentence or of a heading; a name keeps its capitals."""
    return text.replace("’", "'").lower()


def _written(form: str, seen: Sequence[Correction]) -> str:
    texts = [text for c in seen for text in (c.old, c.new) if _plain(text) == form]
    return Counter(texts).most_common(1)[0][0] if all(text[:1].isupper() for text in texts) else form


def _kind(seen: Sequence[Correction], unknown: set[str]) -> str:
    first = seen[0]
    old, new = _WORD.findall(_plain(first.old)), _WORD.findall(_plain(first.new))
    if not all(re.fullmatch(r"[^\W\d_]+(?:[ ’'-][^\W\d_]+)*", text) for text in (first.old, first.new)):
        return ""
    if _PREPOSITION.fullmatch(_plain(first.old)):  # whether it is right, the word before it tells: see frames
        return ""
    if all(c.new[:1].isupper() and c.old[:1].isupper() and _is_inside(c.before) for c in seen):
        return "name"
    if len(old) == len(new) == 1 and old[0] in unknown and new[0] not in unknown and len(old[0]) >= _SHORTEST:
        return "spelling" if _is_near(old[0], new[0]) else "phrase"
    return "phrase"


def _is_inside(before: str) -> bool:
    """True if a word in front says that a capital is not that of a first word."""
    return bool(re.search(r"[a-z,] $", before))


def _is_near(old: str, new: str) -> bool:
    from rapidfuzz.distance import OSA

    return OSA.distance(old, new) <= (1 if len(old) <= 5 else 2)


def _standing(old: str, texts: Sequence[str]) -> int:
    sought = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.I)
    return sum(len(sought.findall(text)) for text in texts)


def _example(correction: Correction) -> str:
    before, after = correction.before[-_AROUND:], correction.after[:_AROUND]
    if len(before) < len(correction.before):
        before = before.partition(" ")[2]
    if len(after) < len(correction.after):
        after = after.rpartition(" ")[0]
    marked = worddiff.render(correction.old, [Edit(0, len(correction.old), correction.new)])
    return (before + marked + after).strip()


def words(found: Iterable[Correction]) -> list[str]:
    """Return the words that corrections put in at least twice and that no dictionary knows: they are meant."""
    put_in = Counter(
        word
        for correction in found
        for word in _WORD.findall(correction.new)
        if len(word) >= _SHORTEST and word not in _WORD.findall(correction.old)
    )
    strange = statistics.unknown({word.lower().encode() for word in put_in})
    return sorted(word for word, count in put_in.items() if count >= _TWICE and word.lower().encode() in strange)


def rule_file(learnt: Sequence[Proposal]) -> str:
    """Return the phrases and misspellings among proposals as a file of rules; "" if there is none."""
    chosen = [proposal for proposal in learnt if proposal.kind in ("phrase", "spelling")]
    return _rules("phrase", [(p, ["    phrases:", f"      {_quoted(p.old)}: {_quoted(p.new)}"]) for p in chosen])


def frame_file(learnt: Sequence[Proposal]) -> str:
    """Return the verbs and their prepositions among proposals as a file of rules; "" if there is none."""
    chosen = [proposal for proposal in learnt if proposal.kind == "frame"]
    return _rules("frame", [(p, [f"    frame: {_quoted(_frame(p))}"]) for p in chosen])


def _frame(proposal: Proposal) -> str:
    verb, _, old = proposal.old.partition(" ")
    new = proposal.new.partition(" ")[2]
    if old and new:
        return rf"\b<{verb}> [-{old}-]{{+{new}+}}\b"
    change = f"[- {old}-]" if old else f"{{+ {new}+}}"
    return rf"\b<{verb}>{change} (?:{_OBJECTS})\b"


def _rules(kind: str, entries: Sequence[tuple[Proposal, Sequence[str]]]) -> str:
    """Return a file of rules, each with what speaks for it."""
    if not entries:
        return ""
    lines = ["# Learnt from corrections. Read each rule, and delete those that you do not want."]
    lines += [f"kind: {kind}", "rules:"]
    names: Counter[str] = Counter()
    for proposal, fields in entries:
        name = re.sub(r"[^a-z0-9]+", "-", proposal.old.lower()).strip("-") or "word"
        names[name] += 1
        good = worddiff.parse(proposal.example)[1]
        told = f"corrected {proposal.count} times, left {proposal.kept} times"
        lines += [
            f"  {name}{f'-{names[name]}' if names[name] > 1 else ''}:",
            f"    message: {_quoted(f'“{{old}}”: “{proposal.new}” is meant')}",
            f"    why: {told}",
            *fields,
            "    bad:",
            f"      - {_quoted(proposal.example)}",
            "    good:",
            f"      - {_quoted(good)}",
        ]
    return "\n".join(lines) + "\n"


def glossary_file(learnt: Sequence[Proposal]) -> str:
    """Return the names among proposals as a glossary; "" if there is none."""
    variants: dict[str, list[str]] = defaultdict(list)
    for proposal in learnt:
        if proposal.kind == "name":
            variants[proposal.new].append(proposal.old)
    lines = [f"{_quoted(name)}: [{', '.join(map(_quoted, old))}]\n" for name, old in sorted(variants.items())]
    return "# Learnt from corrections. Delete the lines that you do not want.\n" * bool(lines) + "".join(lines)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
