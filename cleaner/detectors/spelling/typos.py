"""What the typo tool `typos` says of words: which are slips on its list, and what was meant.

It is asked without the user's own configuration, about words and never about text: its answers do not depend
on what stands around a word. They are kept in the cache folder, by release of the tool.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec

from cleaner import cache, statistics
from cleaner.model import ConfigError

GENITIVE = "'s"


class _Answer(msgspec.Struct):
    typo: str = ""
    corrections: list[str] = []


def corrections(words: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return what each word in small letters should have been; nothing for a word that is on no list.

    A genitive is looked up without its ending.
    """
    if not words:
        return {}
    genitives = {word: word.removesuffix(GENITIVE) for word in words if word.endswith(GENITIVE)}
    if genitives:
        found = corrections({*words, *genitives.values()} - genitives.keys())
        said = {word: tuple(other + GENITIVE for other in found.get(stem, ())) for word, stem in genitives.items()}
        return {word: meant for word, meant in (found | said).items() if meant and word in words}
    remembered = _remembered()
    new = sorted({word for word in words if word not in remembered and statistics.rarity(word) == statistics.UNHEARD})
    if new:
        answers = dict.fromkeys(new, ()) | _ask(new)
        remembered.update(answers)
        cache.append(_place(), _lines(answers))
    return {word: meant for word in words if (meant := remembered.get(word))}


def _ask(words: Collection[str]) -> dict[str, tuple[str, ...]]:
    import subprocess

    command = [_program(), "--isolated", "--no-check-filenames", "--format", "json", "-"]
    try:
        done = subprocess.run(command, input="\n".join(words).encode(), capture_output=True, check=False)
    except OSError as error:
        raise ConfigError(f"typos cannot be run: {error}: pip install --force-reinstall typos") from None
    lines = [line for line in done.stdout.split(b"\n") if line]
    answers = [msgspec.json.decode(line, type=_Answer) for line in lines]
    return {a.typo: tuple(a.corrections) for a in answers if a.corrections and " " not in "".join(a.corrections)}


@functools.cache
def _program() -> str:
    """Return where the package has put its program: it need not be on the path."""
    from importlib import metadata

    for file in metadata.files("typos") or ():
        if file.stem == "typos" and file.suffix in ("", ".exe"):
            return str(file.locate())
    raise ConfigError("the program typos is not there: pip install typos, or --ignore spelling")


def _place() -> Path:
    from importlib import metadata

    return cache.place("typos", f"listed-{metadata.version('typos')}.txt")


@functools.cache
def _remembered() -> dict[str, tuple[str, ...]]:
    """Return the answers so far: first of all those for the words that anybody at all uses, asked once for all."""
    path = cache.made(_place(), lambda: _lines(_ask(statistics.used())))
    lines = cache.text(path).split("\n")
    # A line that another process was writing just now may be cut short.
    return {word: tuple(rest.split()) for word, space, rest in (line.partition(" ") for line in lines[:-1]) if space}


def _lines(answers: Mapping[str, Iterable[str]]) -> bytes:
    return "".join(f"{word} {' '.join(answers[word])}\n" for word in sorted(answers)).encode()
