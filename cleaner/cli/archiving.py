"""`cleaner archive`: clean archives of any size, on several processors or machines, with every change on record."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct, structs

from cleaner import files
from cleaner.cli.options import SETTINGS, TRIAGE, check_triage, given_settings, with_options
from cleaner.config import Configuration, Settings
from cleaner.model import Applicability, ConfigError

if TYPE_CHECKING:
    from cleaner.scale.run import Outcome, Progress
    from cleaner.scale.shards import Job, Shard

_N = click.IntRange(min=1)
RUNNING = [
    click.option("--engine", type=click.Choice(["local", "ray", "slurm"]), default="local", show_default=True),
    click.option("--jobs", "-j", type=_N, metavar="N", help="Workers at once (default: processors; slurm: all tasks)."),
    click.option("--slurm-partition", metavar="NAME", help="Where Slurm is to have it done."),
    click.option("--slurm-time", default="24:00:00", show_default=True, metavar="TIME", help="For one task of Slurm."),
    click.option("--slurm-memory", type=_N, default=2, show_default=True, metavar="GB", help="For one task."),
    click.option("--slurm-tasks", type=_N, metavar="N", help="Tasks in all (default: by shards, up to 1000)."),
    click.option("--slurm-option", multiple=True, metavar="NAME=VALUE", help="More options of sbatch."),
    click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors."),
]


class Running(Struct, frozen=True):
    """Who does the work: the options of `RUNNING`; 0 where none was given."""

    engine: str
    jobs: int
    partition: str
    time: str
    memory: int
    tasks: int
    options: tuple[str, ...]
    quiet: bool

    @classmethod
    def taken(cls, options: dict[str, Any]) -> Running:
        """Take what it needs out of all options; raises ConfigError."""
        slurm = {name: options.pop(f"slurm_{name}") for name in ("partition", "time", "memory", "tasks", "option")}
        engine, jobs, quiet = (options.pop(name) for name in ("engine", "jobs", "quiet"))
        if engine == "slurm" and not slurm["partition"]:
            raise ConfigError("--engine slurm: needs --slurm-partition NAME (sinfo lists them)")
        if engine != "slurm" and (slurm["partition"] or slurm["tasks"] or slurm["option"]):
            raise ConfigError("--slurm-partition, --slurm-tasks and --slurm-option are for --engine slurm")
        if wrong := [option for option in slurm["option"] if "=" not in option]:
            raise ConfigError(f"--slurm-option {wrong[0]}: expected NAME=VALUE, such as account=me")
        partition, time, memory, tasks, more = slurm.values()
        return cls(engine, jobs or 0, partition or "", time, memory, tasks or 0, tuple(more), quiet)


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--output", required=True, metavar="DIR", type=click.Path(file_okay=False), help="Folder of the run.")
@click.option("--dry-run", is_flag=True, help="Write what would be changed, and no documents.")
@click.option("--extract", is_flag=True, help="Of pages in WARC, keep their main text alone.")
@click.option("--findings-format", type=click.Choice(["jsonl", "dolma"]), default="jsonl", show_default=True)
@click.option("--score", is_flag=True, help="Say how likely each document is to be a machine's.")
@with_options(TRIAGE)
@click.option("--time-limit", default=60.0, show_default=True, metavar="SECONDS", help="For one document.")
@click.option("--unsafe-fixes/--no-unsafe-fixes", default=None, help="Use the unsafe fixes too.")
@with_options(SETTINGS)
@click.option("--encoding", metavar="NAME", help="Encoding of files that are not UTF-8.")
@click.option("--field", default="text", show_default=True, metavar="NAME", help="Field or column of the text.")
@with_options(RUNNING)
def archive(
    inputs: tuple[str, ...],
    output: str,
    dry_run: bool,
    extract: bool,
    findings_format: str,
    score: bool,
    repair_from: float,
    drop_from: float,
    time_limit: float,
    unsafe_fixes: bool | None,
    encoding: str | None,
    field: str,
    **more: Any,
) -> None:
    """Clean JSON Lines (also .gz, .zst), Parquet, CSV, WARC, and folders of them and of texts and pages.

    INPUT: files, folders, URLs. Every record comes out, changed only in its text, below DIR/documents; every change
    is one record below DIR/findings. A run that was stopped goes on if it is called again. `cleaner apply DIR` makes
    the same changes again, and takes them back.

    Exit status: 0 all done, 2 something could not be done.
    """
    from cleaner.scale import pages, report, run, shards
    from cleaner.scale.records import FORMATS, WARC

    running = Running.taken(more)
    check_triage(repair_from, drop_from)
    given = given_settings(more)
    if unsafe_fixes is not None:
        given["level"] = Applicability.UNSAFE if unsafe_fixes else Applicability.SAFE
    base = Settings(encoding=files.check_encoding(encoding) if encoding else None, field=field)
    configuration = Configuration(given, base=base, baseline=False)
    paths = [path if "://" in path else os.path.abspath(path) for path in inputs]
    numbers: dict[Settings, int] = {}  # in the order in which inputs need them
    planned = run.plan(
        paths,
        excludes=configuration.excludes,
        settings_of=lambda path: numbers.setdefault(_anywhere(configuration.settings(path)), len(numbers)),
    )
    if extract and not any(FORMATS.get(shards.suffix_of(shard.path)) is WARC for shard in planned):
        raise ConfigError("--extract: takes texts out of pages in WARC, and no input is one")
    for settings in numbers:  # so that a bad rule stops the run before it begins
        shards.prepared(settings)
        shards.accepted(settings)
    job = shards.Job(
        folder=os.path.abspath(output),
        settings=tuple(numbers) or (Settings(),),
        dry_run=dry_run,
        extract=pages.extractor() if extract else "",
        dolma=findings_format == "dolma",
        bounds=(repair_from, drop_from) if score else None,
        limit=time_limit,
    )

    def told(outcome: Outcome) -> None:
        for name, content in (
            ("report.json", report.as_json(outcome)),
            ("report.html", report.as_page(outcome).encode()),
            ("report.txt", "".join(f"{line}\n" for line in report.as_text(outcome)).encode()),
        ):
            with files.replacing(str(Path(output, name))) as out:
                out.write(content)

    outcome = _do(planned, job, running, told)
    if not running.quiet:
        click.echo("\n".join(report.as_text(outcome)))
    sys.exit(_failures(outcome))


def apply_run(folder: str, inputs: Sequence[str], output: str, *, undo: bool, running: Running) -> int:
    """Make the changes of an earlier run again, or take them back; return the exit status."""
    from cleaner.scale import run, shards

    paths = [path if "://" in path else os.path.abspath(path) for path in inputs]
    mode = shards.UNDO if undo else shards.REPLAY
    planned, job = run.recorded(folder, os.path.abspath(output), mode, paths)
    return _failures(_do(planned, job, running, lambda _: None))


def _do(planned: list[Shard], job: Job, running: Running, told: Callable[[Outcome], None]) -> Outcome:
    """Have all shards done and put together, with a bar on a terminal, and tell of it while the folder is held."""
    from cleaner.scale import run

    shows = not running.quiet and sys.stderr.isatty()
    with run.held(planned, job):
        for progress in _work(planned, job, running):
            if shows:
                click.echo(f"\r\x1b[K{_line(progress)}", nl=False, err=True)
        if shows:
            click.echo("\r\x1b[K", nl=False, err=True)
        outcome = run.finish(planned, job)
        told(outcome)
    return outcome


def _failures(outcome: Outcome) -> int:
    for path, reason in outcome.failed.items():
        click.echo(f"cleaner: {reason if reason.startswith(path) else f'{path}: {reason}'}", err=True)
    return 2 if outcome.failed else 0


def _anywhere(settings: Settings) -> Settings:
    """Return settings whose paths are right in any working folder."""
    whole = {name: tuple(map(os.path.abspath, getattr(settings, name))) for name in ("rules", "glossary", "words")}
    return structs.replace(settings, **whole)


def _work(planned: list[Shard], job: Job, running: Running) -> Iterator[Progress]:
    from cleaner.scale import run, streams

    jobs = running.jobs or os.cpu_count() or 1
    if running.engine == "slurm":
        streams.needed("datatrove")
        from cleaner.scale import slurm

        asked = slurm.Slurm(
            running.partition, running.time, running.memory, running.tasks, running.jobs, running.options
        )
        return slurm.work(planned, job, asked)
    if running.engine == "ray":
        from cleaner.scale.ray import Cluster

        return run.work(planned, job, Cluster(jobs), jobs)
    from cleaner.scale.local import Processes

    return run.work(planned, job, Processes(), jobs)


def _line(progress: Progress) -> str:
    left = progress.seconds * (1 - progress.share) / progress.share if progress.share > 0.005 else None
    minutes = f", {left / 60:.0f} min left" if left and left > 90 else f", {left:.0f} s left" if left else ""
    return (
        f"{progress.share:4.0%}  {progress.documents:,} documents, {progress.bytes / 1e6:,.0f} MB, "
        f"{progress.changes:,} changes{minutes}"
    )
