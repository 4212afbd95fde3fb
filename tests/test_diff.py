"""Every diff is taken by the real `git apply`, and gives byte for byte what fix writes."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import runpy
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import strategies  # noqa: F401  # loads the profile
import unidiff
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from shell import RULES, cleaner, tree

from cleaner.cli import cli

USE = ("--rules", str(RULES), "--select", "en.doubled,any.stops", "--quiet")
FAULTY = "He went to the the house."
SENTENCES = [
    *(FAULTY, "It was in years. . Quiet again.", "They knew of of it."),
    *("He went to the", "the house again."),  # a word said twice over the end of a line: a line goes
    *(
        "All is well.",
        "Nothing to see here.",
        "",
        " ",
        "- the item",
        "+ the item",
        "--- a/x",
        "\\ No newline",
        "@@ -1 +1 @@",
    ),
]
ODD = ["", "", "", "é", "\x0c", "\x0b", "\x85", "\x1c", "\r", "\t", " "]
ODDER = ["\u2028", "\u2029", "😀", "\ufeff", "“"]
NAMES = [
    *("a.txt", "b.md", "with space.txt", " around .txt", "tab\there.md", 'quo"te.txt', "back\\slash.txt", "ünï.md"),
    *("new\nline.txt", "deep/er/file.txt", "deep/with space/x.md", "-dash.txt", "日本.md", os.fsdecode(b"caf\xe9.txt")),
]


@contextlib.contextmanager
def repository() -> Iterator[Path]:
    """Work in a fresh git repository."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        subprocess.run(["git", "init", "--quiet"], check=True)
        yield Path(folder)


def run(*args: str) -> Result:
    # In process: an interpreter of its own for each of some hundred examples would take minutes.
    return CliRunner().invoke(cli, [args[0], *USE, *args[1:]])


