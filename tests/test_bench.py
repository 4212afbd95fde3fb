"""The promises on real text, where it is at hand, and that the check of them sees what it should."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from repairs import BENCH, besides_prose

DATA = BENCH.parents[1] / "shared" / "bench"

MARKDOWN = """\
---
title: one
---

[two](three "four") `five` <b class="six">seven</b> [eight][ref] ![nine](ten)
https://a.b/eleven {{< twelve >}} <A b={c}/>

[ref]: thirteen

    fourteen

```py
fifteen
```

<div>
sixteen
</div>

a note[^1]

[^1]: twenty

| seventeen | eighteen |
|-----------|----------|
"""
PROSE = ("two", "seven", "eight", "nine", "twenty", "seventeen", "eighteen", "a note")
REST = ("one", "three", "four", "five", "six", "ten", "eleven", "twelve", "b={c}", "thirteen", "fourteen", "py")
REST += ("fifteen", "sixteen", "title", "div")


@pytest.mark.parametrize("word", PROSE)
def test_the_second_parser_leaves_prose_out(word: str) -> None:
    assert besides_prose(MARKDOWN.replace(word, "x")) == besides_prose(MARKDOWN)


@pytest.mark.parametrize("word", REST)
def test_the_second_parser_sees_what_is_not_prose(word: str) -> None:
    start = MARKDOWN.index(word)
    changed = MARKDOWN[:start] + "x" + MARKDOWN[start + len(word) :]
    assert besides_prose(changed) != besides_prose(MARKDOWN)


def check_promises(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, BENCH / "check_promises.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_without_data_the_check_says_so(tmp_path: Path) -> None:
    done = check_promises(tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (0, f"no data at {tmp_path}/nowhere: nothing checked\n")


def test_the_check_reads_texts_and_records(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("He went to the the house.\n")
    (tmp_path / "b.txt").write_text("He went to the the house.\n")
    (tmp_path / "c.jsonl").write_text('{"bad": "The the house.", "good": "The house.", "path": "x.md"}\n')
    done = check_promises(tmp_path, "--jobs", "1")
    assert done.returncode == 0
    assert done.stdout.startswith("6 texts, ")
    assert done.stdout.endswith(" 0 not prose, 0 numbers, 0 not idempotent, 0 refused\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (".. versionadded:: 3.1\n   It is, see `the end`_::\n\n\tcode\n\n.. _the end: a.html\n", "0 differ\n"),
        (".. py:module:: a\n\n``a`` is *b*\u00a0: c_.\n\n.. _c: d\n", "0 differ\n"),
        # What docutils does not know it takes for code.
        (".. option:: -a\n\n   .. opcode:: B\n\n      It is.\n\n.. _a:\n\n:unheard-of:`it`\n", "0 differ\n"),
    ],
)
def test_masks_are_checked_with_another_parser(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.rst").write_text(text)
    command = [sys.executable, BENCH / "check_masks.py", tmp_path, "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        0,
        f"rst: 1 texts, 0.0 million characters: {said}".strip(),
    )


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no data at {DATA}")
def test_promises_hold_on_a_sample_of_real_text() -> None:
    done = check_promises(DATA, "--every", "20", "--jobs", "1", "--all-levels")
    assert done.returncode == 0, done.stdout
