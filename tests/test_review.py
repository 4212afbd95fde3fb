"""What a review asks, the file of its decisions, and apply, which carries them out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from repairs import repaired
from shell import cleaner
from strategies import faulty_documents, kinds

from cleaner import files
from cleaner.edits import splice
from cleaner.model import Applicability, Change, Edit, FileError, Finding, Result, Span
from cleaner.review import decisions
from cleaner.review.decisions import Answer, Decision, Decisions, Reviewed
from cleaner.review.items import Item, items_of, rivals_of, sentence

SAFE, UNSAFE, DISPLAY = Applicability.SAFE, Applicability.UNSAFE, Applicability.DISPLAY


def a_result(before: str, changes: Sequence[Change], findings: Sequence[Finding]) -> Result:
    return Result("a.txt", before, splice(before, changes), tuple(findings), tuple(changes))


def decide_all(result: Result, answer: Answer = Answer.ACCEPT) -> list[Decision]:
    suggested = [item for item in items_of(result) if item.level is not DISPLAY]
    return [decisions.decide("a.txt", 0, result.before, item, answer) for item in suggested]


@given(faulty_documents(), kinds)
def test_to_accept_all_suggestions_is_to_fix(text: str, kind: str) -> None:
    result = repaired(text, kind)
    assert splice(text, decisions.changes_of(text, decide_all(result), "a.txt")) == result.after
    assert decisions.changes_of(text, decide_all(result, Answer.REJECT), "a.txt") == []


@given(faulty_documents(), kinds)
def test_every_finding_and_every_change_has_its_item(text: str, kind: str) -> None:
    result = repaired(text, kind)
    items = items_of(result)
    assert sorted(edit for item in items for edit in item.edits if item.level is not DISPLAY) == [
        Edit(change.start, change.end, change.text) for change in result.changes
    ]
    shown = [finding for item in items for finding in item.findings]
    assert len(shown) == len(set(shown))
    assert {f for f in result.findings if f.applicability is DISPLAY} <= set(shown)


def test_the_edits_of_one_finding_are_one_item() -> None:
    finding = Finding("a.b", Span(0, 6), "", (Edit(0, 2, "a"), Edit(17, 18, "an")), SAFE)
    text = "an the house and a owl"
    (item,) = items_of(a_result(text, [Change(0, 2, "a", ("a.b",)), Change(17, 18, "an", ("a.b",))], [finding]))
    assert (item.span, len(item.edits), item.level, item.rules) == (Span(0, 18), 2, SAFE, ("a.b",))


def test_a_change_of_a_later_round_is_an_item_without_a_finding() -> None:
    (item,) = items_of(a_result("a b", [Change(0, 1, "x", ("a.b",))], []))
    assert (item.findings, item.rules, item.level) == ((), ("a.b",), UNSAFE)


def test_alternatives_are_texts_for_all_that_an_item_covers() -> None:
    finding = Finding("a.b", Span(2, 5), "", alternatives=("two", "six"), edits=(Edit(0, 1, "an"),))
    (item,) = items_of(a_result("a one", [], [finding]))
    assert item.alternatives == ("a two", "a six")


def test_rivals_are_items_that_overlap_or_touch() -> None:
    def at(start: int, end: int) -> Item:
        return Item(Span(start, end), (), (), SAFE)

    assert rivals_of([at(0, 9), at(2, 3), at(3, 4), at(5, 6), at(11, 12)]) == [[1, 2, 3], [0, 2], [0, 1], [0], []]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One. He said “no.” He [left] at 5.30 p.m. with it. Two.", "He [left] at 5.30 p.m. with it. "),
        ("A line\nthe [line]\nand more", "the [line]"),
        ("[All]", "[All]"),
        ("x" * 500 + " [here] " + "y" * 500, "x" * 239 + " [here] " + "y" * 239),
    ],
)
def test_a_finding_is_shown_in_its_sentence(text: str, shown: str) -> None:
    found = Span(text.index("["), text.index("]") + 1)
    span = sentence(text, found)
    assert text[span.start : span.end] == shown


A = Reviewed("a.txt", "00")
B = Decision("a.txt", 0, 3, "the", (Edit(0, 3, "a"),), ("a.b",), Answer.ACCEPT)


@pytest.mark.parametrize("path", ["a.txt", os.fsdecode(b"\xff<&>\n.txt"), "\u2028.md"])
def test_decisions_are_read_as_they_were_written(path: str) -> None:
    decision = Decision(path, 0, 3, "“t", (), ("a.b",), Answer.REPLACE, "é😀", 3)
    whole = Decisions(1, (Reviewed(path, "00", "latin-1", "body"),), (decision, B, decision))
    if path != "a.txt":
        whole = Decisions(1, whole.files, (decision,))
    assert decisions.parse(decisions.render(whole), "x") == whole


def test_the_last_decision_on_an_item_counts() -> None:
    text = "the house"
    again = Decision("a.txt", 0, 3, "the", B.edits, ("a.b",), Answer.REPLACE, "my")
    kept = list(decisions.last([B, again]))
    assert splice(text, decisions.changes_of(text, kept, "a.txt")) == "my house"


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ([Decision("a.txt", 2, 4, "e ", (Edit(2, 4, "x"),), ("c.d",), Answer.ACCEPT)], "two decisions change"),
        ([Decision("a.txt", 4, 9, "mouse", (), ("c.d",), Answer.REPLACE, "x")], "does not fit"),
        ([Decision("a.txt", 4, 5, "h", (Edit(4, 9, "x"),), ("c.d",), Answer.ACCEPT)], "does not fit"),
        ([Decision("a.txt", 4, 99, "house", (), ("c.d",), Answer.ACCEPT)], "does not fit"),
    ],
)
def test_decisions_that_do_not_fit_are_refused(others: list[Decision], said: str) -> None:
    with pytest.raises(FileError, match=rf"^a\.txt: not written: .*{said}"):
        decisions.changes_of("the house", [B, *others], "a.txt")


def decided(tmp_path: Path, *decided: Decision, **more: str) -> str:
    """Write decisions on files as they stand."""
    reviewed = {d.path: Reviewed(d.path, files.digest((tmp_path / d.path).read_bytes()).hex(), **more) for d in decided}
    (tmp_path / "decided.json").write_bytes(decisions.render(Decisions(1, tuple(reviewed.values()), decided)))
    return "decided.json"


def replace(path: str, start: int, before: str, text: str, record: int = 0) -> Decision:
    return Decision(path, start, start + len(before), before, (), ("a.b",), Answer.REPLACE, text, record)


def test_apply_writes_what_was_accepted_and_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("\ufeffthe house\r\n".encode())
    (tmp_path / "b.txt").write_bytes("é the".encode("utf-16"))
    (tmp_path / "c.txt").write_text("the")
    rejected = Decision("c.txt", 0, 3, "the", (Edit(0, 3, "a"),), ("a.b",), Answer.REJECT)
    done = cleaner("apply", decided(tmp_path, B, replace("b.txt", 2, "the", "a 😀"), rejected), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"2 changes in 2 files written\n")
    assert (tmp_path / "a.txt").read_bytes() == "\ufeffa house\r\n".encode()
    assert (tmp_path / "b.txt").read_bytes() == "é a 😀".encode("utf-16")
    assert (tmp_path / "c.txt").read_text() == "the"


def test_apply_refuses_by_name_what_changed_and_writes_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("the house")
    (tmp_path / "b.txt").write_text("the")
    (tmp_path / "c.txt").write_text("the")
    name = decided(tmp_path, B, replace("b.txt", 0, "the", "a"), replace("c.txt", 0, "the", "a"))
    (tmp_path / "b.txt").write_text("the ")
    (tmp_path / "c.txt").unlink()
    done = cleaner("apply", name, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        "cleaner: b.txt: not written: it changed since it was reviewed; review it again",
        "cleaner: c.txt: cannot read it: No such file or directory",
        "1 change in 1 file written",
        "2 files left as they are",
    ]
    assert (tmp_path / "a.txt").read_text() == "a house"
    assert (tmp_path / "b.txt").read_text() == "the "
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "b.txt", name]


def test_apply_twice_says_that_the_file_changed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("the house")
    name = decided(tmp_path, B)
    assert cleaner("apply", name, cwd=tmp_path).returncode == 0
    assert cleaner("apply", name, cwd=tmp_path).returncode == 2
    assert (tmp_path / "a.txt").read_text() == "a house"


def test_apply_changes_records_of_json_lines_and_nothing_else_in_them(tmp_path: Path) -> None:
    lines = [b'{"n": 12345678901234567890, "body": "caf\\u00e9 the"}\n', b"broken\n", b"\n", b'{"body":"the"}']
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    chosen = [replace("a.jsonl", 5, "the", "a “b”", record=1), replace("a.jsonl", 0, "the", "\n", record=4)]
    done = cleaner("apply", decided(tmp_path, *chosen, field="body"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines[0] = b'{"n": 12345678901234567890, "body": "caf\\u00e9 a \\u201cb\\u201d"}\n'
    lines[3] = b'{"body":"\\n"}'
    assert (tmp_path / "a.jsonl").read_bytes() == b"".join(lines)


def test_apply_refuses_a_character_that_the_file_cannot_hold(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("é the".encode("latin-1"))
    name = decided(tmp_path, replace("a.txt", 2, "the", "“"), encoding="latin-1")
    done = cleaner("apply", name, cwd=tmp_path)
    assert (done.returncode, b"has no '\xe2\x80\x9c'" in done.stderr) == (2, True)
    assert (tmp_path / "a.txt").read_bytes() == "é the".encode("latin-1")
