"""Edits: splicing, trimming, composing, colliding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import changes_of, edits_of, new_words, prose

from cleaner import worddiff
from cleaner.edits import Taken, compose, splice, trim
from cleaner.model import Change, Edit


def test_splice_applies_edits_from_left_to_right_whatever_their_order() -> None:
    assert splice("one two three", [Edit(8, 13, "3"), Edit(0, 3, "1"), Edit(4, 4, "& ")]) == "1 & two 3"


def test_splice_refuses_edits_that_overlap() -> None:
    with pytest.raises(ValueError, match="overlap at 2"):
        splice("abcdef", [Edit(0, 3, ""), Edit(2, 4, "")])


@pytest.mark.parametrize(
    ("marked", "trimmed"),
    [
        ("He [-told a-]{+said in a+} statement.", "He [-told-]{+said in+} a statement."),
        ("on [-a The-]{+an+} Iraqi base", "on [-a The-]{+an+} Iraqi base"),
        ("[-the the-]{+the+} house", "the[- the-] house"),
        ("It is [-a-]{+an+} hour", "It is [-a-]{+an+} hour"),
        ("over[-. .-]{+.+}", "over.[- .-]"),
        ("[-same-]{+same+}", "same"),
    ],
)
def test_trim_leaves_whole_words_that_differ(marked: str, trimmed: str) -> None:
    text, _, (edit,) = worddiff.parse(marked)
    less = trim(edit, text)
    assert worddiff.render(text, [less] if less else []) == trimmed


@given(prose, st.data())
def test_trim_changes_nothing_about_the_outcome(text: str, data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    edit = Edit(start, end, data.draw(new_words | prose))
    less = trim(edit, text)
    assert (less is None) == (text[start:end] == edit.text)
    assert splice(text, [less] if less else []) == splice(text, [edit])


@given(prose, st.data())
def test_composed_rounds_do_what_the_rounds_do_one_after_the_other(text: str, data: st.DataObject) -> None:
    changes: tuple[Change, ...] = ()
    current = text
    for _ in range(3):
        made = data.draw(changes_of(current))
        changes = compose(text, changes, current, made)
        current = splice(current, made)
        assert splice(text, changes) == current
    assert list(changes) == sorted(changes)
    assert all(text[c.start : c.end] != c.text for c in changes)


def test_composed_changes_name_the_rules_of_both_rounds() -> None:
    first = (Change(0, 3, "A", ("any.one",)),)
    assert compose("the end", first, "A end", [Change(1, 2, "-", ("any.two",))]) == (
        Change(0, 4, "A-", ("any.one", "any.two")),
    )


def test_a_round_that_undoes_another_leaves_no_change() -> None:
    assert compose("the end", (Change(0, 3, "A", ("any.one",)),), "A end", [Change(0, 1, "the", ("any.two",))]) == ()


@given(edits_of("x" * 30, most=6), edits_of("x" * 30, most=1))
def test_taken_stretches_are_free_exactly_for_edits_that_stay_apart(held: list[Edit], wanted: list[Edit]) -> None:
    taken = Taken()
    taken.take(held)
    assert taken.is_free(wanted) == (not any(_meet(a, b) for a in held for b in wanted))


def _meet(a: Edit, b: Edit) -> bool:
    """They overlap, or one inserts inside or at the border of the other."""
    insertion = a.start == a.end or b.start == b.end
    return a.start <= b.end and b.start <= a.end if insertion else a.start < b.end and b.start < a.end


@given(prose, st.data())
def test_word_diff_marks_say_exactly_the_edits(text: str, data: st.DataObject) -> None:
    edits = data.draw(edits_of(text))
    before, after, _ = worddiff.parse(worddiff.render(text, edits))
    assert (before, after) == (text, splice(text, edits))
