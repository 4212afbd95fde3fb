"""The main text of pages, without what stands around it: trafilatura finds it."""

from __future__ import annotations

import logging
from importlib import metadata

from cleaner.model import FileError
from cleaner.scale.streams import needed


def extractor() -> str:
    """Return what takes texts out of pages, with the versions on which the texts depend; raises ConfigError."""
    needed("trafilatura", "extract")
    return ", ".join(f"{name} {metadata.version(name)}" for name in ("trafilatura", "lxml", "justext"))


def main_text(page: str) -> str:
    """Return the main text of a page of HTML, the same in every run; raises FileError where there is none."""
    trafilatura = needed("trafilatura", "extract")
    logging.getLogger("trafilatura").setLevel(
        logging.CRITICAL + 1
    )  # what it could not do is set aside, with the reason
    try:
        # Told apart from other pages of the run, a text would depend on what the worker saw before.
        text: str | None = trafilatura.extract(page, include_comments=False, deduplicate=False)
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise FileError(f"trafilatura fails: {type(error).__name__}: {error}") from None
    if not text:
        raise FileError("no main text in the page")
    return text
