"""`cleaner archive`: clean archives of any size, on several processors or machines, with every change on record."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from cleaner import files
from cleaner.config import Settings
from cleaner.model import Applicability, ConfigError


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--output", required=True, metavar="DIR", type=click.Path(file_okay=False), help="Folder of the run.")
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True)
@click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="Workers (default: processors).")
@click.option("--dry-run", is_flag=True, help="Write what would be changed, and no documents.")
@click.option("--replay", metavar="RUN", type=click.Path(exists=True), help="Make the changes of an earlier run.")
@click.option("--undo", metavar="RUN", type=click.Path(exists=True), help="Take back the changes of an earlier run.")
@click.option("--findings-format", type=click.Choice(["jsonl", "dolma"]), default="jsonl", show_default=True)
@click.option("--time-limit", default=60.0, show_default=True, metavar="SECONDS", help="For one document.")
@click.option("--unsafe-fixes", is_flag=True, help="Use the unsafe fixes too.")
@click.option("--select", multiple=True, metavar="PREFIX", help="Use only these rules (dotted prefix).")
@click.option("--ignore", multiple=True, metavar="PREFIX", help="Leave out these rules.")
@click.option("--rules", "folders", multiple=True, metavar="DIR", type=click.Path(), help="More rules.")
@click.option("--glossary", multiple=True, metavar="FILE", type=click.Path(), help="Names and terms of a site.")
@click.option("--lang", default="en", show_default=True, metavar="LANG", help="Language of the text.")
@click.option("--encoding", metavar="NAME", help="Encoding of files that are not UTF-8.")
@click.option("--field", default="text", show_default=True, metavar="NAME", help="Field or column of the text.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
def archive(
    inputs: tuple[str, ...],
    output: str,
    engine: str,
    jobs: int | None,
    dry_run: bool,
    replay: str | None,
    undo: str | None,
    findings_format: str,
    time_limit: float,
    quiet: bool,
    **chosen: Any,
) -> None:
    """Clean JSON Lines (also .gz, .zst), Parquet, CSV, WARC, and folders of them and of texts and pages.

    INPUT: files, folders, URLs. Every record comes out, changed only in its text, below DIR/documents; every change
    is one record below DIR/findings. A run that was stopped goes on if it is called again.

    Exit status: 0 all done, 2 something could not be done.
    """
    from cleaner.scale import report, run, shards

    if sum(map(bool, (replay, undo, dry_run))) > 1:
        raise ConfigError("--dry-run, --replay and --undo do three different things: choose one")
    settings = _settings(**chosen)
    job = shards.Job(
        folder=os.path.abspath(output),
        settings=settings,
        mode=shards.REPLAY if replay else shards.UNDO if undo else shards.CLEAN,
        findings=os.path.abspath(replay or undo or "") if replay or undo else "",
        dry_run=dry_run,
        dolma=findings_format == "dolma",
        limit=time_limit,
    )
    paths = [path if "://" in path else os.path.abspath(path) for path in inputs]
    planned = run.plan(paths, whole=job.mode != shards.CLEAN)
    jobs = jobs or os.cpu_count() or 1
    shards.prepared(settings)  # so that a bad rule stops the run before it begins
    with run.held(planned, job):
        for progress in run.work(planned, job, _workers(engine, jobs), jobs):
            if not quiet and sys.stderr.isatty():
                click.echo(f"\r\x1b[K{_line(progress)}", nl=False, err=True)
        if not quiet and sys.stderr.isatty():
            click.echo("\r\x1b[K", nl=False, err=True)
        outcome = run.finish(planned, job)
        if job.mode == shards.CLEAN:
            for name, content in (
                ("report.json", report.as_json(outcome)),
                ("report.html", report.as_page(outcome).encode()),
                ("report.txt", "".join(f"{line}\n" for line in report.as_text(outcome)).encode()),
            ):
                with files.replacing(str(Path(output, name))) as out:
                    out.write(content)
    if job.mode == shards.CLEAN and not quiet:
        click.echo("\n".join(report.as_text(outcome)))
    for path, reason in outcome.failed.items():
        click.echo(f"cleaner: {reason if reason.startswith(path) else f'{path}: {reason}'}", err=True)
    sys.exit(2 if outcome.failed else 0)


def _settings(
    unsafe_fixes: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    folders: tuple[str, ...],
    glossary: tuple[str, ...],
    lang: str,
    encoding: str | None,
    field: str,
) -> Settings:
    return Settings(
        level=Applicability.UNSAFE if unsafe_fixes else Applicability.SAFE,
        lang=lang,
        select=tuple(_listed(select)),
        ignore=tuple(_listed(ignore)),
        rules=tuple(map(os.path.abspath, folders)),
        glossary=tuple(map(os.path.abspath, glossary)),
        encoding=files.check_encoding(encoding) if encoding else None,
        field=field,
    )


def _listed(values: tuple[str, ...]) -> Iterator[str]:
    return (part.strip() for value in values for part in value.split(",") if part.strip())


def _workers(engine: str, jobs: int) -> Any:
    if engine == "ray":
        from cleaner.scale.ray import Cluster

        return Cluster(jobs)
    from cleaner.scale.local import Processes

    return Processes()


def _line(progress: Any) -> str:
    left = progress.seconds * (1 - progress.share) / progress.share if progress.share > 0.005 else None
    minutes = f", {left / 60:.0f} min left" if left and left > 90 else f", {left:.0f} s left" if left else ""
    return (
        f"{progress.share:4.0%}  {progress.documents:,} documents, {progress.bytes / 1e6:,.0f} MB, "
        f"{progress.changes:,} changes{minutes}"
    )
