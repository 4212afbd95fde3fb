"""The walkthroughs in docs/: each command in a console block is run, and says what is printed there."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
from pathlib import Path

import pytest
from shell import CLEANER
from test_cmd import _pattern

TOP = Path(__file__).resolve().parents[1]
DOCS = TOP / "docs"
WALKTHROUGHS = [DOCS / f"{name}.md" for name in ("archives", "cleaning", "guarding", "reviewing", "scoring")]


@pytest.mark.parametrize("page", WALKTHROUGHS, ids=lambda page: page.stem)
def test_a_walkthrough_does_what_it_shows(page: Path, tmp_path: Path) -> None:
    blocks = re.findall(r"^```console\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    assert blocks
    path = {"PATH": f"{CLEANER.parent}{os.pathsep}{os.environ['PATH']}"}
    for block in blocks:
        for call in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, shown = call.partition("\n")
            ran = subprocess.run(
                ["bash", "-c", command],
                cwd=tmp_path,
                env=os.environ | path,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            said = ran.stdout.decode()
            assert _pattern(shown).fullmatch(said), f"{command}\nsays\n{said}"


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.stem)
def test_what_a_page_points_to_is_there(page: Path) -> None:
    text = re.sub(r"^(```+).*?^\1$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)  # examples point nowhere
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_the_pages_on_the_rules_say_what_the_rules_say() -> None:
    made = runpy.run_path(str(TOP / "tools" / "rule_pages.py"))["pages"]()
    assert {page.name: page.read_text(encoding="utf-8") for page in (DOCS / "rules").iterdir()} == made, "make docs"
