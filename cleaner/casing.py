"""Carry the letter case of a text over to its replacement."""

from __future__ import annotations


def carry(old: str, new: str) -> str:
    """Give `new` the case of `old`: all capitals, a capital first letter, or as written.

    >>> carry("AIR STRICTS", "air strikes")
    'AIR STRIKES'
    >>> carry("Told a", "said in a")
    'Said in a'
    >>> carry("told a", "U.S. told a")
    'U.S. told a'
    """
    letters = [c for c in old if c.isalpha()]
    if not letters or not new:
        return new
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return new.upper()
    if letters[0].isupper():
        return capitalise(new)
    return new


def capitalise(text: str) -> str:
    """Make the first letter a capital and leave the rest (unlike `str.capitalize`)."""
    for i, c in enumerate(text):
        if c.isalpha():
            return text[:i] + c.upper() + text[i + 1 :]
    return text
