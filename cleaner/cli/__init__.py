"""The command line: `cleaner check`, `diff`, `fix`, `config` and `rules`."""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

import click
from msgspec import Struct

from cleaner import files, work
from cleaner._version import __version__
from cleaner.changed import Spans
from cleaner.cli import output
from cleaner.cli.archiving import RUNNING, Running, apply_run, archive
from cleaner.cli.config import config
from cleaner.cli.grammar import grammar
from cleaner.cli.options import SETTINGS, TRIAGE, given_settings, with_options
from cleaner.cli.rules import rules
from cleaner.cli.words import words
from cleaner.config import Configuration, Settings
from cleaner.model import Applicability, CleanerError, ConfigError
from cleaner.render import FORMATS, STATISTICS
from cleaner.render.counts import markdown
from cleaner.render.findings import repairs
from cleaner.render.findings import summary as totals
from cleaner.render.report import Context, Rule


class Call(Struct, frozen=True):
    """What the options shared by check, diff and fix come to."""

    configuration: Configuration
    paths: tuple[str, ...]
    jobs: int
    quiet: bool
    verbose: bool
    stdin: tuple[str, IO[bytes]] | None
    field: str
    lines: Mapping[str, Spans] | None = None  # those of each path that are of interest

    def outcomes(self) -> Iterator[work.Outcome]:
        settings_of = self.configuration.settings
        outcomes = work.run(self.paths, settings_of, jobs=self.jobs, stdin=self.stdin, lines=self.lines)
        return outcomes if self.quiet else output.with_progress(outcomes, self.paths, verbose=self.verbose)


def _document_options(
    fixes: Applicability | None = None, *, engine: str = ""
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options that commands on documents share, and hand them over as one Call.

    `fixes` are those that the command applies unless it is told otherwise; None: none. `engine` is the grammar engine
    unless the command line names one; empty: that of the settings file.
    """
    return lambda command: _with_document_options(command, fixes, engine)


def _with_document_options(command: Callable[..., Any], fixes: Applicability | None, engine: str) -> Callable[..., Any]:
    options = [
        click.argument("paths", nargs=-1, required=True, type=click.Path(allow_dash=True), metavar="PATH..."),
        *SETTINGS,
        click.option("--encoding", metavar="NAME", help="Encoding of files that are not UTF-8."),
        click.option("--field", default="text", show_default=True, metavar="NAME", help="Field of .jsonl records."),
        click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="Processes (default: processors)."),
        click.option("--force-exclude", is_flag=True, help="Exclude even files that are named outright."),
        click.option("--since", metavar="REV", help="Only what changed since a revision of git."),
        click.option("--no-baseline", is_flag=True, help="Tell of known findings, too."),
        click.option("--stdin-filename", metavar="NAME", help="Name, and so kind, of the text that “-” stands for."),
        click.option("--quiet", "-q", is_flag=True, help="Print nothing on stderr but errors."),
        click.option("--verbose", "-v", is_flag=True, help="Tell on stderr which files are looked at."),
    ]

    @functools.wraps(command)
    def gathered(
        paths: tuple[str, ...],
        encoding: str | None,
        field: str,
        jobs: int | None,
        force_exclude: bool,
        since: str | None,
        no_baseline: bool,
        stdin_filename: str | None,
        quiet: bool,
        verbose: bool,
        **more: Any,
    ) -> None:
        given = given_settings(more)
        if (unsafe := more.pop("unsafe_fixes", None)) is not None:
            given["level"] = Applicability.UNSAFE if unsafe else Applicability.SAFE
        if level := more.pop("level", None):
            given["level"] = Applicability(level)
        if engine and "languagetool-url" not in given:
            given.setdefault("grammar", engine)
        base = Settings(
            level=fixes,
            encoding=files.check_encoding(encoding) if encoding else None,
            field=field,
        )
        heeds_baseline = more.get("update", not no_baseline)
        configuration = Configuration(given, base=base, baseline=heeds_baseline)
        lines = None
        if since is not None:
            from cleaner import changed

            if files.STDIN in paths:
                raise ConfigError("--since: standard input (-) has no revisions")
            lines = changed.below(paths, changed.since(since, paths), configuration.excludes)
            paths = tuple(lines)
        found = tuple(files.discover(paths, configuration.excludes, force_exclude=force_exclude))
        stdin = (stdin_filename or "stdin.txt", sys.stdin.buffer) if files.STDIN in found else None
        jobs = jobs or os.cpu_count() or 1
        command(Call(configuration, found, jobs, quiet, verbose, stdin, field, lines), **more)

    for option in reversed(options):
        gathered = option(gathered)
    return gathered


_unsafe_fixes = click.option("--unsafe-fixes/--no-unsafe-fixes", default=None, help="Use the unsafe fixes too.")
_output_file = click.option(
    "--output-file", "-o", metavar="FILE", type=click.Path(), help="Write there, whole or not at all."
)
_LEVELS = [level.value for level in Applicability]


class _Group(click.Group):
    """Turns the errors that are the user's to mend into one line on stderr and exit code 2."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except CleanerError as error:
            click.echo(f"cleaner: {error}", err=True)
            context.exit(2)
        except KeyboardInterrupt:
            context.exit(128 + signal.SIGINT)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name="cleaner")
