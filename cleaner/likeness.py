"""How two spellings of a name are alike: but for diacritics, a letter, or letters that sound alike."""

from __future__ import annotations

import functools
import re
import unicodedata

DIACRITICS, JOINT, LETTER, SOUND = "diacritics", "joint", "letter", "sound"


def likeness(rare: str, common: str) -> str:
    """Say how two names are alike: but for `diacritics`, one `letter`, or letters that `sound` alike; "" if not.

    >>> [likeness(*p.split()) for p in ("Rosetti Rossetti", "Mohammed Muhammad", "Iran Yemen", "Erdoğan Erdogan")]
    ['letter', 'sound', '', 'diacritics']
    """
    if abs(len(rare) - len(common)) > _MOST_SOUNDS:
        return ""
    if unaccented(rare) == unaccented(common):
        return DIACRITICS
    _, old, new = difference(rare, common)
    if (len(old) < 2 and len(new) < 2) or (len(old) == 2 and old == new[::-1]):
        return LETTER
    if sound(rare) == sound(common) and not _is_ending(rare, old, new):
        from rapidfuzz.distance import OSA

        if OSA.normalized_similarity(rare.lower(), common.lower()) >= _SIMILAR:
            return SOUND
    return ""


def _is_ending(word: str, old: str, new: str) -> bool:
    """True if two words differ to their ends, in more than vowels: Augustus, Augustish."""
    return word.endswith(old) and not set(old + new) <= {*VOWELS, "h"}


VOWELS = "aeiouy"
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


def difference(a: str, b: str) -> tuple[int, str, str]:
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
def sound(word: str) -> str:
    """Return a word as its consonants sound, with one sign for any vowels between them."""
    sounds = _SILENT_H.sub("", word.lower().replace("ph", "f").replace("tch", "ch")).translate(_SOUNDS)
    return _TWICE.sub(r"\1", sounds)


_SILENT_H = re.compile(r"(?<=[bcdgkpqrtsz])h|h(?![aeiouy])")
_TWICE = re.compile(r"(.)\1+")
_ALIKE = {**dict.fromkeys("gqc", "k"), "x": "ks", "z": "s", "v": "f", "w": "f"}
_SOUNDS = str.maketrans({**_ALIKE, **dict.fromkeys("aeiouyj", "a")})
