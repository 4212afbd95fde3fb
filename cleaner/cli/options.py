"""The options of the command line that settings files have, too."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from cleaner.config import GRAMMARS
from cleaner.model import ConfigError

Command = TypeVar("Command", bound=Callable[..., Any])

# By default none of them is given, and the settings file speaks.
SETTINGS = [
    click.option("--select", multiple=True, metavar="PREFIX", help="Use only these rules (dotted prefix)."),
    click.option("--ignore", multiple=True, metavar="PREFIX", help="Leave out these rules."),
    click.option("--grammar", type=click.Choice(GRAMMARS), help="Grammar checker.  [default: harper; off for .jsonl]"),
    click.option("--languagetool-url", metavar="URL", help="Ask the LanguageTool server there."),
    click.option("--rules", multiple=True, metavar="DIR", type=click.Path(), help="More rules."),
    click.option("--glossary", multiple=True, metavar="FILE", type=click.Path(), help="Names and terms of a site."),
    click.option("--lang", metavar="LANG", help="Language of the text.  [default: en]"),
    click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out files, in the syntax of .gitignore."),
]


# What to do with a document by its score.
TRIAGE = [
    click.option("--repair-from", type=click.FloatRange(0, 1), default=0.5, show_default=True, metavar="P"),
    click.option("--drop-from", type=click.FloatRange(0, 1), default=0.9, show_default=True, metavar="P"),
]


def with_options(options: Sequence[Callable[[Command], Command]]) -> Callable[[Command], Command]:
    """Return a decorator that adds options to a command, in their order."""
    return lambda command: functools.reduce(lambda made, option: option(made), reversed(options), command)


def given_settings(options: dict[str, Any]) -> dict[str, Any]:
    """Take the options that settings files have, too, out of all options, and return those that were given."""
    given = {}
    for key in ("select", "ignore", "grammar", "languagetool-url", "rules", "glossary", "lang", "exclude"):
        value = options.pop(key.replace("-", "_"))
        if value:
            given[key] = _listed(value) if key in ("select", "ignore") else value
    return given


def check_triage(repair_from: float, drop_from: float) -> None:
    """Raise ConfigError for bounds of scores that are the wrong way round."""
    if repair_from > drop_from:
        raise ConfigError(f"--repair-from {repair_from:g} is above --drop-from {drop_from:g}")


def _listed(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())
