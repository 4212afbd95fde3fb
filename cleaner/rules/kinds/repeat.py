"""Kind `repeat`: a word, a phrase or a sentence that is said twice in a row.

A pass over the bytes of a passage, which nearly always finds nothing, tells which words and phrases may
be repeated in it; only these are then looked for in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import compress, count, islice
from operator import eq, itemgetter

from cleaner.document import EDGE, Document, Passage
from cleaner.edits import Taken
from cleaner.mask.holes import BREAK, OBJECT
from cleaner.model import Edit, Evidence
from cleaner.rules.kinds.hit import Hit, Matcher
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.schema import RepeatRule

Phrase = tuple[bytes, ...]

_LONG_NAME = 5  # letters; names that are one syllable twice are shorter
_LONG_ENOUGH = 4  # letters; a shorter word joined to itself is a particle (by and by) or a symbol
# What may not follow the second of two words: the noun that it describes (teachers and teachers' unions, a trait and
# trait objects). Short words rarely are nouns that need one.
_NO_NOUN = r"(?![\w'’-])(?! [^\W\d_]{5,}| \d)"
_SENTENCE_WORDS = 4  # a shorter one is said twice on purpose
_CLAUSE_WORDS = 4  # different ones: so many are not said twice to make a point (again and again and again)

_NO_WORDS = frozenset({EDGE, OBJECT.encode()})
_BETWEEN = rf"[^\w{OBJECT}\n]+"  # what may stand between the words of one phrase


def prepare(entries: Sequence[Entry], _rules: RuleSet) -> Matcher:
    rules = [(entry, entry.rule) for entry in entries if isinstance(entry.rule, RepeatRule)]
    longest = max((rule.longest for _, rule in rules if rule.unit == "phrase"), default=1)
    sentences = [entry for entry, rule in rules if rule.unit == "sentence"]
    joined = [(entry, rule) for entry, rule in rules if rule.joined]
    rules = [(entry, rule) for entry, rule in rules if not rule.joined]

    def match(document: Document) -> Iterator[Hit]:
        for passage in document.reading.passages:
            words = passage.words
            taken = Taken()
            for phrase in sorted({*_doubled(passage), *_echoes(words, longest)}, key=lambda p: (len(p), p)):
                wanting = [entry for entry, rule in rules if _wants(rule, phrase)]
                if wanting:
                    yield from _repeats(passage, phrase, wanting, taken)
            if sentences:
                yield from _sentences(passage, sentences)
            for entry, rule in joined:
                yield from _joined(passage, entry, rule)

    return match


def _doubled(passage: Passage) -> Iterator[Phrase]:
    return ((word,) for word in passage.doubled - _NO_WORDS)


def _echoes(words: list[bytes], longest: int) -> Iterator[Phrase]:
    """Yield the phrases of 2 to `longest` words that stand twice in a row.

    The first byte of each word, and the whole passage compared with itself shifted: as two big numbers,
    because there is no faster way to compare all words at once.
    """
    first = bytes(map(itemgetter(0), words))
    number = int.from_bytes(first, "big")
    for lag in range(2, min(longest, len(words) // 2) + 1):
        difference = (number ^ (number >> 8 * lag)).to_bytes(len(first), "big")
        at = difference.find(bytes(lag), lag)
        while at >= 0:
            phrase = tuple(words[at : at + lag])
            if words[at - lag : at] == [*phrase] and _NO_WORDS.isdisjoint(phrase) and len({*phrase}) > 1:
                yield phrase
            at = difference.find(bytes(lag), at + 1)


def _wants(rule: RepeatRule, phrase: Phrase) -> bool:
    words = [word.decode(errors="replace").replace("’", "'") for word in phrase]
    if len(words) > 1:
        telling = words if len({*words}) < _CLAUSE_WORDS else (words[0], words[-1])
        return (
            rule.unit == "phrase"
            and len(words) <= rule.longest
            and not any(word in rule.allow for word in telling)
            and sum(map(len, words)) > 2 * len(words)  # 2 x 2 x
        )
    word = words[0]
    if rule.unit == "number":
        return word.isdigit() and word not in rule.allow
    if rule.unit == "word":
        listed = word in rule.words if rule.words else word.replace("'", "").isalpha()
        return listed and word not in rule.allow
    return False


def _repeats(passage: Passage, phrase: Phrase, entries: Sequence[Entry], taken: Taken) -> Iterator[Hit]:
    """Yield where a phrase stands twice or more, alike to the punctuation, nothing but spaces between."""
    if phrase[-1] + b" " + phrase[0] not in passage.data.lower():
        return
    spelled = _BETWEEN.join(re.escape(word.decode(errors="replace")) for word in phrase)
    once = re.compile(rf"(?<!\w)(?P<phrase>{spelled})(?: +(?P=phrase)(?![\w]|[-'’]\w))+", re.I)
    for found in once.finditer(passage.text):
        place = [Edit(found.start(), found.end(), "")]
        if taken.is_free(place) and not _on_purpose(passage.text, found):
            taken.take(place)
            for entry in entries:
                yield from _hit(entry, passage, found)


def _on_purpose(text: str, found: re.Match[str]) -> bool:
    """True for short names (Lang Lang), words set off by capitals (the first FIRST), and chants (hear ye, hear ye)."""
    first, last = found["phrase"], text[found.end("phrase") : found.end()].split(" ", 1)[1]
    before = text[: found.start()].rstrip(' "“‘(')[-1:]
    opens = before in ("", BREAK, ".", "!", "?", ":", ";")
    if first.istitle() and last.istitle() and not opens and len(first) < _LONG_NAME:
        return True
    if not last.startswith(first) and not (opens and first[1:] == last[1 : len(first)]):
        return True
    return "," in first


def _hit(entry: Entry, passage: Passage, found: re.Match[str]) -> Iterator[Hit]:
    assert isinstance(entry.rule, RepeatRule)
    phrase, shift = found["phrase"], passage.start
    start, kept, end = found.start() + shift, found.end("phrase") + shift, found.end() + shift
    copies = len(re.findall(rf"(?<!\w){re.escape(phrase)}(?!\w)", found[0], re.I))
    if copies < entry.rule.copies:
        return
    # The same words are left if the first copy goes, with the space before it.
    before = len(passage.text[: found.start()].rstrip(" ")) + shift
    same = copies == 2 and found[0].endswith(phrase) and before < start and before > shift
    times = "twice" if copies == 2 else f"{copies} times"
    yield Hit(
        entry,
        start,
        end,
        (Edit(kept, end, ""),),
        (Evidence("document", f"“{phrase}” stands {times} in a row"),),
        instead=(Edit(before, kept, ""),) if same else (),
    )


def _joined(passage: Passage, entry: Entry, rule: RepeatRule) -> Iterator[Hit]:
    """Yield where a word is joined to itself: views and views; open, inclusive, inclusive and fair."""
    words = passage.words
    joints = [joint.encode() for joint in rule.joined if joint.isalpha()]
    between = compress(count(1), map(eq, words, islice(words, 2, None)))
    said = {words[i - 1] for i in between if words[i] in joints}
    marks = "".join(joint for joint in rule.joined if not joint.isalpha())
    if marks:
        said.update(phrase[0] for phrase in _doubled(passage))
    by_word = "|".join(f" {joint.decode()} " for joint in joints)
    in_list = rf"[{re.escape(marks)}] (?={{0}}(?:,| and | or ))" if marks else "(?!)"
    for word in sorted(word.decode(errors="replace") for word in said):
        if not word.isalpha() or len(word) < _LONG_ENOUGH or word in rule.allow:
            continue
        twice = re.compile(rf"(?<![\w'’-])(?P<once>{word})(?:{by_word}|{in_list.format(word)}){word}{_NO_NOUN}")
        for found in twice.finditer(passage.text):
            start, kept, end = (i + passage.start for i in (found.start(), found.end("once"), found.end()))
            evidence = (Evidence("document", f"“{found['once']}” is joined to itself"),)
            yield Hit(entry, start, end, (Edit(kept, end, ""),), evidence)


def _sentences(passage: Passage, entries: Sequence[Entry]) -> Iterator[Hit]:
    """Yield where a whole sentence stands twice."""
    if not _may_be_twice(passage.data):
        return
    parts = _END.split(passage.text)
    for sentence in {*compress(parts, map(eq, parts, islice(parts, 1, None)))}:
        if len(sentence.split()) < _SENTENCE_WORDS:
            continue
        said = re.escape(sentence)
        twice = re.compile(rf"(?:(?<=[.!?] )|^)(?P<once>{said}(?P<end>[.!?]))(?: {said}(?P=end))+", re.M)
        for found in twice.finditer(passage.text):
            start, kept, end = (i + passage.start for i in (found.start(), found.end("once"), found.end()))
            evidence = (Evidence("document", "the same sentence stands right before it"),)
            for entry in entries:
                yield Hit(entry, start, end, (Edit(kept, end, ""),), evidence)


_END = re.compile(r"[.!?](?: |\n)|\n")


def _may_be_twice(data: bytes) -> bool:
    """True unless no two sentences in a row are alike but for marks: told in a third of the time."""
    parts = data.translate(_STOPS).replace(b".\n", b"\n").replace(b". ", b"\n").split(b"\n")
    return any(compress(parts, map(eq, parts, islice(parts, 1, None))))


_STOPS = bytes.maketrans(b"!?", b"..")
