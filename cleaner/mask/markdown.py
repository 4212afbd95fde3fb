"""The mask of Markdown (CommonMark with GitHub's extensions, front matter, MDX lines), from pulldown-cmark's events."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pyromark
import re2

from cleaner.mask.holes import BREAK, OBJECT, SPACE, TRANSPARENT, Hole, join
from cleaner.model import Node
from cleaner.offsets import from_utf8

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
_PROSE_BLOCKS = ("Item", "Paragraph")  # the most frequent ones
_INLINE = {"Emphasis", "Strong", "Superscript", "Subscript"}
# An autolink's text is its address; struck text is no part of its sentence.
_OPAQUE_LINKS = {"Autolink", "Email"}
_OPAQUE = {"Strikethrough"}
# Text that is at once the label by which a link finds its target: to be read, not to be touched.
_LABEL_LINKS = {"Collapsed", "CollapsedUnknown", "Shortcut", "ShortcutUnknown", "WikiLink"}
# Inline HTML whose content is not prose, and tags that end a line or a block.
_OPAQUE_TAG = re.compile(r"<(code|kbd|samp|var|tt|pre|script|style|svg|math|textarea)\b", re.I)
# Also what a tag alone puts into a sentence: a badge, an icon, a component of JSX.
_OBJECT_TAG = re.compile(r"<(?:img|input|embed)\b|<(?!(?:wbr|a|span)\b)[a-z][^>]*/>", re.I)
_BREAK_TAG = re.compile(r"</?(?:br|hr|p|div|li|[uo]l|t[dhr]|table|h[1-6]|details|summary|section|blockquote)\b", re.I)
_SWITCH = re.compile(rb"<!--\s*cleaner:\s*(on|off)\s*-->")
# Front matter between lines of more than three dashes, which some sites take.
_LONG_FRONT_MATTER = re.compile(rb"-{4,}[ \t]*\r?\n[\w-]+:.*?\n-{4,}[ \t]*(?=\r?\n|\Z)", re.S)
# The second line of a table. Where this parser sees none, another may: lines there are not joined.
_DELIMITERS = re.compile(rb"^[ \t>]*(?:\|[ \t]*:?-|:?-+:?[ \t]*\|)[ \t:|-]*\r?$", re.M)
# Lines that CommonMark takes for text: containers (`:::`), imports and exports of MDX.
_LINE_HINT = re2.compile(r":::|import |export ")  # most texts have none, and this is the quick way to know
_LINE = re.compile(
    rb"""^[ \t]*(?: :{3,}[^\n]*
                  | import\s[^\n]*?['"][^\n]*['"];?[ \t]*
                  | export\s+(?:default|const|let|var|function|class|async|\{|\*)[^\n]*)$""",
    re.M | re.X,
)


def holes(text: str, data: bytes, _lang: str) -> list[Hole]:
    """Return the holes of Markdown: every byte that is not the text of a paragraph, heading or cell."""
    out = _Masker(data).run(pyromark.events_with_range(text, options=OPTIONS))
    if front := _LONG_FRONT_MATTER.match(data):
        out = join(out, [front.span()], BREAK)
    return join(out, (m.span() for m in _LINE.finditer(data)), BREAK) if _LINE_HINT.search(data) else out


class _Masker:
    """Walks the parser's events and keeps what is between the pieces of text."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.out: list[Hole] = []
        self.at = 0  # all before it is prose or in `out`
        self.gap = BREAK  # how the bytes from there to the next leaf read
        self.skip = 0  # events that start before this offset are inside something hidden
        self.off = False  # whether that is all up to a comment that says `cleaner: on`
        self.closing = ""  # the end tag of inline HTML that is waited for

    def run(self, events: Iterable[tuple[Any, Any]]) -> list[Hole]:
        data = self.data
        rows, may_hold_rows = False, _DELIMITERS.search(data) is not None
        for event, where in events:
            start = where["start"]
            if start < self.skip:
                self.hidden(event, where["end"], start)
                continue
            if "Text" in event:
                # By far the most frequent, and often just the next piece of a run.
                if start == self.at and data[start] != _AMPERSAND and not self.closing:
                    self.at, self.gap = where["end"], TRANSPARENT
                else:
                    self.text(start, where["end"], event["Text"])
            elif event.__class__ is str:
                if event == "SoftBreak" and not self.closing:
                    self.leaf(start, where["end"], BREAK if rows else SPACE)
                elif event == "Rule" or not self.closing:
                    self.gap, self.closing = BREAK, ""
            else:
                ((name, value),) = event.items()
                if value in _PROSE_BLOCKS and name in ("Start", "End"):
                    self.gap, self.closing = BREAK, ""
                    rows = may_hold_rows and _DELIMITERS.search(data, start, where["end"]) is not None
                elif handle := _HANDLERS.get(name):
                    handle(self, start, where["end"], value)
        if self.at < len(data):
            self.out.append(Hole(self.at, len(data), BREAK))
        return self.out

    def leaf(self, start: int, end: int, reads: str) -> None:
        self.close(start)
        self.out.append(Hole(start, end, reads))
        self.at, self.gap = end, TRANSPARENT

    def close(self, start: int) -> None:
        """Make a hole of what is left before `start`."""
        at, out = self.at, self.out
        if at == start:
            return
        # The marks that a line of a quotation or list opens with belong to the line end before it.
        marks = self.gap == TRANSPARENT and out and out[-1].reads == SPACE and out[-1].end == at
        if marks and not self.data[at:start].strip(b" \t>"):
            out[-1] = Hole(out[-1].start, start, SPACE)
        else:
            out.append(Hole(at, start, self.gap))

    def text(self, start: int, end: int, value: str) -> None:
        data = self.data
        if self.closing:
            return
        if data[start] == _AMPERSAND and value.encode() != data[start:end]:
            self.leaf(start, end, value)
        elif self.at == start - 1 and data[self.at] == _BACKSLASH:
            self.leaf(self.at, start + 1, value[0])
            self.at = end
        else:
            self.close(start)
            self.at, self.gap = end, TRANSPARENT

    def start(self, start: int, end: int, value: Any) -> None:
        tag = value if isinstance(value, str) else next(iter(value))
        if tag in _INLINE:
            return
        if tag == "Link":
            kind = value["Link"]["link_type"]
            if not self.closing and (kind in _OPAQUE_LINKS or kind in _LABEL_LINKS):
                label = " ".join(self.data[start + 1 : end - 1].decode().split())
                self.leaf(start, end, OBJECT if kind in _OPAQUE_LINKS else label)
                self.skip = end
        elif tag in _OPAQUE:
            self.opaque(start, end, value)
            self.skip = end
        else:
            self.gap, self.closing = BREAK, ""
            if tag in _HIDDEN_BLOCKS:
                self.skip = end
                if tag == "HtmlBlock":
                    self.switch(start, end)

    def end(self, _start: int, _end: int, value: Any) -> None:
        tag = value if isinstance(value, str) else next(iter(value))
        if tag not in _INLINE and tag != "Link":
            self.gap, self.closing = BREAK, ""

    def opaque(self, start: int, end: int, _value: Any) -> None:
        if not self.closing:
            self.leaf(start, end, OBJECT)

    def html(self, start: int, end: int, value: str) -> None:
        if self.closing:
            if value.lower().startswith(self.closing):
                self.out.append(Hole(self.at, end, OBJECT))
                self.at, self.gap, self.closing = end, TRANSPARENT, ""
        elif opened := _OPAQUE_TAG.match(value):
            if not value.endswith("/>"):
                self.close(start)
                self.at, self.gap, self.closing = start, BREAK, f"</{opened[1].lower()}"
        elif _BREAK_TAG.match(value):
            self.gap = BREAK
        elif _OBJECT_TAG.match(value):
            self.leaf(start, end, OBJECT)
        else:
            self.switch(start, end)

    def switch(self, start: int, end: int) -> None:
        """Mind the last comment in a piece of HTML that turns cleaner off or on."""
        if said := _SWITCH.findall(self.data, start, end):
            self.off, self.gap = said[-1] == b"off", BREAK
            self.skip = len(self.data) if self.off else end

    def hidden(self, event: Any, end: int, start: int) -> None:
        """Look at an event inside something hidden for the end of it, and of the block around it."""
        if self.off and ("InlineHtml" in event or event == _HTML_BLOCK):
            self.switch(start, end)
        elif "End" in event and end > self.skip:
            self.end(start, end, event["End"])


_HTML_BLOCK = {"Start": "HtmlBlock"}
_HANDLERS = {
    "Start": _Masker.start,
    "End": _Masker.end,
    "Code": _Masker.opaque,
    "InlineMath": _Masker.opaque,
    "DisplayMath": _Masker.opaque,
    "InlineHtml": _Masker.html,
}

_AMPERSAND, _BACKSLASH = b"&\\"


def code(text: str) -> list[tuple[int, int]]:
    """Return the stretches of a Markdown text, in code points, that are code or front matter."""
    data, out = text.encode(), []
    point = from_utf8(text, data)
    events: Iterable[tuple[Any, Any]] = pyromark.events_with_range(text, options=OPTIONS)
    for event, where in events:
        if isinstance(event, dict):
            ((name, value),) = event.items()
            tag = next(iter(value)) if isinstance(value, dict) else value
            if name == "Code" or (name == "Start" and tag in ("CodeBlock", "MetadataBlock")):
                out.append((point(where["start"]), point(where["end"])))
    return out


def structure(text: str) -> list[object]:
    """Return the structure of a Markdown text: its tags with destinations and titles, code spans, HTML, in order."""
    events = pyromark.events(text, options=OPTIONS, merge_text=True)
    return [event for event in events if "Text" not in event and event != "SoftBreak"]


def gains(before: str, after: str, nodes: Sequence[Node]) -> bool:
    """Return True if `after` parses to the nodes of `before` and exactly those given besides.

    What a node is made of besides text gives way to it: the link under an image, the wrong spaces of a code span, the
    quotation that becomes an admonition. A heading or an item may part paragraphs and lists.
    """
    old, new = structure(before), structure(after)
    nodes = [node for node in nodes if not _ends_in_block(old, new, node)]
    if any(node.kind in _BLOCKS for node in nodes):
        old, new = ([event for event in events if not _is_neutral(event)] for events in (old, new))
    if any(node.kind == "table" for node in nodes):
        old, new = ([event for event in events if not _is_of_table(event)] for events in (old, new))
    for node in nodes:
        _give_way(old, node)
    nodes = [_resolved(node, new) for node in nodes]
    # What was read as rules, headings and lists between the fences of front matter stands at the beginning.
    most = len(old) if any(node.kind == "front-matter" for node in nodes) else 0
    return any(_holds(old[dropped:], new, nodes) for dropped in range(most + 1))


def _holds(old: Sequence[object], new: Sequence[object], nodes: Sequence[Node]) -> bool:
    """True if the new events are the old ones, in order, and those that the nodes make."""
    extra, i = [], 0
    for event in new:
        if i < len(old) and event == old[i]:
            i += 1
        else:
            extra.append(_name(event))
    wherever = {name for node in nodes for name in _made_wherever(node)}
    made = [name for node in nodes for name in _made(node, extra)]
    extra = [name for name in extra if name not in wherever]
    return i == len(old) and Counter(extra) == Counter(made) and not any(_nested(new, node.kind) for node in nodes)


_BLOCKS = {"table", "heading", "item", "html", "front-matter", "admonition", "footnote", "definition"}
_GIVES_WAY = {"image": ("Link", ""), "admonition": ("BlockQuote", "None")}


def _is_neutral(event: object) -> bool:
    """True for the starts and ends of paragraphs and lists."""
    if not isinstance(event, dict):
        return False
    value = event.get("Start", event.get("End"))
    return value == "Paragraph" or (isinstance(value, dict) and "List" in value)


def _is_of_table(event: object) -> bool:
    if not isinstance(event, dict):
        return False
    value = event.get("Start", event.get("End"))
    return str(value).startswith("Table") or (isinstance(value, dict) and "Table" in value)


def _ends_in_block(old: list[object], new: Sequence[object], node: Node) -> bool:
    """True if an end tag that a node makes stood apart in a block of HTML, where it is mended among the old events."""
    if node.kind != "html" or not node.target.startswith("</"):
        return False
    apart = re.compile(rf"<(?: ?/ | /){re.escape(node.target[2:-1])} ?>", re.I)
    for i, event in enumerate(old):
        if isinstance(event, dict) and "Html" in event and apart.search(event["Html"]):
            mended = {"Html": apart.sub(node.target, event["Html"], count=1)}
            if new.count(mended) > old.count(mended):
                old[i] = mended
                return True
    return False


def _name(event: Any) -> tuple[str, ...]:
    """What of an event a node declares: its kind, and where it goes or what it holds."""
    if isinstance(event, str):
        return (event,)
    ((step, value),) = event.items()
    if not isinstance(value, dict):  # a kind, the text of code or HTML, whether a task is done
        return (step, str(value).strip())
    kind, more = next(iter(value.items()))
    if kind in ("Link", "Image"):
        return (step, kind, more["dest_url"])
    return (step, kind, str(more["level"] if kind == "Heading" and step == "Start" else more))


def _made(node: Node, extra: Collection[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The events of a node."""
    target = node.target
    if node.kind in ("link", "image"):
        name = node.kind.title()
        return [("Start", name, target), ("End", name)]
    if node.kind in ("strong", "emphasis", "item"):
        return [("Start", node.kind.title()), ("End", node.kind.title())]
    if node.kind == "heading":
        level = f"H{target.count('#')}"
        return [("Start", "Heading", level), ("End", "Heading", level)]
    if node.kind == "html":
        block: list[tuple[str, ...]] = [("Start", "HtmlBlock"), ("Html", target), ("End", "HtmlBlock")]
        return block if block[1] in extra else [("InlineHtml", target)]
    if node.kind == "code":
        return [("Code", target)]
    if node.kind == "admonition":
        kind = target.strip("[]!").title()
        return [("Start", "BlockQuote", kind), ("End", "BlockQuote", kind)]
    if node.kind == "task":
        return [("TaskListMarker", str(target != "[ ]"))]
    if node.kind == "front-matter":
        return [("Start", "MetadataBlock", "YamlStyle"), ("End", "MetadataBlock", "YamlStyle")]
    return []


def _made_wherever(node: Node) -> list[tuple[str, ...]]:
    """The events of what a mended label makes whole in other places: references to a footnote or to a target."""
    target = node.target
    if node.kind == "footnote":
        return [("FootnoteReference", target), ("Start", "FootnoteDefinition", target), ("End", "FootnoteDefinition")]
    if node.kind == "definition":
        return [event for kind in ("Link", "Image") for event in (("Start", kind, target), ("End", kind))]
    return []


def _resolved(node: Node, events: Iterable[Any]) -> Node:
    """Return a link whose target is given by its label, if it is one, as a link to that target."""
    if node.kind != "reference":
        return node
    links = (event["Start"]["Link"] for event in events if isinstance(event, dict) and "Link" in event.get("Start", ""))
    found = (link["dest_url"] for link in links if link["id"].casefold() == node.target.casefold())
    return Node("link", node.reads, next(found, ""))


def _give_way(events: list[object], node: Node) -> None:
    """Take out of a structure what a node replaces, if it replaces anything."""
    if node.kind == "code":
        # Spaces at the ends are the fault; the parser may have left out one at each.
        spans = [event for event in events if _name(event) == ("Code", node.target)]
        spaced = [event for event in spans if event != {"Code": node.target}]
        if spans:
            events.remove((spaced or spans)[0])
    elif node.kind == "reference":
        # The label alone was a link, and so was the text if it is the label, too.
        label = node.target.casefold()
        for _ in range(node.reads.casefold().count(f"[{label}]")):
            i = next((i for i, event in enumerate(events) if _is_shortcut(event, label)), None)
            if i is not None:
                del events[i : i + 2]
    elif node.kind in _GIVES_WAY:
        kind, more = _GIVES_WAY[node.kind]
        names = [_name(event) for event in events]
        start, end = ("Start", kind, more or node.target), ("End", kind, *([more] if more else []))
        if start in names:
            first = names.index(start)
            del events[names.index(end, first)], events[first]


def _is_shortcut(event: Any, label: str) -> bool:
    """True for the start of a link that is its own label."""
    if _name(event)[:2] != ("Start", "Link"):
        return False
    link = event["Start"]["Link"]
    return bool(link["link_type"] == "Shortcut" and link["id"].casefold() == label)


def _nested(events: Iterable[object], kind: str) -> bool:
    """True if a span of strong or emphasised text stands in another: two were taken for one."""
    depth = 0
    for event in events:
        name = _name(event)
        if name[1:] == (kind.title(),) and kind in ("strong", "emphasis"):
            depth += 1 if name[0] == "Start" else -1
            if depth > 1:
                return True
    return False
