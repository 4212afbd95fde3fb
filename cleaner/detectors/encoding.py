"""Broken characters: text that was read in another encoding than it was written in, and what that leaves behind.

ftfy decides what is broken and how it should read, of a whole stretch of text at once and without saying where. Here
its answer is aligned with the text, so that each broken sequence becomes a repair of its own.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.document import Document, Passage
from cleaner.edits import splice
from cleaner.mask.holes import OBJECT, TRANSPARENT, Hole
from cleaner.model import Applicability, Edit, Evidence, Finding, Span

if TYPE_CHECKING:
    from ftfy import ExplainedText

MOJIBAKE = "encoding.mojibake"
MOJIBAKE_WITH_SPACE = "encoding.mojibake-with-space"
LOSSY = "encoding.lossy-mojibake"
LOSSY_QUOTE = "encoding.lossy-closing-quote"
C1_CONTROL = "encoding.c1-control"
C1_IN_WORD = "encoding.c1-control-in-word"
BYTE_ORDER_MARK = "encoding.byte-order-mark"
FORMAT_CONTROL = "encoding.format-control"
LOST_CHARACTER = "encoding.lost-character"

# What may happen to the fix, the surest first. A repair made of several takes the last.
LEVELS = {
    MOJIBAKE: Applicability.SAFE,
    C1_CONTROL: Applicability.SAFE,
    BYTE_ORDER_MARK: Applicability.SAFE,
    C1_IN_WORD: Applicability.UNSAFE,  # “tur\x92stico” is Spanish in Mac Roman, “o\x92clock” English in Windows-1252
    FORMAT_CONTROL: Applicability.UNSAFE,
    MOJIBAKE_WITH_SPACE: Applicability.UNSAFE,
    LOSSY_QUOTE: Applicability.UNSAFE,
    LOSSY: Applicability.UNSAFE,
    LOST_CHARACTER: Applicability.DISPLAY,
}
_RANK = {rule: rank for rank, rule in enumerate(LEVELS)}


def _worst(*rules: str) -> str:
    return max(rules, key=_RANK.__getitem__)


def detect(document: Document) -> Iterator[Finding]:
    """Find broken characters in the prose of a document; ftfy is imported when there is one."""
    if document.text.isascii():
        return
    objects = OBJECT in document.text  # in a reading, that character also stands for each opaque hole
    for passage in document.reading.passages:
        if len(passage.data) == len(passage.text):
            continue
        if suspect().search(passage.data) or (objects and OBJECT in passage.text):
            for stretch in _stretches(document, passage):
                yield from _findings(stretch)


class _Stretch:
    """A run of prose inside a line: its text, and the places in the source of what it was joined from."""

    def __init__(self, source: str, pieces: Sequence[tuple[int, int]]) -> None:
        self.text = "".join(source[start:end] for start, end in pieces)
        self._places = [start for start, _ in pieces]
        self._offsets = list(itertools.accumulate((end - start for start, end in pieces), initial=0))[:-1]

    def place(self, offset: int) -> int:
        """The place in the source of a character."""
        i = bisect_right(self._offsets, offset) - 1
        return self._places[i] + offset - self._offsets[i]

    def span(self, start: int, end: int) -> Span:
        return Span(self.place(start), self.place(end - 1) + 1)


def _stretches(document: Document, passage: Passage) -> Iterator[_Stretch]:
    """Yield the prose of a passage, cut at line ends and at every hole but the transparent ones."""
    text, holes = document.text, document.holes
    start, end = document.reading.source_span(passage.start, passage.start + len(passage.text))
    pieces: list[tuple[int, int]] = []
    first = bisect_left(holes, start, key=lambda hole: hole.end)
    last = bisect_left(holes, end, first, key=lambda hole: hole.start)
    for hole in [*holes[first:last], Hole(end, end, "\n")]:
        while (line_end := text.find("\n", start, hole.start)) >= 0:
            yield _Stretch(text, [*pieces, (start, line_end)])
            pieces, start = [], line_end + 1
        if start < hole.start:
            pieces.append((start, hole.start))
        start = hole.end
        if hole.reads != TRANSPARENT and pieces:
            yield _Stretch(text, pieces)
            pieces = []


def _findings(stretch: _Stretch) -> Iterator[Finding]:
    text = stretch.text
    if text.isascii():
        return
    mended = set[int]()
    if suspect().search(text.encode()):
        opened = _Quotes(text)
        for run in _runs(mend(text)):
            mended.update(range(run[0].start, run[-1].end))
            finding = _repair(stretch, opened.closed(run))
            if finding:
                yield finding
    for match in _STRAY.finditer(text):
        if match.start() not in mended and not (match[0] == "\ufeff" and stretch.place(match.start()) == 0):
            yield _stray(stretch.span(*match.span()), match[0])


# What ftfy's `remove_control_chars` takes out beyond ASCII, and the mark that something was lost.
_STRAY = re.compile("\ufffd+|\ufeff+|[\u206a-\u206f]+|[\ufff9-\ufffc]+")


def _stray(span: Span, mark: str) -> Finding:
    shown = _shown(mark)
    if mark[0] == "\ufffd":
        return Finding(LOST_CHARACTER, span, f"{shown} stands for what was lost when the text was converted")
    rule = BYTE_ORDER_MARK if mark[0] == "\ufeff" else FORMAT_CONTROL
    return Finding(
        rule,
        span,
        f"{shown} has no business inside a text",
        (Edit(span.start, span.end, ""),),
        LEVELS[rule],
        evidence=(Evidence("encoding", _WHY_STRAY[rule]),),
    )


_WHY_STRAY = {
    BYTE_ORDER_MARK: "files were joined, each of which opened with this mark",
    FORMAT_CONTROL: "Unicode has these for internal use or no longer recommends them (UTR 20)",
}


class Unit(NamedTuple):
    """One character as it should read, in place of the sequence that stands for it, and the steps from that to it."""

    start: int
    end: int
    text: str
    rule: str
    steps: tuple[str, ...]


def _runs(units: Iterable[Unit]) -> Iterator[list[Unit]]:
    """Group the units that stand side by side."""
    run: list[Unit] = []
    for unit in units:
        if run and run[-1].end != unit.start:
            yield run
            run = []
        run.append(unit)
    if run:
        yield run


def _repair(stretch: _Stretch, run: Sequence[Unit]) -> Finding | None:
    start, end = run[0].start, run[-1].end
    old, new = stretch.text[start:end], "".join(unit.text for unit in run)
    rule = _worst(*(unit.rule for unit in run))
    if rule == C1_CONTROL and _in_word(stretch.text, start, end, new):
        rule = C1_IN_WORD
    edits: list[Edit] = []
    for unit in run:
        span = stretch.span(unit.start, unit.end)
        if span.end - span.start != unit.end - unit.start:
            return None  # markup stands inside the sequence
        if edits and edits[-1].end == span.start:
            edits[-1] = Edit(edits[-1].start, span.end, edits[-1].text + unit.text)
        else:
            edits.append(Edit(span.start, span.end, unit.text))
    return Finding(
        rule=rule,
        span=stretch.span(start, end),
        message=f"{_shown(old)} should read {_shown(new)}",
        edits=tuple(edits),
        applicability=LEVELS[rule],
        evidence=tuple(Evidence("encoding", detail) for detail in dict.fromkeys(map(_told, run))),
        alternatives=_instead(old, run[0]) if rule in (LOSSY, LOSSY_QUOTE) and len(run) == 1 else (),
        may_change=frozenset({"quotes"} | ({"numbers"} if any(c.isdecimal() for c in new) else set())),
    )


def _in_word(text: str, start: int, end: int, new: str) -> bool:
    """True if letters stand on both sides, other than those that an apostrophe joins in English."""
    if not (text[:start][-1:].isalpha() and text[end : end + 1].isalpha()):
        return False
    return new != "’" or not _CLITIC.match(text, end)


_CLITIC = re.compile(r"(?i:s|t|d|m|re|ve|ll)\b")


def _shown(text: str) -> str:
    """Return a text in quotation marks, shortened, by the names of its characters if it would not be seen."""
    if len(text) > _SHOWN:
        text = f"{text[:_SHOWN]}…"
    if all(map(_is_seen, text)):
        return f"“{text}”"
    return ", ".join(
        f"“{c}”" if _is_seen(c) else unicodedata.name(c, f"control character U+{ord(c):04X}") for c in text
    )


_SHOWN = 24  # characters


def _is_seen(character: str) -> bool:
    return character.isprintable() and not character.isspace()


def _told(unit: Unit) -> str:
    """Say in words how a unit was mended."""
    return f"{_CAUSES[unit.rule]} ({', '.join(unit.steps)})"


_CAUSES = {
    MOJIBAKE: "UTF-8 that was read in another encoding",
    MOJIBAKE_WITH_SPACE: "UTF-8 that was read in another encoding, then a no-break space made a space",
    LOSSY_QUOTE: "UTF-8 that was read in another encoding, and a part of it lost; “ stands before it",
    LOSSY: "UTF-8 that was read in another encoding, and a part of it lost",
    C1_CONTROL: "a control character that nothing uses, where Windows has this one",
}


# Which bytes Windows-1252 does not have, and so may lose.
_UNASSIGNED = ("\x81", "\x8d", "\x8f", "\x90", "\x9d")
_LOST = re.compile(r"[?\ufffd]")


def _instead(old: str, unit: Unit) -> tuple[str, ...]:
    """Return what a sequence that Windows-1252 lost one character of may have been."""
    if len(_LOST.findall(old)) != 1:
        return ()
    layers = (_layer(_LOST.sub(byte, old), _WINDOWS) for byte in _UNASSIGNED)
    texts = (layer.text for layer in layers if layer)
    return tuple(text for text in texts if len(text) == 1 and text.isprintable() and text != unit.text)


class _Quotes:
    """Follows the quotation marks of a text while it is mended."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = self._open = 0

    def closed(self, run: list[Unit]) -> list[Unit]:
        """Return the units of the next run; one that may be a closing mark is one if a mark is open.

        Windows-1252 has no byte 9D, so “â€” and something lost is how closing marks mostly end.
        """
        out = []
        for unit in run:
            self._count(self._text[self._at : unit.start])
            self._at = unit.end
            if self._open and unit.rule == LOSSY and "”" in _instead(self._text[unit.start : unit.end], unit):
                unit = unit._replace(text="”", rule=LOSSY_QUOTE)
            self._count(unit.text)
            out.append(unit)
        return out

    def _count(self, text: str) -> None:
        self._open = max(0, self._open + text.count("“") - text.count("”"))


