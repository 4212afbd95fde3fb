"""Kind `consistency`: one name or term spelt two ways in one document; the commoner spelling wins.

Names are found without a list; other spellings of one thing are named by the rule.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from cleaner import statistics
from cleaner.document import Document
from cleaner.mask.holes import BREAK
from cleaner.model import Edit, Evidence, RuleError
from cleaner.rules.kinds.hit import Hit, Matcher
from cleaner.rules.kinds.names import FAR_MORE, TIMES, WINDOW, Slip, mentions, outweighs, slips
from cleaner.rules.kinds.pattern import tables_of
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.schema import ConsistencyRule

_LONGEST = 500_000  # code points: a long novel


def prepare(entries: Sequence[Entry], rules: RuleSet) -> Matcher:
    of_names: dict[str, list[Entry]] = defaultdict(list)
    groups: list[_Forms] = []
    spellings: list[Callable[[Document], Iterator[Hit]]] = []
    for entry in entries:
        assert isinstance(entry.rule, ConsistencyRule)
        if entry.rule.names:
            of_names[entry.rule.names].append(entry)
        groups += [_Forms(entry, forms) for forms in entry.rule.forms]
        if entry.rule.first:
            spellings.append(_of_compounds(entry, rules))
    if groups:
        spellings.append(_of_forms(groups))

    def match(document: Document) -> Iterator[Hit]:
        # So long a text is many documents, where similar names are different people.
        short = len(document.reading.text) <= _LONGEST
        for slip in slips(document) if of_names and short else ():
            for entry in of_names.get(slip.how, ()):
                yield from _hits(entry, slip)
        for find in spellings:
            yield from find(document)

    return match


def check(entry: Entry, rules: RuleSet) -> None:
    """Raise RuleError unless the rule says what it compares, once, with words that there are."""
    rule = entry.rule
    assert isinstance(rule, ConsistencyRule)
    where = f"{entry.path}:{entry.line}: rule {entry.id}"
    if sum(map(bool, (rule.names, rule.forms, rule.first or rule.second))) != 1:
        raise RuleError(f"{where}: a consistency rule has names:, or forms:, or first: and second:")
    for forms in rule.forms:
        if len(forms) < 2 or len({form.casefold() for form in forms}) < len(forms):
            raise RuleError(f"{where}: forms: {', '.join(forms)}: two or more different spellings are wanted")
    for field, name in (("first", rule.first), ("second", rule.second)):
        if bool(name) != bool(rule.first or rule.second) or (name and name not in tables_of(entry, rules)):
            known = ", ".join(sorted(tables_of(entry, rules)))
            raise RuleError(f"{where}: {field}: no word list “{name}”: there are {known}")


def _hits(entry: Entry, slip: Slip) -> Iterator[Hit]:
    evidence = (Evidence("document", _count(slip.common, slip.times, slip.rare, len(slip.places))),)
    for start in slip.places:
        end = start + len(slip.rare)
        yield Hit(entry, start, end, (Edit(start, end, slip.common),), evidence)


def _count(common: str, times: int, rare: str, rare_times: int) -> str:
    return f"“{common}” stands {_often(times)}, “{rare}” {_often(rare_times)}"


def _often(times: int) -> str:
    return {1: "once", 2: "twice"}.get(times, f"{times} times")


class _Forms:
    """Spellings of one thing: words in small letters, or abbreviations and names as they are written."""

    def __init__(self, entry: Entry, forms: Sequence[str]) -> None:
        self.entry = entry
        self.forms = forms
        self.exact = any(form != form.lower() for form in forms)
        self.plural = "" if self.exact or any(form.endswith("s") for form in forms) else "(?P<s>s?)"

    def words(self) -> Iterator[tuple[bytes, str]]:
        """Yield a word of each form as the words of a reading are, and the form."""
        for form in self.forms:
            word = max(re.findall(r"\w+", form), key=len).lower().encode()
            yield word, form
            if self.plural:
                yield word + b"s", form

    def hits(self, text: str) -> Iterator[Hit]:
        """Yield where a form stands that another one outweighs by far."""
        places = {form: self._places(form, text) for form in self.forms}
        common, *others = sorted(self.forms, key=lambda form: (-len(places[form]), form))
        many = len(places[common])
        for rare in others:
            if places[rare] and many >= FAR_MORE * len(places[rare]):
                evidence = (Evidence("document", _count(common, many, rare, len(places[rare]))),)
                for m in places[rare]:
                    new = common + (m["s"] if self.plural else "")
                    edit = _fitted(text, Edit(m.start(), m.end(), new))
                    if edit and not (self.exact and _is_heading(text, m.start())):
                        yield Hit(self.entry, m.start(), m.end(), (edit,), evidence)

    def _places(self, form: str, text: str) -> list[re.Match[str]]:
        # What stands before is looked at last: so the spelling itself is searched for, which is fast.
        spelt = rf"{re.escape(form)}(?<![\w.]{re.escape(form)}){self.plural}(?![\w$]|\.\w)"
        return [m for m in re.finditer(spelt, text) if not _is_shouted(text, m)]


def _of_forms(groups: Sequence[_Forms]) -> Callable[[Document], Iterator[Hit]]:
    """Find the rarer of several spellings in all groups of them."""
    by_word: dict[bytes, list[tuple[int, str]]] = defaultdict(list)
    for i, forms in enumerate(groups):
        for word, form in () if forms.exact else forms.words():
            by_word[word].append((i, form))
    words = frozenset(by_word)
    exact = [forms for forms in groups if forms.exact]

    def find(document: Document) -> Iterator[Hit]:
        text, names = document.reading.text, document.index.capitalised
        there = {place for word in words & document.reading.words for place in by_word[word]}
        for i, times in Counter(i for i, _ in there).items():
            if times >= TIMES:
                yield from groups[i].hits(text)
        for forms in exact:
            # The index tells at once where a form is missing, if it is a plain word.
            possible = [form for form in forms.forms if form in names or not form.isalpha()]
            if len(possible) >= TIMES and sum(form in names or form in text for form in possible) >= TIMES:
                yield from forms.hits(text)

    return find


def _is_shouted(text: str, m: re.Match[str]) -> bool:
    """True if a word beside a match is written in capitals: so may be the match."""
    beside = _SHOUTED.match(text, m.end()) or _SHOUTED_BEFORE.search(text, max(0, m.start() - WINDOW), m.start())
    return bool(beside and beside[1].isupper())


_SHOUTED = re.compile(r"\W{1,2}([^\W\d_]{4,})")
_SHOUTED_BEFORE = re.compile(r"([^\W\d_]{4,})\W{1,2}\Z")


def _is_heading(text: str, at: int) -> bool:
    """True if a paragraph ends without a stop: newspapers spell shorter in headlines."""
    end = text.find(BREAK, at)
    return text[at : end if end >= 0 else len(text)].rstrip(" ”\"’')*_")[-1:] not in ".!?…:;"


def _fitted(text: str, edit: Edit) -> Edit | None:
    """Return an edit that keeps one stop at the end of a sentence; None where a sentence may or may not end."""
    stop, after = text[edit.end - 1 : edit.end] == ".", text[edit.end : edit.end + WINDOW]
    if edit.text.endswith("."):
        return Edit(edit.start, edit.end, edit.text[:-1]) if not stop and after.startswith(".") else edit
    if not stop:
        return edit
    following = _FOLLOWING.match(after)
    if following is None:
        return edit
    word = (following[1] or "").lower().encode()
    if word and not text.startswith(("the ", "The "), edit.start - 4):
        return edit  # U.S. Senator
    if word and word not in statistics.frequent():
        return None
    return Edit(edit.start, edit.end, edit.text + ".")


# What may begin a new sentence, or end a paragraph.
_FOLLOWING = re.compile(r"[”\"’')*_]*(?: [“\"‘'(]?(?=[A-Z])(\w+)|\s*(?:\n|\Z))")


def _of_compounds(entry: Entry, rules: RuleSet) -> Callable[[Document], Iterator[Hit]]:
    """Find the rarer of two compounds that end alike and begin with words of one row: Iranian-backed, Iran-backed."""
    assert isinstance(entry.rule, ConsistencyRule)
    tables = tables_of(entry, rules)
    first: dict[str, set[str]] = defaultdict(set)
    for row in tables[entry.rule.first].rows:
        words = {cell for cell in row if cell.isalpha()}
        for word in words:
            first[word] |= words - {word}
    second = {row[0] for row in tables[entry.rule.second].rows}

    def find(document: Document) -> Iterator[Hit]:
        counts = document.index.capitalised
        for word in [word for word in counts if "-" in word]:
            beginning, _, end = word.rpartition("-")
            if end in second and beginning in first:
                others = [f"{other}-{end}" for other in first[beginning] if f"{other}-{end}" in counts]
                common = max(others, key=lambda other: (counts[other], other), default="")
                if common and outweighs(counts[common], counts[word]):
                    places = tuple(m.start for m in mentions(document.reading.text, word))
                    yield from _hits(entry, Slip(word, common, "", places, counts[common]))

    return find
