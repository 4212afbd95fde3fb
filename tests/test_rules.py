"""Rules: the shipped ones prove themselves, broken ones are told from whole ones by file and line."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import strategies  # noqa: F401  (its settings)
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cleaner import worddiff
from cleaner.document import Document, Reading
from cleaner.model import RuleError
from cleaner.rules import detector, linear, load, selftest
from cleaner.rules.kinds import pattern
from cleaner.rules.load import Entry, RuleSet, shipped_folder
from cleaner.rules.schema import PatternRule, json_schema

BROKEN = Path(__file__).parent / "data" / "broken-rules"
SHIPPED = load()
GOOD_RULE = """\
kind: phrase
rules:
  one:
    message: "“{old}”"
    why: no reason
    phrases: {in regards to: in regard to}
    bad: ["in [-regards-]{+regard+} to it"]
    good: [in regard to it]
"""


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.id) for entry in SHIPPED.entries])
def test_a_shipped_rule_holds_alone_and_in_company(entry: Entry) -> None:
    assert not [str(failure) for failure in selftest.test(SHIPPED, [entry])]


def test_a_message_names_what_it_is_about_even_if_that_is_a_space(messages: list[tuple[str, str]]) -> None:
    assert [found for found in messages if re.search(r"“\s|\s”|“”(?!:)", found[1])] == []


@pytest.fixture(scope="module")
def messages() -> list[tuple[str, str]]:
    """The messages of all shipped rules on their own examples."""
    found = []
    for entry in SHIPPED.entries:
        detect = detector(RuleSet((entry,), SHIPPED.tables))
        for example in entry.rule.bad:
            document = selftest.document_of(entry, worddiff.parse(example)[0])
            found += [(entry.id, finding.message) for finding in detect(document)]
    return found


def test_a_message_takes_the_words_around_in_where_a_space_is_the_fault() -> None:
    assert said_of("The ship cost US $3.", "en.translationese.currency-space") == [
        "“US $3”: no space in a sign of currency: “US$3”"
    ]
    assert said_of("She lives in United States.", "en.articles.place-without-the") == [
        "“in United”: the name takes an article: “in the United”"
    ]
    assert said_of("They sent him to the Norway.", "en.articles.place-with-the") == ["“the”: the name takes no article"]


def said_of(text: str, rule: str) -> list[str]:
    return [found.message for found in detector(SHIPPED)(Document(text)) if found.rule == rule]


def test_the_schema_for_editors_is_that_of_the_types() -> None:
    shipped = (shipped_folder() / "rule.schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == json_schema(), "make schema"


def rules_of(folder: Path, **files: str) -> RuleSet:
    """Load rules written to a folder; `en__x_yaml` is the file en/x.yaml."""
    for name, text in files.items():
        place, _, suffix = name.replace("__", "/").rpartition("_")
        path = folder / f"{place}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load([folder], shipped=False)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in sorted(BROKEN.glob("*.yaml"))])
def test_a_broken_rule_file_is_refused_with_its_line(path: Path, tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    copy = shutil.copy(path, tmp_path / "en")
    lines = path.read_text(encoding="utf-8").split("\n")
    number, said = next((n, line.split("#! ")[1]) for n, line in enumerate(lines, 1) if "#! " in line)
    with pytest.raises(RuleError) as error:
        load([tmp_path])
    assert str(error.value).startswith(f"{copy}:{number}: ")
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("en__words__x_txt", "one\n# two\none # again\n", "en/words/x.txt:3: “one” stands on line 1 already"),
        ("en__words__x_csv", "# nothing\n", "en/words/x.csv:1: an empty table: the first line names the columns"),
        ("en__words__x_csv", "a,b\n1,2\n1\n", "en/words/x.csv:3: 1 cells where the first line names 2 columns"),
        ("en__words__x_csv", "a,b\n# c\n1,2\n1,2\n", "en/words/x.csv:4: the row stands on line 3 already"),
        ("en__x_csv", "from,to\n1,2\n", "en/x.csv:1: the columns of a table of phrases are old,new"),
        ("en__x_csv", "old,new\n1\n", "en/x.csv:2: 1 cells where the first line names 2 columns"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(name: str, text: str, said: str, tmp_path: Path) -> None:
    rule = GOOD_RULE.replace("phrases: {in regards to: in regard to}", "table: x.csv")
    with pytest.raises(RuleError) as error:
        rules_of(tmp_path, en__rule_yaml=rule if name == "en__x_csv" else GOOD_RULE, **{name: text})
    assert str(error.value) == f"{tmp_path}/{said}"


def test_a_rule_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes("kind: phrase\nrules: {é: 1}\n".encode("latin-1"))
    with pytest.raises(RuleError, match=r"x\.yaml:2: rule files are UTF-8, this one is not"):
        load([tmp_path])


def test_an_empty_rule_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"x\.yaml:1: a rule file holds kind: and rules:"):
        rules_of(tmp_path, x_yaml="")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="nowhere: no such folder of rules"):
        load([tmp_path / "nowhere"])


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder / "en").mkdir(parents=True)
        (tmp_path / folder / "en" / "x.yaml").write_text(GOOD_RULE)
    with pytest.raises(RuleError, match=r"b/en/x\.yaml:3: rule en\.x\.one stands at .*a/en/x\.yaml:3 already"):
        load([tmp_path / "a", tmp_path / "b"])


def test_words_that_yaml_takes_for_something_else_stay_words(tmp_path: Path) -> None:
    phrases = "phrases: {no: yes, on: off, 1.10: 0x1F, null: ~, 2024-01-01: .inf}"
    text = GOOD_RULE.replace("phrases: {in regards to: in regard to}", phrases).replace("no reason", "no")
    rule = rules_of(tmp_path, en__x_yaml=text).entries[0].rule
    assert rule.why == "no"
    assert rule.phrases == {"no": "yes", "on": "off", "1.10": "0x1F", "null": "~", "2024-01-01": ".inf"}


def test_the_name_of_a_rule_is_its_place(tmp_path: Path) -> None:
    rules = rules_of(tmp_path, en__deep__x_yaml=GOOD_RULE, any__x_yaml=GOOD_RULE, x_yaml=GOOD_RULE)
    assert {(entry.id, entry.lang) for entry in rules.entries} == {
        ("any.x.one", "any"),
        ("en.deep.x.one", "en"),
        ("x.one", "any"),
    }


def test_a_table_of_phrases_adds_its_rows(tmp_path: Path) -> None:
    rule = GOOD_RULE.replace("why:", "table: more.csv\n    why:")
    rules = rules_of(tmp_path, en__x_yaml=rule, en__more_csv="old,new\nfirstly of all,first of all\n")
    assert rules.entries[0].rule.phrases == {"in regards to": "in regard to", "firstly of all": "first of all"}


@pytest.mark.parametrize(
    ("bad", "good", "said"),
    [
        ("in [-regards-]{+regard+} to it", "in regards to it", "finds something in a good example: in [-regards-]"),
        ("in [-regards-]{+respect+} to it", "x", "makes of its bad example: in regard to it"),
        ("in [-regard-]{+regards+} to it", "x", "does not find its bad example"),
        ("in regards to it", "x", "a bad example marks its fault: [-old-]{+new+}"),
        ("in [-regards-]{+regard+} to the the house", "x", "in company with all rules becomes: in regard to the house"),
    ],
)
def test_a_rule_whose_examples_do_not_hold_fails_its_test(bad: str, good: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    text = GOOD_RULE.replace("in [-regards-]{+regard+} to it", bad).replace("[in regard to it]", f"[{good}]")
    (tmp_path / "en" / "x.yaml").write_text(text)
    rules = load([tmp_path])
    failures = list(selftest.test(rules, [entry for entry in rules.entries if entry.id == "en.x.one"]))
    assert [failure.reason for failure in failures if said in failure.reason]
    assert str(failures[0]).startswith(f"{tmp_path}/en/x.yaml:3: rule en.x.one: ")


# The coarse set. Kelvin and long s are left out, which only the exact patterns take for k and s.

EXAMPLES = [worddiff.parse(text)[0] for entry in SHIPPED.entries for text in [*entry.rule.bad, *entry.rule.good]]


@pytest.fixture(scope="module")
def patterns() -> Sequence[tuple[str, bool]]:
    """Every expression of the shipped rules as it is compiled, and whether its letter case counts."""
    entries = [entry for entry in SHIPPED.entries if isinstance(entry.rule, PatternRule)]
    return [pattern.Search(prepared).source for prepared in pattern.prepare_all(entries, SHIPPED)]


@pytest.fixture(scope="module")
def both(patterns: Sequence[tuple[str, bool]]) -> tuple[list[linear.Pattern], linear.PatternSet]:
    return [linear.Pattern(source, exact=exact) for source, exact in patterns], linear.PatternSet(patterns)


@given(
    st.sampled_from(EXAMPLES),
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from("éßÉÑ日“”’—½٣\u0301ıΣ aAZ.,1\n-()\ufffc")), max_size=6),
)
def test_the_coarse_patterns_match_wherever_the_exact_ones_do(
    both: tuple[list[linear.Pattern], linear.PatternSet], text: str, changes: list[tuple[int, str]]
) -> None:
    for place, character in changes:
        at = place % (len(text) + 1)
        text = text[:at] + character + text[at + place % 2 :]
    exact, coarse = both
    matching = {i for i, one in enumerate(exact) if next(iter(one.spans(text)), None)}
    assert matching <= set(coarse.which(text.encode()))


@given(st.text(st.sampled_from("ab.”é日\n"), max_size=60))
def test_matches_are_told_in_code_points(text: str) -> None:
    (passage,) = Reading(text, []).passages or [None]
    if passage:
        found = [groups[0] for groups in linear.Pattern(r"a.?|”").matches(passage)]
        assert found == list(linear.Pattern(r"a.?|”").spans(text))


# The cache.


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_rules_come_from_the_cache_the_second_time(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = rules_of(tmp_path / "rules", en__x_yaml=GOOD_RULE)
    assert [path.suffix for path in cache.rglob("*") if path.is_file()] == [".msgpack"]
    monkeypatch.setattr(yaml, "compose", None)
    assert load([tmp_path / "rules"], shipped=False) == first


def test_a_corrupt_cache_is_made_anew(cache: Path, tmp_path: Path) -> None:
    first = rules_of(tmp_path / "rules", en__x_yaml=GOOD_RULE)
    (file,) = (path for path in cache.rglob("*") if path.is_file())
    whole = file.read_bytes()
    for broken in (b"", b"\xc1", whole[:100], b'"text"', bytes(reversed(whole))):
        file.write_bytes(broken)
        assert load([tmp_path / "rules"], shipped=False) == first
        assert file.read_bytes() == whole


def test_a_cache_that_cannot_be_written_does_no_harm(cache: Path, tmp_path: Path) -> None:
    cache.write_text("a file where the folder should be")
    assert len(rules_of(tmp_path / "rules", en__x_yaml=GOOD_RULE).entries) == 1


def test_a_changed_rule_does_not_come_from_the_cache(cache: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    assert rules_of(folder, en__x_yaml=GOOD_RULE).entries[0].rule.why == "no reason"
    assert rules_of(folder, en__x_yaml=GOOD_RULE.replace("no reason", "a reason")).entries[0].rule.why == "a reason"


def test_a_pattern_that_would_backtrack_for_ever_does_not(tmp_path: Path) -> None:
    text = GOOD_RULE.replace("phrases: {in regards to: in regard to}", "pattern: '(?:a+)+[-b-]{+c+}(a|a)*$'")
    text = text.replace("kind: phrase", "kind: pattern")
    assert not list(detector(rules_of(tmp_path, en__x_yaml=text))(Document("a" * 50_000)))