# --- What a stretch should read, and where it differs ---


def mend(text: str) -> list[Unit]:
    """Return what is broken in one line of text, in order.

    ftfy is asked about the whole first. If it leaves something that looks broken, one odd character may have kept it
    from decoding the rest, so it is asked about ever smaller parts. Each must look broken by itself, and of these only
    what can be read in no second way is taken.
    """
    fix, _ = _ftfy()
    fixed = fix(text)
    units = _aligned(text, fixed)
    held = {offset for unit in units for offset in range(unit.start, unit.end)}
    for unit in _in_parts(text, fixed, units, _PARTS):
        if held.isdisjoint(range(unit.start, unit.end)):
            held.update(range(unit.start, unit.end))
            units.append(unit)
    return sorted(units)


# Words, but not parted after a character that may have lost its no-break space; words; words without the dashes and
# quotation marks beside them. The space before a word tells ftfy that it is not the start of a line.
_PARTS = (
    re.compile(r" ?(?:[^ ]|(?<=[^\x00-\x7f]) )+"),
    re.compile(r" ?[^ ]+"),
    re.compile(r"[^ “”‘’—–…]+"),
)


def _in_parts(
    text: str, fixed: ExplainedText, units: Sequence[Unit], parts: Sequence[re.Pattern[str]]
) -> Iterator[Unit]:
    """Yield what is found in parts of a text, if ftfy left something of it or what it did cannot be followed."""
    fix, is_bad = _ftfy()
    followed = splice(text, [Edit(unit.start, unit.end, unit.text) for unit in units]) == fixed.text
    if not parts or (followed and not is_bad(fixed.text)):
        return
    for match in parts[0].finditer(text):
        part = match[0]
        if is_bad(part):
            fixed = fix(part)
            found = [unit for unit in _aligned(part, fixed) if _is_certain(part[unit.start : unit.end], unit)]
            for unit in itertools.chain(found, _in_parts(part, fixed, found, parts[1:])):
                yield unit._replace(start=unit.start + match.start(), end=unit.end + match.start())


