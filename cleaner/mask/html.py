"""The mask of HTML: tags, comments and character references, found the way a browser's tokeniser finds them."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from cleaner.mask.holes import BREAK, OBJECT, SPACE, TRANSPARENT, Hole
from cleaner.model import Node


def _named(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Elements inside a line: words join across their tags. What is not named here or below stands between blocks.
_INLINE = _named(
    "a abbr acronym b bdi bdo big cite data dfn em font i ins label mark nobr q small span strong time u wbr"
)
# Elements that stand for a thing in their sentence, whatever is in them: code, formulas, pictures, controls, notes,
# and struck text, which is no part of the sentence any more.
_OBJECTS = _named(
    "code kbd samp var tt svg math img input embed object video audio canvas picture iframe button select meter "
    "progress output map ruby sub sup del s strike"
)
# Elements between blocks whose content is not prose.
_HIDDEN = _named("script style pre textarea template noscript noframes noembed xmp listing plaintext")
# Elements whose content is text up to their own end tag, whatever looks like a tag in it.
_RAW = _named("script style textarea title xmp iframe noembed noframes noscript plaintext")
_VOID = _named("area base basefont bgsound br col embed frame hr img input link meta param source track wbr")
# End tags of these take the one element away and leave open what was opened in it; all others close that, too.
_FORMATTING = _named("a b big code em font i nobr s small strike strong tt u")
# Start tags before which a paragraph ends by itself, and those before which an earlier one of their kind does.
_ENDS_P = _named(
    "address article aside blockquote center details dialog dir div dl dd dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre listing search section summary ul"
)
_SCOPES = _named("table caption button object template html body td th marquee applet")
_LISTS = _SCOPES | _named("ul ol menu dir dl select")
_ROWS = frozenset(("table", "template"))
_ENDED_BY = {
    **dict.fromkeys(_ENDS_P, (("p",), _SCOPES)),
    "li": (("li",), _LISTS),
    **dict.fromkeys(("dt", "dd"), (("dt", "dd"), _LISTS)),
    "option": (("option",), _LISTS),
    **dict.fromkeys(("td", "th"), (("td", "th"), _ROWS | {"tr"})),
    "tr": (("tr",), _ROWS),
}
_DEEP = 512  # open elements that are looked at for one that ends; browsers nest no deeper

_TOKEN = re.compile(
    rb"""(?xs)
    <(?P<end>/?) (?P<name>[A-Za-z][^\t\n\f\r\ />]*+)
    (?P<tag> (?: [\t\n\f\r\ /]++
      | [^\t\n\f\r\ />][^\t\n\f\r\ />=]*+
        (?: [\t\n\f\r\ ]*+ = [\t\n\f\r\ ]*+
          (?: "[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) | [^\t\n\f\r\ "'>][^\t\n\f\r\ >]*+ )?+ )?+
    )*+ ) (?: > | \Z )
  | (?P<comment> <!-- (?: -?> | .*? (?: --!?> | \Z ) ) )
  | (?P<bogus> <(?: [!?] | /(?![A-Za-z]) ) [^>]*+ (?: > | \Z ) )
  | (?P<reference> & (?: \#[xX][0-9A-Fa-f]++ | \#[0-9]++ | [A-Za-z][A-Za-z0-9]*+ ) ;?+ )
  | (?P<space> [\t\n\f\r][\t\n\f\r\ ]*+ | \ [\t\n\f\r\ ]++ )"""
)
_WHITE = re.compile(rb"[\t\n\f\r ]+")
_ATTRIBUTE = re.compile(
    r"""(?:(?<=[\s/"'])|^)(lang|xml:lang|translate|class)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I
)
_ASKED = re.compile(rb"lang|translate", re.I)  # few tags hold these, and this is the quick way to know
_SWITCH = re.compile(rb"<!--\s*cleaner:\s*(on|off)\s*-->")
_CDATA = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.S)
_INVISIBLE = {"\u00ad", "\u200b", "\u200c", "\u200d", "\u2060"}  # a word goes on across them


class _Open(NamedTuple):
    """An open element.

    `hides`: as what its content reads if that is no prose. The other two are None where it says nothing of them.
    """

    name: str
    hides: str = ""
    untranslated: bool | None = None
    foreign: bool | None = None


def holes(_text: str, data: bytes, lang: str) -> list[Hole]:
    """Return the holes of a page: all but the text of its paragraphs, headings, cells and title in language `lang`."""
    return _Masker(data, lang).run()


class _Masker:
    """Goes from tag to tag, with the elements in mind that are open."""

    def __init__(self, data: bytes, lang: str) -> None:
        self.data = data
        self.lang = lang
        self.out: list[Hole] = []
        self.at = 0  # all before it is prose or in `out`
        self.spaced = True  # whether the reading so far ends with a space or a break
        self.open: list[_Open] = []
        self.names: Counter[str] = Counter()  # of the open elements
        self.hides = 0  # how many of them hide their content
        self.untranslated: list[_Open] = []  # those that say whether their content may be changed
        self.foreign: list[_Open] = []  # those that say in which language it is
        self.off = False  # whether a comment turned cleaner off
        self.hiding = ""  # as what the hidden stretch reads that began at `at`

    def run(self) -> list[Hole]:
        data, at, size = self.data, 0, len(self.data)
        while match := _TOKEN.search(data, at):
            at = self.token(match)
        if self.hiding:
            self.hole(self.at, size, self.hiding)
        else:
            self.prose(size)
        return self.out

    def token(self, match: re.Match[bytes]) -> int:
        """Take one token, and return where the next may begin."""
        start, end = match.span()
        kind = match.lastgroup
        if kind == "tag":
            return self.start_tag(match) if not match["end"] else self.end_tag(match)
        if kind == "space":
            self.leaf(start, end, SPACE)
        elif kind == "reference":
            self.reference(start, end)
        elif kind == "comment":
            self.comment(start, end)
        else:
            if self.is_foreign_markup() and (cdata := _CDATA.match(self.data, start)):
                end = cdata.end()
            self.leaf(start, end, BREAK)
        return end

    def leaf(self, start: int, end: int, reads: str) -> None:
        """Put a hole into the reading after the text before it."""
        if not self.hiding:
            self.prose(start)
            self.hole(start, end, TRANSPARENT if reads == SPACE and self.spaced else reads)
            self.at = end

    def prose(self, end: int) -> None:
        """Take what is between the last hole and `end` as text; white space after white space shows as nothing."""
        start = self.at
        if start == end:
            return
        if self.spaced and (white := _WHITE.match(self.data, start, end)):
            start = white.end()
            self.hole(self.at, start, TRANSPARENT)
        if start < end:
            self.spaced = self.data[end - 1] in b" \t\n\f\r"
        self.at = end

    def hole(self, start: int, end: int, reads: str) -> None:
        last = self.out[-1] if self.out else None
        if reads != TRANSPARENT:
            self.spaced = reads in (SPACE, BREAK)
        if last and last.end == start and BREAK in (last.reads, reads) and last.reads in _FADING and reads in _FADING:
            self.out[-1] = Hole(last.start, end, BREAK)
            self.spaced = True
        elif start < end:
            self.out.append(Hole(start, end, reads))

    def reference(self, start: int, end: int) -> None:
        source = self.data[start:end].decode()
        value = html.unescape(source)
        if value != source:  # otherwise it only looked like one
            reads = SPACE if value in _SPACES else TRANSPARENT if value in _INVISIBLE else value
            self.leaf(start, end, reads)

    def comment(self, start: int, end: int) -> None:
        said = _SWITCH.fullmatch(self.data, start, end)
        if said and self.off == (said[1] == b"on"):
            self.off = not self.off
            self.update(start if self.off else end)
        else:
            self.leaf(start, end, TRANSPARENT)

    def start_tag(self, match: re.Match[bytes]) -> int:
        start, end = match.span()
        name = match["name"].decode().lower()
        self.end_implied(name, start)
        hides = OBJECT if name in _OBJECTS else BREAK if name in _HIDDEN else ""
        if name in _RAW and not self.is_foreign_markup():
            return self.raw(name, start, end, hides)
        if name in _VOID or (name in ("svg", "math") and match["tag"].endswith(b"/")):
            self.leaf(start, end, TRANSPARENT if name in _INLINE else hides or BREAK)
            return end
        element = _Open(name, hides)
        if _ASKED.search(match["tag"]):
            element = element._replace(**self.said(match["tag"].decode()))
        self.open.append(element)
        self.names[name] += 1
        self.hides += bool(hides)
        if element.untranslated is not None:
            self.untranslated.append(element)
        if element.foreign is not None:
            self.foreign.append(element)
        self.update(start)
        self.leaf(start, end, TRANSPARENT if name in _INLINE else BREAK)
        return end

    def said(self, attributes: str) -> dict[str, Any]:
        """What the attributes of a tag say of its content: whether it is foreign, and whether to keep it."""
        out: dict[str, Any] = {}
        for name, *values in _ATTRIBUTE.findall(attributes):
            value = "".join(values).strip().lower()
            if name.lower() in ("lang", "xml:lang"):
                if value:
                    out["foreign"] = value.replace("_", "-").split("-")[0] != self.lang
            elif name.lower() == "translate":
                out["untranslated"] = value == "no"
            elif "notranslate" in value.split():
                out["untranslated"] = True
        return out

    def raw(self, name: str, start: int, end: int, hides: str) -> int:
        """Take an element that holds no tags, to the end of its end tag."""
        closing = None
        if name != "plaintext":
            closing = re.compile(rb"</" + name.encode() + rb"(?=[\t\n\f\r />])", re.I).search(self.data, end)
        stop = closing.start() if closing else len(self.data)
        tag = _TOKEN.match(self.data, stop)
        after = tag.end() if tag else stop
        if name != "title":
            self.leaf(start, after, hides)
            return after
        self.leaf(start, end, BREAK)
        for match in _TOKEN.finditer(self.data, end, stop):
            if match.lastgroup in ("space", "reference"):
                self.token(match)
        self.leaf(stop, after, BREAK)
        return after

    def end_tag(self, match: re.Match[bytes]) -> int:
        start, end = match.span()
        name = match["name"].decode().lower()
        self.leaf(start, end, TRANSPARENT if name in _INLINE or name in _OBJECTS else BREAK)
        if self.names[name]:
            place = self.find((name,), frozenset())
            if place is not None:
                self.close(place, None if name not in _FORMATTING else place + 1)
                self.update(end)
        return end

    def end_implied(self, name: str, start: int) -> None:
        """Close what ends by itself before the start tag of an element."""
        ended, scope = _ENDED_BY.get(name, _NOTHING)
        if any(self.names[other] for other in ended) and (place := self.find(ended, scope)) is not None:
            self.close(place)
        self.update(start)

    def find(self, names: tuple[str, ...], scope: frozenset[str]) -> int | None:
        """The place of the innermost open element of some names, inside the innermost of a scope."""
        for place in range(len(self.open) - 1, max(-1, len(self.open) - 1 - _DEEP), -1):
            name = self.open[place].name
            if name in names:
                return place
            if name in scope:
                return None
        return None

    def close(self, first: int, last: int | None = None) -> None:
        """Close elements; code that its own end tag did not close goes on in what follows, as it does in a browser."""
        closing = self.open[first:last]
        kept = [e for e in closing if e.hides and e.name in _FORMATTING] if last is None else []
        for element in reversed(closing):
            if element in kept:
                continue
            self.names[element.name] -= 1
            self.hides -= bool(element.hides)
            for marked in (self.untranslated, self.foreign):
                if element in marked:
                    del marked[len(marked) - 1 - marked[::-1].index(element)]
        self.open[first:last] = kept

    def update(self, place: int) -> None:
        """Begin or end a hidden stretch where it has become one or is no more."""
        reads = self.reads()
        if reads and not self.hiding:
            self.prose(place)
            self.hiding = reads
        elif self.hiding and not reads:
            self.hole(self.at, place, self.hiding)
            self.at, self.hiding = place, ""

    def reads(self) -> str:
        """As what the place reads that is reached; nothing if it is prose."""
        if self.off:
            return BREAK
        if self.hides:
            return self.open[-1].hides or BREAK
        for marked in (self.untranslated, self.foreign):
            if marked and (marked[-1].untranslated if marked is self.untranslated else marked[-1].foreign):
                return OBJECT if marked[-1].name in _INLINE else BREAK
        return ""

    def is_foreign_markup(self) -> bool:
        """True inside SVG and MathML, where other names hold raw text."""
        return bool(self.names["svg"] or self.names["math"])


_NOTHING = ((), frozenset[str]())
_FADING = {BREAK, SPACE, TRANSPARENT}  # what merges with a break beside it
_SPACES = {" ", "\t", "\n", "\f", "\r"}


# Elements whose text is compared, too: a mask that took it for prose would be found out.
_HELD = _HIDDEN | (_OBJECTS - {"sub", "sup"})


def structure(text: str) -> list[object]:
    """Return what a page is made of besides prose, as another parser sees it: its tree, and the text that is code."""
    from justhtml import JustHTML

    out: list[object] = []
    pending: list[Any] = [JustHTML(text, sanitize=False).root]
    held = 0
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            held -= node in _HELD
            out.append(f"/{node}")
        elif node.name == "#text":
            if held:
                out.append(node.data)
        elif node.name == "!doctype":
            out.append((node.data.name, node.data.public_id, node.data.system_id))
        elif node.name == "#comment":
            out.append((node.name, node.data))
        else:
            out.append((node.name, node.namespace, sorted((node.attrs or {}).items())))
            held += node.name in _HELD
            content = getattr(node, "template_content", None)
            pending += [node.name, *reversed(node.children or ()), *([content] if content else [])]
    return out


def gains(before: str, after: str, nodes: Sequence[Node]) -> bool:
    """Return True if `after` is the page that `before` was, and besides holds the tags that are given.

    A broken end tag is a comment to a browser, and what it should have ended goes on, in later blocks, too: elements of
    that name may be fewer and end elsewhere. All others must be what they were, in order.
    """
    tags = [node.target for node in nodes if node.kind == "html"]
    old, new = structure(before), structure(after)
    if not tags:
        return old == new
    names = {re.sub(r"\W", "", tag.split()[0].lower()) for tag in tags}
    for tag in tags:
        if tag.startswith("</"):
            comment = next((e for e in old if e[0] == "#comment" and e[1].strip() == tag[2:-1]), None)  # type: ignore[index]
            if comment is None:
                return False
            old.remove(comment)
    old, new = ([e for e in events if not isinstance(e, str) or not e.startswith("/")] for events in (old, new))
    if [e for e in old if e[0] not in names] != [e for e in new if e[0] not in names]:  # type: ignore[index]
        return False
    made = [e for tag in tags if not tag.startswith("</") for e in structure(tag) if e[0] in names]  # type: ignore[index]
    had, has = (Counter(map(repr, (e for e in events if e[0] in names))) for events in (old, new))  # type: ignore[index]
    gained = Counter(map(repr, made))
    return gained <= has and has <= had + gained
