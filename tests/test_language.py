"""Rules of English run on paragraphs in English."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner import language

TABLE = (Path(__file__).parent / "data" / "languages.txt").read_text(encoding="utf-8")
ROWS = [line.split("\t") for line in TABLE.split("\n") if line and not line.startswith("#")]


@pytest.mark.parametrize(("lang", "text"), ROWS)
def test_a_paragraph_is_english_if_it_is(lang: str, text: str) -> None:
    assert language.is_in(text, "en") == (lang == "en")


@pytest.mark.parametrize(("lang", "text"), [row for row in ROWS if row[0] in ("de", "fr", "es", "pl", "hu")])
def test_a_paragraph_is_in_its_own_language(lang: str, text: str) -> None:
    assert language.is_in(text, lang)


def test_an_english_paragraph_is_not_german() -> None:
    assert not language.is_in("He went to the house, and there was nobody in it.", "de")


@pytest.mark.parametrize("text", ["", "...", "Ja", "Das Haus"])
def test_what_is_too_short_to_tell_is_in_any_language(text: str) -> None:
    assert language.is_in(text, "en")