def _is_certain(sequence: str, unit: Unit) -> bool:
    """True if no other encoding makes another character of a sequence: “Ã¥” is “å”, or a tilde in Mac Roman."""
    if unit.rule != MOJIBAKE:
        return False
    layers = (_layer(sequence, encoding) for encoding in _encodings())
    return len({layer.text for layer in layers if layer}) == 1


@functools.cache
def _ftfy() -> tuple[Callable[[str], ExplainedText], Callable[[str], bool]]:
    """Import ftfy, and return its fixer, with only what mends, and its test."""
    from ftfy import TextFixerConfig, fix_and_explain
    from ftfy.badness import is_bad

    broken_only = TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,  # no text that was read from UTF-8 has any
        remove_control_chars=False,  # told from each other here, see `_STRAY`
        normalization=None,
    )
    return lambda text: fix_and_explain(text, broken_only), is_bad


_WINDOWS = "sloppy-windows-1252"  # ftfy's codec: bytes that Windows-1252 does not have pass through


def _encodings(used: Iterable[str] = ()) -> list[str]:
    """All encodings that ftfy tries, those that it says it used first."""
    from ftfy.chardata import CHARMAP_ENCODINGS

    return list(dict.fromkeys([*used, *CHARMAP_ENCODINGS]))


# ftfy changes no ASCII but spaces and question marks that stand in a broken sequence.
_UNCHANGED = re.compile(r"([\x00-\x1f!->@-\x7f]+)")


