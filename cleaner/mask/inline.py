"""Stretches inside a line that are not prose in any format: addresses, placeholders, templates, paths."""

from __future__ import annotations

from collections.abc import Iterator

import re2

_URL_END = r"[^\s<>\"“”\[\]{}|\\^`.,;:!?)'’*_]"
_URL_BODY = r"[^\s<>\"“”\[\]{}|\\^`]"
_SLOT = r"\{[\w.-]+\}"  # where a part of an address is to be filled in
_EXTENSIONS = (
    "md|mdx|markdown|rst|txt|json|jsonl|ya?ml|toml|ini|cfg|lock|py|pyi|js|jsx|ts|tsx|vue|mjs|cjs|go|rs|rb|java|kt|c|cc"
    "|cpp|h|hpp|cs|php|sh|bash|sql|html?|css|scss|xml|csv|tsv|png|jpe?g|gif|svg|webp|ico|pdf|docx?|xlsx?|zip|tar|gz|exe"
)

# Order matters only between alternatives that start at the same place: the longer thought first.
_OPAQUE = re2.compile(
    "|".join(
        [
            # Addresses.
            rf"\b(?:https?|ftps?|file|git|ssh|wss?|s3|data)://(?:{_URL_BODY}|{_SLOT})*(?:{_URL_END}|{_SLOT})",
            rf"\bmailto:{_URL_BODY}*{_URL_END}",
            rf"\bwww\.{_URL_BODY}*{_URL_END}",
            r"[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b",
            rf"\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|gov|edu|info|co\.uk|de|fr|eu)\b(?:/{_URL_BODY}*{_URL_END})?",
            # Templates, shortcodes, placeholders, links of a wiki.
            r"(?s:\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|\{/\*.*?\*/\})",
            r"\$?\{[^{}\n]*\}",
            r"%\(\w+\)[a-z]|%\d+\$[sd]|%[sdif]\b",
            r"\[/?[a-z][\w-]*(?:\s+[\w-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\]]+))+\s*/?\]|\[/[a-z][\w-]*\]",
            r"\[\[[^\[\]\n]+\]\]",
            # JSX whose attributes hold braces is no HTML, so the Markdown parser calls it text.
            r"</?[A-Z][\w.]*(?:\s+[\w:-]+(?:=(?:\"[^\"]*\"|'[^']*'|\{[^{}]*\}|\{\{[^{}]*\}\}))?)*\s*/?>",
            # Code in plain text.
            r"`[^`\s](?:[^`\n]*[^`\s])?`",
            # Mentions, tags, emoji names.
            r"\B@[A-Za-z0-9_][\w.-]*[\w]",
            r"\B#[\w-]+",
            r"\B:[a-z0-9_+-]+:\B",
            # Paths and file names.
            r"\b[A-Za-z]:\\(?:[^\s\"<>|]*[^\s\"<>|.,;:!?)’”])?",
            r"\B(?:~|\.\.?)?/(?:[\w.@+-]+/)*[\w.@+-]*\w",
            r"\b[\w.-]+(?:/[\w.@+-]+)+/(?:\B|$)|\b[\w-]+(?:/[\w.@+-]+){2,}",
            rf"\b[\w-]+(?:/[\w.-]+)?\.(?:{_EXTENSIONS})\b",
        ]
    )
)


def stretches(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the byte ranges of opaque stretches in UTF-8 text, in order."""
    for match in _OPAQUE.finditer(data):
        yield match.span()