def cli() -> None:
    """Find and repair what machine translation and careless typing leave behind in text.

    Exit status: 0 nothing to do or all repaired, 1 something found, 2 a wrong call or a file that could
    not be read or written.
    """


@cli.command()
@_document_options()
@click.option("--level", type=click.Choice(_LEVELS), help="Least level shown.  [default: display]")
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="text", show_default=True)
@click.option("--statistics", is_flag=True, help="Show how often each rule found something (text, json).")
@click.option("--summary", metavar="FILE", type=click.Path(), help="Add that, as Markdown, to the end of a file.")
@_output_file
def check(call: Call, form: str, statistics: bool, summary: str | None, output_file: str | None) -> None:
    """List what is found in files, folders, or standard input (-)."""
    forms = STATISTICS if statistics else FORMATS
    if form not in forms:
        raise ConfigError(f"--statistics has no --format {form}: try {' or '.join(forms)}")
    with output.opened(output_file, call.paths) as out:
        status, counts = output.show_findings(
            call.outcomes(), forms[form], _context(call, output_file), out, verbose=call.verbose
        )
    if summary is not None:
        output.append(summary, markdown(counts))
    if form in ("text", "words") and not call.quiet:
        click.echo(totals(counts.levels()), err=True)
    sys.exit(status)


def _context(call: Call, output_file: str | None) -> Context:
    settings_of = call.configuration.settings

    def known() -> dict[str, Rule]:
        chosen = (work.chosen_rules(settings) for settings in dict.fromkeys(map(settings_of, call.paths)))
        entries = {entry.id: entry for rules in chosen for entry in rules.entries}.values()
        return {e.id: Rule(e.id, e.rule.message, e.rule.why, e.level, (*e.rule.bad, *e.rule.good)) for e in entries}

    # Code hosts say where the repository is; cleaner may run in a folder of it.
    root = os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR") or ""
    styled = output.styled(to_file=output_file is not None)
    return Context(os.path.realpath(root), field=call.field, styled=styled, rules=known)


@cli.command()
@_document_options(Applicability.SAFE)
@_unsafe_fixes
@_output_file
def diff(call: Call, output_file: str | None) -> None:
    """Print the unified diff of what fix would write, as git apply takes it."""
    with output.opened(output_file, call.paths) as out:
        tally = output.show_diffs(call.outcomes(), out, verbose=call.verbose)
    _summarize(call, tally, "would be repaired")
    sys.exit(2 if tally.failed else 1 if tally.changed else 0)


@cli.command()
@_document_options(Applicability.SAFE)
@_unsafe_fixes
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit with 1 if anything was changed.")
@click.option("--output", metavar="FILE", type=click.Path(), help="Write here instead of in place (one input only).")
def fix(call: Call, exit_non_zero_on_fix: bool, output: str | None) -> None:
    """Write the repaired text, in place; of standard input (-), to standard output."""
    from cleaner.cli import writing

    if output is not None and len(call.paths) != 1:
        raise ConfigError(f"--output takes one input, not {len(call.paths)}")
    if call.stdin and len(call.paths) != 1:
        raise ConfigError("fix: standard input (-) cannot be mixed with files")
    to = output or (files.STDIN if call.stdin else None)
    tally = writing.write_fixes(call.outcomes(), to, quiet=call.quiet, verbose=call.verbose)
    if to != files.STDIN:
        _summarize(call, tally, "repaired")
    sys.exit(2 if tally.failed else 1 if tally.changed and exit_non_zero_on_fix else 0)


