"""A paragraph as a row of words and marks, with what stands before and after each."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from cleaner import fluency
from cleaner.mask.holes import OBJECT

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]|\w+")
_ENDS = frozenset(".!?:")
# A word that touches one of these, or a stop with more behind it, is a piece of a name, a path or an expression.
_GLUE = frozenset("_/\\@#=+~$<>|^&*%{}[]`" + OBJECT)
_EMPHASIS = frozenset("*_[]")


class Token(NamedTuple):
    """A word or a mark of a line; `plain` is the word in small letters with straight apostrophes, empty for a mark."""

    text: str
    plain: str
    start: int
    end: int


class Line:
    """The tokens of a stretch of text without breaks, which starts at `start`."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.tokens = [_token(found) for found in _TOKEN.finditer(text)]

    @cached_property
    def words(self) -> list[str]:
        """The tokens as `plain` words, empty where there is a mark."""
        return [token.plain for token in self.tokens]

    def before(self, i: int) -> list[str]:
        """Return the words, two at most, that lead up to token `i` in its sentence, `START` at its opening."""
        if i == 0:
            return [fluency.START]
        last = self.tokens[i - 1]
        if not last.plain:
            return [fluency.START] if last.text in _ENDS else []
        if i == 1:
            return [fluency.START, last.plain]
        other = self.tokens[i - 2]
        if other.plain:
            return [other.plain, last.plain]
        return [fluency.START, last.plain] if other.text in _ENDS else [last.plain]

    def after(self, i: int) -> list[str]:
        """Return the words, two at most, that follow up from token `i` on."""
        words = []
        for token in self.tokens[i : i + 2]:
            if not token.plain:
                break
            words.append(token.plain)
        return words

    def gap(self, i: int) -> str:
        """Return what stands between tokens `i` and `i + 1`."""
        return self.text[self.tokens[i].end : self.tokens[i + 1].start]

    def is_spaced(self, first: int, end: int) -> bool:
        """True if the tokens from one to another (exclusive) stand apart by a single space each."""
        return all(self.gap(i) == " " for i in range(first, end - 1))

    def is_free(self, i: int) -> bool:
        """True if a token is a word that is no piece of something longer."""
        token, text = self.tokens[i], self.text
        if not token.plain or not token.plain.replace("'", "").isalpha():
            return False
        left = text[token.start - 1] if token.start else " "
        right = text[token.end : token.end + 2]
        if left in _GLUE:
            # Emphasis and links are no glue.
            further = text[token.start - 2] if token.start > 1 else " "
            if left not in _EMPHASIS or further.isalnum():
                return False
        if right and (right[0] in _GLUE) and (right[0] not in _EMPHASIS or right[1:].isalnum()):
            return False
        if left.isalnum() or (right and right[0].isalnum()):
            return False
        if left in ".:;'’" and token.start > 1 and not text[token.start - 2].isspace():
            return False
        return not (right and right[0] in ".:(" and right[1:] and right[1].isalnum())

    def is_mentioned(self, i: int) -> bool:
        """True if a word stands alone in quotation marks: it is talked about."""
        around = self.text[max(0, self.tokens[i].start - 1) : self.tokens[i].end + 1]
        return len(around) > 1 and around[0] in "“\"‘'" and around[-1] in "”\"’'"

    def is_quoted(self, i: int) -> bool:
        """True if a token stands in a quotation, as far as the line tells."""
        before = self.text[: self.tokens[i].start]
        return before.count('"') % 2 == 1 or before.rfind("“") > before.rfind("”")

    def opens(self, i: int) -> bool:
        """True if a sentence, a quotation or a bracket opens before a token."""
        j = i - 1
        while j >= 0 and self.tokens[j].text in "“\"‘'(*_-–—[":
            j -= 1
        return j < i - 1 or j < 0 or self.tokens[j].text in ".!?:;•…|"


@functools.lru_cache(maxsize=1 << 15)
def plain(word: bytes) -> str:
    """Return a word of a passage, which is in small letters, as tokens have it."""
    return word.decode(errors="replace").replace("’", "'")


def _token(found: re.Match[str]) -> Token:
    text = found[0]
    plain = text.lower().replace("’", "'") if text[0].isalnum() or text[0] == OBJECT else ""
    return Token(text, plain, found.start(), found.end())


def lines(text: str, start: int) -> Iterable[Line]:
    """Cut a text at its breaks."""
    for part in text.split("\n"):
        if part:
            yield Line(part, start)
        start += len(part) + 1
