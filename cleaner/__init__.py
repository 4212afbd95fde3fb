"""Find and repair what machine translation and careless typing leave behind in text.

>>> import cleaner
>>> cleaner.fix("He went to the the house.")
'He went to the house.'
>>> result = cleaner.check("He went to the the house.")
>>> [(f.rule, f.span.start, f.span.end) for f in result.findings]
[('en.repeats.function-word', 11, 18)]
"""

from __future__ import annotations

from cleaner._version import __version__
from cleaner.api import check, fix

__all__ = ["__version__", "check", "fix"]
