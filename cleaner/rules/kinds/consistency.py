"""Kind `consistency`: one name or term spelt two ways in one document; the commoner spelling wins.

Names are found without a list: capitalised words that are alike but for diacritics, a hyphen or apostrophe, one
letter, or letters that sound alike. Then what speaks against a slip is asked: both may be words that English
knows, forms of one word, or names of two people. Other spellings of one thing are named by the rule.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaner import statistics
from cleaner.document import Document
from cleaner.mask.holes import BREAK
from cleaner.model import Edit, Evidence, RuleError
from cleaner.rules.kinds.hit import Hit, Matcher
from cleaner.rules.kinds.pattern import tables_of
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.schema import ConsistencyRule

DIACRITICS, JOINT, LETTER, SOUND = "diacritics", "joint", "letter", "sound"

_SHORTEST = 4  # letters; shorter names have too many neighbours, and those of four letters have many
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


class Company(NamedTuple):
    """What the places where two spellings stand say of them."""

    agree: bool  # a part of the name beside them is the same once
    conflict: bool  # all such parts differ
    far_more: bool  # one of them stands far more often
    abroad: bool  # the rare one stands in words of another language
    alone: bool  # nothing beside the rare one may be a part of the name
    ordinary: bool  # the rare one also stands in small letters


_LONGEST = 500_000  # code points: a long novel


def prepare(entries: Sequence[Entry], rules: RuleSet) -> Matcher:
    of_names: dict[str, list[Entry]] = defaultdict(list)
    groups: list[_Forms] = []
    spellings: list[Callable[[Document], Iterator[Hit]]] = []
    for entry in entries:
        assert isinstance(entry.rule, ConsistencyRule)
        if entry.rule.names:
            of_names[entry.rule.names].append(entry)
        groups += [_Forms(entry, forms) for forms in entry.rule.forms]
        if entry.rule.first:
            spellings.append(_of_compounds(entry, rules))
    if groups:
        spellings.append(_of_forms(groups))

    def match(document: Document) -> Iterator[Hit]:
        # So long a text is many documents, where similar names are different people.
        short = len(document.reading.text) <= _LONGEST
        for slip in slips(document) if of_names and short else ():
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
        if bool(name) != bool(rule.first or rule.second) or (name and name not in tables_of(entry, rules)):
            known = ", ".join(sorted(tables_of(entry, rules)))
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
        if not any(o.how == best.how and o.times * _FAR_MORE > best.times for o in others):
            yield best


_NEARNESS = {DIACRITICS: 0, JOINT: 1, LETTER: 2, SOUND: 3}


def _candidates(counts: Mapping[str, int], text: str) -> Iterator[tuple[str, str, str]]:
    """Yield pairs of a rarer and a commoner spelling that are alike, and how they are."""
    if not text.isascii():
        yield from _by_diacritics([word for word in counts if not word.isascii()], counts)
    yield from _by_joints([word for word in counts if not word.isalpha()], counts, text)
    long = [word for word in counts if len(word) >= _SHORTEST and word.isalpha()]
    yield from _by_letters([word for word in long if word.istitle() or word.startswith(_GAELIC)], counts)


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
        if len(parts) == 1 or not _may_be_name(parts):
            continue
        bare = "".join(parts)
        spaced = " ".join(parts)
        if len(parts) == 2 and "-" in word and word.istitle() and spaced in text:
            if not any(_stands(text, part.lower()) for part in parts):
                alike[bare.lower()] |= {word, spaced}
        elif not all(part.lower().encode() in statistics.common() for part in parts if len(part) > 1):
            alike[bare.lower()] |= {word, *(form for form in (bare, bare.capitalize()) if form in counts)}
    for words in alike.values():
        if len({word.lower().replace("’", "'") for word in words}) > 1:
            times = {word: counts.get(word) or text.count(word) for word in words}
            yield from ((rare, common, JOINT) for rare, common in _ranked(words, times))


_JOINT = re.compile("[-'’]")
_CONTRACTED = frozenset(["ll", "re", "ve", "d", "t", "m", "s"])


def _may_be_name(parts: Sequence[str]) -> bool:
    """True if what is joined is neither a contraction nor an abbreviation: SIG-Docs."""
    return parts[-1] not in _CONTRACTED and all(p.isalpha() and (p[1:].islower() or len(p) == 1) for p in parts)


def _ranked(words: Iterable[str], counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    common, *others = sorted(words, key=lambda word: (-counts[word], word))
    return ((rare, common) for rare in others if counts[common] >= _TIMES * counts[rare])


def _by_letters(plain: Sequence[str], counts: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    """Pairs whose beginnings or ends agree, or that sound alike, looked at more closely.

    A rare spelling that everybody knows as a word is never a slip, and most capitalised words are such words.
    """
    everyday = statistics.common()
    doubtful = [word for word in plain if word.lower().encode() not in everyday]
    initials = {sound for word in doubtful for sound in _INITIALS.get(word[0], word[0])}
    often = [word for word in plain if counts[word] >= _TIMES and word[0] in initials]
    if not often:
        return
    shelves: dict[str | bytes, list[str]] = defaultdict(list)
    for word, skeleton in zip(often, _skeletons(often), strict=True):
        keys: tuple[str | bytes, ...] = (*_keys(word), skeleton)
        for key in keys:
            shelves[key].append(word)
    for word, skeleton in zip(doubtful, _skeletons(doubtful), strict=True):
        keys = (*_keys(word), skeleton)
        near = [other for key in keys if key in shelves for other in shelves[key]]
        initial = _INITIALS.get(word[0], word[0])
        for other in dict.fromkeys(near):
            if other[0] in initial and counts[other] >= _TIMES * counts[word] and other != word:
                how = likeness(word, other)
                if how:
                    yield word, other, how


_INITIALS = {letter: group for group in ("CGKQ", "FPVW", "SZX") for letter in group}


def _keys(word: str) -> tuple[str, ...]:
    """Return beginning and end: an edit behind the first letter leaves one of them as it is."""
    if len(word) < 6:
        return word[:2], word[-2:]
    if len(word) > 6:
        return word[:3], word[-3:]
    return word[:2], word[-2:], word[:3], word[-3:]


def _skeletons(words: Iterable[str]) -> list[bytes]:
    """Return the consonants of words, those that sound alike made one: all at once, which is faster."""
    skeletons = "\n".join(words).lower().encode().translate(_CONSONANTS, b"aeiouyjhpfvw")
    for twice, once in _DOUBLED:
        skeletons = skeletons.replace(twice, once)
    return skeletons.split(b"\n")


_CONSONANTS = bytes.maketrans(b"gqcxz", b"kkkks")  # x is ks: its s is lost, so that doubled ones are
_DOUBLED = [(bytes([c, c]), bytes([c])) for c in b"bdklmnrst"]


def _judged(text: str, rare: str, common: str, how: str) -> Slip | None:
    by_letters = how in (LETTER, SOUND)
    if by_letters and not _may_be_slip(rare, common):
        return None
    rarely = _mentions(text, rare)
    commonly = _mentions(text, common)
    few, many = len(rarely), len(commonly)
    if not few or not _outweighs(many, few):
        return None
    agree = any(
        (a.before and a.before == b.before) or (a.after and a.after == b.after) for a in rarely for b in commonly
    )
    conflict = not agree and (
        _differ({m.before for m in rarely}, {m.before for m in commonly})
        or _differ({m.after for m in rarely}, {m.after for m in commonly})
    )
    company = Company(
        agree,
        conflict,
        far_more=many >= _FAR_MORE * few,
        abroad=not all((m.before + m.after).isascii() for m in rarely),
        alone=not any(m.before or m.after for m in rarely),
        ordinary=_stands(text, rare.lower()),
    )
    if not (_is_slip(rare, common, how, company) if by_letters else _is_same_name(rare, common, how, company)):
        return None
    return Slip(rare, common, how, tuple(m.start for m in rarely), many)


def _differ(some: set[str], others: set[str]) -> bool:
    some, others = some - {""}, others - {""}
    return bool(some and others and some.isdisjoint(others))


def _is_same_name(rare: str, common: str, how: str, company: Company) -> bool:
    if company.abroad and not rare.isascii():
        return False
    return not company.conflict or (how == DIACRITICS and _is_known(common) and not _is_heard_of(rare))


def _may_be_slip(rare: str, common: str) -> bool:
    """Tell from the words alone, before anything is searched for, whether one may be a slip for the other."""
    if _is_inflected(rare, common):
        # What nobody has ever written is no form of a known word, unless a consonant makes it one: Rossettis.
        if len(rare) > len(common) or _is_heard_of(rare) or not _is_known(common):
            return False
        return len(rare) < len(common) or rare[-1] in _VOWELS
    return min(len(rare), len(common)) > _SHORTEST or not _is_heard_of(rare)


def _is_slip(rare: str, common: str, how: str, company: Company) -> bool:
    """Weigh what speaks for a slip against what speaks for two words, or for the names of two people."""
    if company.agree:
        return True
    if company.ordinary or _is_longer(rare, common) or common.lower().encode() in statistics.frequent():
        return False
    clear = company.far_more and not company.conflict
    if _is_known(rare):
        # Qaddafi for Gaddafi; but who is new in a text has a first name.
        return clear and company.alone and len(rare) > _SHORTEST + 1 and _sound(rare) == _sound(common)
    if _is_heard_of(rare) or min(len(rare), len(common)) <= _SHORTEST:
        return clear and how == LETTER
    # What nobody has ever written is no name, and no namesake of a known one.
    return not company.conflict or (how == LETTER and _is_known(common))


_VOWELS = "aeiouy"


def _is_known(word: str) -> bool:
    return word.lower().encode() in statistics.words()


def _is_heard_of(word: str) -> bool:
    return _is_known(word) or statistics.is_known(word.lower().encode())


def _is_inflected(a: str, b: str) -> bool:
    """True if two words differ in their ends only, as forms of one word do, or of a name: Iraq, Iraqi; Maria, Mario."""
    at, old, new = _difference(a, b)
    return at + len(old) == len(a) and old in _ENDINGS and new in _ENDINGS


_ENDINGS = frozenset(["", *"aeiouynsdrh", "es", "as", "os", "is", "us", "ed", "er", "an", "en", "in", "on", "ns", "rs"])


def _is_longer(rare: str, common: str) -> bool:
    """True if a letter is put before a name or after it, as in the nicknames of accounts."""
    return rare[1:].lower() == common.lower() or (rare[:-1] == common and rare[-1] != common[-1])


def _stands(text: str, word: str) -> bool:
    """True if a word stands in a text after a space."""
    at = text.find(f" {word}")
    while at >= 0 and _OPEN_AFTER.match(text, at + len(word) + 1):
        at = text.find(f" {word}", at + 1)
    return at >= 0


def _mentions(text: str, name: str) -> list[Mention]:
    found = []
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not _OPEN_BEFORE.search(text, max(0, at - 2), at) and not _OPEN_AFTER.match(text, end):
            before = _BEFORE.search(text, max(0, at - _WINDOW), at)
            after = _AFTER.match(text, end)
            found.append(Mention(at, _telling(before[1] if before else ""), _telling(after[1] if after else "")))
        at = text.find(name, end)
    return found


# A name goes on before or after: O’Brien, Rossettis.
_OPEN_BEFORE = re.compile(r"\w['’]?\Z")
_OPEN_AFTER = re.compile(r"\w|['’](?!s\b)\w")
_WINDOW = 30  # code points, for the word before a name
_BEFORE = re.compile(r"([^\W\d_][\w’'-]*\.?) \Z")
_AFTER = re.compile(r"(?:['’]s)? ([^\W\d_]\w*(?:[’'-](?!s\b)\w+)*)")
_TITLE = re.compile(
    "M(?:rs?|s|iss)|Dr|Prof(?:essor)?|Sir|Lord|Lady|Sen(?:ator)?|Rep|Gov(?:ernor)?|Gen(?:eral)?|Col(?:onel)?|Capt(?:ain)?"
    "|Lt|Lieutenant|Sgt|Rev|St|President|Minister|Secretary|Chancellor|Judge|Justice|King|Queen|Prince|Princess"
)


def _telling(neighbour: str) -> str:
    """Return a neighbour if it may be a part of the name: capitalised, no title and no word as frequent as “But”."""
    word = neighbour.rstrip(".")
    if (
        not word[:1].isupper()
        or word.isupper()
        or _TITLE.fullmatch(word)
        or word.lower().encode() in statistics.frequent()
    ):
        return ""
    return word


# --- How two spellings differ


def likeness(rare: str, common: str) -> str:
    """Say how two names are alike: but for `diacritics`, one `letter`, or letters that `sound` alike; "" if not.

    >>> [likeness(*p.split()) for p in ("Rosetti Rossetti", "Mohammed Muhammad", "Iran Yemen", "Erdoğan Erdogan")]
    ['letter', 'sound', '', 'diacritics']
    """
    if abs(len(rare) - len(common)) > _MOST_SOUNDS:
        return ""
    if unaccented(rare) == unaccented(common):
        return DIACRITICS
    _, old, new = _difference(rare, common)
    if (len(old) < 2 and len(new) < 2) or (len(old) == 2 and old == new[::-1]):
        return LETTER
    if _sound(rare) == _sound(common) and not _is_ending(rare, old, new):
        from rapidfuzz.distance import OSA

        if OSA.normalized_similarity(rare.lower(), common.lower()) >= _SIMILAR:
            return SOUND
    return ""


def _is_ending(word: str, old: str, new: str) -> bool:
    """True if two words differ to their ends, in more than vowels: Augustus, Augustish."""
    return word.endswith(old) and not set(old + new) <= {*_VOWELS, "h"}


_MOST_SOUNDS = 3
_SIMILAR = 0.7


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
    {
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "ð": "d",
        "þ": "th",
        "Þ": "Th",
    }
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


_SILENT_H = re.compile(r"(?<=[bcdgkpqrtsz])h|h(?![aeiouy])")
_TWICE = re.compile(r"(.)\1+")
_ALIKE = {**dict.fromkeys("gqc", "k"), "x": "ks", "z": "s", "v": "f", "w": "f"}
_SOUNDS = str.maketrans({**_ALIKE, **dict.fromkeys("aeiouyj", "a")})


# --- Spellings that a rule names


class _Forms:
    """Spellings of one thing: words in small letters, or abbreviations and names as they are written."""

    def __init__(self, entry: Entry, forms: Sequence[str]) -> None:
        self.entry = entry
        self.forms = forms
        self.exact = any(form != form.lower() for form in forms)
        self.plural = "" if self.exact or any(form.endswith("s") for form in forms) else "(?P<s>s?)"

    def words(self) -> Iterator[tuple[bytes, str]]:
        """Yield a word of each form as the words of a reading are, and the form."""
        for form in self.forms:
            word = max(re.findall(r"\w+", form), key=len).lower().encode()
            yield word, form
            if self.plural:
                yield word + b"s", form

    def hits(self, text: str) -> Iterator[Hit]:
        """Yield where a form stands that another one outweighs by far."""
        places = {form: self._places(form, text) for form in self.forms}
        common, *others = sorted(self.forms, key=lambda form: (-len(places[form]), form))
        many = len(places[common])
        for rare in others:
            if places[rare] and many >= _FAR_MORE * len(places[rare]):
                evidence = (Evidence("document", _count(common, many, rare, len(places[rare]))),)
                for m in places[rare]:
                    new = common + (m["s"] if self.plural else "")
                    edit = _fitted(text, Edit(m.start(), m.end(), new))
                    if edit and not (self.exact and _is_heading(text, m.start())):
                        yield Hit(self.entry, m.start(), m.end(), (edit,), evidence)

    def _places(self, form: str, text: str) -> list[re.Match[str]]:
        # What stands before is looked at last: so the spelling itself is searched for, which is fast.
        spelt = rf"{re.escape(form)}(?<![\w.]{re.escape(form)}){self.plural}(?![\w$]|\.\w)"
        return [m for m in re.finditer(spelt, text) if not _is_shouted(text, m)]


def _of_forms(groups: Sequence[_Forms]) -> Callable[[Document], Iterator[Hit]]:
    """Find the rarer of several spellings in all groups of them."""
    by_word: dict[bytes, list[tuple[int, str]]] = defaultdict(list)
    for i, forms in enumerate(groups):
        for word, form in () if forms.exact else forms.words():
            by_word[word].append((i, form))
    words = frozenset(by_word)
    exact = [forms for forms in groups if forms.exact]

    def find(document: Document) -> Iterator[Hit]:
        text, names = document.reading.text, document.index.capitalised
        there = {place for word in words & document.reading.words for place in by_word[word]}
        for i, times in Counter(i for i, _ in there).items():
            if times >= _TIMES:
                yield from groups[i].hits(text)
        for forms in exact:
            # The index tells at once where a form is missing, if it is a plain word.
            possible = [form for form in forms.forms if form in names or not form.isalpha()]
            if len(possible) >= _TIMES and sum(form in names or form in text for form in possible) >= _TIMES:
                yield from forms.hits(text)

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
    word = (following[1] or "").lower().encode()
    if word and not text.startswith(("the ", "The "), edit.start - 4):
        return edit  # U.S. Senator
    if word and word not in statistics.frequent():
        return None
    return Edit(edit.start, edit.end, edit.text + ".")


# What may begin a new sentence, or end a paragraph.
_FOLLOWING = re.compile(r"[”\"’')*_]*(?: [“\"‘'(]?(?=[A-Z])(\w+)|\s*(?:\n|\Z))")


def _of_compounds(entry: Entry, rules: RuleSet) -> Callable[[Document], Iterator[Hit]]:
    """Find the rarer of two compounds that end alike and begin with words of one row: Iranian-backed, Iran-backed."""
    assert isinstance(entry.rule, ConsistencyRule)
    tables = tables_of(entry, rules)
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