def _aligned(text: str, fixed: ExplainedText) -> list[Unit]:
    """Return the units that make of a text what ftfy does, as far as it can be followed."""
    parts, others = _UNCHANGED.split(text), _UNCHANGED.split(fixed.text)
    if text == fixed.text or parts[1::2] != others[1::2]:
        return []
    encodings = _encodings(step.parameter for step in fixed.explanation or () if step.action == "encode")
    units: list[Unit] = []
    shift = 0
    for part, other in zip(parts, others, strict=True):
        if part != other:
            units += (
                unit._replace(start=unit.start + shift, end=unit.end + shift) for unit in _path(part, other, encodings)
            )
        shift += len(part)
    return units


def _path(old: str, new: str, encodings: Sequence[str]) -> list[Unit]:
    """Return the units that turn `old` into `new` with the fewest guesses; none if there is no way."""
    # For each place in both: the cost of the best way there, and its last unit.
    ways: dict[tuple[int, int], tuple[int, Unit | None]] = {(0, 0): (0, None)}
    reached: list[set[int]] = [set() for _ in range(len(old) + 1)]
    reached[0].add(0)
    for i in range(len(old)):
        for k in reached[i]:
            if k == len(new):
                continue
            cost = ways[i, k][0]
            steps: list[tuple[int, Unit | None]] = []
            if old[i] == new[k]:
                steps.append((cost, None))
            steps += [(cost + _RANK[unit.rule], unit) for unit in _units(old, i, new[k], encodings)]
            for price, unit in steps:
                end = unit.end if unit else i + 1
                if (end, k + 1) not in ways or price < ways[end, k + 1][0]:
                    ways[end, k + 1] = price, unit
                    reached[end].add(k + 1)
    out: list[Unit] = []
    i, k = len(old), len(new)
    if (i, k) not in ways:
        return []
    while k:
        unit = ways[i, k][1]
        if unit:
            out.append(unit)
        i, k = unit.start if unit else i - 1, k - 1
    return out[::-1]


