"""The review on a real pseudo-terminal: keys, what is kept, what is written, and what a kill leaves."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest
from shell import SELECT, cleaner, tree
from terminal import Terminal

from cleaner.review import decisions
from cleaner.review.decisions import Decision

FAULTY = "She saw the the house.\nHe told me of of it.\nThe the barn was red.\nIt was on the the hill.\n"
PROMPT = "[q]uit [?] "
KEPT = "cleaner-decisions.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(FAULTY)
    (tmp_path / "b.md").write_text("# The the end\n")
    return tmp_path


def start(folder: Path, *args: str) -> Terminal:
    return Terminal("review", "-q", *SELECT, *args, "a.txt", "b.md", cwd=folder)


def kept(folder: Path, name: str = KEPT) -> list[Decision]:
    return list(decisions.last(decisions.parse((folder / name).read_bytes(), name).decisions))


def said(decided: list[Decision]) -> list[str]:
    return [f"{d.decision} {d.before}" + (f" -> {d.text}" if d.text is not None else "") for d in decided]


def test_each_finding_is_shown_in_its_sentence_with_its_reasons(folder: Path) -> None:
    terminal = start(folder)
    shown = terminal.expect(PROMPT)
    assert "1 of 5  a.txt:1:9  en.doubled.function-word [safe]\n“the the”: the word stands twice\n" in shown
    assert "\n    She saw the[- the-] house.\n" in shown
    assert "  document: “the” stands twice in a row\n" in shown
    terminal.type("?")
    terminal.expect("accept all of this rule")
    terminal.expect(PROMPT)
    terminal.type("q")
    terminal.expect("0 accepted, 0 rejected, 0 reworded, 0 silenced, 5 undecided; kept in cleaner-decisions.json\n")
    assert terminal.end() == 0
    assert (folder / "a.txt").read_text() == FAULTY


def test_answers_are_given_by_key_and_the_texts_written_at_the_end(folder: Path) -> None:
    terminal = start(folder)
    for key in "ar":
        terminal.expect(PROMPT)
        terminal.type(key)
    terminal.expect(PROMPT)
    terminal.type("e")
    terminal.expect("instead of “The the” (^C: none): The")
    terminal.type("\x15“Twice”\r")  # ^U wipes the line
    terminal.expect("4 of 5")
    terminal.expect(PROMPT)
    terminal.type("s")
    terminal.expect("5 of 5")
    terminal.expect(PROMPT)
    terminal.type("b")
    terminal.expect("4 of 5")
    terminal.expect(PROMPT)
    terminal.type("a")
    terminal.expect("5 of 5")
    terminal.expect(PROMPT)
    assert tree(folder).keys() == {"a.txt", "b.md", KEPT}
    assert (folder / "a.txt").read_text() == FAULTY
    terminal.type("a")
    terminal.expect("3 accepted, 1 rejected, 1 reworded, 0 silenced, 0 undecided; kept in")
    terminal.expect("Write 4 answers to 2 files now? [y/n] ")
    terminal.type("y")
    terminal.expect("4 changes in 2 files written\n")
    assert terminal.end() == 0
    text = "She saw the house.\nHe told me of of it.\n“Twice” barn was red.\nIt was on the hill.\n"
    assert (folder / "a.txt").read_text() == text
    assert (folder / "b.md").read_text() == "# The end\n"


def test_an_interrupted_review_goes_on_where_it_was(folder: Path) -> None:
    terminal = start(folder, "--decisions", "mine.json")
    terminal.expect(PROMPT)
    terminal.type("r")
    terminal.expect("2 of 5")
    terminal.expect(PROMPT)
    terminal.type("\x03")
    assert terminal.end() == 130
    terminal = start(folder, "--decisions", "mine.json")
    assert "2 of 5" in terminal.expect(PROMPT)
    terminal.type("b")
    assert "1 of 5" in terminal.expect("so far rejected")
    terminal.expect(PROMPT)
    terminal.type("a")
    terminal.expect("2 of 5")
    terminal.expect(PROMPT)
    terminal.type("A")
    terminal.expect("accept: 4 of en.doubled.function-word\n")
    terminal.expect("[y/n] ")
    terminal.type("n")
    terminal.expect("cleaner apply mine.json writes them later\n")
    assert terminal.end() == 0
    assert said(kept(folder, "mine.json"))[0] == "accept the the"
    assert cleaner("apply", "mine.json", cwd=folder).returncode == 0
    assert cleaner("check", *SELECT, "a.txt", "b.md", cwd=folder).stdout == b""


def test_decisions_on_a_file_that_changed_are_dropped_and_the_rest_kept(folder: Path) -> None:
    terminal = start(folder)
    terminal.expect(PROMPT)
    terminal.type("R")
    terminal.end()
    assert len(kept(folder)) == 5
    (folder / "a.txt").write_text(FAULTY + "More.\n")
    terminal = start(folder)
    terminal.expect("a.txt changed since it was reviewed: 4 decisions dropped\n")
    assert "1 of 5" in terminal.expect(PROMPT)
    terminal.type("q")
    terminal.end()
    assert said(kept(folder)) == ["reject The the"]


def test_a_text_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("She\x1b]0;owned\x07 saw\x9b2J the the house.\n")
    terminal = Terminal("review", "-q", *SELECT, "a.txt", cwd=tmp_path)
    shown = terminal.expect(PROMPT)
    assert "She\\u001b]0;owned\\u0007 saw\\u009b2J the[- the-] house." in shown
    assert "\x1b]" not in shown
    terminal.type("q")
    terminal.end()


def test_an_arrow_is_no_command(folder: Path) -> None:
    terminal = start(folder)
    terminal.expect(PROMPT)
    terminal.type("\x1b[A\x1bOA\x1b[1;2Ar")
    assert "2 of 5" in terminal.expect(PROMPT)
    terminal.type("q")
    assert terminal.end() == 0
    assert said(kept(folder)) == ["reject the the"]


def test_an_edit_can_be_given_up(folder: Path) -> None:
    terminal = start(folder)
    terminal.expect(PROMPT)
    terminal.type("e")
    terminal.expect("none): the")
    time.sleep(0.5)  # Python does not notice a signal that comes after readline shows the line and before it waits
    terminal.type("\x03")
    assert "1 of 5" in terminal.expect(PROMPT)
    terminal.type("q")
    terminal.expect("0 reworded, 0 silenced, 5 undecided")
    terminal.end()


def test_what_is_right_is_ignored_or_known_from_now_on(folder: Path) -> None:
    terminal = start(folder)
    terminal.expect(PROMPT)
    terminal.type("w")
    terminal.expect("“the the” is not one word")
    terminal.type("i")
    terminal.expect("2 of 5")
    terminal.type("k")
    terminal.expect("3 of 5")
    terminal.type("aai")
    terminal.expect("2 accepted, 0 rejected, 0 reworded, 3 silenced, 0 undecided")
    assert (folder / "a.txt").read_text() == FAULTY
    terminal.expect("[y/n] ")
    terminal.type("y")
    assert terminal.end() == 0
    text = (folder / "a.txt").read_text()
    assert text.startswith("# cleaner: ignore-next-line en.doubled.function-word\nShe saw the the house.\n")
    assert (folder / "b.md").read_text() == "# The the end <!-- cleaner: ignore en.doubled.function-word -->\n"
    left = cleaner("check", *SELECT, "a.txt", "b.md", cwd=folder)
    assert (left.returncode, left.stdout) == (0, b"")
    assert "of of" in text


def test_without_a_terminal_there_is_nobody_to_ask(folder: Path) -> None:
    done = cleaner("review", *SELECT, "a.txt", cwd=folder)
    assert (done.returncode, done.stderr) == (
        2,
        b"cleaner: review asks on a terminal; without one, --html FILE makes a page\n",
    )


def test_what_is_killed_at_any_moment_keeps_what_was_decided(tmp_path: Path) -> None:
    """Fifty kills in the middle of one review, each at a random moment after a random number of keys."""
    chance = random.Random(9)
    text = "".join(f"The {n} of of them saw the the end.\n" for n in range(200))
    (tmp_path / "a.txt").write_text(text)
    certain = 0  # answers that were seen to be taken
    for _ in range(50):
        terminal = Terminal("review", "-q", *SELECT, "a.txt", cwd=tmp_path)
        first = int(terminal.expect(" of 400").rpartition("\n")[2])
        assert first > certain
        terminal.expect(PROMPT)
        for _ in range(chance.randrange(3)):
            terminal.type(chance.choice("ar"))
            terminal.expect(PROMPT)
            certain += 1
        terminal.type(chance.choice(["", "a", "r", "aa", "rar"]))
        if chance.random() < 0.5:
            terminal._read(chance.random() / 20)
        terminal.kill()
        assert (tmp_path / "a.txt").read_text() == text
        data = (tmp_path / KEPT).read_bytes()
        assert len(json.loads(data)["decisions"]) >= certain
        certain = len(kept(tmp_path))
    terminal = Terminal("review", "-q", *SELECT, "a.txt", cwd=tmp_path)
    terminal.expect(PROMPT)
    terminal.type("A")
    terminal.expect("A" if certain == 400 else "accept: ")
    terminal.expect("[y/n] ")
    terminal.kill()
    assert (tmp_path / "a.txt").read_text() == text
    assert len(kept(tmp_path)) == 400
