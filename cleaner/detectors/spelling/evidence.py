"""What speaks for and against a candidate, as named numbers that the arbiter weighs.

A number is 0 where the evidence is absent; logarithms are natural and kept within bounds, so that no single piece
of evidence decides alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby, pairwise

from cleaner import fluency, statistics
from cleaner.detectors.spelling import agreement, slips, sources, tables, typos
from cleaner.detectors.spelling.line import Token
from cleaner.detectors.spelling.sources import Place, Proposal
from cleaner.mask.holes import OBJECT

Evidence = dict[str, float]


def weigh(place: Place, found: Mapping[Proposal, frozenset[str]]) -> list[tuple[Proposal, Evidence]]:
    """Return the proposals for a place that are worth a judgement, each with its evidence."""
    if not found:
        return []
    fits: dict[Proposal, float] = {}
    for span, at_span in groupby(sorted(found, key=_span), key=_span):
        line, old = place.line, [token.plain for token in place.line.tokens[slice(*span)]]
        before, after = line.before(span[0]), line.after(span[1])
        now = fluency.fluency(before, old, after)
        fits |= {p: fluency.fluency(before, p.words, after) - now for p in at_span}
    worth = [p for p in fits if fits[p] > _LEAST.get(p.rule, -math.inf)]
    scores = {p: fits[p] - _COST_OF_A_SLIP * _distance(place, p) + _LISTED * ("typos" in found[p]) for p in worth}
    kept = sorted(worth, key=lambda p: (-scores[p], p))[:_MOST]
    best: Sequence[Proposal] = [*kept, *(p for p in worth if "typos" in found[p] and p not in kept)]
    return [(p, _evidence(place, p, found[p], fits[p], _share(scores, p))) for p in best]


_MOST = 4
_COST_OF_A_SLIP = 4.5
_LISTED = 4.0
_LEAST = {sources.SPLIT: 0.0}


def _span(proposal: Proposal) -> tuple[int, int]:
    return proposal.first, proposal.last


def _share(scores: Mapping[Proposal, float], proposal: Proposal) -> float:
    """The log odds of a proposal against all others of its place."""
    others = [score for p, score in scores.items() if p != proposal and p.rule == proposal.rule]
    if not others:
        return 3.0
    most = max(others)
    against = most + math.log(sum(math.exp(score - most) for score in others))
    return _within(scores[proposal] - against, -3, 3)


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _distance(place: Place, proposal: Proposal) -> float:
    old = " ".join(token.plain for token in place.line.tokens[proposal.first : proposal.last])
    return slips.cost(old, " ".join(proposal.words)) if old else 1


def _evidence(place: Place, proposal: Proposal, by: frozenset[str], fit: float, share: float) -> Evidence:
    found = {"always": 1.0} | _of_rule(place, proposal)
    if proposal.rule != sources.ARTICLE:
        found["fit"] = _within(fit, -8, 12) / 4
    if proposal.rule == sources.RUN_TOGETHER:
        found["by list"] = float("list" in by)
    elif proposal.rule not in (*ALONE, sources.SPLIT):
        found |= {"share": share / 2} | {f"by {source}": 1.0 for source in by}
        found |= _neighbours(place, proposal) | _shape(place)
        words = [token for token in place.line.tokens if token.plain]
        found["short line"] = float(len(words) < _SHORT_LINE)
    return {name: value for name, value in found.items() if value}


# Of these there is one candidate at a place, and too few of them have been seen for much evidence.
ALONE = (sources.ARTICLE, sources.DOUBLED, sources.REAL_WORD, sources.AGREEMENT)


def _of_rule(place: Place, proposal: Proposal) -> Evidence:
    if proposal.rule == sources.NONWORD:
        old, new = place.word, proposal.words[0]
        if old.endswith(typos.GENITIVE) and new.endswith(typos.GENITIVE):
            old, new = old.removesuffix(typos.GENITIVE), new.removesuffix(typos.GENITIVE)
        return _slip(old, new) | _unknown(place, old, new)
    if proposal.rule == sources.RUN_TOGETHER:
        return _run_together(place, proposal)
    if proposal.rule == sources.REAL_WORD:
        return _cued(place)
    if proposal.rule == sources.AGREEMENT:
        doubts = {doubt.meant: doubt.why for doubt in agreement.at(place.line, place.at)}
        return _cued(place) | {doubts[proposal.words[0]]: 1.0}
    if proposal.rule == sources.DOUBLED:
        return _twice(place)
    if proposal.rule == sources.ARTICLE:
        return _sounds(place)
    return _in_two(place, proposal)


def _run_together(place: Place, proposal: Proposal) -> Evidence:
    """Two words without a space, which many take for one word where both have a meaning."""
    rarity = statistics.rarity(place.word)
    return {
        "small words": float(sum(word in _SMALL for word in proposal.words)),
        "rarer part": max(map(statistics.rarity, proposal.words)) / 100 - 4,
        "shorter part": min(4, *map(len, proposal.words)) - 2.0,
        "strongest pair new": _neighbours(place, proposal).get("strongest pair new", 0.0),
        "used by some": (statistics.UNHEARD - rarity) / 100,
        "used by many": max(0, 650 - rarity) / 100,
        "unheard": float(rarity == statistics.UNHEARD),
        "in lexicon": float(statistics.is_in_lexicon(place.word)),
    }


def _in_two(place: Place, proposal: Proposal) -> Evidence:
    """One word with a space inside; a piece that is no word tells most."""
    pieces = [token.plain for token in place.line.tokens[proposal.first : proposal.last]]
    known = statistics.dictionary()
    return {
        "rarity of candidate": statistics.rarity(proposal.words[0]) / 100 - 5,
        "piece that is no word": float(sum(piece.encode() not in known for piece in pieces)),
        "single letter": float(min(map(len, pieces)) == 1),
    }


def _cued(place: Place) -> Evidence:
    line, at = place.line, place.at
    near = [t.plain for t in line.tokens[max(0, at - 3) : at + 4] if t.plain]
    return {
        "capital": float(place.is_name),
        "in capitals": float(len(place.word) > 1 and line.tokens[at].text.isupper()),
        "strange neighbours": float(sum(not fluency.knows(word) for word in near)),
    }


def _twice(place: Place) -> Evidence:
    line, at = place.line, place.at
    pair = [line.tokens[at - 1].text, line.tokens[at].text]
    words = [*line.before(at - 1)[-1:], *line.after(at + 1)[:1]]
    return {
        "never twice": float(place.word in tables.small_words("never twice")),
        "may stand twice": float(place.word in tables.small_words("may stand twice")),
        "a word with a meaning": float(place.word.encode() not in statistics.frequent()),
        "name": float(pair[1] != pair[1].lower()),
        "other case": float(pair[0] != pair[1] and not line.opens(at - 1)),
        "hyphen": float("-" in line.text[line.tokens[at - 1].start - 1 : line.tokens[at].end + 1]),
        "between words": len(words) / 2,
    }


def _sounds(place: Place) -> Evidence:
    """What stands behind an article, as far as it may sound otherwise than it looks."""
    token = place.line.tokens[place.at + 1]
    if token.text == OBJECT:
        return {"code behind": 1.0}
    found = {}
    if place.word == "an":  # which may stand for `and` or `as`
        found = {"for an": 1.0, "pair new": _within(fluency.bond("a", token.plain), -3, 4) / 2}
    return found | {
        "capital behind": float(token.text[0].isupper() and not token.text.isupper()),
        "capitals behind": float(token.text.isupper()),
        "unknown behind": float(token.plain.encode() not in statistics.dictionary()),
        "h behind": float(token.plain[0] == "h"),
        "u behind": float(token.plain[0] in "ueo" and token.plain[:2] in ("un", "us", "eu", "ur", "ut", "uk", "on")),
        "short behind": float(len(token.plain) < 4),
        "capital": float(place.line.tokens[place.at].text[0].isupper()),
    }


_SHORT_LINE = 5
# Words that make no compounds with the word beside them.
_SMALL = frozenset({"a", "an", "and", "are", "as", "at", "be", "but", "can", "do", "for", "from", "had", "has", "have"})
_SMALL |= {"he", "if", "in", "is", "it", "its", "may", "no", "not", "of", "on", "or", "our", "she", "so", "than"}
_SMALL |= {"that", "the", "their", "then", "these", "they", "this", "to", "us", "was", "we", "were", "which", "will"}
_SMALL |= {"should", "could", "been", "with", "would", "you", "your"}


def _neighbours(place: Place, proposal: Proposal) -> Evidence:
    line = place.line
    before, after = line.before(proposal.first), line.after(proposal.last)
    old = [token.plain for token in line.tokens[proposal.first : proposal.last]]
    new = proposal.words
    found = {}
    left, right = before[-1:], after[:1]
    lines = {"old": [*left, *old, *right], "new": [*left, *new, *right]}
    for name, words in lines.items():
        bonds = [fluency.bond(a, b) for a, b in pairwise(words)]
        if bonds:
            found[f"weakest pair {name}"] = _within(min(bonds), -3, 4) / 2
            found[f"strongest pair {name}"] = _within(max(bonds), -3, 6) / 2
    known = sum(word != fluency.START and fluency.knows(word) for word in (*before, *after))
    found["known neighbours"] = known / 2
    found["opens"] = float(before[:1] == [fluency.START] and len(before) == 1)
    near = line.tokens[max(0, proposal.first - 4) : proposal.last + 4]
    strange = [t for t in near if t.plain and t.plain != place.word and not fluency.knows(t.plain)]
    found["strange neighbours"] = min(len(strange), 3.0)
    return found


def _shape(place: Place) -> Evidence:
    token, line = place.line.tokens[place.at], place.line
    text = token.text
    capital = text[0].isupper()
    marks = line.text[max(0, token.start - 1) : token.start] + line.text[token.end : token.end + 1]
    capitals = text.isupper() and len(text) > 1
    return {
        "capitals": float(capitals),
        "name": float(place.is_name),
        "beside a name": float(place.is_name and _is_beside(place, _is_capital)),
        "beside a person": float(place.is_name and _is_beside(place, _is_person)),
        "capital": float(capital and not capitals and not line.opens(place.at)),
        "opening capital": float(capital and not capitals and line.opens(place.at)),
        "capital inside": float(not text.isupper() and text[1:] != text[1:].lower()),
        "hyphen": float("-" in marks),
        "quoted": float(any(mark in "“”\"‘'" for mark in marks)),
        "emphasis": float(any(mark in "*_" for mark in marks)),
        "apostrophe": float("'" in token.plain),
    }


def _is_beside(place: Place, ask: Callable[[Token], bool]) -> bool:
    """True if the word before or behind is so: `Zhang Changning`."""
    line, at = place.line, place.at
    beside = [i for i in (at - 1, at + 1) if 0 <= i < len(line.tokens) and line.gap(min(i, at)) == " "]
    return any(ask(line.tokens[i]) for i in beside)


def _is_capital(token: Token) -> bool:
    return token.text[0].isupper() and token.text != "I"


def _is_person(token: Token) -> bool:
    return _is_capital(token) and token.plain in tables.names()


def _unknown(place: Place, word: str, meant: str) -> Evidence:
    line, at = place.line, place.at
    beside = [*line.before(at)[-1:], *line.after(at + 1)[:1]]
    rarity = statistics.rarity(word)
    said = place.document.reading.words
    listed = float(bool(typos.corrections([word])))
    found = {
        "used by some": (statistics.UNHEARD - rarity) / 100,
        "used by many": max(0, 650 - rarity) / 100,
        "name used by some": (statistics.UNHEARD - rarity) / 100 if place.is_name else 0.0,
        "in the model": float(fluency.knows(word)),
        "recurs": math.log2(place.times),
        "derived": float(sources.is_derived(word)),
        "of two words": float(sources.is_compound(word)),
        "short": max(0, 6 - len(word)) / 2,
        "long": max(0, len(word) - 8) / 4,
        "listed by typos": listed,
        "listed, used by some": listed * (statistics.UNHEARD - rarity) / 100,
        "plural of a known": float(word.endswith("s") and statistics.rarity(word[:-1]) < 700),
        "in dictionary": float(word.encode() in statistics.dictionary()),
        "foreign neighbours": float(any(other in tables.small_words("foreign") for other in beside)),
        "behind a hyphen": float(line.text[line.tokens[at].start - 1 : line.tokens[at].start] == "-"),
        "not ASCII": float(not word.isascii()),
        "unheard": float(rarity == statistics.UNHEARD),
        "strange letters": statistics.strangeness(word) / 4,
        "in manuals": tables.manuals().get(word, 0) / 5,
        "in lexicon": float(statistics.is_in_lexicon(word)),
    }
    if meant:
        found["strange letters of candidate"] = statistics.strangeness(meant) / 4
        found["rarity of candidate"] = statistics.rarity(meant) / 100 - 5
        found["candidate in dictionary"] = float(meant.encode() in statistics.dictionary())
        found["candidate in lexicon"] = float(statistics.is_in_lexicon(meant))
        found["candidate in manuals"] = tables.manuals().get(meant, 0) / 5
        found["candidate stands elsewhere"] = float(meant.encode() in said)
    return found


def _slip(old: str, new: str) -> Evidence:
    """How one word becomes the other."""
    from rapidfuzz.distance import OSA, Levenshtein

    distance = OSA.distance(old, new)
    edits = Levenshtein.editops(old, new)
    inserted = [new[e.dest_pos] for e in edits if e.tag == "insert"]
    deleted = [old[e.src_pos] for e in edits if e.tag == "delete"]
    replaced = [(old[e.src_pos], new[e.dest_pos]) for e in edits if e.tag == "replace"]
    doubled = [e for e in edits if e.tag == "insert" and new[e.dest_pos] in new[max(0, e.dest_pos - 1) : e.dest_pos]]
    doubled += [e for e in edits if e.tag == "delete" and old[e.src_pos] in old[max(0, e.src_pos - 1) : e.src_pos]]
    return {
        "slips": slips.cost(old, new),
        "one slip": float(distance == 1),
        "three slips": float(distance > 2),
        "slip a letter": distance / max(len(old), len(new)) * 4,
        "transposed": float(distance == 1 and len(edits) == 2),
        "doubled letter": float(distance == 1 and bool(doubled)),
        "lost letter": float(distance == 1 and len(inserted) == 1 and not deleted),
        "added letter": float(distance == 1 and len(deleted) == 1 and not inserted),
        "next key": float(any(b in slips.NEXT_KEYS.get(a, "") for a, b in replaced)),
        "vowel for vowel": float(any(a in "aeiouy" and b in "aeiouy" for a, b in replaced)),
        "other first letter": float(old[:1] != new[:1]),
        "unheard, one slip": float(distance == 1 and statistics.rarity(old) == statistics.UNHEARD),
        "long, one slip": distance == 1 and max(0, len(old) - 6) / 4,
        "differ at the end": float(
            (old[:-2] == new[: len(old) - 2] and old[:-1] != new[:-1]) or old[:-1] == new or new[:-1] == old
        ),
        "s at the end": float(old + "s" == new or new + "s" == old),
        "apostrophe only": float(old.replace("'", "") == new.replace("'", "")),
    }
