"""The tables of the family, from the folder of the shipped rules."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence

from cleaner.rules import words
from cleaner.rules.load import shipped_folder


def _rows(*name: str) -> tuple[tuple[str, ...], ...]:
    path = shipped_folder().joinpath("en", *name)
    return words.parse_table(path.read_text(encoding="utf-8"), str(path)).rows


def version(*names: str) -> str:
    """Return what changes when one of some tables does."""
    folder = shipped_folder() / "en"
    found = [path for name in names for path in (folder / "spelling" / name, folder / "words" / name) if path.is_file()]
    return hashlib.blake2b(b"\0".join(path.read_bytes() for path in found), digest_size=8).hexdigest()


def cues() -> Sequence[tuple[str, ...]]:
    """Return what shows that a word is taken for another: before, word, meant, after."""
    return _rows("spelling", "cues.csv")


@functools.cache
def verbs() -> Sequence[Mapping[str, str]]:
    """Return the forms of verbs by their kinds; a kind is left out where it could be mistaken for another."""
    found: list[dict[str, str]] = []
    for lemma, third, past, participle, gerund, noun in _rows("words", "forms.csv"):
        if lemma in _UNLIKE_OTHERS:
            continue
        forms = {"lemma": lemma, "third": third, "past": past, "participle": participle, "gerund": gerund}
        if not noun:
            forms |= {"third_only": third, "lemma_only": lemma}
            if lemma not in small_words("verb and more"):
                forms["lemma_verb"] = lemma
        if past not in (lemma, third, participle, *_ONCE_PARTICIPLES):
            forms["past_only"] = past
        if past not in (lemma, *_LEMMAS):
            forms["past_ed"] = past
        found.append(forms)
    return found


_UNLIKE_OTHERS = ("be",)
_ONCE_PARTICIPLES = ("broke", "forgot", "got", "proved", "spoke", "ate", "showed", "mowed", "sewed", "swelled")
_LEMMAS = ("lay", "saw", "found", "felt", "fell", "wound", "ground", "left", "bound")  # of other verbs, or nouns


@functools.cache
def third_persons() -> frozenset[str]:
    """Return what verbs are in the third person, as far as that is no noun."""
    return frozenset(forms["third_only"] for forms in verbs() if "third_only" in forms)


@functools.cache
def nouns() -> Sequence[Mapping[str, str]]:
    return [{"singular": singular, "plural": plural} for singular, plural in _rows("words", "nouns.csv")]


@functools.cache
def manuals() -> Mapping[str, int]:
    """Return the words that manuals use, and what power of two the number of times reaches that they do so."""
    return {word: int(times) for times, words in _rows("words", "manuals.csv") for word in words.split()}


@functools.cache
def names() -> frozenset[str]:
    """Return names of people, in small letters."""
    return frozenset(name for (line,) in _rows("spelling", "names.csv") for name in line.split())


@functools.cache
def misspelt() -> Mapping[str, str]:
    """Return words that are in use and misspelt all the same, each with what is meant: one word or two."""
    return {row[0]: row[1] for row in _rows("spelling", "misspelt.csv")}


@functools.cache
def cased() -> Mapping[str, str]:
    """Return names that have a capital inside, by what they are in small letters."""
    return {name.lower(): name for (name,) in _rows("spelling", "cased.csv")}


@functools.cache
def weights() -> Mapping[str, Mapping[str, float]]:
    """Return the weights of the evidence for each rule; what `make train` has found."""
    found: dict[str, dict[str, float]] = {}
    for rule, evidence, weight in _rows("spelling", "weights.csv"):
        found.setdefault(rule, {})[evidence] = float(weight)
    return found


@functools.cache
def saturation() -> Mapping[str, tuple[float, float]]:
    """Return for each rule the log odds above which the evidence counts by a share only, and that share."""
    return {rule: (float(above), float(share)) for rule, above, share in _rows("spelling", "saturation.csv")}


@functools.cache
def small_words(kind: str) -> frozenset[str]:
    """Return the words of a kind, as the table calls it: `never twice`, `may stand twice`, `foreign`."""
    return frozenset(word for word, kinds in _rows("spelling", "small-words.csv") if kinds == kind)


@functools.cache
def levels() -> Mapping[tuple[str, str], tuple[int, int]]:
    """Return how many repairs of a rule that earned a level, or a better one, were right and wrong, held out."""
    return {(rule, level): (int(right), int(wrong)) for rule, level, right, wrong in _rows("spelling", "levels.csv")}


@functools.cache
def variants() -> tuple[frozenset[bytes], frozenset[bytes]]:
    """Return the words that are spelt the British way, and those spelt the American way."""
    rows = _rows("spelling", "variants.csv")
    return frozenset(row[0].encode() for row in rows), frozenset(row[1].encode() for row in rows)


@functools.cache
def readings() -> Sequence[tuple[str, ...]]:
    """Return base forms with what they may be: lemma, plural, third, past, participle, gerund, also."""
    return _rows("spelling", "readings.csv")