def git_apply(diff: bytes) -> None:
    ran = subprocess.run(["git", "apply", "-"], input=diff, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode() + diff.decode(errors="replace")


def put(files: dict[str, bytes]) -> None:
    for name, data in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(data)


def texts(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in tree(folder).items() if not name.startswith(".git/")}


def assert_applies(files: dict[str, bytes], *options: str, folder: str = ".") -> bytes:
    """Hold that the diff of files is taken, in a folder, and gives what fix writes there; return it."""
    with repository() as top:
        Path(folder).mkdir(exist_ok=True)
        os.chdir(folder)
        put(files)
        shown = run("diff", *options, ".")
        assert (shown.exit_code, shown.stderr) == (int(bool(shown.stdout_bytes)), "")
        if shown.stdout_bytes:
            git_apply(shown.stdout_bytes)
        applied = texts(top)
        put(files)
        assert (run("fix", *options, ".").exit_code, texts(top)) == (0, applied)
        assert (applied != {os.path.normpath(f"{folder}/{name}"): data for name, data in files.items()}) == bool(
            shown.stdout_bytes
        )
        assert_parses(shown.stdout_bytes, Path())
        return shown.stdout_bytes


def assert_parses(diff: bytes, folder: Path) -> None:
    """Hold that another program reads a diff as what it is: each hunk as lines of the file that was fixed."""
    after = {}
    for name, data in texts(folder).items():
        after[os.fsencode(name)] = data.split(b"\n")
    for patch in unidiff.PatchSet(io.BytesIO(diff), encoding="latin-1"):
        if patch.path.startswith('"'):
            continue  # unidiff does not undo git's quoting
        lines = after[patch.path.encode("latin-1")]
        for hunk in patch:
            got = [line.value.removesuffix("\n").encode("latin-1") for line in hunk.target_lines()]
            assert got == lines[hunk.target_start - 1 :][: hunk.target_length]


@st.composite
def bodies(draw: st.DrawFn, odd: list[str]) -> str:
    lines = draw(st.lists(st.tuples(st.sampled_from(SENTENCES), st.sampled_from(odd)), min_size=1, max_size=30))
    ends = draw(st.sampled_from([["\n"], ["\r\n"], ["\n", "\r\n"]]))
    text = "".join(sentence + more + ends[i % len(ends)] for i, (sentence, more) in enumerate(lines))
    return text if draw(st.booleans()) else text.removesuffix("\n").removesuffix("\r")


@given(
    st.dictionaries(
        st.sampled_from(NAMES), st.tuples(bodies(ODD + ODDER), st.sampled_from(["utf-8", "utf-8-sig"])), max_size=4
    ),
    st.sampled_from([".", "sub", "sub folder"]),
)
def test_the_diff_of_some_files_gives_what_fix_writes(files: dict[str, tuple[str, str]], folder: str) -> None:
    assert_applies({name: text.encode(encoding) for name, (text, encoding) in files.items()}, folder=folder)


@given(bodies(ODD), st.sampled_from(["latin-1", "windows-1252"]))
def test_the_diff_of_a_file_in_another_encoding_is_in_that_encoding(text: str, encoding: str) -> None:
    data = text.replace("\x85", "”" if encoding == "windows-1252" else "\x85").encode(encoding)
    assert_applies({"a.txt": data}, "--encoding", encoding)


@given(
    st.lists(
        st.tuples(st.sampled_from([*SENTENCES, f"{FAULTY}\n{FAULTY}"]), st.sampled_from(ODD + ODDER)), max_size=30
    ),
    st.booleans(),
    st.data(),
)
def test_the_diff_of_records_gives_what_fix_writes(
    lines: list[tuple[str, str]], ascii_only: bool, data: st.DataObject
) -> None:
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    records = [json.dumps({"text": text + more}, ensure_ascii=ascii_only) for text, more in lines]
    body = end.join(records) + (end if data.draw(st.booleans()) else "")
    assert_applies({"a.jsonl": body.encode(), "b.txt": FAULTY.encode()})


@pytest.mark.parametrize("kind", ["txt", "jsonl"])
@pytest.mark.parametrize("between", range(10))
@pytest.mark.parametrize("around", [0, 1, 2, 3, 4, 8])
def test_changes_near_each_other_share_a_hunk(kind: str, between: int, around: int) -> None:
    fine = ["Nothing to see here."]
    lines = fine * around + [FAULTY] + fine * between + [FAULTY] + fine * around
    body = "".join((json.dumps({"text": line}) if kind == "jsonl" else line) + "\n" for line in lines)
    diff = assert_applies({f"a.{kind}": body.encode()})
    assert diff.count(b"\n@@ ") == (1 if between <= 6 else 2)


def test_no_change_makes_no_diff() -> None:
    assert assert_applies({"a.txt": b"", "b.md": b"Fine.\n", "c.jsonl": b'{"text": "Fine."}\n'}) == b""


def test_paths_are_relative_to_the_working_folder_however_they_are_given() -> None:
    with repository() as top:
        put({"sub/a.txt": FAULTY.encode(), "b.txt": FAULTY.encode()})
        os.chdir("sub")
        for path in ("a.txt", "./a.txt", "../sub/a.txt", str(top.resolve() / "sub" / "a.txt"), "..//sub"):
            diff = run("diff", path).stdout_bytes
            assert diff.startswith(b"--- a/a.txt\n+++ b/a.txt\n@@ ")


def test_the_diff_of_a_link_is_that_of_the_file_it_leads_to() -> None:
    with repository() as top:
        put({"sub/a.txt": FAULTY.encode()})
        Path("link.txt").symlink_to("sub/a.txt")
        Path("folder").symlink_to("sub")
        shown = run("diff", "link.txt")
        assert run("diff", "folder").stdout_bytes == shown.stdout_bytes
        git_apply(shown.stdout_bytes)
        assert texts(top) == {"sub/a.txt": b"He went to the house."}
        assert Path("link.txt").is_symlink()


def test_the_diff_of_standard_input_has_its_name() -> None:
    with repository() as top:
        put({"sub/a.md": FAULTY.encode()})
        shown = CliRunner().invoke(cli, ["diff", *USE, "-", "--stdin-filename", "sub/a.md"], input=FAULTY)
        git_apply(shown.stdout_bytes)
        assert texts(top) == {"sub/a.md": b"He went to the house."}


def test_an_encoding_whose_newlines_are_not_one_byte_has_no_diff_and_the_rest_is_shown() -> None:
    with repository():
        put({"a.txt": FAULTY.encode("utf-16"), "b.txt": FAULTY.encode()})
        shown = run("diff", ".")
        assert shown.exit_code == 2
        assert (
            shown.stderr
            == "cleaner: a.txt: a diff cannot show an encoding whose newlines are not one byte: fix writes it\n"
        )
        assert shown.stdout_bytes.startswith(b"--- a/b.txt\n")


def test_a_diff_has_colours_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    tool = Path(__file__).resolve().parents[1] / "tools" / "screenshot.py"
    shown = runpy.run_path(str(tool))["shown"](tmp_path)
    assert "\x1b[31m-He went to the the house" in shown
    assert "\x1b[32m+He went to the house" in shown
    piped = cleaner("diff", "--unsafe-fixes", "-q", "story.txt", cwd=tmp_path, env={"FORCE_COLOR": "1"}).stdout
    assert re.sub(r"\x1b\[\d*m", "", shown) == piped.decode()
