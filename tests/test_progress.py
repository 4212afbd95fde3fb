"""The bar on stderr: there when work takes long and a person is looking, and never in the way."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from shell import FAULTY, SELECT, environment

from cleaner.cli import output

BAR = re.compile(r"cleaner \[[# ]{30}\] +\d+%")
# The real program, which waits for no time or for ever before it shows the bar.
IMPATIENT = "from cleaner.cli import main, output; output._PATIENCE = output._PAUSE = 0.0; main()"
PATIENT = "from cleaner.cli import main, output; output._PATIENCE = 1e9; main()"
ERASE = "\r\x1b[K"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for i in range(5):
        (tmp_path / f"{i}.txt").write_text("All is well.\n" if i % 2 else FAULTY)
    (tmp_path / "5.jsonl").write_text('{"text": "All is well."}\n' * 5)
    return tmp_path


def seen(folder: Path, *args: str, program: str = IMPATIENT, also_stdout: bool = False) -> tuple[str, str]:
    """Run cleaner with stderr, perhaps also stdout, on a terminal; return what it showed, and its stdout elsewhere."""
    terminal, end = pty.openpty()
    more = {"stdout": end if also_stdout else subprocess.PIPE, "stderr": end, "env": environment({})}
    with subprocess.Popen([sys.executable, "-c", program, *args], cwd=folder, **more) as child:
        os.close(end)
        shown = b""
        try:
            while part := os.read(terminal, 4096):
                shown += part
        except OSError:  # how Linux says that nobody writes to the terminal any more
            pass
        out = child.stdout.read() if child.stdout else b""
    os.close(terminal)
    return shown.decode().replace("\r\n", "\n"), out.decode().replace("\r\n", "\n")


def left_on_screen(shown: str) -> str:
    """Do what a terminal does when it is told to wipe a line."""
    return "\n".join(line.rsplit(ERASE, 1)[-1] for line in shown.split("\n"))


@pytest.mark.parametrize("command", ["check", "diff", "fix"])
def test_a_bar_shows_how_far_long_work_is_and_goes_away(folder: Path, command: str) -> None:
    shown, out = seen(folder, command, *SELECT, ".")
    shares = [int(bar.split()[-1].removesuffix("%")) for bar in BAR.findall(shown)]
    assert (len(shares) > 5, shares == sorted(shares), shares[-1]) == (True, True, 100)
    assert not BAR.search(left_on_screen(shown))
    assert ERASE not in out


@pytest.mark.parametrize("command", ["check", "diff", "fix"])
@pytest.mark.parametrize("also_stdout", [False, True])
def test_nothing_that_is_printed_is_lost_to_the_bar(folder: Path, command: str, also_stdout: bool) -> None:
    args = (command, *SELECT, "-v", ".")
    texts = {file: file.read_text() for file in folder.iterdir()}
    plain = seen(folder, *args, program=PATIENT, also_stdout=also_stdout)
    for file, text in texts.items():
        file.write_text(text)
    shown, out = seen(folder, *args, also_stdout=also_stdout)
    assert BAR.search(shown)
    assert sorted(left_on_screen(shown).split("\n")) == sorted(plain[0].split("\n"))
    assert out == plain[1]


def test_work_that_ends_before_patience_does_shows_no_bar(folder: Path) -> None:
    assert output._PATIENCE == 1.0
    assert seen(folder, "check", *SELECT, ".", program=PATIENT)[0] == "3 findings: 3 safe\n"


def test_a_bar_is_not_for_those_who_want_quiet_nor_for_programs(folder: Path) -> None:
    assert seen(folder, "check", "-q", *SELECT, ".")[0] == ""
    ran = subprocess.run(
        [sys.executable, "-c", IMPATIENT, "check", *SELECT, "."], cwd=folder, capture_output=True, check=False
    )
    assert ran.stderr == b"3 findings: 3 safe\n"


def test_colours_are_for_terminals(folder: Path) -> None:
    assert "\x1b[32m[safe]\x1b[0m" in seen(folder, "check", *SELECT, ".", also_stdout=True)[0]
    assert "\x1b[" not in seen(folder, "check", *SELECT, ".")[1]
