"""Code points, bytes, lines and columns."""

from __future__ import annotations

import strategies  # noqa: F401  (its settings)
from hypothesis import given
from hypothesis import strategies as st

from cleaner.offsets import Lines, from_utf8

texts = st.text(st.sampled_from("aé日😀\n"), max_size=40).flatmap(lambda t: st.sampled_from([t, t * 500]))


@given(texts, st.lists(st.floats(0, 1), max_size=20))
def test_bytes_are_turned_into_code_points_in_any_order(text: str, shares: list[float]) -> None:
    data = text.encode()
    point = from_utf8(text, data)
    for place in (round(share * len(text)) for share in shares):
        assert point(len(text[:place].encode())) == place


@given(st.text(st.sampled_from("ab\r\n\f\u2028\x85"), max_size=40))
def test_lines_end_at_newlines_only_and_count_from_one(text: str) -> None:
    lines = Lines(text)
    parts = text.split("\n")
    for offset in range(len(text) + 1):
        line, column = lines.position(offset)
        assert text[:offset].count("\n") + 1 == line
        assert text[:offset].split("\n")[-1] == parts[line - 1][: column - 1]
        start, end = lines.bounds(line)
        assert text[start:end].removesuffix("\n") == parts[line - 1]


@given(texts, st.booleans(), st.integers(1, 5), st.lists(st.floats(0, 1), max_size=9))
def test_columns_in_bytes_count_from_the_start_of_the_line_in_the_file(
    text: str, mark: bool, first: int, shares: list[float]
) -> None:
    lines = Lines(text, first=first, mark=mark)
    data = ("\ufeff" * mark + text).encode()
    for offset in (round(share * len(text)) for share in shares):
        before = data[: len(data) - len(text[offset:].encode())]
        line, column = lines.position_in_bytes(offset)
        assert line == lines.position(offset)[0] == first + before.count(b"\n")
        assert column == len(before.split(b"\n")[-1]) + 1
