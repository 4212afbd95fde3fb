"""The mask of Markdown (CommonMark with GitHub's extensions, front matter, MDX lines), from pulldown-cmark's events."""

from __future__ import annotations

import re

import pyromark

from cleaner.mask.holes import BREAK, OBJECT, SPACE, TRANSPARENT, Hole, join

OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_YAML_STYLE_METADATA_BLOCKS
    | pyromark.Options.ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
    | pyromark.Options.ENABLE_MATH
    | pyromark.Options.ENABLE_GFM
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
)

# Blocks that are not named here hold prose between breaks; so does an image (its description).
_HIDDEN_BLOCKS = {"CodeBlock", "HtmlBlock", "MetadataBlock"}
_INLINE = {"Emphasis", "Strong", "Superscript", "Subscript"}
# An autolink's text is its address; struck text is no part of its sentence.
_OPAQUE_LINKS = {"Autolink", "Email"}
_OPAQUE = {"Strikethrough"}
# Text that is at once the label by which a link finds its target: to be read, not to be touched.
_LABEL_LINKS = {"Collapsed", "CollapsedUnknown", "Shortcut", "ShortcutUnknown", "WikiLink"}
# Inline HTML whose content is not prose, and tags that end a line or a block.
_OPAQUE_TAG = re.compile(r"<(code|kbd|samp|var|tt|pre|script|style|svg|math|textarea)\b", re.I)
_BREAK_TAG = re.compile(r"</?(?:br|hr|p|div|li|[uo]l|t[dhr]|table|h[1-6]|details|summary|section|blockquote)\b", re.I)
_OFF = re.compile(r"<!--\s*cleaner:\s*off\s*-->")
_ON = re.compile(rb"<!--\s*cleaner:\s*on\s*-->")
# Lines that CommonMark takes for text: containers (`:::`), imports and exports of MDX.
_LINE = re.compile(
    rb"""^[ \t]*(?: :{3,}[^\n]*
                  | import\s[^\n]*?['"][^\n]*['"];?[ \t]*
                  | export\s+(?:default|const|let|var|function|class|async|\{|\*)[^\n]*)$""",
    re.M | re.X,
)


def holes(text: str, data: bytes) -> list[Hole]:
    """Return the holes of Markdown: every byte that is not the text of a paragraph, heading or cell."""
    out: list[Hole] = []
    at = 0  # all before it is prose or in `out`
    gap = BREAK  # how the bytes from there to the next leaf read
    skip = 0  # events that start before this offset are inside something hidden
    closing = ""  # the end tag that is waited for

    def leaf(start: int, end: int, reads: str) -> None:
        nonlocal at, gap
        if at < start:
            close(start)
        out.append(Hole(start, end, reads))
        at, gap = end, TRANSPARENT

    def close(start: int) -> None:
        # The marks that a line of a quotation or list opens with belong to the line end before it.
        if gap == TRANSPARENT and out and out[-1].reads == SPACE and out[-1].end == at and not data[at:start].strip(b" \t>"):
            out[-1] = Hole(out[-1].start, start, SPACE)
        else:
            out.append(Hole(at, start, gap))

    for event, where in pyromark.events_with_range(text, options=OPTIONS):
        start = where["start"]
        if start < skip:
            continue
        end = where["end"]
        if isinstance(event, str):
            if event == "SoftBreak" and not closing:
                leaf(start, end, SPACE)
            elif event != "SoftBreak":
                gap, closing = BREAK, ""
            continue
        ((name, value),) = event.items()
        if closing:
            if name == "InlineHtml" and value.lower().startswith(closing):
                out.append(Hole(at, end, OBJECT))
                at, closing = end, ""
            elif name in ("Start", "End") and _tag(value) not in _INLINE and _tag(value) != "Link":
                gap, closing = BREAK, ""
            continue
        if name == "Text":
            if data[start] == _AMPERSAND and value.encode() != data[start:end]:
                leaf(start, end, value)
            elif at == start - 1 and data[at] == _BACKSLASH:
                leaf(at, start + 1, value[0])
                at = end
            else:
                if at < start:
                    close(start)
                at, gap = end, TRANSPARENT
        elif name in ("Start", "End"):
            tag = _tag(value)
            if tag == "Link":
                kind = value["Link"]["link_type"] if name == "Start" else ""
                if kind in _OPAQUE_LINKS or kind in _LABEL_LINKS:
                    label = data[start + 1 : end - 1].decode()
                    leaf(start, end, OBJECT if kind in _OPAQUE_LINKS else label)
                    skip = end
            elif tag in _OPAQUE:
                leaf(start, end, OBJECT)
                skip = end
            elif tag not in _INLINE:
                gap = BREAK
                if tag in _HIDDEN_BLOCKS and name == "Start":
                    skip = end
                    if tag == "HtmlBlock" and _OFF.search(data[start:end].decode()):
                        skip = _end_of_off(data, start)
        elif name == "InlineHtml":
            if tagged := _OPAQUE_TAG.match(value):
                if not value.endswith("/>"):
                    if at < start:
                        out.append(Hole(at, start, gap))
                    at, gap, closing = start, BREAK, f"</{tagged[1].lower()}"
            elif _BREAK_TAG.match(value):
                gap = BREAK
            elif _OFF.match(value):
                gap, skip = BREAK, _end_of_off(data, start)
        elif name in ("Code", "InlineMath", "DisplayMath"):
            leaf(start, end, OBJECT)
    if at < len(data):
        out.append(Hole(at, len(data), BREAK))
    return join(out, (m.span() for m in _LINE.finditer(data)), BREAK) if _LINE.search(data) else out


_AMPERSAND, _BACKSLASH = b"&\\"


def _tag(value: object) -> str:
    return value if isinstance(value, str) else str(next(iter(value)))  # type: ignore[call-overload]


def _end_of_off(data: bytes, start: int) -> int:
    on = _ON.search(data, start)
    return on.end() if on else len(data)


def structure(text: str) -> list[object]:
    """Return what a Markdown text is made of without its prose: tags with destinations and titles, code, HTML.

    Two texts of equal structure differ only in what their paragraphs, headings and cells say.
    """
    out: list[object] = []
    for event in pyromark.events(text, options=OPTIONS):
        if isinstance(event, dict) and "Text" in event and not _verbatim(out):
            event = "Text"
        if event == "SoftBreak":
            event = "Text"  # a line end is a space of its paragraph
        if event != "Text" or not out or out[-1] != "Text":
            out.append(event)
    return out


def _verbatim(out: list[object]) -> bool:
    """True right after the start of a block whose text is not prose."""
    last = out[-1] if out else None
    return isinstance(last, dict) and ("Text" in last or _tag(last.get("Start", "")) in _HIDDEN_BLOCKS)
