"""Kind `pattern`: regular expressions with the fault marked in them.

They are tried where the words stand that they need, and those that are tried often many in one RE2 pass.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from cleaner.casing import carry
from cleaner.document import Document, Passage
from cleaner.edits import trim
from cleaner.model import Edit, RuleError
from cleaner.rules import words
from cleaner.rules.kinds.hit import Hit, Matcher, stands_free
from cleaner.rules.linear import TOGETHER, Pattern, PatternError, PatternSet, Rough
from cleaner.rules.load import ANY, Entry, RuleSet
from cleaner.rules.schema import PatternRule
from cleaner.rules.sieve import Index, Sieve, sieve
from cleaner.worddiff import MARK


class Prepared(NamedTuple):
    """One expression of a rule, ready to be compiled."""

    entry: Entry
    source: str  # what RE2 is given
    exact: bool
    marks: dict[str, str]  # group of each marked stretch: what is to stand there
    classes: dict[str, list[str]]  # word class of the expression: its groups
    tables: Mapping[str, words.Table]
    shapes: Mapping[str, Shape]


class Shape(NamedTuple):
    """A word class that is no list: an expression, and what else must hold for the text it matches."""

    expression: str
    holds: Callable[[str], bool] = bool


SHAPES = {name: Shape(expression) for name, expression in words.SHAPES.items()}
# The group, if an expression has it, that a finding takes in as a whole, not only what is marked.
WHOLE = "whole"
SHOWN = "{old}"  # new text of what is shown and not changed
_AROUND = ' .,;:!?…)”’"\n'  # not part of a finding at its end


def prepare(entries: Sequence[Entry], rules: RuleSet) -> Matcher:
    looks = Looks([entry.sieves for entry in entries], lambda rule: prepare_all([entries[rule]], rules))

    def match(document: Document) -> Iterator[Hit]:
        for passage in document.reading.passages:
            for search in looks.at(passage):
                yield from search.hits(passage)

    return match


def sieves(entry: Entry, rules: RuleSet) -> tuple[Sieve, ...]:
    """Tell which words must stand side by side for each expression of a rule to match.

    Nothing is known of a word that the expression does not show to end: `told` may open `tolds`.
    """
    tables = tables_of(entry, rules)
    made = []
    for expression in _expressions(entry):
        plain = MARK.sub(lambda mark: mark["old"] or "", expression)
        before = "" if plain.startswith((r"\b", "^")) else r"\pL*"
        after = "" if plain.endswith((r"\b", "$")) else r"\pL*"
        made.append(sieve(before + plain + after, listed(tables, SHAPES)))
    return tuple(made)


def listed(tables: Mapping[str, words.Table], shapes: Mapping[str, Shape]) -> Callable[[str], list[str] | None]:
    """Return a function from the name of a word class to its words, None if it is a shape."""

    def words_of(name: str) -> list[str] | None:
        table, _, column = name.partition(".")
        return None if name in shapes else tables[table].column(column)

    return words_of


def prepare_all(entries: Sequence[Entry], rules: RuleSet) -> Iterator[Prepared]:
    """Yield every expression of the rules, ready to be compiled."""
    for entry in entries:
        for expression in _expressions(entry):
            yield _prepare(entry, expression, rules)


class Looks:
    """Many expressions at work: those are tried that the words of a passage, and a rough look, let match there.

    One whose words stand in most paragraphs is looked for along with others like it.
    """

    def __init__(self, sieves: Sequence[Sequence[Sieve]], prepared: Callable[[int], Iterable[Prepared]]) -> None:
        """`prepared` makes the expressions of a rule when one of them is first asked for: most never are."""
        self._names = [(rule, i) for rule, of_rule in enumerate(sieves) for i in range(len(of_rule))]
        self._index = Index(itertools.chain.from_iterable(sieves))
        self._searches = functools.cache(lambda rule: [Search(each) for each in prepared(rule)])
        self._rough: dict[int, Rough] = {}
        self._looked = Counter[int]()  # bytes at which an expression was looked for alone
        self._seen = 0  # bytes
        self._due = 0  # when so many are seen, there may be something to gather
        self._together: list[tuple[int, list[int], PatternSet]] = []  # as a set in bits, in order, as they are searched

    def at(self, passage: Passage) -> Iterator[Search]:
        """Yield the expressions that may match in a passage, in the order of the rules."""
        impossible = self._index.lacking_marks(passage)
        found = []
        for expression, paragraphs in self._index.places(passage, impossible).items():
            if expression not in self._rough:
                self._rough[expression] = Rough(*self._search(expression).source)
            if any(map(self._rough[expression].finds, paragraphs)):
                found.append(expression)
            self._looked[expression] += sum(map(len, paragraphs))
        for bits, expressions, together in self._together:
            if bits & ~impossible:
                matching = (expressions[i] for i in together.which(passage.data))
                found += [expression for expression in matching if not impossible >> expression & 1]
        self._seen += len(passage.data)
        if self._seen >= self._due:
            self._gather()
        return map(self._search, sorted(found))

    def _gather(self) -> None:
        """Have expressions looked for together for which alone much has been looked at."""
        self._due = self._seen + _MUCH // TOGETHER
        much = max(_MUCH, self._seen // TOGETHER)
        often = [expression for expression, size in self._looked.items() if size > much]
        if len(often) >= TOGETHER:
            often = sorted(often)[:TOGETHER]
            bits = sum(1 << expression for expression in often)
            self._together.append((bits, often, PatternSet([self._search(expression).source for expression in often])))
            self._index.forget(bits)
            for expression in often:
                del self._looked[expression]

    def _search(self, expression: int) -> Search:
        rule, i = self._names[expression]
        return self._searches(rule)[i]


_MUCH = 1 << 17  # bytes; to look through so many takes as long as to compile an expression once more


class Search:
    """One expression at work. It is compiled when first needed: on most text, most never are."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared

    @property
    def source(self) -> tuple[str, bool]:
        """The expression as RE2 is given it, and whether letter case counts."""
        return self._prepared.source, self._prepared.exact

    @cached_property
    def _pattern(self) -> Pattern:
        return compile_prepared(self._prepared)

    def hits(self, passage: Passage) -> Iterator[Hit]:
        for whole, named in self.matches(passage):
            yield from hit(self._prepared, passage.text, whole, named, passage.start)

    def matches(self, passage: Passage) -> Iterator[tuple[tuple[int, int], dict[str, tuple[int, int]]]]:
        """Yield the span of each match and those of its named groups, in the text of the passage."""
        pattern = self._pattern
        resume = [pattern.names[group] for group in self._prepared.marks]
        for groups in pattern.matches(passage, resume):
            named = {name: groups[group] for name, group in pattern.names.items() if groups[group][0] >= 0}
            yield groups[0], named