_LONGEST = 32  # characters that one can become: four, each taken for two or three, and those for two or three again


def _units(old: str, start: int, new: str, encodings: Sequence[str]) -> Iterator[Unit]:
    """Yield the units by which what stands at `start` becomes the character `new`: the first exact one, or guesses."""
    if old[start].isascii():
        return
    ends = range(start + 1, min(start + _LONGEST, len(old)) + 1)
    for end in ends:
        if way := _way(old[start:end], new, encodings):
            yield _unit(start, end, way)
            return
    lossy = new == "\ufffd"
    if not lossy and " " not in old[start : start + _LONGEST]:
        return
    for end in ends:
        if way := _way(old[start:end], new, encodings, lossy=lossy, after=old[end : end + 1]):
            yield _unit(start, end, way)


class _Layer(NamedTuple):
    """What one decoding makes of a sequence."""

    text: str
    rule: str
    steps: tuple[str, ...]


def _unit(start: int, end: int, way: Sequence[_Layer]) -> Unit:
    rule = _worst(*(layer.rule for layer in way))
    return Unit(start, end, way[-1].text, rule, tuple(step for layer in way for step in layer.steps))


def _way(
    sequence: str, new: str, encodings: Sequence[str], *, lossy: bool = False, after: str | None = None
) -> tuple[_Layer, ...]:
    """Return the decodings, one after the other, that make a character of a sequence; none if there is no way.

    If told what comes `after` it, also those in which a space stands for a no-break space.
    """
    tried = {sequence}
    ways: list[tuple[_Layer, ...]] = [()]
    for way in ways:
        text = way[-1].text if way else sequence
        texts = {text: MOJIBAKE}
        if after is not None:
            texts.setdefault(text.replace(" ", "\xa0"), MOJIBAKE_WITH_SPACE)
        if after == " ":  # it stays: ftfy takes it for one that stood beside the no-break space
            texts.setdefault(text + "\xa0", MOJIBAKE_WITH_SPACE)
        for (text, rule), encoding in itertools.product(texts.items(), encodings):
            layer = _layer(text, encoding, lossy=lossy)
            if layer and layer.text not in tried:
                way_on = (*way, layer._replace(rule=_worst(rule, layer.rule)))
                if layer.text == new:
                    return way_on
                tried.add(layer.text)
                ways.append(way_on)
    return ()


def _layer(text: str, encoding: str, *, lossy: bool = False) -> _Layer | None:
    """Decode a sequence as UTF-8 that was read in an encoding, or a control character as Windows has it."""
    if len(text) == 1 and "\x80" <= text <= "\x9f":
        return _Layer(text.encode("latin-1").decode(_WINDOWS), C1_CONTROL, ("encode latin-1", "decode windows-1252"))
    if "\ufffd" in text and not lossy:
        return None  # ftfy's codecs have a byte for it
    try:
        data, rule = text.encode(encoding), MOJIBAKE
        if lossy and encoding.startswith("sloppy"):
            from ftfy.fixes import replace_lossy_sequences

            left = replace_lossy_sequences(data)
            data, rule = left, LOSSY if left != data else rule
        # As ftfy does: these bytes may be what Java or an old database takes for UTF-8.
        decoding = "utf-8-variants" if 0xED in data or 0xC0 in data else "utf-8"
        return _Layer(data.decode(decoding), rule, (f"encode {encoding.removeprefix('sloppy-')}", f"decode {decoding}"))
    except UnicodeError:
        return None


# --- Whether a text is worth a look ---