@cli.command()
@_document_options(Applicability.UNSAFE)  # a review asks about all fixes
@click.option("--level", type=click.Choice(_LEVELS), help="Least level shown.  [default: display]")
@click.option("--html", metavar="FILE", type=click.Path(), help="Write a page for editors, and ask nothing.")
@click.option(
    "--decisions",
    metavar="FILE",
    type=click.Path(),
    help="Where answers are kept as they are given (default: cleaner-decisions.json); with --html, earlier ones.",
)
def review(call: Call, html: str | None, decisions: str | None) -> None:
    """Ask what to do with each finding, on the terminal or on a page for editors.

    Answers are kept in a file at once, so that a review can be interrupted and resumed. Nothing is written to the
    texts until the end; cleaner apply does it later, too.
    """
    from cleaner.cli import applying, reviewing

    if call.stdin:
        raise ConfigError("review: standard input (-) cannot be written to later; name a file")
    asked = reviewing.gather(call.outcomes(), call.field)
    if asked.blind:
        sys.exit(2)
    if html is not None:
        lang = call.configuration.settings(next(iter(call.paths), "")).lang
        before = applying.read(decisions) if decisions else None
        reviewing.write_page(asked, html, lang, before, quiet=call.quiet)
        sys.exit(2 if asked.failed else 0)
    from cleaner.cli import asking

    written = asking.ask(asked, decisions or "cleaner-decisions.json")
    sys.exit(0 if written and not asked.failed else 2)


@cli.command()
@_document_options(engine="off")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--paragraphs", is_flag=True, help="Tell of each paragraph, too.")
@with_options(TRIAGE)
def score(call: Call, form: str, paragraphs: bool, repair_from: float, drop_from: float) -> None:
    """Say how much of a text looks machine-translated, as a probability with its evidence, to keep, repair or drop it.

    It is for English of a few hundred words; of few words it says little, and nothing of fewer than 25.

    Exit status: 0 all scored, 2 a wrong call or a file that could not be read.
    """
    from cleaner.cli import scoring

    sys.exit(scoring.show(call, form, repair_from=repair_from, drop_from=drop_from, paragraphs=paragraphs))


@cli.command()
@click.argument("what", metavar="DECISIONS.json|RUN", type=click.Path())
@click.argument("inputs", nargs=-1, metavar="[INPUT...]")
@click.option("--output", metavar="DIR", type=click.Path(file_okay=False), help="Folder of what a RUN gives again.")
@click.option("--undo", is_flag=True, help="Take the changes of a RUN back.")
@with_options(RUNNING)
def apply(what: str, inputs: tuple[str, ...], output: str | None, undo: bool, **more: Any) -> None:
    """Write what a review accepted, or make the changes of an archive again.

    DECISIONS.json: to the files that are as they were reviewed. RUN, the folder of cleaner archive: its findings, byte
    for byte, in its inputs, or taken back in its documents (--undo); or in those that are given.
    """
    running = Running.taken(more)
    if os.path.isdir(what):
        if output is None:
            raise ConfigError(f"{what}: to make the changes of a run, name a folder for what comes of it: --output DIR")
        sys.exit(apply_run(what, inputs, output, undo=undo, running=running))
    if inputs or output is not None or undo:
        raise ConfigError(f"{what}: no folder of a run; decisions take no inputs, no --output and no --undo")
    from cleaner.cli import applying

    sys.exit(0 if applying.carry_out(applying.read(what), quiet=running.quiet) else 2)


@cli.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--output", metavar="DIR", type=click.Path(), help="Write rules, glossary and words there.")
def learn(old: str, new: str, output: str | None) -> None:
    """Propose rules from corrections that people made between two versions.

    OLD and NEW are two files, two folders, or two revisions of git. Each proposal says how often it was corrected,
    and how often it was left. Nothing is in force until you load it, with --rules and --glossary.
    """
    from cleaner.cli import learning

    learning.learn(old, new, output)


@cli.command()
@_document_options()
@click.option("--update", is_flag=True, help="Record nothing new; drop what is no longer found.")
def baseline(call: Call, update: bool) -> None:
    """Record the findings that stand, so that later runs tell only of new ones.

    They go into the nearest .cleaner-baseline.json above the working folder, or one made there. What it holds of
    files that are not looked at stays.
    """
    from cleaner.cli import recording

    sys.exit(recording.record(call, update=update))


def _summarize(call: Call, tally: output.Tally, verb: str) -> None:
    if tally.found and not call.quiet:
        click.echo(repairs(tally.found, tally.done, tally.more, verb), err=True)


cli.add_command(config)
cli.add_command(grammar)
cli.add_command(rules)
cli.add_command(words)
cli.add_command(archive)


def main() -> None:
    """Run the command line."""
    sys.excepthook = _internal_error
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # so that what was begun is cleared away
    try:
        cli()
    except OSError as error:
        # Those of documents come as a FileError. Without a file name, it is standard output that failed.
        click.echo(f"cleaner: {error.filename or 'cannot write the output'}: {error.strerror}", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains again at exit
        sys.exit(2)


def _internal_error(*error: Any) -> None:
    """Show a traceback and end with 2; Python by itself ends with 1, which says that something was found."""
    sys.__excepthook__(*error)
    sys.exit(2)
