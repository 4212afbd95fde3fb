"""Kind `lookalike`: a word that is a near miss of the word that its neighbours call for.

Without naming words, for words that no dictionary knows and that stand once: the pair that the document
repeats (`pairs: document`), or that English at large has (`pairs: language`), tells which word was meant.
With words named (`like:` a word class, in the context of a `pattern`), for real words too.
"""

from __future__ import annotations

import functools
import string
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from cleaner import statistics
from cleaner.casing import carry
from cleaner.document import EDGE, Document, Passage
from cleaner.mask.holes import OBJECT
from cleaner.model import Edit, Evidence, RuleError
from cleaner.rules.kinds import pattern
from cleaner.rules.kinds.hit import Hit, Matcher
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.schema import LookalikeRule, PatternRule
from cleaner.rules.sieve import Sieve

_SHORTEST = 6  # letters; shorter words have too many neighbours
_SHORTEST_IN_DOCUMENT = 5  # where the document itself says the pair, twice
_MOST_SLIPS = 2
_LONG = 7  # letters from which two letters may differ
_NO_WORDS = frozenset({EDGE, OBJECT.encode()})
# Two words that differ in these only are forms of one word, or a word and its kin.
_ENDINGS = frozenset(["", "y", "n", "r", "s", "d", "al", "ed", "ee", "er", "es", "ic", "ly", "or"]) | {
    *("'s", "ees", "ers", "ful", "ing", "ion", "ise", "ism", "ist", "ity", "ive", "ize", "man", "men", "ors"),
    *("able", "ally", "ance", "ence", "ible", "ings", "ions", "ised", "iser", "ises", "ists", "ized", "izer", "izes"),
    *("ant", "ent", "ising", "izing", "less", "ment", "ments", "ness", "isation", "ization"),
}
_INFLECTIONS = ("s", "es", "d", "ed", "ing", "er", "ers", "ly")
_PREFIXES = ("un", "re", "de", "dis", "non", "pre", "mis", "over", "under", "out", "off", "on", "inter", "multi", "sub")
_STEM = 3  # letters that forms of one word share at least
_REPEATED = 2  # how often a document must say a pair
_RIVAL = 20  # times as frequent as the next candidate that is as near


class Doubtful(NamedTuple):
    """A word that no dictionary knows and that its document says once."""

    passage: Passage
    word: bytes
    start: int  # in the passage
    left: bytes  # the word before it, nothing but a space between; empty if there is none
    right: bytes


def prepare(entries: Sequence[Entry], rules: RuleSet) -> Matcher:
    named = [entry for entry in entries if isinstance(entry.rule, LookalikeRule) and entry.rule.pattern]
    in_context = _named(named, rules)
    by_pairs = [(entry, entry.rule.pairs) for entry in entries if isinstance(entry.rule, LookalikeRule)]

    def match(document: Document) -> Iterator[Hit]:
        yield from in_context(document)
        for doubtful in _doubtful(document):
            for entry, pairs in by_pairs:
                if pairs == "document" or (pairs and len(doubtful.word) >= _SHORTEST):
                    yield from _by_pairs(entry, document, doubtful, pairs)

    return match


def _doubtful(document: Document) -> Iterator[Doubtful]:
    unknown = [(passage, statistics.unknown(passage.vocabulary)) for passage in document.reading.passages]
    # A word of two passages recurs.
    passages = Counter(word for _, words in unknown for word in words) if len(unknown) > 1 else {}
    lowered = ""
    for passage, words in unknown:
        for word in sorted(words):
            if len(word) < _SHORTEST_IN_DOCUMENT or not word.isalpha() or passages.get(word, 1) > 1:
                continue
            # All small letters or all capitals: a capitalised word that no dictionary knows is a name.
            spelling = word if passage.has(word) else word.upper()
            if not passage.has(spelling):
                continue
            if statistics.is_known(word) or statistics.is_in_lexicon(_text(word)) or _is_derived(_text(word)):
                continue
            # What recurs, be it in code or a link, is a term.
            lowered = lowered or document.text.lower()
            if lowered.count(_text(word)) > 1:
                continue
            yield _with_neighbours(passage, word, spelling)


def _with_neighbours(passage: Passage, word: bytes, spelling: bytes) -> Doubtful:
    i = passage.words.index(word)
    left = passage.words[i - 1] if i else EDGE
    right = passage.words[i + 1] if i + 1 < len(passage.words) else EDGE
    data, at = passage.data.lower(), passage.data.find(spelling)
    beside_left = left not in _NO_WORDS and data[:at].endswith(left + b" ")
    beside_right = right not in _NO_WORDS and data[at + len(word) :].startswith(b" " + right)
    return Doubtful(passage, word, passage.locator()(at), left if beside_left else b"", right if beside_right else b"")


