"""Names of a document that look like slips of the pen for a commoner one.

They are found without a list: capitalised words that are alike but for diacritics, a hyphen or apostrophe, one
letter, or letters that sound alike. Then what speaks against a slip is asked: both may be words that English
knows, forms of one word, or names of two people.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaner import statistics
from cleaner.document import Document
from cleaner.likeness import DIACRITICS, JOINT, LETTER, SOUND, VOWELS, difference, likeness, sound, unaccented

_SHORTEST = 4  # letters; shorter names have too many neighbours, and those of four letters have many
TIMES = 2  # the commoner spelling stands so many times as often as the rarer one
_ESTABLISHED = 3  # a spelling that stands so often gives way only to one that stands far more often
FAR_MORE = 4


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
        if not any(o.how == best.how and o.times * FAR_MORE > best.times for o in others):
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
    return ((rare, common) for rare in others if counts[common] >= TIMES * counts[rare])


def _by_letters(plain: Sequence[str], counts: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    """Pairs whose beginnings or ends agree, or that sound alike, looked at more closely.

    A rare spelling that everybody knows as a word is never a slip, and most capitalised words are such words.
    """
    everyday = statistics.common()
    doubtful = [word for word in plain if word.lower().encode() not in everyday]
    initials = {sound for word in doubtful for sound in _INITIALS.get(word[0], word[0])}
    often = [word for word in plain if counts[word] >= TIMES and word[0] in initials]
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
            if other[0] in initial and counts[other] >= TIMES * counts[word] and other != word:
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
    rarely = mentions(text, rare)
    commonly = mentions(text, common)
    few, many = len(rarely), len(commonly)
    if not few or not outweighs(many, few):
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
        far_more=many >= FAR_MORE * few,
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
        return len(rare) < len(common) or rare[-1] in VOWELS
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
        return clear and company.alone and len(rare) > _SHORTEST + 1 and sound(rare) == sound(common)
    if _is_heard_of(rare) or min(len(rare), len(common)) <= _SHORTEST:
        return clear and how == LETTER
    # What nobody has ever written is no name, and no namesake of a known one.
    return not company.conflict or (how == LETTER and _is_known(common))


def _is_known(word: str) -> bool:
    return word.lower().encode() in statistics.words()


def _is_heard_of(word: str) -> bool:
    return _is_known(word) or statistics.is_known(word.lower().encode())


def _is_inflected(a: str, b: str) -> bool:
    """True if two words differ in their ends only, as forms of one word do, or of a name: Iraq, Iraqi; Maria, Mario."""
    at, old, new = difference(a, b)
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


def mentions(text: str, name: str) -> list[Mention]:
    found = []
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not _OPEN_BEFORE.search(text, max(0, at - 2), at) and not _OPEN_AFTER.match(text, end):
            before = _BEFORE.search(text, max(0, at - WINDOW), at)
            after = _AFTER.match(text, end)
            found.append(Mention(at, _telling(before[1] if before else ""), _telling(after[1] if after else "")))
        at = text.find(name, end)
    return found


# A name goes on before or after: O’Brien, Rossettis.
_OPEN_BEFORE = re.compile(r"\w['’]?\Z")
_OPEN_AFTER = re.compile(r"\w|['’](?!s\b)\w")
WINDOW = 30  # code points, for the word before a name
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


def outweighs(many: int, few: int) -> bool:
    return many >= (FAR_MORE if few >= _ESTABLISHED else TIMES) * few
