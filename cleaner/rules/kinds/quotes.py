"""Kind `quotes`: quotation marks that face the wrong way, stand on the wrong side, or lack their partner.

Marks are judged paragraph by paragraph, because what a mark should be depends on whether a quotation
is open where it stands. Paragraphs that use „ “ or « » follow another convention and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.document import Document
from cleaner.mask.holes import BREAK
from cleaner.model import Edit, Evidence
from cleaner.rules.kinds.hit import Hit, Matcher
from cleaner.rules.load import Entry, RuleSet
from cleaner.rules.schema import QuotesRule

_MARK = re.compile(r"[“”\"]")
_OTHER = re.compile(r"[„‟«»‹›]|``|''")
_INCHES = re.compile(r"\d\"")
_STOPS = ".,!?…"
_AT_THE_END = re.compile(r"[^\W_]{2}[.!?…]( )\"\s*\Z")
# Who said it: a mark before this closes a quotation. Straight marks inside straight marks lose the count.
_TAG = re.compile(
    r"(?:[^\W\d_][\w.’'-]* ){0,4}(?:said|says|told|added|asked|replied|wrote|explained|noted|warned|insisted|argued"
    r"|continued|answered|declared|stated|claimed|reported|tweeted|announced|admitted|recalled|quipped|joked)\b"
)
# A tag that ends with its sentence, after which a quotation may go on: “…,” she said on Friday. “…
_TAG_END = re.compile(r"[^.!?]{4,120}[.] (?=[A-Z])")


class Fault(NamedTuple):
    """A wrong mark, in offsets of its paragraph."""

    kind: str
    start: int
    end: int
    text: str
    reason: str


def prepare(entries: Sequence[Entry], _rules: RuleSet) -> Matcher:
    by_fault: dict[str, list[Entry]] = {}
    for entry in entries:
        assert isinstance(entry.rule, QuotesRule)
        by_fault.setdefault(entry.rule.fault, []).append(entry)

    def match(document: Document) -> Iterator[Hit]:
        text = document.reading.text
        for begin, end in _quoting(text):
            for fault in _faults(text[begin:end], text[end : end + 3].lstrip()[:1]):
                edit = Edit(begin + fault.start, begin + fault.end, fault.text)
                evidence = (Evidence("paragraph", fault.reason),)
                for entry in by_fault.get(fault.kind, ()):
                    yield Hit(entry, edit.start, max(edit.end, edit.start + 1), (edit,), evidence)

    return match


def _quoting(text: str) -> Iterator[tuple[int, int]]:
    """Yield the paragraphs that hold quotation marks, found by three searches for one character each."""
    following = {mark: text.find(mark) for mark in '“”"'}
    while places := [place for place in following.values() if place >= 0]:
        place = min(places)
        begin, end = text.rfind(BREAK, 0, place) + 1, text.find(BREAK, place)
        if end < 0:
            end = len(text)
        yield begin, end
        for mark, at in following.items():
            if 0 <= at < end:
                following[mark] = text.find(mark, end)


def _faults(text: str, following: str) -> list[Fault]:
    """Judge the marks of one paragraph; `following` is the first character of the next one."""
    if _OTHER.search(text):
        return []
    places = [m.start() for m in _MARK.finditer(text)]
    straight = sum(text[i] == '"' for i in places)
    if straight == 0:
        return list(_curly(text, places, following))
    if straight == len(places) and straight % 2 == 0 and not _INCHES.search(text):
        return list(_straight(text, places))
    # Both kinds in one paragraph, or an odd one: only of the last can something sure be said.
    last = _AT_THE_END.search(text)
    why = "a space stands before the mark that ends the paragraph"
    return [Fault("spaced-last", last.start(1), last.end(1), "", why)] if last and straight else []


def _curly(text: str, places: Sequence[int], following: str) -> Iterator[Fault]:
    opened: int | None = None  # the opening mark that waits for its partner
    closed: int | None = None  # the last closing mark
    for i in places:
        opens, fault = (_opening if text[i] == "“" else _closing)(text, i, opened is not None)
        if fault:
            yield fault
        if opens:
            opened = i
            continue
        if opened is None and (place := _missing_opening(text, closed, i)) is not None:
            yield Fault("unopened", place, place, "“", "the paragraph closes a quotation that it does not open")
        opened, closed = None, i
    if opened is not None and following not in ("“", "‘") and "“" not in text[opened + 1 :]:
        end = len(text.rstrip())
        yield Fault("unclosed", end, end, "”", "neither the paragraph nor the next one closes it")


def _opening(text: str, i: int, is_open: bool) -> tuple[bool, Fault | None]:
    """Judge a “: whether it does open a quotation, and what is wrong with it."""
    left, right = text[i - 1 : i] if i else "", text[i + 1 : i + 2]
    if right and right != " ":
        return True, None
    end = len(text[:i].rstrip(" "))
    if left == " " and end and text[end - 1] in _STOPS and not text[i + 1 :].strip():
        return False, Fault("backward", end, i + 1, "”", _why_closing(is_open))
    if left and left != " " and (is_open or left in _STOPS):
        return False, Fault("backward", i, i + 1, "”", _why_closing(is_open))
    if not is_open and right and left in ("", " ") and text[i + 2 : i + 3].isalnum():
        return True, Fault("spaced", i + 1, i + 2, "", "a space follows the mark that opens the quotation")
    return True, None


def _closing(text: str, i: int, is_open: bool) -> tuple[bool, Fault | None]:
    """Judge a ”: whether it opens a quotation after all, and what is wrong with it."""
    left, right = text[i - 1 : i] if i else "", text[i + 1 : i + 2]
    if left not in ("", " "):
        return False, None
    end = len(text[:i].rstrip(" "))
    before = text[end - 1 : end] if end else ""
    if right.isalnum() and not is_open:
        if before == "," and right.islower():
            return False, None  # who said it seems to follow: what was opened before is lost
        return True, Fault("backward", i, i + 1, "“", "no quotation is open before it in the paragraph")
    if right.isalnum() and left and before and before in _STOPS:
        return False, Fault("misplaced", i - 1, i + 1, "” ", _why_closing(is_open))
    if not right.isalnum() and is_open and before and (before.isalnum() or before in _STOPS):
        return False, Fault("spaced", end, i, "", "a space stands before the mark that closes the quotation")
    return False, None


def _why_closing(is_open: bool) -> str:
    return "a quotation is open where it stands" if is_open else "nothing follows that it could open"


def _straight(text: str, places: Sequence[int]) -> Iterator[Fault]:
    """Straight marks open and close in turn; an even number of them is given."""
    for first, second in zip(places[::2], places[1::2], strict=True):
        outside, inside = text[first - 1 : first] if first else "", text[first + 1]
        end, after = text[second - 1], text[second + 1 : second + 2]
        if (outside and not (outside.isspace() or outside in "([{—–-/=")) or second - first < 3:
            return  # the turn is lost: marks of another kind are among them
        if inside == " " and end == " " and after and (after.isspace() or after in ".,;:!?)"):
            yield Fault("spaced", first + 1, first + 2, "", "a space follows the mark that opens the quotation")
            yield Fault("spaced", second - 1, second, "", "a space stands before the mark that closes the quotation")
        elif inside != " " and end == " " and text[second - 2] != " " and (not after or after in ".,;:!?)"):
            yield Fault("spaced", second - 1, second, "", "a space stands before the mark that closes the quotation")
        elif inside != " " and end == " " and text[second - 2] in _STOPS and _TAG.match(text, second + 1):
            yield Fault("misplaced", second - 1, second + 1, '" ', "the quotation was opened before in the paragraph")


def _missing_opening(text: str, closed: int | None, mark: int) -> int | None:
    """Where the quotation that ends at `mark` may have begun: after the tag that follows the one before."""
    if closed is None:
        return None
    tag = _TAG_END.match(text, closed + 1)
    return tag.end() if tag and tag.end() < mark else None
