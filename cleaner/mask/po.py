"""The mask of gettext catalogues: the strings of `msgstr` are prose, all else is not."""

from __future__ import annotations

import html
import re

from cleaner.mask.holes import BREAK, OBJECT, TRANSPARENT, Hole

_LINE = re.compile(
    rb"""[ \t]*(?:
        (?P<comment>\#[^\n]*)
      | (?:(?P<keyword>[a-z]+)(?:\[\d+\])?[ \t]*)? "(?P<string>(?:[^"\\\n]|\\.)*+)" [ \t]*
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


def holes(_text: str, data: bytes, lang: str) -> list[Hole]:
    """Return the holes of a catalogue: all but its translations that are neither fuzzy nor obsolete, if into `lang`."""
    into = _LANGUAGE.search(data)
    if into and into[1].decode().lower() != lang:
        return [Hole(0, len(data), BREAK)]
    out: list[Hole] = []
    at = 0
    for start, end, continues in _strings(data):
        out.append(Hole(at, start, TRANSPARENT if continues else BREAK))
        out += [Hole(*match.span(), _reads(match)) for match in _PIECE.finditer(data, start, end)]
        at = end
    if at < len(data):
        out.append(Hole(at, len(data), BREAK))
    return out


def _strings(data: bytes) -> list[tuple[int, int, bool]]:
    """The places of the translations, without their quotes, and whether each goes on from the one before."""
    out: list[tuple[int, int, bool]] = []
    fuzzy = is_header = False
    keyword, is_first = b"", True  # of the string that is being read, and whether nothing of it has been yet
    for match in _LINE.finditer(data):
        if match["comment"] is not None:
            if keyword == b"msgstr":
                fuzzy, keyword = False, b""
            fuzzy |= match["comment"].startswith(b"#,") and b"fuzzy" in match["comment"]
        elif match["string"] is not None:
            if match["keyword"]:
                if keyword == b"msgstr" and match["keyword"] != b"msgstr":
                    fuzzy = False
                keyword, is_first = match["keyword"], True
                if keyword == b"msgid":
                    is_header = True  # until something stands in it
            if keyword == b"msgid" and match["string"]:
                is_header = False
            if keyword == b"msgstr" and not fuzzy and not is_header:
                out.append((*match.span("string"), not is_first))
                is_first = False
    return out


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
