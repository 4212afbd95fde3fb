"""What the benchmarks share with the tests: all rules at work whatever their level, and the second parser."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

from cleaner.model import Result

BENCH = Path(__file__).resolve().parents[1] / "bench"

repaired: Callable[..., Result] = runpy.run_path(str(BENCH / "all_levels.py"))["repaired"]
second_parser: dict[str, Callable[[str], list[object]]] = runpy.run_path(str(BENCH / "second_parser.py"))
besides_prose = second_parser["markdown"]
