"""LanguageTool through language-tool-python: paragraphs in batches, offsets in code points, no wait without end."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from cleaner.detectors.grammar.answers import Answers, Ask, remembering
from cleaner.detectors.grammar.match import MOST_REPLACEMENTS, VERSIONS, Engine, Match
from cleaner.model import BackendError
from cleaner.offsets import to_and_from_utf16

if TYPE_CHECKING:
    from language_tool_python import LanguageTool as Client
    from language_tool_python.match import Match as Reply

T = TypeVar("T")

VERSION = VERSIONS["languagetool"]
LANGUAGE = "en-US"
# Spelling is not asked of it: most of what it flags there are names. The others look at a text as a whole: what they
# say of a paragraph would depend on the paragraphs that are asked about with it.
NOT_ASKED = (
    "MORFOLOGIK_RULE_EN_US",
    "EN_UNPAIRED_BRACKETS",
    "EN_UNPAIRED_QUOTES",
    "EN_WORD_COHERENCY",
    "ENGLISH_WORD_REPEAT_BEGINNING_RULE",
    "PARAGRAPH_REPEAT_BEGINNING_RULE",
    "TOO_LONG_PARAGRAPH",
    "UPPERCASE_SENTENCE_START",
)
_BATCH = 8_000  # characters in one request: a second or less on a slow machine
_BETWEEN = "\n\n"  # ends a paragraph for LanguageTool, whatever stands before it


def prepare(answers: Answers, rules: Collection[str], *, owner: int, url: str) -> Ask:
    """Return a way to ask LanguageTool, `rules` (ids) besides those on by default; the server is found or started then.

    `owner` is the process with which a server ends that is started for it alone, `url` one to use instead.
    """
    also = sorted(rule.partition(".")[2] for rule in rules)

    def make() -> Engine:
        from cleaner.detectors.grammar import server  # it is most of what there is to import

        return server.client(also, owner=owner, url=url)

    return remembering(answers, settings=settings(also), make=make)


def settings(also: Sequence[str] = ()) -> str:
    """Name all that an answer depends on, with the rules that are asked besides those on by default."""
    return " ".join(["languagetool", VERSION, LANGUAGE, *(f"-{rule}" for rule in NOT_ASKED), *sorted(also)])


class LanguageTool:
    """A server of LanguageTool, with what is needed to notice that it no longer works."""

    def __init__(self, url: str, *, also: Sequence[str] = (), watch: Callable[[], Callable[[], str]]) -> None:
        self._url = url
        self._watch = watch
        self._client = self._watched(functools.partial(_client, url))
        self._client.disabled_rules = set(NOT_ASKED)
        self._client.enabled_rules = set(also)

    def ask(self, paragraphs: Sequence[str]) -> list[list[Match]]:
        found: list[list[Match]] = [[] for _ in paragraphs]
        for batch in _batches(paragraphs):
            text = _BETWEEN.join(paragraphs[i].translate(_NOT_TEXT) for i in batch)
            starts, at = [], 0
            for i in batch:
                starts.append(at)
                at += len(paragraphs[i]) + len(_BETWEEN)
            units, points = to_and_from_utf16(text)
            replies = iter(sorted(self._watched(functools.partial(self._check, text)), key=lambda reply: reply.offset))
            reply = next(replies, None)
            for i, start in zip(batch, starts, strict=True):
                end = start + len(paragraphs[i])
                while reply is not None and reply.offset < end:
                    last = points(units(reply.offset) + reply.error_length)
                    if start <= reply.offset and last <= end:
                        found[i].append(_match(reply, reply.offset - start, last - start))
                    reply = next(replies, None)
        return found

    def _check(self, text: str) -> list[Reply]:
        with _ONE_AT_A_TIME:  # its Match keeps state in its class
            return self._client.check(text)

    def _watched(self, ask: Callable[[], T]) -> T:
        """Ask the server something, and look after it while it works; raises BackendError if it stopped."""
        from language_tool_python.exceptions import LanguageToolError

        is_stuck = self._watch()
        answer: list[T] = []
        problem = ["no answer"]

        def asked() -> None:
            try:
                answer.append(ask())
            except (LanguageToolError, OSError, ValueError) as error:
                problem.append(" ".join(str(error).split())[:200])

        thread = threading.Thread(target=asked, daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(_LOOK_AFTER)
            if thread.is_alive() and (reason := is_stuck()):
                raise BackendError(f"LanguageTool at {self._url}: {reason}")
        if not answer:
            raise BackendError(f"LanguageTool at {self._url}: {is_stuck() or problem[-1]}")
        return answer[0]


def patience(seconds: float) -> Callable[[], Callable[[], str]]:
    """A watch for a server on another machine, of which nothing is known but that it does not answer."""

    def watch() -> Callable[[], str]:
        until = time.monotonic() + seconds
        return lambda: f"no answer within {seconds:.0f} seconds" if time.monotonic() > until else ""

    return watch


_ONE_AT_A_TIME = threading.Lock()
_LOOK_AFTER = 2.0  # seconds
_NOT_TEXT = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(55296, 57344), 65534, 65535), 65533)


def _client(url: str) -> Client:
    import language_tool_python

    return language_tool_python.LanguageTool(LANGUAGE, remote_server=url)


def _batches(paragraphs: Sequence[str]) -> Iterator[list[int]]:
    batch, size = list[int](), 0
    for i, paragraph in enumerate(paragraphs):
        if batch and size + len(paragraph) > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(i)
        size += len(paragraph)
    if batch:
        yield batch


def _match(reply: Reply, start: int, end: int) -> Match:
    replacements = tuple(reply.replacements[:MOST_REPLACEMENTS])
    return Match(reply.rule_id, reply.category, start, end, reply.message, replacements)