def _is_derived(word: str) -> bool:
    """True if a word is made of a known one and a prefix, or of a rare one and an ending."""
    known = statistics.words()
    rests = (word[len(p) :].encode() for p in _PREFIXES if word.startswith(p))
    if any(rest in known and rest not in statistics.frequent() for rest in rests):
        return True
    stems = [word[: -len(e)] for e in _INFLECTIONS if word.endswith(e) and len(word) - len(e) >= _STEM]
    bases = [base.encode() for stem in stems for base in (stem, stem + "e") if base.encode() in known]
    return any(base not in statistics.common() for base in bases)


def _by_pairs(entry: Entry, document: Document, doubtful: Doubtful, pairs: str) -> Iterator[Hit]:
    counts = _document_pairs(document, doubtful) if pairs == "document" else _language_pairs(doubtful)
    near = sorted(
        (distance, -count, word, pair)
        for word, (pair, count) in counts.items()
        if (distance := _distance(doubtful.word, word))
    )
    rival = _RIVAL if pairs == "language" else 1
    if not near or (len(near) > 1 and near[1][0] == near[0][0] and near[1][1] * rival <= near[0][1]):
        return
    distance, count, word, pair = near[0]
    count = -count
    if pairs == "language" and distance > 1 and _is_ambiguous(doubtful.word, word, distance):
        return
    if pairs == "document":
        evidence = Evidence("document", f"“{pair}” stands {count} times")
    else:
        evidence = Evidence("language", f"“{pair}” is a common pair of words ({count / 1e6:.0f} million on the web)")
    start = doubtful.start
    old = doubtful.passage.text[start : start + len(doubtful.word)]
    start += doubtful.passage.start
    edit = Edit(start, start + len(old), carry(old, word))
    yield Hit(entry, start, edit.end, (edit,), (evidence,))


def _is_ambiguous(word: bytes, meant: str, distance: int) -> bool:
    """True if one and many of what is meant are as near: systern may be a system, or systems."""
    other = meant.removesuffix("s") if meant.endswith("s") else meant + "s"
    return other.encode() in statistics.words() and _osa_distance()(_text(word), other) <= distance


def _document_pairs(document: Document, doubtful: Doubtful) -> dict[str, tuple[str, int]]:
    """The near misses that stand beside the same neighbours elsewhere: the pair, and how often the document says it."""
    passages = document.reading.passages
    initial, lengths = doubtful.word[0], range(len(doubtful.word) - _MOST_SLIPS, len(doubtful.word) + _MOST_SLIPS + 1)
    alike = [w for w in document.reading.words if w[0] == initial and len(w) in lengths]
    near = {w for w in alike if _distance(doubtful.word, _text(w))}
    found: dict[str, tuple[str, int]] = {}
    for word in sorted(near):
        for pair in (doubtful.left + b" " + word if doubtful.left else b"", word + b" " + doubtful.right):
            count = sum(p.data.lower().count(pair) for p in passages) if len(pair) > len(word) + 1 else 0
            if count >= _REPEATED and count > found.get(_text(word), ("", 0))[1]:
                found[_text(word)] = (_text(pair), count)
    return found


def _language_pairs(doubtful: Doubtful) -> dict[str, tuple[str, int]]:
    """The words that English puts beside the neighbours, if these have a meaning of their own."""
    found: dict[str, tuple[str, int]] = {}
    left, right = (b"" if word in statistics.frequent() else word for word in (doubtful.left, doubtful.right))
    if left:
        for w, n in statistics.following().of(left).items():
            found[_text(w)] = (f"{_text(left)} {_text(w)}", n)
    if right:
        for w, n in statistics.preceding().of(right).items():
            if n > found.get(_text(w), ("", 0))[1]:
                found[_text(w)] = (f"{_text(w)} {_text(right)}", n)
    return found


def _text(word: bytes) -> str:
    return word.decode(errors="replace")


