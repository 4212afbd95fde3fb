"""Words that are taken for others, and the words beside them that show it, from `rules/en/spelling/cues.csv`."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from cleaner import cache, statistics
from cleaner.detectors.spelling import tables
from cleaner.detectors.spelling.line import Line, plain

Phrase = tuple[str, ...]


class Cue(NamedTuple):
    """A word that is not meant if one of the phrases stands before it, and one behind it; no phrases: whatever does."""

    word: Phrase
    meant: Phrase
    before: frozenset[Phrase]
    after: frozenset[Phrase]
    but: frozenset[Phrase]  # what may stand behind it if it is meant
    leads: frozenset[str]  # the last words of the phrases before
    follows: frozenset[str]  # the first words of those behind

    def may_fit(self, before: str, behind: str) -> bool:
        """True if the words beside a word let the phrases be there: most cues end here."""
        return (not self.before or before in self.leads) and (not self.after or behind in self.follows)

    def fits(self, words: Sequence[str], at: int) -> bool:
        """True if a word and those beside it, all in small letters, are what they must be, whatever is between them."""
        end = at + len(self.word)
        return (
            tuple(words[at:end]) == self.word
            and bool(not self.before or _starts(self.before, words, at))
            and bool(not self.after or _ends(self.after, words, end))
        )

    def holds(self, line: Line, at: int) -> bool:
        """True if a line has the word at a token, and beside it what shows that it is not meant."""
        words, end = line.words, at + len(self.word)
        return (
            self.fits(words, at)
            and _stand_free(line, at, end)
            and (not self.before or any(_stand_free(line, i, at + 1) for i in _starts(self.before, words, at)))
            and (not self.after or any(_stand_free(line, end - 1, i) for i in _ends(self.after, words, end)))
            and not any(line.is_spaced(end - 1, i) for i in _ends(self.but, words, end))
        )


def _stand_free(line: Line, first: int, end: int) -> bool:
    """True if single spaces part some tokens, and no hyphen joins them to others: `well-being` has no verb."""
    around = line.text[line.tokens[first].start - 1 : line.tokens[end - 1].end + 1]
    return line.is_spaced(first, end) and "-" not in around[:1] + around[-1:]


def _starts(phrases: frozenset[Phrase], words: Sequence[str], end: int) -> list[int]:
    """Return where the phrases begin that end before a word."""
    return [end - n for n in _lengths(phrases) if n <= end and tuple(words[end - n : end]) in phrases]


def _ends(phrases: frozenset[Phrase], words: Sequence[str], start: int) -> list[int]:
    """Return where the phrases end that begin at a word."""
    return [start + n for n in _lengths(phrases) if tuple(words[start : start + n]) in phrases]


@functools.lru_cache(maxsize=1 << 10)
def _lengths(phrases: frozenset[Phrase]) -> Sequence[int]:
    return sorted({len(phrase) for phrase in phrases})


def at(line: Line, token: int) -> Iterator[Cue]:
    """Yield the cues that hold at a token of a line."""
    words = line.words
    for cue in _by_word().get(words[token], ()):
        if cue.may_fit(_word(words, token - 1), _word(words, token + len(cue.word))) and cue.holds(line, token):
            yield cue


def _word(words: Sequence[str], i: int) -> str:
    return words[i] if 0 <= i < len(words) else ""


def may_hold(words: Sequence[bytes], at: int) -> bool:
    """True if a cue may hold at a word of a passage."""
    found = _by_word().get(plain(words[at]))
    if not found:
        return False
    before, behind = (plain(words[at - 1]) if at else ""), [plain(word) for word in words[at : at + _LONGEST + 1]]
    left = [cue for cue in found if cue.may_fit(before, _word(behind, len(cue.word)))]
    if not left:
        return False
    first = max(0, at - _FAR)
    near = [*map(plain, words[first:at]), *behind, *map(plain, words[at + len(behind) : at + _FAR])]
    return any(cue.fits(near, at - first) for cue in left)


_FAR = 8  # words, more than any phrase has
_LONGEST = 4  # words that are taken for others together


def opening() -> Set[bytes]:
    """Return the words, in UTF-8, that make a cue worth looking for with one of the words `beside` them."""
    return _pairs().keys()


@functools.lru_cache(maxsize=1 << 10)
def beside(word: bytes) -> frozenset[bytes]:
    """Return the words behind one of the `opening` words that make a cue worth looking for.

    A word with an apostrophe stands there in both ways to write it.
    """
    return frozenset(_pairs()[word].split())


@functools.cache
def _pairs() -> Mapping[bytes, bytes]:
    """Return a line of words for each word: compiled once, for the same tables."""
    path = cache.place("statistics", f"cues-{_FORMAT}-{tables.version('cues.csv', 'forms.csv', 'nouns.csv')}")
    lines = cache.text(cache.made(path, lambda: b"".join(_compiled()))).encode().split(b"\n")
    return {word: rest for word, _, rest in (line.partition(b" ") for line in lines) if word}


_FORMAT = 1  # to be raised when what is compiled is compiled otherwise


def _compiled() -> Iterator[bytes]:
    found: dict[bytes, set[bytes]] = {}
    for before, words, _, after in tables.cues():
        behind = "" if after.startswith("!") else after
        parts = words.split()
        sides = [(before, words)] if before else []
        sides += [(words, behind)] if behind else []
        if len(parts) > 1:
            sides = [(parts[0], parts[1])]
        # Where fewer such pairs stand in English, there is less to look at.
        _, left, right = min((_count(*side), *side) for side in sides)
        for word in _written(left, last=len(parts) == 1):
            found.setdefault(word, set()).update(_written(right))
    return (b" ".join((word, *sorted(found[word]))) + b"\n" for word in sorted(found))


def _count(left: str, right: str) -> int:
    wanted = _written(right)
    count = 0
    for word in _written(left, last=True):
        following = statistics.following().of(word)
        count += sum(following.get(other, 0) for other in wanted)
    return count


def _written(alternatives: str, *, last: bool = False) -> frozenset[bytes]:
    """Return the first words of phrases, or the last ones, in all ways to write them."""
    return frozenset(way for phrase in _phrases(alternatives) for way in _ways(phrase[-1 if last else 0]))


def _ways(word: str) -> set[bytes]:
    return {word.encode(), word.replace("'", "’").encode()}


@functools.cache
def _by_word() -> Mapping[str, Sequence[Cue]]:
    found: dict[str, list[Cue]] = {}
    for before, words, meant, after in tables.cues():
        ahead, behind = _phrases(before), _phrases("" if after.startswith("!") else after)
        but = _phrases(after[1:] if after.startswith("!") else "")
        leads, follows = _words(ahead, -1), _words(behind, 0)
        for word, other in _forms(words, meant):
            if word != other:  # a participle may be like the verb: put, read
                found.setdefault(word[0], []).append(Cue(word, other, ahead, behind, but, leads, follows))
    return found


@functools.lru_cache(maxsize=64)
def _words(phrases: frozenset[Phrase], at: int) -> frozenset[str]:
    return frozenset(phrase[at] for phrase in phrases)


@functools.lru_cache(maxsize=64)
def _phrases(alternatives: str) -> frozenset[Phrase]:
    phrases = (phrase for phrase in alternatives.split("|") if phrase)
    return frozenset(word for phrase in phrases for word, _ in _forms(phrase, phrase))


def _forms(word: str, meant: str) -> list[tuple[Phrase, Phrase]]:
    """Return a word and what is meant by it, or all forms of a kind, each with the form of the same verb or noun."""
    kind = word.strip("{}")
    if kind == word:
        return [(tuple(word.split()), tuple(meant.split()))]
    rows = tables.nouns() if kind in ("singular", "plural") else tables.verbs()
    return [((forms[kind],), tuple(meant.format(**forms).split())) for forms in rows if forms.get(kind)]
