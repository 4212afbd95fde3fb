"""The command line as data: each tests/cmd/NAME.toml is one call of the real `cleaner` and all that comes of it.

    # What the case shows.
    args = ["fix", "a.txt"]
    stdin = "..."               # may be left out, as may env, status (0), stdout, stderr, files and left
    env = {NO_COLOR = "1"}
    status = 0
    stdout = "..."
    stderr = "..."

    [files]                     # what the folder holds in which it runs; ../mine holds the rules of tests/data/mine
    "a.txt" = "..."

    [left]                      # files that are there afterwards and were not, or hold something else
    "a.txt" = "..."

In stdout and stderr, `[..]` stands for any text within a line, and a line `...` for any number of lines.
`SNAPSHOTS=overwrite make test` writes what came out into the cases that failed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from shell import RULES, cleaner, tree

CASES = sorted(Path(__file__).with_name("cmd").glob("*.toml"))
NOTHING = {"status": 0, "stdout": "", "stderr": "", "left": {}}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_call_does_what_its_case_says(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    case = tomllib.loads(text)
    shutil.copytree(RULES, tmp_path / "mine")
    came = run(case, tmp_path / "here")
    if _fits(case, came):
        return
    if os.environ.get("SNAPSHOTS") == "overwrite":
        comment = re.match(r"(?:#.*\n)*", text)
        path.write_text((comment[0] if comment else "") + written(case | came), encoding="utf-8")
    else:
        assert came == NOTHING | {key: case[key] for key in came if key in case}


def run(case: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Carry a case out in a folder and return what comes of it."""
    files = case.get("files", {})
    folder.mkdir()
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    ran = cleaner(*case["args"], cwd=folder, input=case.get("stdin", "").encode(), env=case.get("env", {}))
    now = {name: data.decode() for name, data in tree(folder).items()}
    assert now.keys() >= files.keys()
    left = {name: text for name, text in now.items() if files.get(name) != text}
    return {"status": ran.returncode, "stdout": ran.stdout.decode(), "stderr": ran.stderr.decode(), "left": left}


def _fits(case: dict[str, Any], came: dict[str, Any]) -> bool:
    expected = NOTHING | case
    same = expected["status"] == came["status"] and expected["left"] == came["left"]
    return same and all(_pattern(expected[key]).fullmatch(came[key]) for key in ("stdout", "stderr"))


def _pattern(text: str) -> re.Pattern[str]:
    lines = (
        r"(?:.*\n)*" if line == "...\n" else re.escape(line).replace(re.escape("[..]"), ".*")
        for line in text.splitlines(keepends=True)
    )
    return re.compile("".join(lines))


def written(case: dict[str, Any]) -> str:
    """Return a case as TOML."""
    case = NOTHING | case
    lines = [f"args = {json.dumps(case['args'], ensure_ascii=False)}"]
    if "stdin" in case:
        lines.append(f"stdin = {_string(case['stdin'])}")
    if "env" in case:
        lines.append(f"env = {{{', '.join(f'{key} = {_string(value)}' for key, value in case['env'].items())}}}")
    lines.append(f"status = {case['status']}")
    lines += [f"{key} = {_string(case[key])}" for key in ("stdout", "stderr") if case[key]]
    for table in ("files", "left"):
        if case.get(table):
            lines += ["", f"[{table}]"]
            lines += [f"{_string(name)} = {_string(text)}" for name, text in case[table].items()]
    return "\n".join(lines) + "\n"


def _string(text: str) -> str:
    if "\n" in text and "'''" not in text and all(c.isprintable() or c == "\n" for c in text):
        return f"'''\n{text}'''"
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in json.dumps(text, ensure_ascii=False))


def test_a_case_is_written_as_it_is_read() -> None:
    case = {
        "args": ["fix", "-"],
        "stdin": "He said: 'a'\n",
        "env": {"NO_COLOR": "1"},
        "status": 1,
        "stdout": "\x1b[1m\r\n\ufeff\x85 \"quoted\" \\ '''\n",
        "stderr": "one\ntwo",
        "left": {"tab\t.txt": "a\n", "b.txt": "b"},
    }
    assert tomllib.loads(written(case)) == case


def test_marks_stand_for_parts_and_for_lines() -> None:
    assert _pattern("a [..] c\n...\nd\n").fullmatch("a b c\nx\ny\nd\n")
    assert _pattern("a\n...\nd\n").fullmatch("a\nd\n")
    assert not _pattern("a [..] c\n").fullmatch("a b\nc\n")