# ftfy's own test for what looks broken (`ftfy.badness`, 6.3.1, Apache-2.0), which nothing that it decodes passes by.
# Here it is for RE2, at hundreds of MB/s, and without importing ftfy; a test holds it to the original.
CLASSES = {
    "common": r"\x{a0}\x{ad}·´–—―…’",
    "c1": r"\x{80}-\x{9f}",
    "bad": r"¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊�ªº",
    "law": r"¶§",
    "currency": r"¢£¥₧€",
    "start": r"¡«¿©΄΅‘‚“„•‹\x{f8ff}",
    "end": r"®»˝”›™",
    "numeric": r"²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№",
    "kaomoji": r"Ò-ÖÙ-Üò-öø-üŐŌŪŲ°",
    "upper": r"À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ",
    "lower": r"ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ",
    "upper_common": r"ÞΑ-ΩΆΈΉΊΌΎΏΪΫЁ-Я",
    "lower_common": r"α-ωάέήίΰа-џ",
    "box": r"│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓",
    "nbsp": r"\x{a0}",
    "shy": r"\x{ad}",
}
BADNESS = r"""
[{c1}]
[{bad}{lower}{upper}{box}{start}{end}{currency}{numeric}{law}][{bad}]
[a-zA-Z][{lower_common}{upper_common}][{bad}]
[{bad}][{lower}{upper}{box}{start}{end}{currency}{numeric}{law}]
[{lower}{lower_common}{box}{end}{currency}{numeric}][{upper}]
[{box}{end}{currency}{numeric}][{lower}]
[{lower}{box}{end}][{currency}]
{space}[{upper}][{currency}]
[{upper}{box}][{numeric}{law}]
[{lower}{upper}{box}{currency}{end}][{start}][{numeric}]
[{lower}{upper}{currency}{numeric}{box}{law}][{end}][{start}]
[{currency}{numeric}{box}][{start}]
[a-z][{upper}][{start}{currency}]
[{box}][{kaomoji}]
[{lower}{upper}{currency}{numeric}{start}{end}{law}][{box}]
[{box}][{end}]
[{lower}{upper}][{start}{end}]{letter}
[Œœ][^A-Za-z]
[{upper}]°
[ÂÃÎÐ][€œŠš¢£Ÿž{nbsp}{shy}®©°·»{start}{end}–—´]
×[²³]
[ØÙ][{common}{currency}{bad}{numeric}{start}ŸŠ®°µ»][ØÙ][{common}{currency}{bad}{numeric}{start}ŸŠ®°µ»]
à[²µ¹¼½¾]
√[±∂†≠®™´≤≥¥µø]
≈[°¢]
‚Ä[ìîïòôúùû†°¢π]
‚[âó][àä°ê]
вЂ
[ВГРС][{c1}{bad}{start}{end}{currency}°µ][ВГРС]
ГўВЂВ.[A-Za-z ]
Ã[{nbsp}¡]
[a-z]{space}?[ÃÂ][ ]
{line_start}[ÃÂ][ ]
[a-z.,?!{end}]Â[ {start}{end}]
β€[™{nbsp}Ά{shy}®°]
[ΒΓΞΟ][{c1}{bad}{start}{end}{currency}°][ΒΓΞΟ]
ā€
"""
# Where RE2 knows less than Python, or a stretch may start where the text does not, this matches more than the original.
WIDENED = {
    "space": r"[\s\v\x1c-\x1f\x{85}\pZ]",
    "letter": r"(?:_|[^\x00-/:-@\[-^\x60{-\x7f\pP\pS\pZ])",
    "line_start": "",
}


@functools.cache
def suspect() -> Any:
    """An RE2 pattern over UTF-8 that matches if anything is to be found; compiled when first needed."""
    import re2

    alternatives = BADNESS.format(**CLASSES, **WIDENED).strip("\n").split("\n")
    return re2.compile("|".join([*alternatives, r"[\x{206a}-\x{206f}\x{feff}\x{fff9}-\x{fffb}\x{fffd}]"]))
