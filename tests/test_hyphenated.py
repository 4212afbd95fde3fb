"""Words parted at the end of a printed line are joined wherever the line ends, and what has its hyphen keeps it."""

from __future__ import annotations

import pytest
from repairs import repaired

PARTED = "The old mill by the river was sold to the gov-\nernment, which repaired it in the spring and let it again.\n"


@pytest.mark.parametrize("kind", ["text", "markdown", "html"])
def test_a_word_is_joined_across_the_end_of_a_line(kind: str) -> None:
    assert repaired(PARTED, kind).after == PARTED.replace("gov-\nernment", "government")


@pytest.mark.parametrize(
    "text",
    [
        "They sold the first- and second-hand books of the miller.",
        "It was a long- term plan.",
        "He used the co- operative shop.",
        "It stands at the under- side of the page.",
    ],
)
def test_a_compound_is_left_as_it_is(text: str) -> None:
    assert repaired(text).after == text
