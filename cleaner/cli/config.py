"""The command that shows settings: `cleaner config`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import click

from cleaner.cli.options import SETTINGS, given_settings
from cleaner.config import Configuration
from cleaner.model import Applicability


def _settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(SETTINGS):
        command = option(command)
    return command


@click.command()
@click.argument("path", type=click.Path(), default=".", metavar="[PATH]")
@_settings_options
@click.option("--level", type=click.Choice([level.value for level in Applicability]))
def config(path: str, level: str | None, **options: Any) -> None:
    """Show what holds for a file or folder, and where each value was given.

    With the options of check, diff and fix, which win over settings files.
    """
    given = given_settings(options)
    if level:
        given["level"] = Applicability(level)
    configuration = Configuration(given)
    if os.path.isdir(path):
        path = os.path.join(path, "*")  # any file in it
    values = configuration.values(path)
    lines = {key: f"{key} = {_toml(value)}" for key, (value, _) in values.items()}
    width = max(map(len, lines.values()))
    for key, line in lines.items():
        click.echo(f"{line:{min(width, _WIDEST)}}  # {values[key].place}")
    if words := configuration.words_file(path):
        click.echo(f"# accepted words: {words}")
    if configuration.excludes(path):
        click.echo(f"# {path} is excluded")
    for prefix in configuration.settings(path).hidden:
        click.echo(f"# {path} ignores {prefix} too")


_WIDEST = 60  # columns; a longer value pushes its own remark only


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {_toml(inner)}" for name, inner in value.items()) + "}"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