def check(entry: Entry, rules: RuleSet) -> None:
    """Raise RuleError if an expression of the rule cannot be used."""
    for expression in _expressions(entry):
        compile_prepared(_prepare(entry, expression, rules))


def tables_of(entry: Entry, rules: RuleSet) -> dict[str, words.Table]:
    """Return the tables that a rule can refer to."""
    return {**rules.tables.get(ANY, {}), **rules.tables.get(entry.lang, {})}


def compile_prepared(prepared: Prepared) -> Pattern:
    try:
        return Pattern(prepared.source, exact=prepared.exact)
    except PatternError as error:
        raise RuleError(
            f"{_where(prepared.entry)}: {error} (patterns are RE2: no lookaround, no backreferences)"
        ) from None


def _where(entry: Entry) -> str:
    return f"{entry.path}:{entry.line}: rule {entry.id}: {entry.kind}"


def _expressions(entry: Entry) -> list[str]:
    assert isinstance(entry.rule, PatternRule)
    return [entry.rule.pattern] if isinstance(entry.rule.pattern, str) else entry.rule.pattern


def _prepare(entry: Entry, expression: str, rules: RuleSet) -> Prepared:
    assert isinstance(entry.rule, PatternRule)
    return read(entry, expression, tables_of(entry, rules), exact=entry.rule.case == "exact")


def read(
    entry: Entry,
    expression: str,
    tables: Mapping[str, words.Table],
    shapes: Mapping[str, Shape] = SHAPES,
    *,
    exact: bool = False,
) -> Prepared:
    """Take an expression of a rule apart; raises RuleError for a word class that there is not."""
    where = _where(entry)
    classes: dict[str, list[str]] = {}
    parts: list[str] = []
    marks: dict[str, str] = {}
    expand = _expander(classes, tables, shapes, where)
    end = 0
    for mark in MARK.finditer(expression):
        parts.append(expand(expression[end : mark.start()]))
        parts.append(f"(?P<m{len(marks)}>{expand(mark['old'] or '')})")
        marks[f"m{len(marks)}"] = mark["new"] or mark["only"] or ""
        end = mark.end()
    parts.append(expand(expression[end:]))
    for template in (new for new in marks.values() if new != SHOWN):
        for name in words.NAME.findall(template):
            if name not in classes and not _is_lookup(name, classes, tables):
                raise RuleError(f"{where}: {{{name}}} in the new text stands for nothing in the expression")
    # ^ and $ are the ends of a paragraph.
    return Prepared(entry, f"(?m:{''.join(parts)})", exact, marks, classes, tables, shapes)


