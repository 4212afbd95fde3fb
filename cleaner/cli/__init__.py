"""The command line: `cleaner check`, `diff`, `fix` and `rules`."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import click
from msgspec import Struct

from cleaner import files, work
from cleaner._version import __version__
from cleaner.cli import output
from cleaner.cli.rules import rules
from cleaner.model import Applicability, CleanerError, ConfigError


class Call(Struct, frozen=True):
    """What the options shared by check, diff and fix come to."""

    settings: work.Settings
    paths: tuple[str, ...]
    jobs: int
    quiet: bool
    verbose: bool
    stdin: tuple[str, bytes] | None

    def outcomes(self) -> Iterator[work.Outcome]:
        shown = output.with_progress(self.paths, hidden=self.quiet)
        return work.run(shown, self.settings, jobs=self.jobs, stdin=self.stdin)


def _document_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that check, diff and fix share, and hand them over as one Call."""
    options = [
        click.argument("paths", nargs=-1, required=True, type=click.Path(allow_dash=True), metavar="PATH..."),
        click.option("--select", multiple=True, metavar="PREFIX", help="Use only these rules (dotted prefix)."),
        click.option("--ignore", multiple=True, metavar="PREFIX", help="Leave out these rules."),
        click.option(
            "--grammar", type=click.Choice(["off"]), default="off", show_default=True, help="Grammar checker."
        ),
        click.option("--rules", "folders", multiple=True, metavar="DIR", type=click.Path(), help="More rules."),
        click.option("--lang", default="en", show_default=True, metavar="LANG", help="Language of the text."),
        click.option("--encoding", metavar="NAME", help="Encoding of files that are not UTF-8."),
        click.option("--field", default="text", show_default=True, metavar="NAME", help="Field of .jsonl records."),
        click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="Processes (default: processors)."),
        click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out files, in the syntax of .gitignore."),
        click.option("--force-exclude", is_flag=True, help="Exclude even files that are named outright."),
        click.option("--stdin-filename", metavar="NAME", help="Name, and so kind, of the text that “-” stands for."),
        click.option("--quiet", "-q", is_flag=True, help="Print nothing on stderr but errors."),
        click.option("--verbose", "-v", is_flag=True, help="Tell on stderr which files are looked at."),
    ]

    @functools.wraps(command)
    def gathered(
        paths: tuple[str, ...],
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        grammar: str,
        folders: tuple[str, ...],
        lang: str,
        encoding: str | None,
        field: str,
        jobs: int | None,
        exclude: tuple[str, ...],
        force_exclude: bool,
        stdin_filename: str | None,
        quiet: bool,
        verbose: bool,
        **more: Any,
    ) -> None:
        level = None
        if "unsafe_fixes" in more:
            level = Applicability.UNSAFE if more.pop("unsafe_fixes") else Applicability.SAFE
        settings = work.Settings(
            level=level,
            lang=lang,
            select=_listed(select),
            ignore=_listed(ignore),
            rules=folders,
            encoding=files.check_encoding(encoding) if encoding else None,
            field=field,
        )
        found = tuple(files.discover(paths, exclude=exclude, force_exclude=force_exclude))
        stdin = (stdin_filename or "stdin.txt", files.read_stdin()) if files.STDIN in paths else None
        command(Call(settings, found, jobs or os.cpu_count() or 1, quiet, verbose, stdin), **more)

    for option in reversed(options):
        gathered = option(gathered)
    return gathered


def _listed(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


_unsafe_fixes = click.option("--unsafe-fixes", is_flag=True, help="Use the unsafe fixes too.")


_LEVELS = [level.value for level in Applicability]


class _Group(click.Group):
    """Turns the errors that are the user's to mend into one line on stderr and exit code 2."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except CleanerError as error:
            click.echo(f"cleaner: {error}", err=True)
            context.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name="cleaner")
def cli() -> None:
    """Find and repair what machine translation and careless typing leave behind in text.

    Exit status: 0 nothing to do or all repaired, 1 something found, 2 a wrong call or a file that could
    not be read or written.
    """


@cli.command()
@_document_options
@click.option("--level", type=click.Choice(_LEVELS), default="display", show_default=True, help="Least level shown.")
@click.option("--format", "form", type=click.Choice(sorted(output.FORMATS)), default="text", show_default=True)
def check(call: Call, level: str, form: str) -> None:
    """List what is found in files, folders, or standard input (-)."""
    sys.exit(output.show_findings(call.outcomes(), Applicability(level), form, quiet=call.quiet, verbose=call.verbose))


@cli.command()
@_document_options
@_unsafe_fixes
def diff(call: Call) -> None:
    """Print the unified diff of what fix would write, as git apply takes it."""
    sys.exit(output.show_diffs(call.outcomes(), quiet=call.quiet, verbose=call.verbose))


@cli.command()
@_document_options
@_unsafe_fixes
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit with 1 if anything was changed.")
@click.option("--output", metavar="FILE", type=click.Path(), help="Write here instead of in place (one input only).")
def fix(call: Call, exit_non_zero_on_fix: bool, output: str | None) -> None:
    """Write the repaired text, in place; of standard input (-), to standard output."""
    from cleaner.cli import writing

    if output is not None and len(call.paths) != 1:
        raise ConfigError(f"--output takes one input, not {len(call.paths)}")
    if files.STDIN in call.paths and len(call.paths) != 1:
        raise ConfigError("fix: standard input (-) cannot be mixed with files")
    to = output or (files.STDIN if call.stdin else None)
    changed, failed = writing.write_fixes(call.outcomes(), to, quiet=call.quiet, verbose=call.verbose)
    sys.exit(2 if failed else 1 if changed and exit_non_zero_on_fix else 0)


cli.add_command(rules)


def main() -> None:
    """Run the command line."""
    try:
        cli()
    except BrokenPipeError:
        # The reader of our output has seen enough. Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        click.echo(f"cleaner: cannot write the output: {error.strerror}", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(2)