def _distance(word: bytes, other: str) -> int:
    """How many slips lie between two words; 0 if too many, or if one is a form of the other."""
    if abs(len(other) - len(word)) > _MOST_SLIPS:
        return 0
    text = _text(word)
    most = _MOST_SLIPS if min(len(text), len(other)) >= _LONG else 1
    distance = _osa_distance()(text, other, score_cutoff=most)
    if distance > most or not other.isalpha() or other[:1] != text[:1]:
        return 0
    shared = next((i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    if any(text[k:] in _ENDINGS and other[k:] in _ENDINGS for k in range(_STEM, shared + 1)):
        return 0
    if distance > 1 and _has_nearer(text):
        return 0
    return distance


@functools.cache
def _osa_distance() -> Callable[..., int]:
    from rapidfuzz.distance import OSA  # a fortieth of a second, which most runs never need

    return OSA.distance


@functools.lru_cache(maxsize=64)
def _has_nearer(text: str) -> bool:
    """True if a known word is one slip away: then one that is two away is not what was meant."""
    known = statistics.words()
    splits = [(text[:i], text[i:]) for i in range(len(text) + 1)]
    return any(
        slip.encode() in known
        for a, b in splits
        for slip in (
            a + b[1:],
            a + b[1:2] + b[:1] + b[2:],
            *(a + letter + rest for letter in string.ascii_lowercase for rest in (b, b[1:])),
        )
        if slip != text and not text.startswith(slip)
    )


def sieves(entry: Entry, rules: RuleSet) -> tuple[Sieve, ...]:
    """Tell which words must stand side by side for the expression of a rule, if it has one, to match."""
    assert isinstance(entry.rule, LookalikeRule)
    return pattern.sieves(_as_pattern(entry), rules) if entry.rule.pattern else ()


def check(entry: Entry, rules: RuleSet) -> None:
    """Raise RuleError if the fields of the rule do not fit together."""
    rule = entry.rule
    assert isinstance(rule, LookalikeRule)
    where = f"{entry.path}:{entry.line}: rule {entry.id}"
    if bool(rule.pairs) == bool(rule.pattern) or bool(rule.pattern) != bool(rule.like):
        raise RuleError(f"{where}: expected either pairs: or both pattern: and like:")
    if rule.pattern:
        if _SLOT not in rule.pattern:
            raise RuleError(f"{where}: pattern: marks the word that is looked at as {_SLOT}")
        pattern.check(_as_pattern(entry), rules)
        _wanted(entry, rules)


_SLOT = "[-{word}-]"


def _named(entries: Sequence[Entry], rules: RuleSet) -> Matcher:
    """Words of a class that are meant where their near misses stand."""
    originals = {entry.id: entry for entry in entries}
    search = pattern.prepare([_as_pattern(entry) for entry in entries], rules)
    wanted = {entry.id: _wanted(entry, rules) for entry in entries}

    def match(document: Document) -> Iterator[Hit]:
        for hit in search(document):
            entry = originals[hit.entry.id]
            assert isinstance(entry.rule, LookalikeRule)
            old = document.reading.text[hit.start : hit.end]
            word = old.lower()
            if word in wanted[entry.id] or word in entry.rule.allow or (old[:1].isupper() and not old.isupper()):
                continue
            near = [other for other in wanted[entry.id] if _one_off(word, other)]
            if len(near) == 1:
                evidence = Evidence("table", f"“{near[0]}” is one letter off and goes with what stands beside it")
                edit = Edit(hit.start, hit.end, carry(old, near[0]))
                yield Hit(entry, hit.start, hit.end, (edit,), (evidence,))

    return match


def _as_pattern(entry: Entry) -> Entry:
    """The rule as one of kind `pattern` that finds the place of the word and leaves it as it is."""
    rule = entry.rule
    assert isinstance(rule, LookalikeRule)
    expression = rule.pattern.replace(_SLOT, _SLOT + f"{{+{pattern.SHOWN}+}}")
    as_pattern = PatternRule(message=rule.message, why=rule.why, bad=rule.bad, good=rule.good, pattern=expression)
    return msgspec.structs.replace(entry, kind="pattern", rule=as_pattern)


def _wanted(entry: Entry, rules: RuleSet) -> list[str]:
    assert isinstance(entry.rule, LookalikeRule)
    tables = pattern.tables_of(entry, rules)
    if entry.rule.like not in tables:
        raise RuleError(f"{entry.path}:{entry.line}: rule {entry.id}: like: no word list “{entry.rule.like}”")
    return [row[0] for row in tables[entry.rule.like].rows]


def _one_off(word: str, other: str) -> bool:
    if word[:1] != other[:1] or abs(len(word) - len(other)) > 1 or len(word) < _SHORTEST:
        return False
    return _osa_distance()(word, other) == 1
