"""Choose between "a" and "an", and keep articles right when a repair changes the word behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.edits import splice
from cleaner.model import Edit

# Spelling and first sound disagree. Beginnings of words; common knowledge, as in any usage guide.
_AN_BEFORE_CONSONANT = re.compile(r"(?:heir|honest|honou?r|hour)", re.I)
_A_BEFORE_VOWEL = re.compile(
    r"(?:uni(?!n|m[amopr]|de[an]|dio|ron|ss)|un[ae]nim|use|usu|usabl|usag|utili|uten|utop|uran|ure[at]|urin|urol|ufo|ukul|ubiqu|eu|ew|"
    r"one(?!r)|once|ouija|unesco|uefa|u[kh]r|uru|ul[uy]ss)",
    re.I,
)
# Letters whose names open with a vowel: "an FBI agent", "a UN envoy".
_AN_LETTERS = frozenset("AEFHILMNORSX")
# An abbreviation said as a word says nothing by its letters; these are said as words.
_SAID_AS_WORDS = frozenset(
    [
        "NATO",
        "NASA",
        "NAFTA",
        "FIFA",
        "OPEC",
        "AIDS",
        "RAM",
        "ROM",
        "LASER",
        "RADAR",
        "SIM",
        "SARS",
        "SWAT",
        "MASH",
    ]
)
# Said letter by letter, or nobody knows how: no word of English begins so, or has no vowel ("an ssh key", "an rlib").
_NOT_SAID = re.compile(
    r"(?i:f(?![aeiouylrj])|h(?![aeiouy])|l(?![aeiouyl])|m(?![aeiouync])|n(?![aeiouyg])|r(?![aeiouyh])|"
    r"s(?![aeiouychjklmnpqtvwr])|x(?![aeiouy]))|[bcdfghj-np-tvwxz]+\Z"
)
_NEXT = re.compile(r"[ \t]+[\"“‘'(\[]?([^\W_][\w’'-]*)")
_ARTICLE = re.compile(r"(?<![\w’'-])(an?)(?= *$)", re.I)


def article_for(word: str) -> str | None:
    """Return "a" or "an" as the word sounds, None where its look does not tell.

    >>> [article_for(w) for w in ("hour", "user", "Iraqi", "European", "FBI", "UN", "1990s", "unimportant", "ssh")]
    ['an', 'a', 'an', 'a', 'an', 'a', None, 'an', None]
    """
    if not word or not word[0].isascii() or not word[0].isalpha():
        return None
    if len(word) == 1:
        return "an" if word.upper() in _AN_LETTERS else "a"
    if word.isupper() and len(word) <= 5:
        if word in _SAID_AS_WORDS:
            return "an" if word[0] in "AEIO" else "a"
        return "an" if word[0] in _AN_LETTERS else "a"
    if _AN_BEFORE_CONSONANT.match(word):
        return "an"
    if _NOT_SAID.match(word):
        return None
    if _A_BEFORE_VOWEL.match(word):
        return "a"
    if word[0] in "AEIOUaeiou":
        return "an"
    return "a"


def corrected(text: str, start: int, end: int) -> str | None:
    """Return what should stand for the article at a place; None if it is right, or no article: a letter, half an "and".

    >>> [corrected(t, 0, 2) for t in ("an house", "an historic house", "an he said", "an ssh key")]
    ['a', None, None, None]
    """
    old, word = text[start:end], _NEXT.match(text, end)
    before = text[max(0, start - _BEFORE) : start]
    if old not in ("a", "an", "A", "An") or word is None or not (_OPENING if old == "A" else _FREE).search(before):
        return None
    following = word[1].lower()
    if _NEVER_AFTER.match(following) or (len(word[1]) == 1 and word[1].islower()) or _EITHER.match(following):
        return None
    right = _right(old, text[end : end + _WINDOW])
    return None if right == old else right


_BEFORE = 4  # code points: the end of a sentence, quotation marks, a space
_FREE = re.compile(r"(?:\A|[\s\"“‘'(\[—–-])\Z")
_OPENING = re.compile(r"(?:\A|[.!?…:;•*>\n][\"”’')]?)[\s\"“‘'(\[]*\Z")  # elsewhere, a capital letter is a letter
# "an historic": the h is said or not, as one likes.
_EITHER = re.compile(r"(?:histor|hotel|hyster|habit[ua]|hallucin|heredit|heroic|herb|hilar|horrif|hypnot|hypoth)")
# Determiners, pronouns, auxiliaries, conjunctions and prepositions do not follow an article.
_NEVER_AFTER = re.compile(
    r"(?:an?|th(?:e|is|at|ese|ose|ey|em|en|an)|my|your|his|hers?|its|our|their|some|any|each|every|another|no|"
    r"i|you|s?he|it|we|me|him|us|who|whom|which|what|is|are|was|were|be|been|am|has|had|have|do|does|did|"
    r"will|would|can|could|shall|should|may|might|must|and|n?or|but|if|as|at|by|for|from|in|into|of|on|onto|"
    r"to|with|so|not)\Z"
)


def agree(text: str, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return the edits, with any article put right that stands before a word they change.

    An article counts if it stands right before an edit or closes the text of one.
    """
    out: list[Edit] = []
    for edit in sorted(edits):
        if closing := _ARTICLE.search(edit.text):
            right = _right(closing[1], text[edit.end : edit.end + _WINDOW])
            out.append(Edit(edit.start, edit.end, edit.text[: closing.start()] + right + edit.text[closing.end() :]))
            continue
        lead = _ARTICLE.search(text[max(0, edit.start - 5) : edit.start])
        if lead:
            place = max(0, edit.start - 5) + lead.start()
            end = place + len(lead[1])
            old = text[end : edit.end + _WINDOW]
            new = splice(old, [Edit(edit.start - end, edit.end - end, edit.text)])
            right = _right(lead[1], new)
            if right != lead[1] and _next(old) != _next(new):
                out.append(Edit(place, end, right))
        out.append(edit)
    return tuple(out)


_WINDOW = 40  # code points: the longest word that is looked at


def _right(article: str, after: str) -> str:
    word = _next(after)
    # Among capitals, capitals do not tell an abbreviation.
    wanted = article_for(word.lower() if article == "AN" else word)
    if wanted is None or wanted == article.lower():
        return article
    if article.isupper() and len(article) > 1:
        return wanted.upper()
    return wanted.capitalize() if article[0].isupper() else wanted


def _next(after: str) -> str:
    word = _NEXT.match(after)
    return word[1] if word else ""
