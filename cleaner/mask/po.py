"""The mask of gettext catalogues: the strings of `msgstr` are prose, all else is not."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.mask.holes import BREAK, OBJECT, TRANSPARENT, Hole
from cleaner.model import Node
from cleaner.offsets import from_utf8

_LINE = re.compile(
    rb"""[ \t]*(?:
        (?P<comment>\#[^\n]*)
      | (?:(?P<keyword>[a-z_]+)(?:\[\d+\])?[ \t]*)? "(?P<string>(?:[^"\\\n]|\\.)*+)" [ \t]*
      | (?P<other>[^\n]*)
    ) \r?(?:\n|\Z)""",
    re.X,
)
_LANGUAGE = re.compile(rb"^[ \t]*\"Language:[ \t]*([A-Za-z]+)", re.M)
# What stands inside a string: escapes, tags, character references, placeholders of C, Python, Qt, Ruby, shells.
_PIECE = re.compile(
    rb"""(?P<tag></?[A-Za-z](?:[^<>"\\]|\\.)*>)
      | (?P<escape>\\(?s:.))
      | (?P<reference>&(?:\#\d+|\#[xX][0-9A-Fa-f]+|\w+);)
      | (?P<placeholder>%(?:\d+\$)?[-+\ 0\#']*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh?|ll?|[jztLq])?
            [diouxXeEfFgGaAcCsSpn@](?![A-Za-z])
          |%%|%\(\w+\)[-+\ 0\#]*\d*(?:\.\d+)?[a-zA-Z]|%\d+|%L\d+|[%$\#]?\{[^{}\n"]*\}|\$\w+|%\w+%)""",
    re.X,
)


# Placeholders of which a program needs each as it stands: not percentages, nor words that happen to stand in braces.
_NEEDED = re.compile(
    rb"%(?:\d+\$)?[-+0\#']*(?:\d+|\*)?(?:\.\d+)?(?:ll?)?[diufgsxX@](?![A-Za-z])"
    rb"|%\([A-Za-z_]\w*\)[sdif]|[$\#]?\{[A-Za-z_][\w.]*\}|\{\d+\}"
)
_NAMED = re.compile(rb"(?:%\(([^()\n]*)\)([sdif])|([$\#]?)\{([^{}\n\"]*)\})\Z")
_WIDE = {b"%": "％", b"(": "（", b")": "）", b"{": "｛", b"}": "｝", b"$": "＄"}


class Message(NamedTuple):
    """A message whose translation counts: its original, and the plural of it, and the places of its translations.

    A translation may be in several strings, without their quotes.
    """

    originals: list[bytes]
    translations: list[list[tuple[int, int]]]


class Fault(NamedTuple):
    """A placeholder that is not as in the original, in code points; `meant` is empty if there is none to put there."""

    kind: str  # spaced, renamed, lost
    start: int
    end: int
    original: str
    meant: str


def holes(_text: str, data: bytes, lang: str) -> list[Hole]:
    """Return the holes of a catalogue: all but its translations that are neither fuzzy nor obsolete, if into `lang`."""
    into = _LANGUAGE.search(data)
    if into and into[1].decode().lower() != lang:
        return [Hole(0, len(data), BREAK)]
    out: list[Hole] = []
    at = 0
    for message in _messages(data):
        for strings in message.translations:
            for i, (start, end) in enumerate(strings):
                out.append(Hole(at, start, TRANSPARENT if i else BREAK))
                out += [Hole(*match.span(), _reads(match)) for match in _PIECE.finditer(data, start, end)]
                at = end
    if at < len(data):
        out.append(Hole(at, len(data), BREAK))
    return out


def _messages(data: bytes) -> Iterator[Message]:
    """The messages that are translated, but for the header, and neither fuzzy nor obsolete."""
    message, fuzzy, keyword = Message([], []), False, b""
    for match in _LINE.finditer(data):
        if match["comment"] is not None:
            if keyword == b"msgstr":
                yield from _counting(message)
                message, fuzzy, keyword = Message([], []), False, b""
            fuzzy |= match["comment"].startswith(b"#,") and b"fuzzy" in match["comment"]
        elif match["string"] is not None:
            if match["keyword"]:
                if keyword == b"msgstr" and match["keyword"] != b"msgstr":
                    yield from _counting(message)
                    message, fuzzy = Message([], []), False
                keyword = match["keyword"]
                if keyword in (b"msgid", b"msgid_plural"):
                    message.originals.append(b"")
                elif keyword == b"msgstr" and not fuzzy:
                    message.translations.append([])
            if keyword in (b"msgid", b"msgid_plural") and message.originals:
                message.originals[-1] += match["string"]
            elif keyword == b"msgstr" and message.translations:
                message.translations[-1].append(match.span("string"))
    yield from _counting(message)


def _counting(message: Message) -> Iterator[Message]:
    if message.translations and any(message.originals):
        yield message


def faults(text: str) -> Iterator[Fault]:
    """Yield the placeholders of translations that came apart, were renamed, or are gone."""
    data = text.encode()
    point = from_utf8(text, data)
    for message in _messages(data):
        known = Counter(name for original in message.originals for name in _NEEDED.findall(original))
        for number, strings in enumerate(message.translations):
            if not any(start < end for start, end in strings):
                continue
            wanted = Counter(_NEEDED.findall(message.originals[min(number, len(message.originals) - 1)]))
            counted = len(message.originals) > 1  # one, two, few: the number may be in the word
            for kind, start, end, original, meant in _faults(data, strings, wanted, known, counted):
                yield Fault(kind, point(start), point(end), original.decode(), meant.decode())


def _faults(
    data: bytes, strings: list[tuple[int, int]], wanted: Counter[bytes], known: Counter[bytes], counted: bool
) -> Iterator[tuple[str, int, int, bytes, bytes]]:
    said = [match for start, end in strings for match in _PIECE.finditer(data, start, end) if match["placeholder"]]
    have = Counter(_in_order(match[0]) for match in said)
    missing = []
    for name in wanted.elements():
        if have[_in_order(name)]:
            have[_in_order(name)] -= 1
        else:
            missing.append(name)
    foreign = [match for match in said if match[0] not in known]
    for name in missing[:]:
        apart = [match for start, end in strings for match in _apart(name).finditer(data, start, end)]
        apart = [match for match in apart if match[0] != name]
        if len(apart) == 1:
            missing.remove(name)
            foreign = [match for match in foreign if match.end() <= apart[0].start() or apart[0].end() <= match.start()]
            yield "spaced", *apart[0].span(), name, name
    named = [match for match in foreign if _NAMED.match(match[0])]
    if len(missing) == 1 and len(named) == 1 and _family(missing[0]) == _family(named[0][0]):
        yield "renamed", *named[0].span(), missing[0], missing[0]
    elif not foreign and not counted:
        whole = b"".join(data[start:end] for start, end in strings)
        for name in sorted({*missing}):
            if name not in whole:
                yield "lost", *next((start, end) for start, end in strings if start < end), name, b""


def _in_order(placeholder: bytes) -> bytes:
    """A placeholder without the number that says which value it takes."""
    return re.sub(rb"^%\d+\$", b"%", placeholder)


def _family(placeholder: bytes) -> tuple[bytes | None, ...]:
    match = _NAMED.match(placeholder)
    return (match[2], match[3]) if match else (placeholder,)


def _apart(placeholder: bytes) -> re.Pattern[bytes]:
    """What a placeholder looks like with spaces inside or full-width marks."""
    parts = re.findall(rb"\w+|.", placeholder)
    spelled = b" ?".join(
        b"(?:%s|%s)" % (re.escape(part), _WIDE[part].encode()) if part in _WIDE else re.escape(part) for part in parts
    )
    return re.compile(rb"(?<![%%$#\w])%s(?![A-Za-z])" % spelled)


def _reads(match: re.Match[bytes]) -> str:
    if match.lastgroup == "tag":
        return TRANSPARENT
    if match.lastgroup == "escape":
        return {b'\\"': '"', b"\\\\": "\\", b"\\n": BREAK, b"\\r": BREAK, b"\\t": BREAK}.get(match[0], OBJECT)
    if match.lastgroup == "reference":
        value = html.unescape(match[0].decode())
        return value if len(value) == 1 and value.isprintable() else OBJECT
    return OBJECT


def structure(text: str) -> list[object]:
    """Return the lines of a catalogue, of those that hold a string only what it belongs to."""
    return [
        match["keyword"] or "" if match["string"] is not None else match[0] for match in _LINE.finditer(text.encode())
    ]


def gains(before: str, after: str, nodes: Sequence[Node]) -> bool:
    """Return True if two catalogues differ in their translations alone, and the second has the placeholders given.

    What was at fault with these must be right, and nothing else may be wrong that was not.
    """
    had, has = ([(fault.kind, fault.original) for fault in faults(text)] for text in (before, after))
    mended = Counter(had) - Counter(has)
    return (
        structure(before) == structure(after)
        and [message.originals for message in _messages(before.encode())]
        == [message.originals for message in _messages(after.encode())]
        and not Counter(has) - Counter(had)
        and sum(mended.values()) == len(nodes)
    )
