"""The real LanguageTool for tests: one server for the whole test run, and places where others can be started."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleaner.detectors.grammar import install, server


def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, server.State]:
    """Return the server that all processes of a test run share; it ends with the first of them."""
    in_parallel = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    place = (base.parent if in_parallel else base) / "languagetool" / "server.json"
    return place, server.start(place, owner=os.getppid() if in_parallel else os.getpid())


def cache_with_languagetool(folder: Path) -> dict[str, str]:
    """Return the environment of a run with a cache folder of its own, in which LanguageTool is installed."""
    if install.installed() is None:
        pytest.fail("LanguageTool is not installed: make test does it, or cleaner grammar install")
    place = folder / "mt-cleaner" / "languagetool"
    place.mkdir(parents=True)
    (place / install.folder().name).symlink_to(install.folder())
    return {"XDG_CACHE_HOME": str(folder)}
