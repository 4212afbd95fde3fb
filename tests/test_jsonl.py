"""JSON Lines: only the bytes of one field's string change, and memory does not grow with the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shell import SELECT, cleaner, used_memory
from strategies import any_text

from cleaner import jsonl
from cleaner.model import Change, FileError

FAULTY = '{"text": "He went to the the house."}\n'
REPAIRED = '{"text": "He went to the house."}\n'

keys = st.sampled_from(["text", "id", "é", 'a"b', "\\", "text "]) | st.text(max_size=3)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=5,
)
# How an encoder may write: with escapes or without, with spaces or without.
styles = st.tuples(st.booleans(), st.sampled_from([(",", ":"), (", ", ": "), (" , ", "\t:\t")]))


@given(st.dictionaries(keys, values), any_text, st.integers(0, 200), st.integers(0, 200), any_text, styles)
def test_a_change_lands_in_the_text_of_the_field_and_nowhere_else(
    others: dict[str, object], text: str, one: int, two: int, new: str, style: tuple[bool, tuple[str, str]]
) -> None:
    before = others | {"text": text}
    line = json.dumps(before, ensure_ascii=style[0], separators=style[1]) + "\r\n"
    record = jsonl.parse(line.encode(), "text", "a.jsonl:1")
    assert record.text == text
    assert jsonl.replace(record, []) == line.encode()
    start, end = sorted((min(one, len(text)), min(two, len(text))))
    after = json.loads(jsonl.replace(record, [Change(start, end, new, ())]))
    expected = before | {"text": text[:start] + new + text[end:]}
    assert json.dumps(after) == json.dumps(expected)  # NaN is not equal to itself


@given(any_text)
def test_every_way_to_write_a_character_is_read_and_kept(text: str) -> None:
    # Every code unit as an escape: no encoder does that, and every reader must take it.
    units = text.encode("utf-16-be")
    escaped = "".join(f"\\u{units[i]:02x}{units[i + 1]:02X}" for i in range(0, len(units), 2))
    record = jsonl.parse(f'{{"text": "{escaped}"}}'.encode(), "text", "a.jsonl:1")
    assert record.text == text
    if text:
        head = jsonl.replace(record, [Change(len(text) - 1, len(text), "", ())])
        assert json.loads(head)["text"] == text[:-1]
        assert head.decode().startswith('{"text": "' + escaped[:6] if len(text) > 1 else '{"text": ""')


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"text": "a', "not JSON: Unterminated string starting at: column 10"),
        (b'{"text": "\x01"}', "not JSON: Invalid control character at: column 11"),
        (b'{"text": "\0"}', "not JSON: Invalid control character at: column 11"),
        (b'{"text": "\\x"}', "not JSON: Invalid \\escape: column 11"),
        (b'{"text": }', "not JSON: Expecting value: column 10"),
        (b'{"text": ', "not JSON: Expecting value: column 10"),
        (b'{"text"', "not JSON: expected “:” in column 8"),
        (b'{"text": "a" "b"}', "not JSON: expected “,” or “}” in column 14"),
        (b'{"text": "a",}', "not JSON: a comma before the end in column 14"),
        (b"{text: 1}", "not JSON: expected a name in column 2"),
        (b'{"text": "a"} {}', "not JSON: more than one value in the line (column 14)"),
        (b'["text"]', "not JSON: expected an object"),
        (b'"text"', "not JSON: expected an object"),
        (b'{"a": ' + b"[" * 100_000, "not JSON: nested too deeply"),
        (b'{"text": "caf\xe9"}', "not UTF-8 (byte 0xE9), as JSON has to be"),
        (b"{}", "no field “text” (--field NAME)"),
        (b'{"a": {"text": "b"}}', "no field “text” (--field NAME)"),
        (b'{"text": null}', "field “text” is not a string"),
        (b'{"text": "a", "text": 1}', "field “text” is not a string"),
        (b'{"text": "\\ud83d"}', "half a surrogate pair in field “text”"),
        (b'{"text": "\\ude00\\ud83d"}', "half a surrogate pair in field “text”"),
    ],
)
def test_a_line_that_cannot_be_used_says_why(line: bytes, why: str) -> None:
    with pytest.raises(FileError) as raised:
        jsonl.parse(line, "text", "a.jsonl:7")
    assert str(raised.value) == f"a.jsonl:7: {why}; the line is left as it is"


def test_numbers_of_any_length_are_left_alone() -> None:
    line = b'{"n": ' + b"9" * 5000 + b', "x": 1e999, "text": "a"}'
    assert jsonl.replace(jsonl.parse(line, "text", ""), [Change(0, 1, "b", ())]) == line[:-3] + b'b"}'


def test_new_text_is_escaped_as_the_old_was() -> None:
    change = [Change(0, 1, "“\n", ())]
    for old, new in (("a\\u00e9", "\\u201c\\n\\u00e9"), ("aé", "“\\né"), ("a", "“\\n")):
        line = f'{{"text": "{old}"}}'
        assert jsonl.replace(jsonl.parse(line.encode(), "text", ""), change).decode() == f'{{"text": "{new}"}}'


def test_lines_that_cannot_be_used_are_copied_byte_for_byte(tmp_path: Path) -> None:
    broken = b'{"text": "caf\xe9"}\n\0\n\xff\xfe\n  \t\r\n{"text": "a\r\n{}\n'
    file = tmp_path / "a.jsonl"
    file.write_bytes(FAULTY.encode() + broken + FAULTY.encode()[:-1])
    ran = cleaner("fix", "-q", *SELECT, file)
    assert ran.returncode == 2
    assert [line.split(b": ")[1] for line in ran.stderr.splitlines()] == [
        f"{file}:{number}".encode() for number in (2, 3, 4, 6, 7)
    ]
    assert file.read_bytes() == REPAIRED.encode() + broken + REPAIRED.encode()[:-1]


def test_records_are_written_the_same_in_place_elsewhere_and_from_stdin(tmp_path: Path) -> None:
    file, out = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    # The change comes after some batches; in place, what stands before it is copied.
    fine = json.dumps({"text": "All is well.", "more": "x" * 2000}) + "\n"
    text, expected = (fine * 600 + sentence + fine * 600 for sentence in (FAULTY, REPAIRED))
    for jobs in (1, 2):
        file.write_text(text)
        assert cleaner("fix", "-q", *SELECT, "-j", jobs, file, "--output", out).returncode == 0
        assert (out.read_text() == expected, file.read_text() == text) == (True, True)
        with file.open("rb") as stream:
            ran = cleaner("fix", *SELECT, "-j", jobs, "-", "--stdin-filename", "x.jsonl", stdin=stream)
        assert (ran.stdout.decode() == expected, ran.stderr) == (True, b"")
        assert cleaner("fix", "-q", *SELECT, "-j", jobs, file).returncode == 0
        assert file.read_text() == expected


def test_a_file_without_records_gives_no_error_and_an_empty_output(tmp_path: Path) -> None:
    for data in (b"", b"\xef\xbb\xbf", b"\n\r\n"):
        (tmp_path / "a.jsonl").write_bytes(data)
        ran = cleaner("fix", *SELECT, "a.jsonl", "--output", "b.jsonl", cwd=tmp_path)
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert (tmp_path / "b.jsonl").read_bytes() == data


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("elsewhere", [True, False])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, jobs: int, elsewhere: bool) -> None:
    small, large = 6 << 20, 60 << 20
    line = json.dumps({"text": "He went to the the house.", "more": "x" * 20_000}) + "\n"
    used = []
    for size in (small, large):
        file = tmp_path / f"{size}.jsonl"
        with file.open("w") as stream:
            stream.writelines(line for _ in range(size // len(line)))
        more = ["--output", tmp_path / "out.jsonl"] if elsewhere else []
        status, memory, err = used_memory("fix", "-q", *SELECT, "--jobs", jobs, file, *more)
        assert (status, err) == (0, b"")
        used.append(memory)
    assert used[1] - used[0] < (large - small) / 4
