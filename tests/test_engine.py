"""Selecting, applying, verifying: what holds for any detector."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import a_finding

from cleaner import engine
from cleaner.document import Document
from cleaner.edits import splice
from cleaner.model import Applicability, Detector, Edit, Finding, Span, VerifyError

UNSAFE = Applicability.UNSAFE


@given(st.lists(a_finding(), max_size=8).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_selection_does_not_depend_on_the_order_of_the_findings(lists: tuple[list[Finding], list[Finding]]) -> None:
    first, second = lists
    assert engine.select(first) == engine.select(second)


@given(st.lists(a_finding(), max_size=8))
def test_selected_findings_do_not_collide_and_every_other_one_collides_with_them(found: list[Finding]) -> None:
    chosen = engine.select(found)
    assert not any(_collide(a, b) for a, b in combinations(chosen, 2))
    assert all(any(_collide(finding, other) for other in chosen) for finding in found if finding not in chosen)


def _collide(a: Finding, b: Finding) -> bool:
    return any(_meet(x, y) for x in _held(a) for y in _held(b))


def _held(finding: Finding) -> tuple[Edit, ...]:
    return finding.edits or (Edit(finding.span.start, finding.span.end, ""),)


def _meet(a: Edit, b: Edit) -> bool:
    insertion = a.start == a.end or b.start == b.end
    return a.start <= b.end and b.start <= a.end if insertion else a.start < b.end and b.start < a.end


def test_the_more_trusted_finding_wins_then_the_surer_then_the_longer() -> None:
    def finding(start: int, end: int, level: Applicability, confidence: float | None = None) -> Finding:
        return Finding("any.x", Span(start, end), "", (Edit(start, end, ""),), level, confidence)

    long_unsafe, safe = finding(0, 9, UNSAFE), finding(2, 4, Applicability.SAFE)
    assert engine.select([long_unsafe, safe]) == [safe]
    sure = finding(3, 5, UNSAFE, 0.9)
    assert engine.select([long_unsafe, sure]) == [sure]
    assert engine.select([long_unsafe, finding(3, 5, UNSAFE)]) == [long_unsafe]


def replacing(
    pattern: str, new: str, rule: str = "any.x", level: Applicability = UNSAFE, licence: str = ""
) -> Detector:
    """A detector that wants each match replaced, without a look at what is prose."""

    def detect(document: Document) -> Iterator[Finding]:
        for m in re.finditer(pattern, document.text):
            edits = (Edit(m.start(), m.end(), m.expand(new)),)
            yield Finding(rule, Span(*m.span()), "", edits, level, may_change=frozenset(filter(None, [licence])))

    return detect


def test_a_repair_that_needs_another_one_comes_in_a_second_round_and_is_told_as_one_change() -> None:
    document = Document("one two")
    result = engine.clean(
        document,
        [replacing("one", "1st", licence="numbers"), replacing("1st", "first", "any.y", licence="numbers")],
        UNSAFE,
    )
    assert result.after == splice(result.before, result.changes) == "first two"
    assert [change.rules for change in result.changes] == [("any.x", "any.y")]
    assert [finding.rule for finding in result.findings] == ["any.x"]


def test_a_repair_that_is_less_trusted_than_asked_for_is_not_made() -> None:
    result = engine.clean(Document("one two"), [replacing("one", "two")], Applicability.SAFE)
    assert result.after == result.before
    assert len(result.findings) == 1


def test_a_repair_that_would_change_a_number_is_only_shown_and_the_rest_is_made() -> None:
    result = engine.clean(
        Document("In 1984 they they left."), [replacing("1984", "1985"), replacing("they they", "they")], UNSAFE
    )
    assert result.after == "In 1984 they left."
    number = result.findings[0]
    assert number.applicability is Applicability.DISPLAY
    assert number.evidence[-1].detail == "the repair would change a number"


@pytest.mark.parametrize(("pattern", "new"), [("4", ""), (" 5", "5"), (",", "")])
def test_digits_beside_a_repair_count_as_its_number(pattern: str, new: str) -> None:
    result = engine.clean(Document("It was 14 5,6 7.8 then."), [replacing(pattern, new)], UNSAFE)
    assert result.after == result.before


def test_a_rule_licensed_to_change_numbers_may() -> None:
    assert (
        engine.clean(Document("In 1984 1984."), [replacing(" 1984 1984", r" 1984", licence="numbers")], UNSAFE).after
        == "In 1984."
    )


@pytest.mark.parametrize(
    ("pattern", "new"),
    [
        (r"\*\*", "*"),
        (r"\Athe", "# the"),
        (r"x\)", "y)"),
        (r"`", ""),
        (r"code", "core"),
        (r"\n\n", " "),
        (r"<b>", "<i>"),
    ],
)
def test_a_repair_that_would_change_the_structure_is_only_shown(pattern: str, new: str) -> None:
    text = "the **house** [here](x) and `code`\n\n<b>the</b> end\n"
    result = engine.clean(Document(text, kind="markdown"), [replacing(pattern, new)], UNSAFE)
    assert result.after == text
    assert {finding.applicability for finding in result.findings} == {Applicability.DISPLAY}


def test_repairs_that_break_a_promise_only_together_are_refused_by_name() -> None:
    stars = [replacing("one", "*one", "any.x"), replacing("two", "two*", "any.y")]
    with pytest.raises(VerifyError, match=r"a\.md: .*any\.x, any\.y"):
        engine.clean(Document("one two\n", kind="markdown", path="a.md"), stars, UNSAFE)


def test_repairs_that_undo_each_other_are_refused_by_name() -> None:
    circle = [replacing("one", "two", "any.x"), replacing("two", "one", "any.y")]
    with pytest.raises(
        VerifyError, match=r"a\.txt: not repaired: repairs do not come to rest after \d+ rounds: any\.[xy]"
    ):
        engine.clean(Document("one", path="a.txt"), circle, UNSAFE)


def test_a_repair_that_leaves_quotation_marks_unpaired_is_only_shown() -> None:
    result = engine.clean(Document("“Yes,” he said."), [replacing("”", "")], UNSAFE)
    assert result.after == result.before


@pytest.mark.parametrize("kind", ["text", "markdown", "html"])
def test_a_quotation_may_go_over_the_end_of_a_line(kind: str) -> None:
    text = "In the letter that came on Friday he wrote 「no one shall\ncross the bridge」 and more of the kind.\n"
    result = engine.clean(Document(text, kind=kind), [replacing("「(.*)\n(.*)」", r"“\1\n\2”")], UNSAFE)
    assert result.after == text.replace("「", "“").replace("」", "”")


def test_check_repairs_nothing() -> None:
    result = engine.check(Document("one two"), [replacing("one", "two")])
    assert (result.after, result.changes, len(result.findings)) == ("one two", (), 1)