def _expander(
    classes: dict[str, list[str]], tables: Mapping[str, words.Table], shapes: Mapping[str, Shape], where: str
) -> Callable[[str], str]:
    """Return a function that replaces each `{name}` by a group with the words of that class, and notes it."""

    def expression(match: re.Match[str]) -> str:
        name = match[1]
        body = shapes[name].expression if name in shapes else words.alternation(_column(name, tables, shapes, where))
        group = f"{name.replace('.', '__')}__{len(classes.get(name, ()))}"
        classes.setdefault(name, []).append(group)
        return f"(?P<{group}>{body})"

    return lambda part: words.NAME.sub(expression, part)


def _column(name: str, tables: Mapping[str, words.Table], shapes: Mapping[str, Shape], where: str) -> list[str]:
    table, _, column = name.partition(".")
    if table not in tables or column not in tables[table].columns:
        known = [f"{t}.{c}" if c else t for t, rows in tables.items() for c in rows.columns]
        raise RuleError(f"{where}: no word class {{{name}}}: there are {', '.join(sorted([*shapes, *known]))}")
    return tables[table].column(column)


def _is_lookup(name: str, classes: Mapping[str, list[str]], tables: Mapping[str, words.Table]) -> bool:
    table, _, column = name.partition(".")
    return table in tables and column in tables[table].columns and any(c.startswith(f"{table}.") for c in classes)


def hit(
    prepared: Prepared, text: str, whole: tuple[int, int], groups: dict[str, tuple[int, int]], shift: int
) -> Iterator[Hit]:
    """Yield what a match finds, if its words belong together; `shift` is added to its offsets."""
    marks = {group: new for group, new in prepared.marks.items() if group in groups}  # a mark may be optional
    spans = [groups[group] for group in marks] or [whole]
    # RE2's \b knows the letters of ASCII only.
    if not all(stands_free(text, *span) for span in spans):
        return
    found = [
        (name, text[slice(*groups[member])])
        for name, members in prepared.classes.items()
        for member in members
        if member in groups
    ]
    if not all(prepared.shapes[name].holds(part) for name, part in found if name in prepared.shapes):
        return
    rows = _rows(prepared.tables, found)
    if rows is None:
        return
    # The first of a name is what the new text means by it; as it was written, not as a table writes it.
    values = rows | dict(reversed(found))
    edits = []
    for group, template in marks.items():
        if template == SHOWN:
            continue
        start, end = groups[group]
        new = words.NAME.sub(lambda m: values[m[1]], template)
        edit = trim(Edit(start, end, new if prepared.exact else carry(text[start:end], new)), text)
        if edit:
            edits.append(Edit(edit.start + shift, edit.end + shift, edit.text))
    if marks and not edits and SHOWN not in marks.values():
        return  # what is to stand there stands there: “did not [-put-]{+put+}”
    if WHOLE in groups:
        first, last = groups[WHOLE]
        if not stands_free(text, first, last):
            return
        spans.append((first, first + len(text[first:last].rstrip(_AROUND))))
    listed = " ".join(part for name, part in found if name.partition(".")[0] in prepared.tables)
    row = listed.lower().replace("’", "'")
    yield Hit(prepared.entry, min(a for a, _ in spans) + shift, max(b for _, b in spans) + shift, tuple(edits), row=row)


def _rows(tables: Mapping[str, words.Table], found: Sequence[tuple[str, str]]) -> dict[str, str] | None:
    """Return all cells of the row, in each table named, that fits every cell found; None if a table has none."""
    values: dict[str, str] = {}
    for name in {name.partition(".")[0] for name, _ in found if "." in name}:
        cells = [(column.partition(".")[2], cell) for column, cell in found if column.startswith(f"{name}.")]
        fitting = tables[name].rows_with(cells)
        if not fitting:
            return None
        values |= {f"{name}.{c}": cell for c, cell in zip(tables[name].columns, fitting[0], strict=True)}
    return values
