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
