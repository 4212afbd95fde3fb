"""Kind `frame`: a verb that does not take its object or preposition, mended in whatever form it stands.

A frame is an expression like those of kind `pattern`, with verbs in it. `<discuss>` stands for all forms
of a verb, `<explain|describe>` for those of either, `<marry.participle,past>` for some, `<verb.lemma>` for
any verb in a form. In the new text `<say>` is that verb in the form of the one that is replaced, and
`<verb.gerund>` another form of the one found. The forms are those of the tables `words/forms*.csv`.

A verb that opens a frame and may be a noun (the answer to) is found only behind a word that calls for a verb
(`words/before_verb.txt`), unless its form tells (answered). Where what follows tells, `\\b` before it says so.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaner.document import Document
from cleaner.model import RuleError
from cleaner.rules import words
from cleaner.rules.kinds import pattern
from cleaner.rules.kinds.hit import Hit, Matcher
from cleaner.rules.kinds.pattern import SHAPES, WHOLE, Looks, Prepared, Shape
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.schema import FrameRule
from cleaner.rules.sieve import Sieve, sieve
from cleaner.worddiff import MARK

_VERBS = re.compile(r"(?<!\?P)<(?P<lemmas>[^\W\d_]+(?:\|[^\W\d_]+)*)(?:\.(?P<columns>[a-z]+(?:,[a-z]+)*))?>")
_STRAY = re.compile(r"(?<!\?P)<[^>]*>?")
_ANY_VERB = "verb"
_LEMMA = "lemma"
_NOUN = "noun"  # the column that tells which verbs are nouns as well, …
_NOUN_FORMS = ("lemma", "third")  # … and in which forms
# What must stand before a form that may be a noun, for it to be a verb.
_BEFORE_VERB = r"\b{before_verb} (?:{adverbs} )?"
_WORD = r"[\pL\pN][\pL\pN\pM'’-]*"


class Lexicon:
    """The verbs of one language, and the word classes that only frames have."""

    def __init__(self, tables: Mapping[str, words.Table]) -> None:
        found = [table for name, table in tables.items() if name.startswith("forms") and table.columns[0] == _LEMMA]
        self.columns = found[0].columns if found else (_LEMMA,)
        rows = tuple(row for table in found if table.columns == self.columns for row in table.rows)
        self.forms = tuple(column for column in self.columns if column != _NOUN)
        self.verbs: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for row in rows:
            self.verbs[row[0]].append(row)
        self.tables = {**tables, _ANY_VERB: words.Table(self.columns, rows)}
        self.shapes = {**SHAPES, **self._verb_shapes(), **_noun_phrases(tables)}

    def is_noun(self, lemma: str) -> bool:
        return _NOUN in self.columns and any(row[self.columns.index(_NOUN)] for row in self.verbs[lemma])

    def form(self, row: Sequence[str], column: str) -> str:
        return row[self.columns.index(column)]

    def _verb_shapes(self) -> dict[str, Shape]:
        """Any verb in one form: looked for as a word, which is then looked up."""
        rows = self.tables[_ANY_VERB].rows
        known = {column: {row[self.columns.index(column)] for row in rows} for column in self.forms}
        return {
            f"{_ANY_VERB}.{column}": Shape(rf"\pL+{_ending(forms)}", functools.partial(_is_one_of, forms))
            for column, forms in known.items()
        }


def _is_one_of(forms: Collection[str], text: str) -> bool:
    return text.lower() in forms


def _ending(forms: Collection[str]) -> str:
    """What all the forms end in: -ing."""
    some = min(forms, key=len, default="")
    return next((some[i:] for i in range(len(some)) if all(form.endswith(some[i:]) for form in forms)), "")


def _noun_phrases(tables: Mapping[str, words.Table]) -> dict[str, Shape]:
    """The words of a noun phrase: no function words among them, but for a determiner before them."""
    function, determiners = (
        {row[0].lower() for row in tables[name].rows} if name in tables else set[str]()
        for name in ("function_words", "determiners")
    )

    def modify(text: str) -> bool:
        return function.isdisjoint(re.findall(r"[\w'’-]+", text.lower()))

    def name(text: str) -> bool:
        first, _, rest = text.partition(" ")
        return modify(rest) and (modify(first) or bool(rest and first.lower() in determiners))

    return {
        "modifiers": Shape(rf"(?:{_WORD},? ){{0,3}}?", modify),
        "np": Shape(rf"(?:{_WORD},? ){{0,4}}?{_WORD}", name),
    }


def prepare(entries: Sequence[Entry], rules: RuleSet) -> Matcher:
    @functools.cache
    def lexicon(lang: str) -> Lexicon:
        return Lexicon(pattern.tables_of(next(entry for entry in entries if entry.lang == lang), rules))

    def prepared(rule: int) -> Iterator[Prepared]:
        entry = entries[rule]
        of_its_language = lexicon(entry.lang)
        return (_prepared(entry, way, of_its_language) for way in _ways(entry, of_its_language))

    looks = Looks([entry.sieves or sieves(entry, rules) for entry in entries], prepared)

    def match(document: Document) -> Iterator[Hit]:
        # Of a rule's expressions, the first that fits a place counts.
        found: dict[str, list[Hit]] = defaultdict(list)
        for passage in document.reading.passages:
            for search in looks.at(passage):
                for hit in search.hits(passage):
                    if not any(hit.start < other.end and other.start < hit.end for other in found[hit.entry.id]):
                        found[hit.entry.id].append(hit)
                        yield hit

    return match


def sieves(entry: Entry, rules: RuleSet) -> tuple[Sieve, ...]:
    """Tell which words must stand side by side for each expression of a rule to match.

    It takes longer than all else, so it is kept with the rule from when it is loaded. Raises RuleError if an
    expression cannot be used.
    """
    lexicon = Lexicon(pattern.tables_of(entry, rules))
    made = []
    for way in _ways(entry, lexicon):
        pattern.compile_prepared(_prepared(entry, way, lexicon))
        plain = MARK.sub(lambda mark: mark["old"] or "", way.plain).replace("{modifiers}", "(?:{word} )?")
        made.append(sieve(plain, pattern.listed(way.tables, lexicon.shapes)))
    return tuple(made)


def _prepared(entry: Entry, way: Way, lexicon: Lexicon) -> Prepared:
    return pattern.read(entry, way.source, way.tables, lexicon.shapes)


def _expressions(entry: Entry) -> list[str]:
    assert isinstance(entry.rule, FrameRule)
    return [entry.rule.frame] if isinstance(entry.rule.frame, str) else entry.rule.frame


class Slot(NamedTuple):
    """A place for a verb in an expression: the verbs, the forms they may have, and what may replace them."""

    name: str
    lemmas: Sequence[str]
    columns: Sequence[str]
    targets: dict[str, str]  # column of the slot's table: `say`, `verb.gerund`


class Way(NamedTuple):
    """An expression with word classes in place of its verbs."""

    plain: str
    source: str  # with what must stand before it
    tables: Mapping[str, words.Table]


def _ways(entry: Entry, lexicon: Lexicon) -> Iterator[Way]:
    """Turn the verbs of a rule's expressions into word classes.

    An expression gives two ways where the verb that opens it has forms that may be nouns.
    """
    for expression in _expressions(entry):
        slots, plain = _slots(entry, expression, lexicon)
        opening = slots[0] if slots and plain.startswith((f"{{{slots[0].name}.", f"[-{{{slots[0].name}.")) else None
        nouns = opening is not None and any(lexicon.is_noun(lemma) for lemma in opening.lemmas)
        for before, as_noun in [("", False), (_BEFORE_VERB, True)] if nouns else [("", None)]:
            tables = dict(lexicon.tables)
            for slot in slots:
                tables[slot.name] = _table(slot, lexicon, as_noun if slot is opening else None)
            if opening is None or tables[opening.name].rows:
                start, end = r"\b" if opening else "", r"\b" if _ENDS_IN_WORD.search(plain) else ""
                yield Way(plain, f"{before}(?P<{WHOLE}>{start}{plain}{end})", tables)


_ENDS_IN_WORD = re.compile(r"(?<!\\p)(?<!\\)[A-Za-z0-9]$")


def _slots(entry: Entry, expression: str, lexicon: Lexicon) -> tuple[list[Slot], str]:
    """Return the places for verbs in an expression, and the expression with word classes in these places."""
    slots: list[Slot] = []

    def old(text: str) -> str:
        return _VERBS.sub(lambda match: _add_slot(entry, match, lexicon, slots), text)

    pieces: list[tuple[str, str, int]] = []  # old text, new text, the first slot in the old text
    end = 0
    for mark in MARK.finditer(expression):
        pieces.append((old(expression[end : mark.start()]), "", 0))
        first = len(slots)
        pieces.append((f"[-{old(mark['old'] or '')}-]", mark["new"] or mark["only"] or "", first))
        end = mark.end()
    pieces.append((old(expression[end:]), "", 0))
    for text, new, _ in pieces:
        if stray := _STRAY.search(text) or _STRAY.search(_VERBS.sub("", new)):
            raise RuleError(
                f"{_where(entry)}: cannot read {stray[0]}: verbs are written <tell>, <tell|say>, <tell.past>"
            )
    any_verb = any(f"{{{_ANY_VERB}." in text for text, _, _ in pieces)
    plain = ""
    for text, new, first in pieces:
        plain += text
        if new:
            # What a mark replaces, or else the verb that opens the frame.
            slot = next((slot for slot in slots[first:] if slot.name in text), slots[0] if slots else None)
            plain += "{+" + "".join(_new_text(entry, new, None if any_verb else slot, slot, lexicon)) + "+}"
    return slots, plain


def _add_slot(entry: Entry, match: re.Match[str], lexicon: Lexicon, slots: list[Slot]) -> str:
    lemmas = match["lemmas"].split("|")
    columns = match["columns"].split(",") if match["columns"] else list(lexicon.forms)
    if lemmas == [_ANY_VERB]:
        if not match["columns"] or len(columns) > 1:
            raise RuleError(f"{_where(entry)}: <{_ANY_VERB}> needs a form: {_choice(lexicon.forms)}")
        _check(entry, lexicon, (), columns)
        return f"{{{_ANY_VERB}.{columns[0]}}}"
    _check(entry, lexicon, lemmas, columns)
    slots.append(Slot(f"verb_{chr(ord('a') + len(slots))}", lemmas, columns, {}))
    return f"{{{slots[-1].name}.form}}"


def _new_text(entry: Entry, new: str, other: Slot | None, slot: Slot | None, lexicon: Lexicon) -> Iterator[str]:
    """Yield the parts of a new text, its verbs as columns: `other` is the slot that <verb.…> means, if not any verb."""
    end = 0
    for match in _VERBS.finditer(new):
        yield new[end : match.start()]
        end = match.end()
        lemma, column = match["lemmas"], match["columns"] or ""
        if lemma == _ANY_VERB and not column:
            raise RuleError(f"{_where(entry)}: <{_ANY_VERB}> needs a form: {_choice(lexicon.forms)}")
        _check(entry, lexicon, () if lemma == _ANY_VERB else (lemma,), (column,) if column else ())
        if lemma == _ANY_VERB and other is None:
            yield f"{{{_ANY_VERB}.{column}}}"
        elif lemma != _ANY_VERB and column:
            yield lexicon.form(lexicon.verbs[lemma][0], column)
        elif slot is None:
            raise RuleError(f"{_where(entry)}: {match[0]} in the new text stands for no verb in the expression")
        else:
            key = f"to_{chr(ord('a') + len(slot.targets))}"
            slot.targets[key] = f"{lemma}.{column}"
            yield f"{{{slot.name}.{key}}}"
    yield new[end:]


def _table(slot: Slot, lexicon: Lexicon, as_noun: bool | None) -> words.Table:
    """Return the forms of a slot's verbs, each with what may replace it; as_noun: only those that may be nouns, or not.

    A form with two readings that call for different replacements is left out: nothing here tells them apart.
    """
    rows: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for lemma in slot.lemmas:
        for row in lexicon.verbs[lemma]:
            for column in slot.columns:
                may_be_noun = column in _NOUN_FORMS and lexicon.is_noun(lemma)
                if as_noun is None or may_be_noun == as_noun:
                    new = tuple(_replacement(target, row, column, lexicon) for target in slot.targets.values())
                    rows[lexicon.form(row, column)].add(new)
    kept = [(form, *new) for form, news in rows.items() if len(news) == 1 for new in news]
    return words.Table(("form", *slot.targets), tuple(kept))


def _replacement(target: str, row: Sequence[str], column: str, lexicon: Lexicon) -> str:
    lemma, _, wanted = target.partition(".")
    return lexicon.form(row if lemma == _ANY_VERB else lexicon.verbs[lemma][0], wanted or column)


def _check(entry: Entry, lexicon: Lexicon, lemmas: Sequence[str], columns: Sequence[str]) -> None:
    for lemma in lemmas:
        if lemma not in lexicon.verbs:
            raise RuleError(f"{_where(entry)}: no forms of “{lemma}” in the tables words/forms*.csv of its language")
    for column in columns:
        if column not in lexicon.forms:
            raise RuleError(f"{_where(entry)}: no form “{column}” of a verb: there are {_choice(lexicon.forms)}")


def _choice(options: Sequence[str]) -> str:
    return ", ".join(options)


def _where(entry: Entry) -> str:
    return f"{entry.path}:{entry.line}: rule {entry.id}: frame"
