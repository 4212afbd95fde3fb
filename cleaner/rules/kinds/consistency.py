"""Kind `consistency`: one name or term spelt two ways in one document; the commoner spelling wins.

Names are found without a list: capitalised words that are alike but for diacritics, a hyphen or apostrophe, one
letter, or letters that sound alike. Then what speaks against a slip is asked: both may be words that English
knows, forms of one word, or names of two people. Other spellings of one thing are named by the rule.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaner import statistics
from cleaner.document import Document
from cleaner.mask.holes import BREAK
from cleaner.model import Edit, Evidence, RuleError
from cleaner.rules.kinds.hit import Hit, Matcher
from cleaner.rules.load import ANY, Entry, RuleSet
from cleaner.rules.schema import ConsistencyRule

DIACRITICS, JOINT, LETTER, SOUND = "diacritics", "joint", "letter", "sound"

_SHORTEST = 5  # letters; shorter names have too many neighbours
_TIMES = 2  # the commoner spelling stands so many times as often as the rarer one
_ESTABLISHED = 3  # a spelling that stands so often gives way only to one that stands far more often
_FAR_MORE = 4


class Slip(NamedTuple):
    """A rare spelling of a name, and the common one it should have."""

    rare: str
    common: str
    how: str
    places: tuple[int, ...]  # where the rare one starts
    times: int  # how often the common one stands


class Mention(NamedTuple):
    """A place where a name stands, and the capitalised words beside it, empty if there is none."""

    start: int
    before: str
    after: str


def prepare(entries: Sequence[Entry], rules: RuleSet) -> Matcher:
    of_names: dict[str, list[Entry]] = defaultdict(list)
    spellings: list[Callable[[Document], Iterator[Hit]]] = []
    for entry in entries:
        assert isinstance(entry.rule, ConsistencyRule)
        if entry.rule.names:
            of_names[entry.rule.names].append(entry)
        if entry.rule.forms:
            spellings += [_of_forms(entry, forms) for forms in entry.rule.forms]
        if entry.rule.first:
            spellings.append(_of_compounds(entry, rules))

    def match(document: Document) -> Iterator[Hit]:
        for slip in slips(document) if of_names else ():
            for entry in of_names.get(slip.how, ()):
                yield from _hits(entry, slip)
        for find in spellings:
            yield from find(document)

    return match


def check(entry: Entry, rules: RuleSet) -> None:
    """Raise RuleError unless the rule says what it compares, once, with words that there are."""
    rule = entry.rule
    assert isinstance(rule, ConsistencyRule)
    where = f"{entry.path}:{entry.line}: rule {entry.id}"
    if sum(map(bool, (rule.names, rule.forms, rule.first or rule.second))) != 1:
        raise RuleError(f"{where}: a consistency rule has names:, or forms:, or first: and second:")
    for forms in rule.forms:
        if len(forms) < 2 or len({form.casefold() for form in forms}) < len(forms):
            raise RuleError(f"{where}: forms: {', '.join(forms)}: two or more different spellings are wanted")
    for field, name in (("first", rule.first), ("second", rule.second)):
        if bool(name) != bool(rule.first or rule.second) or (name and name not in _tables(entry, rules)):
            known = ", ".join(sorted(_tables(entry, rules)))
            raise RuleError(f"{where}: {field}: no word list “{name}”: there are {known}")


def _hits(entry: Entry, slip: Slip) -> Iterator[Hit]:
    evidence = (Evidence("document", _count(slip.common, slip.times, slip.rare, len(slip.places))),)
    for start in slip.places:
        end = start + len(slip.rare)
        yield Hit(entry, start, end, (Edit(start, end, slip.common),), evidence)


def _count(common: str, times: int, rare: str, rare_times: int) -> str:
    return f"“{common}” stands {_often(times)}, “{rare}” {_often(rare_times)}"


def _often(times: int) -> str:
    return {1: "once", 2: "twice"}.get(times, f"{times} times")


# --- Names


def slips(document: Document) -> Iterator[Slip]:
    """Yield the names of a document that look like slips of the pen for a commoner one."""
    text = document.reading.text
    found: dict[str, list[Slip]] = defaultdict(list)
    for rare, common, how in dict.fromkeys(_candidates(document.index.capitalised, text)):
        slip = _judged(text, rare, common, how)
        if slip is not None:
            found[rare].append(slip)
    for rivals in found.values():
        best, *others = sorted(rivals, key=lambda slip: (_NEARNESS[slip.how], -slip.times, slip.common))
        if not any(o.how == best.how and o.times * _TIMES > best.times for o in others):
            yield best


_NEARNESS = {DIACRITICS: 0, JOINT: 1, LETTER: 2, SOUND: 3}


def _candidates(counts: Mapping[str, int], text: str) -> Iterator[tuple[str, str, str]]:
    """Yield pairs of a rarer and a commoner spelling that are alike, and how they are."""
    plain, joined, marked = [], [], []
    for word in counts:
        if not word.isascii():
            marked.append(word)
        if len(word) >= _SHORTEST:
            if not word.isalpha():
                joined.append(word)
            elif word[1:].islower() or word.startswith(_GAELIC):
                plain.append(word)
    if marked:
        yield from _by_diacritics(marked, counts)
    if joined:
        yield from _by_joints(joined, counts, text)
    yield from _by_letters(plain, counts)


_GAELIC = ("Mc", "Mac")


def _by_diacritics(marked: Iterable[str], counts: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    alike: dict[str, set[str]] = defaultdict(set)
    for word in marked:
        plain = unaccented(word)
        if plain != word and len(plain) >= _SHORTEST - 1:
            alike[plain].add(word)
    for plain, words in alike.items():
        if plain in counts:
            words.add(plain)
        yield from ((rare, common, DIACRITICS) for rare, common in _ranked(words, counts))


def _by_joints(joined: Iterable[str], counts: Mapping[str, int], text: str) -> Iterator[tuple[str, str, str]]:
    """Words with a hyphen or an apostrophe inside, against the same without, with a space, or with the other."""
    alike: dict[str, set[str]] = defaultdict(set)
    for word in joined:
        parts = _JOINT.split(word)
        if len(parts) == 1 or not _is_name(parts):
            continue
        bare = "".join(parts)
        alike[bare.lower()].add(word)
        alike[bare.lower()].update(form for form in (bare, bare.capitalize()) if form in counts)
        spaced = " ".join(parts)
        if "-" in word and word.istitle() and spaced in text:
            alike[bare.lower()].add(spaced)
    for words in alike.values():
        if len({word.lower().replace("’", "'") for word in words}) > 1:
            times = {word: counts.get(word) or text.count(word) for word in words}
            yield from ((rare, common, JOINT) for rare, common in _ranked(words, times))


_JOINT = re.compile("[-'’]")
_CONTRACTED = frozenset("ll re ve d t m s".split())


def _is_name(parts: Sequence[str]) -> bool:
    """True if what is joined is more than a contraction, an abbreviation, or English words: Bi-weekly, SIG-Docs."""
    return (
        parts[-1] not in _CONTRACTED
        and all(part.isalpha() and part[1:].islower() for part in parts if len(part) > 1)
        and any(part.lower().encode() not in statistics.common() for part in parts if len(part) > 1)
    )


def _ranked(words: Iterable[str], counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    common, *others = sorted(words, key=lambda word: (-counts[word], word))
    return ((rare, common) for rare in others if counts[common] >= _TIMES * counts[rare])


def _by_letters(plain: Sequence[str], counts: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    """Pairs whose beginnings or ends agree, or that sound alike, looked at more closely."""
    shelves: dict[str, list[str]] = defaultdict(list)
    for word in plain:
        if counts[word] >= _TIMES:
            for key in _keys(word):
                shelves[key].append(word)
    if not shelves:
        return
    seen = set()
    for word in plain:
        enough = _TIMES * counts[word]
        for key in _keys(word):
            for other in shelves.get(key, ()):
                if counts[other] >= enough and (word, other) not in seen and word != other:
                    seen.add((word, other))
                    how = likeness(word, other)
                    if how:
                        yield word, other, how


def _keys(word: str) -> tuple[str, ...]:
    """Return what a word shares, one of them at least, with any word that is one edit away or sounds alike.

    An edit leaves one half of a word as it is; a first letter counts for both halves.
    """
    sound = "".join(dict.fromkeys(word.lower().translate(_CONSONANTS)))
    if len(word) < 6:
        return word[:2], word[0] + word[-2:], sound
    if len(word) > 6:
        return word[:3], word[0] + word[-3:], sound
    return word[:2], word[0] + word[-2:], word[:3], word[0] + word[-3:], sound


def _judged(text: str, rare: str, common: str, how: str) -> Slip | None:
    rarely, commonly = _mentions(text, rare), _mentions(text, common)
    few, many = len(rarely), len(commonly)
    if not few or not _outweighs(many, few):
        return None
    agree = any(a.before and a.before == b.before or a.after and a.after == b.after for a in rarely for b in commonly)
    conflict = not agree and (_differ({m.before for m in rarely}, {m.before for m in commonly})
                or _differ({m.after for m in rarely}, {m.after for m in commonly}))
    if how in (LETTER, SOUND):
        believed = _is_believed(rare, common, how, agree, conflict, many >= _FAR_MORE * few)
    else:
        believed = not conflict
    return Slip(rare, common, how, tuple(m.start for m in rarely), many) if believed else None


def _differ(some: set[str], others: set[str]) -> bool:
    some, others = some - {""}, others - {""}
    return bool(some and others and some.isdisjoint(others))


def _is_believed(rare: str, common: str, how: str, agree: bool, conflict: bool, far_more: bool) -> bool:
    word = rare.lower().encode()
    if word in statistics.words():
        # A name or word in its own right: only what stands beside it can tell that another was meant.
        return agree and word not in statistics.common()
    if how == LETTER and not agree and _is_longer(rare, common):
        return False
    if statistics.is_known(word):
        return agree or (not conflict and far_more)
    if how == LETTER and common.lower().encode() in statistics.words():
        return True
    return not conflict


def _is_longer(rare: str, common: str) -> bool:
    """True if a letter is put before a name or after it, as in the nicknames of accounts."""
    return rare[1:].lower() == common.lower() or (rare[:-1] == common and rare[-1] != common[-1])


def _mentions(text: str, name: str) -> list[Mention]:
    found = []
    for m in re.finditer(rf"(?<!\w)(?<!\w['’]){re.escape(name)}(?!\w|['’](?!s\b)\w)", text):
        before = _BEFORE.search(text, max(0, m.start() - _WINDOW), m.start())
        after = _AFTER.match(text, m.end())
        found.append(Mention(m.start(), _telling(before[1] if before else ""), _telling(after[1] if after else "")))
    return found


_WINDOW = 30  # code points, for the word before a name
_BEFORE = re.compile(r"([^\W\d_][\w’'-]*\.?) \Z")
_AFTER = re.compile(r"(?:['’]s)? ([^\W\d_]\w*(?:[’'-](?!s\b)\w+)*)")
_TITLES = frozenset(
    "Mr Mrs Ms Miss Dr Prof Professor Sir Lord Lady Sen Senator Rep Gov Governor Gen General Col Colonel Capt Captain "
    "Lt Lieutenant Sgt Rev St President Minister Secretary Chancellor Judge Justice King Queen Prince Princess".split()
)


def _telling(neighbour: str) -> str:
    """Return a neighbour if it may be a part of the name: capitalised, no title and no word as frequent as “But”."""
    word = neighbour.rstrip(".")
    if not word[:1].isupper() or word.isupper() or word in _TITLES or word.lower().encode() in statistics.frequent():
        return ""
    return word


# --- How two spellings differ


def likeness(rare: str, common: str) -> str:
    """Say how two names are alike: but for `diacritics`, one `letter`, or letters that `sound` alike; "" if not.

    >>> [likeness(*p.split()) for p in ("Rosetti Rossetti", "Mohammed Muhammad", "Kenyan Kenya", "Erdoğan Erdogan")]
    ['letter', 'sound', '', 'diacritics']
    """
    if unaccented(rare) == unaccented(common):
        return DIACRITICS
    at, old, new = _difference(rare, common)
    if not rare[at + len(old) :] and old in _ENDINGS and new in _ENDINGS:
        return ""
    if (len(old) < 2 and len(new) < 2) or (len(old) == 2 and old == new[::-1]):
        return LETTER
    if abs(len(rare) - len(common)) <= _MOST_SOUNDS and _sound(rare) == _sound(common):
        from rapidfuzz.distance import OSA

        if OSA.normalized_similarity(rare.lower(), common.lower()) >= _SIMILAR:
            return SOUND
    return ""


_MOST_SOUNDS = 3
_SIMILAR = 0.7
# Two words that differ in these ends only are forms of one word, or of a name: Iraq, Iraqi; Maria, Mario.
_ENDINGS = frozenset(["", *"aeiouynsdrh", "es", "as", "os", "is", "us", "ed", "er", "an", "en", "in", "on", "ns", "rs"])


def unaccented(word: str) -> str:
    """Return a word without diacritics.

    >>> unaccented("Erdoğan"), unaccented("Łukasz"), unaccented("Ødegård")
    ('Erdogan', 'Lukasz', 'Odegard')
    """
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word.translate(_STROKED))
    return "".join(c for c in parts if not unicodedata.combining(c))


_STROKED = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe",
     "ð": "d", "þ": "th", "Þ": "Th"}
)


def _difference(a: str, b: str) -> tuple[int, str, str]:
    """Return where two words begin to differ, and in what, to where they agree again to the end."""
    shorter = min(len(a), len(b))
    start = 0
    while start < shorter and a[start] == b[start]:
        start += 1
    end = 0
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return start, a[start : len(a) - end], b[start : len(b) - end]


@functools.lru_cache(maxsize=1024)
def _sound(word: str) -> str:
    """Return a word as its consonants sound, with one sign for any vowels between them."""
    sounds = _SILENT_H.sub("", word.lower().replace("ph", "f").replace("tch", "ch")).translate(_SOUNDS)
    return _TWICE.sub(r"\1", sounds)


_SILENT_H = re.compile(r"(?<=[bcdgkpqrtsz])h")
_TWICE = re.compile(r"(.)\1+")
_SOUNDS = str.maketrans({**dict.fromkeys("aeiouyjw", "a"), **dict.fromkeys("gqc", "k"), "z": "s", "v": "f"})
_CONSONANTS = str.maketrans({**dict.fromkeys("aeiouyjwhp"), **dict.fromkeys("gqc", "k"), "z": "s", "v": None, "f": None})


# --- Spellings that a rule names


def _of_forms(entry: Entry, forms: Sequence[str]) -> Callable[[Document], Iterator[Hit]]:
    """Find the rarer of several spellings: words in small letters, or abbreviations as they are written."""
    abbreviations = any(form != form.lower() for form in forms)
    plural = "" if abbreviations or any(form.endswith("s") for form in forms) else "(?P<s>s?)"
    spelt = {form: re.compile(rf"(?<![\w.]){re.escape(form)}{plural}(?![\w$]|\.\w)") for form in forms}
    keys = {form: max(re.findall(r"\w+", form), key=len).encode() for form in forms}

    def find(document: Document) -> Iterator[Hit]:
        text, names, words = document.reading.text, document.index.capitalised, document.reading.words
        there = [
            form
            for form in forms
            if (keys[form] in words or keys[form] + b"s" in words if not abbreviations
                else form in names if form.isalpha() else form in text)
        ]
        if len(there) < 2:
            return
        places = {form: [m for m in spelt[form].finditer(text) if not _is_shouted(text, m)] for form in there}
        ranked = sorted((form for form in there if places[form]), key=lambda form: (-len(places[form]), form))
        for rare in ranked[1:]:
            common = ranked[0]
            few, many = len(places[rare]), len(places[common])
            if many >= _FAR_MORE * few:
                evidence = (Evidence("document", _count(common, many, rare, few)),)
                for m in places[rare]:
                    new = common + (m["s"] if plural else "")
                    edit = _fitted(text, Edit(m.start(), m.end(), new))
                    if edit and not (abbreviations and _is_heading(text, m.start())):
                        yield Hit(entry, m.start(), m.end(), (edit,), evidence)

    return find


def _outweighs(many: int, few: int) -> bool:
    return many >= (_FAR_MORE if few >= _ESTABLISHED else _TIMES) * few


def _is_shouted(text: str, m: re.Match[str]) -> bool:
    """True if a word beside a match is written in capitals: so may be the match."""
    beside = _SHOUTED.match(text, m.end()) or _SHOUTED_BEFORE.search(text, max(0, m.start() - _WINDOW), m.start())
    return bool(beside and beside[1].isupper())


_SHOUTED = re.compile(r"\W{1,2}([^\W\d_]{4,})")
_SHOUTED_BEFORE = re.compile(r"([^\W\d_]{4,})\W{1,2}\Z")


def _is_heading(text: str, at: int) -> bool:
    """True if a paragraph ends without a stop: newspapers spell shorter in headlines."""
    end = text.find(BREAK, at)
    return text[at : end if end >= 0 else len(text)].rstrip(" ”\"’')*_")[-1:] not in ".!?…:;"


def _fitted(text: str, edit: Edit) -> Edit | None:
    """Return an edit that keeps one stop at the end of a sentence; None where a sentence may or may not end."""
    stop, after = text[edit.end - 1 : edit.end] == ".", text[edit.end : edit.end + _WINDOW]
    if edit.text.endswith("."):
        return Edit(edit.start, edit.end, edit.text[:-1]) if not stop and after.startswith(".") else edit
    if not stop:
        return edit
    following = _FOLLOWING.match(after)
    if following is None:
        return edit
    word = following[1] or ""
    if word and text[: edit.start].endswith(("the ", "The ")) is False:
        return edit  # U.S. Senator
    if word and word.lower().encode() not in statistics.frequent():
        return None
    return Edit(edit.start, edit.end, edit.text + ".")


# What may begin a new sentence, or end a paragraph.
_FOLLOWING = re.compile(r"[”\"’')*_]*(?: [“\"‘'(]?(?=[A-Z])(\w+)|\s*(?:\n|\Z))")


def _of_compounds(entry: Entry, rules: RuleSet) -> Callable[[Document], Iterator[Hit]]:
    """Find the rarer one of two compounds that end alike and begin with words of one row: Iranian-backed, Iran-backed."""
    assert isinstance(entry.rule, ConsistencyRule)
    tables = _tables(entry, rules)
    first: dict[str, set[str]] = defaultdict(set)
    for row in tables[entry.rule.first].rows:
        words = {cell for cell in row if cell.isalpha()}
        for word in words:
            first[word] |= words - {word}
    second = {row[0] for row in tables[entry.rule.second].rows}

    def find(document: Document) -> Iterator[Hit]:
        counts = document.index.capitalised
        for word in [word for word in counts if "-" in word]:
            beginning, _, end = word.rpartition("-")
            if end in second and beginning in first:
                others = [f"{other}-{end}" for other in first[beginning] if f"{other}-{end}" in counts]
                common = max(others, key=lambda other: (counts[other], other), default="")
                if common and _outweighs(counts[common], counts[word]):
                    places = tuple(m.start for m in _mentions(document.reading.text, word))
                    yield from _hits(entry, Slip(word, common, "", places, counts[common]))

    return find


def _tables(entry: Entry, rules: RuleSet) -> dict[str, Table]:
    return {**rules.tables.get(ANY, {}), **rules.tables.get(entry.lang, {})}
