"""Glossaries: variants are replaced, near misses of canonical names are shown, and errors name the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner import engine, glossary, worddiff
from cleaner.document import Document
from cleaner.model import Applicability, RuleError

TERMS: glossary.Glossary = {
    "Popular Mobilization Forces": ["People's Mobilization Forces", "Mobilization Forces"],
    "GitHub": ["Github", "git hub"],
    "an e-mail": ["a mail"],
    "Kataib Hezbollah": [],
    "adviser": ["advisor"],
}

CASES = [
    "The [-People’s-]{+Popular+} Mobilization Forces withdrew.",
    "The Popular Mobilization Forces withdrew.",
    "The {+Popular +}Mobilization Forces withdrew.",
    "See [-Github-]{+GitHub+}’s page, not the githubber’s.",
    "PEOPLE'S MOBILIZATION FORCES stay".replace("PEOPLE'S", "[-PEOPLE'S-]{+POPULAR+}"),
    "Code `Github` and https://Github.com stay.",
    "Kataib Hezbollah spoke.",
    "Two [-advisors-]{+advisers+} met.",
    "[-Advisors’-]{+Advisers’+} wives met.",
]


def fixed(text: str, kind: str = "text") -> str:
    return engine.clean(Document(text, kind=kind), [glossary.detector(TERMS)], Applicability.UNSAFE).after


@pytest.mark.parametrize("case", CASES)
def test_a_variant_gives_way_to_the_canonical_term(case: str) -> None:
    before, after, _ = worddiff.parse(case)
    assert fixed(before, "markdown") == after
    assert fixed(after, "markdown") == after


def test_a_near_miss_of_a_canonical_name_is_shown_and_not_applied() -> None:
    text = "They blamed Kataib Hezbolla again."
    (finding,) = engine.examine(Document(text), [glossary.detector(TERMS)])
    assert (finding.rule, finding.applicability) == (glossary.LOOKALIKE, Applicability.DISPLAY)
    assert worddiff.render(text, finding.edits) == "They blamed Kataib [-Hezbolla-]{+Hezbollah+} again."


def test_a_known_word_is_no_near_miss() -> None:
    assert engine.examine(Document("Poplars stand there. Poplar is soft."), [glossary.detector({"Popular": []})]) == []


BROKEN = {
    "a: b\n": ":1: “a”: expected a list of variants",
    "a: [b]\na: [c]\n": ":2: “a” stands on line 1 already",
    "a: [x]\nb:\n  - x\n": ":3: “x” is a variant of “a” already",
    "a: [b]\nb: []\n": "“b” is both canonical and a variant of “a”",
    "- a\n": ":1: a glossary holds canonical: [variants]",
    "a: [\n": ":2: not YAML",
}


@pytest.mark.parametrize(("text", "message"), BROKEN.items())
def test_a_broken_glossary_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "terms.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as error:
        glossary.load([path])
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)


def test_scalars_of_a_glossary_stay_the_words_they_are(tmp_path: Path) -> None:
    path = tmp_path / "terms.yaml"
    path.write_text("Norway: [no, 1.10, on]\n", encoding="utf-8")
    assert glossary.load([path]) == {"Norway": ["no", "1.10", "on"]}
