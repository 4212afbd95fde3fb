"""What a text holds besides prose, by parsers that cleaner does not use: markdown-it-py, docutils."""

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


def rst(text: str) -> list[object]:
    """Return what a text in reStructuredText is made of, as docutils sees it, without its prose."""
    import docutils.core
    import docutils.nodes as made

    _teach_docutils()
    quiet = {"report_level": 5, "halt_level": 5, "file_insertion_enabled": False, "_disable_config": True}
    document = docutils.core.publish_doctree(text, settings_overrides={**quiet, "doctitle_xform": False})
    held = (made.literal, made.FixedTextElement, made.problematic, made.system_message, made.raw, made.math)
    held = (*held, made.substitution_definition, made.image, made.option_list_item, made.field_name, made.label)
    out: list[object] = []
    pending: list[tuple[made.Node, bool]] = [(document, False)]
    while pending:
        node, is_held = pending.pop()
        if isinstance(node, made.Text):
            if is_held:
                out.append(str(node))
            continue
        if isinstance(node, made.system_message) and node["type"] == "INFO":
            continue  # two titles are called the same
        is_held |= isinstance(node, held)
        attributes = node.attributes if isinstance(node, made.Element) else {}
        kept = sorted((name, str(value)) for name, value in attributes.items() if name not in _FROM_PROSE and value)
        out.append((node.tagname, kept))
        pending += [(child, is_held) for child in reversed(node.children)]
    return out


@functools.cache
def _teach_docutils() -> None:
    """Let docutils know the directives of Sphinx that hold paragraphs: what it does not know it takes for code."""
    from docutils import nodes
    from docutils.parsers.rst import Directive, directives

    class Options(dict[str, object]):
        def __missing__(self, _name: str) -> object:
            return directives.unchanged

    class Note(Directive):
        has_content = True
        option_spec = Options(name=directives.unchanged)

        def run(self) -> list[nodes.Node]:
            node = nodes.container(classes=[self.name])
            node += [nodes.literal("", text) for text in (*self.arguments, *map(str, sorted(self.options.items())))]
            self.state.nested_parse(self.content, self.content_offset, node, match_titles=True)
            return [node]

    class Holder(Note):
        optional_arguments = 1
        final_argument_whitespace = True

    directives.register_directive("seealso", Note)
    for name in _SPHINX.split():
        directives.register_directive(name, Holder)


_SPHINX = """
    versionadded versionchanged deprecated versionremoved function method class classmethod staticmethod data attribute
    exception property decorator py:function py:method py:class py:classmethod py:staticmethod py:data py:attribute
    py:exception py:property py:decorator c:function c:type c:macro c:member c:var c:struct option cmdoption envvar
    describe confval object opcode
"""
# What docutils makes of the text of a title or a reference, or of where it stands.
_FROM_PROSE = {"ids", "names", "dupnames", "backrefs", "refid", "refname", "name", "level", "line", "source", "auto"}
