"""What a text holds besides prose, by a parser that cleaner does not use (markdown-it-py)."""

from __future__ import annotations

import functools
import re

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

# What CommonMark takes for text: templates and shortcodes, tags of JSX, addresses.
_TEMPLATE = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|</?[A-Z]\w*\s[^<>]*\{[^<>]*>|(?:https?://|www\.)[^\s<>\"”’)\]]+", re.S
)
_TOML = re.compile(r"\A\+\+\+\n.*?\n\+\+\+\n", re.S)
_HELD = ("code_inline", "code_block", "fence", "html_block", "html_inline", "front_matter")


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return parser.use(front_matter_plugin).use(footnote_plugin)


def markdown(text: str) -> list[object]:
    """Return the blocks and spans of a Markdown text in order, code, HTML and targets in full, without its prose."""
    toml = _TOML.match(text)
    env: dict[str, object] = {}
    tokens = _parser().parse(text[toml.end() :] if toml else text, env)
    targets = sorted((label, r["href"], r["title"]) for label, r in env.get("references", {}).items())  # type: ignore[attr-defined]
    return [toml and toml[0], targets, *map(_plain, tokens), *plain(text)]


def plain(text: str) -> list[object]:
    """Return the addresses and templates of a text in order."""
    return _TEMPLATE.findall(text)


def _plain(token: Token) -> object:
    """What of a token is not prose."""
    children = [_plain(child) for child in token.children or () if child.type not in ("text", "softbreak")]
    attributes = sorted((name, value) for name, value in token.attrs.items() if name != "alt")
    content = token.content if token.type in _HELD else ""
    return (token.type, token.tag, token.info, attributes, content, children)
