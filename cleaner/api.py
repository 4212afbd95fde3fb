"""The two functions that other programs call."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from cleaner import engine
from cleaner.detectors import encoding, spelling
from cleaner.document import Document
from cleaner.model import Applicability, Detector, Result
from cleaner.rules import detector, load
from cleaner.silence import heeding


def check(text: str, kind: str = "text", *, lang: str = "en", unsafe_fixes: bool = False) -> Result:
    """Look through a text (`kind`: "text", "markdown", "html", "po", "rst", "asciidoc") and say what is wrong with it.

    The result's `after` is the text with the safe fixes applied, or the unsafe ones too.

    >>> check("# The the house\\n", "markdown").after
    '# The house\\n'
    """
    level = Applicability.UNSAFE if unsafe_fixes else Applicability.SAFE
    return engine.clean(Document(text, kind=kind, lang=lang), _shipped(), level)


def fix(text: str, kind: str = "text", *, lang: str = "en", unsafe_fixes: bool = False) -> str:
    """Return a text with its safe fixes applied.

    >>> fix("Look at `the the` code.", "markdown")
    'Look at `the the` code.'
    """
    return check(text, kind, lang=lang, unsafe_fixes=unsafe_fixes).after


@functools.cache
def _shipped() -> Sequence[Detector]:
    return (heeding([detector(load()), encoding.detect, spelling.detect]),)
