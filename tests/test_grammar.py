"""Grammar engines in the run: Harper for real, what is kept of answers, and who gives way to whom."""

from __future__ import annotations

import importlib.metadata
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shell import RULES, cleaner

from cleaner import engine
from cleaner.detectors import grammar
from cleaner.detectors.grammar import harper, match
from cleaner.detectors.grammar.answers import Answers, remembering
from cleaner.detectors.grammar.match import Match
from cleaner.document import Document
from cleaner.edits import splice
from cleaner.model import Applicability, Finding
from cleaner.offsets import to_and_from_utf16
from cleaner.rules import detector, load

ANY = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("😀𝔥é\N{COMBINING ACUTE ACCENT}"))


@given(ANY, ANY)
def test_utf16_offsets_are_those_of_the_encoding(before: str, after: str) -> None:
    units, points = to_and_from_utf16(before + after)
    unit = len(before.encode("utf-16-le")) // 2
    assert (units(len(before)), points(unit)) == (unit, len(before))


@pytest.fixture(scope="module")
def everything() -> harper.Harper:
    return harper.Harper()


def safe(_rule: str) -> grammar.Trust:
    return grammar.Trust(Applicability.SAFE)


def test_harper_is_the_version_that_was_measured() -> None:
    assert importlib.metadata.version("harper-py") == match.VERSIONS["harper"]


def test_offsets_of_harper_are_code_points_with_emoji_and_combining_marks(everything: harper.Harper) -> None:
    text = "😀😀 E\N{COMBINING ACUTE ACCENT}va saw 👩‍👩‍👧 that we have a lot of of 𝔥ouses."
    (matches,) = everything.ask([text])
    assert "of of" in [text[m.start : m.end] for m in matches if m.rule == "RepeatedWords"]


def test_harper_leaves_what_is_not_prose_alone(everything: harper.Harper) -> None:
    text = "We saw `the the` of of it, and then he went out to to see it, but he **went** along along **the** park.\n"
    found = list(grammar.detector("harper", everything.ask, safe)(Document(text, kind="markdown")))
    doubled = [text[f.span.start : f.span.end] for f in found if f.rule == "harper.RepeatedWords"]
    assert doubled == ["to to", "along along"]


def test_a_sieve_is_known_for_every_rule_of_harper_that_is_trusted() -> None:
    trusted = grammar.trusted("harper", load().engines)
    assert trusted
    assert harper.sieve(trusted) is not None
    assert harper.sieve([*trusted, "harper.BoringWords"]) is None


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("AnA", "It was a old house."),
        ("AnA", "It was an house."),
        ("CommaFixes", "He came , and went."),
        ("InAnyWay", "Not in anyway."),
        ("Months", "It was in june."),
        ("OpenCompounds", "We know alot of them."),
        ("RepeatedWords", "He went to to town."),
        ("ThenThan", "It is more then enough."),
    ],
)
def test_a_sieve_lets_pass_what_its_rule_finds(rule: str, text: str, everything: harper.Harper) -> None:
    worth = harper.sieve([f"harper.{rule}"])
    assert worth is not None
    assert worth(text)
    assert rule in [found.rule for found in everything.ask([text])[0]]
    assert not worth("Nothing is wrong here.")


@pytest.mark.parametrize(
    "text",
    [
        "Plan A is over, and so is influenza A and B.",
        "He does M&A and waits in A&E.",
        "Name one. A. Inca B. Maya",
        "She made an ssh key and an rlib.",
        "It was an historic day.",
        "He wrote of the war an he said so.",
        "It is a another thing.",
        "An “honour”.",
    ],
)
def test_a_letter_is_no_article_and_a_word_sounds_as_we_know(text: str, everything: harper.Harper) -> None:
    found = grammar.detector("harper", everything.ask, safe)(Document(text))
    assert not [f for f in found if f.rule == "harper.AnA"]


@pytest.mark.parametrize(
    "text",
    [
        "I know that that man had had enough.",
        "She danced to Duran Duran.",
        "He saw Saba Saba from afar.",
        "Plug it in in a day.",
    ],
)
def test_emphasis_a_name_and_a_clause_that_ends_as_the_next_begins_are_no_repetition(
    text: str, everything: harper.Harper
) -> None:
    assert "RepeatedWords" in [match.rule for match in everything.ask([text])[0]]
    found = grammar.detector("harper", everything.ask, safe)(Document(text))
    assert not [f for f in found if f.rule == "harper.RepeatedWords"]


def test_an_article_is_put_right_in_its_own_letters(everything: harper.Harper) -> None:
    text = "A old house burnt. It was an house of a FBI agent. “A hour ago,” he said."
    found = [f for f in grammar.detector("harper", everything.ask, safe)(Document(text)) if f.rule == "harper.AnA"]
    mended = splice(text, [edit for f in found for edit in f.edits])
    assert mended == "An old house burnt. It was a house of an FBI agent. “An hour ago,” he said."


def test_a_paragraph_in_another_language_is_not_asked_about() -> None:
    text = "Der Hund und die Katze sind nicht auf dem Dach, aber der Vogel ist noch da.\n\nThis is not German at all.\n"
    assert [p.text for p in grammar.paragraphs(Document(text))] == ["This is not German at all."]
    assert not list(grammar.paragraphs(Document(text, lang="de")))


@given(st.lists(st.sampled_from(["one two", "a", "", "x y z"]), min_size=1, max_size=5))
def test_places_in_what_an_engine_sees_are_those_of_the_reading(parts: Sequence[str]) -> None:
    document = Document(" `c` ".join(["Go", *parts, "end"]), kind="markdown")
    for paragraph in grammar.paragraphs(document):
        for at, letter in enumerate(paragraph.text):
            if not any(noun <= at < noun + len(grammar.NOUN) for noun in paragraph.nouns):
                assert document.reading.text[paragraph.place(at)] == letter


class Asked:
    """An engine that says what it is told to, and notes what it was asked."""

    def __init__(self, **said: tuple[str, str]) -> None:
        self.said = said
        self.texts: list[str] = []

    def ask(self, paragraphs: Sequence[str]) -> list[list[Match]]:
        self.texts += paragraphs
        return [
            [
                Match(rule, "Test", at, at + len(old), "said", (new,))
                for rule, (old, new) in self.said.items()
                if (at := text.find(old)) >= 0
            ]
            for text in paragraphs
        ]


def test_answers_are_kept_and_the_engine_is_not_made_again(tmp_path: Path) -> None:
    made = []

    def make() -> Asked:
        made.append(Asked(Two=("b", "c")))
        return made[-1]

    for _ in range(2):
        with_answers = Answers(tmp_path / "answers.sqlite")
        ask = remembering(with_answers, settings="test 1", make=make)
        assert ask(["a b", "b", "a b", "x"]) == Asked(Two=("b", "c")).ask(["a b", "b", "a b", "x"])
        with_answers.close()
    assert [engine.texts for engine in made] == [["a b", "b", "x"]]
    remembering(Answers(tmp_path / "answers.sqlite"), settings="test 2", make=make)(["x"])
    assert [engine.texts for engine in made] == [["a b", "b", "x"], ["x"]]


@pytest.mark.parametrize("damage", [b"not a database at all, but long enough to be looked at" * 30, b""])
def test_a_broken_file_of_answers_costs_only_time(damage: bytes, tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    path.write_bytes(damage)
    assert Answers(path).get([b"1"]) == {}
    Answers(path).put({b"1": b"one"})
    assert Answers(path).get([b"1"]) == {b"1": b"one"}


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answers = Answers(tmp_path / "file" / "answers.sqlite")
    answers.put({b"1": b"one"})
    assert answers.get([b"1"]) == {}


def test_answers_do_not_grow_without_end_and_the_oldest_go(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    answers = Answers(path, limit=200_000)
    answers.put({b"old": bytes(1000)})
    with sqlite3.connect(path) as database:
        database.execute("UPDATE answers SET used = 0")
    for i in range(50):
        answers.put({b"%d %d" % (i, j): bytes(1000) for j in range(20)})
    assert not answers.get([b"old"])
    assert len(answers.get(b"%d %d" % (i, j) for i in range(50) for j in range(20))) > 30
    assert path.stat().st_size < 400_000


def test_many_processes_write_at_once_and_one_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    code = (
        "import os, sys; from pathlib import Path; from cleaner.detectors.grammar.answers import Answers\n"
        f"answers = Answers(Path({str(path)!r})); name = sys.argv[1]\n"
        "for i in range(200):\n"
        "    answers.put({f'{name} {i}'.encode(): b'x' * 100})\n"
        "    if name == '0' and i == 100: os.kill(os.getpid(), 9)\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, str(n)]) for n in range(4)]
    assert [run.wait() for run in runs] == [-9, 0, 0, 0]
    kept = Answers(path).get([b"%d %d" % (n, i) for n in range(1, 4) for i in range(200)])
    assert len(kept) == 600
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


DOUBLED = [e for e in load([RULES], shipped=False).entries if e.id.startswith("en.doubled")]


def own() -> list[object]:
    rules = load([RULES], shipped=False)
    return [detector(rules)]


def findings(text: str, **said: tuple[str, str]) -> list[Finding]:
    rules = own()
    detect = grammar.in_company(grammar.detector("harper", Asked(**said).ask, safe), rules)  # type: ignore[arg-type]
    return engine.examine(Document(text), [*rules, detect])  # type: ignore[list-item]


def test_an_engine_gives_way_to_a_rule_that_repairs_the_same_place() -> None:
    (found,) = findings("He went to the the house.", Other=("the the house", "her house"))
    assert found.rule.startswith("en.doubled")


def test_an_engine_that_would_undo_a_rule_is_only_shown() -> None:
    (found,) = findings("He went to the house.", Undo=("to the", "to the the"))
    assert (found.rule, found.applicability) == ("harper.Undo", "display")
    assert "en.doubled" in found.evidence[-1].detail


def test_an_engine_that_would_undo_itself_is_only_shown() -> None:
    found = findings("He saw one cat.", There=("one", "two"), Back=("two", "one"))
    assert [(f.rule, f.applicability) for f in found] == [("harper.There", "display")]


def test_an_engine_that_does_not_fight_is_applied() -> None:
    text = "He saw one cat."
    (found,) = findings(text, There=("one", "two"))
    assert (found.applicability, splice(text, found.edits)) == ("safe", "He saw two cat.")


def test_harper_is_on_for_files_and_off_for_archives(tmp_path: Path) -> None:
    text = "We know alot of them, and they know alot of us."
    (tmp_path / "a.txt").write_text(f"{text}\n")
    (tmp_path / "a.jsonl").write_text(f'{{"text": "{text}"}}\n')
    select = ("--select", "harper.OpenCompounds")
    assert cleaner("check", tmp_path / "a.txt", *select).stdout.count(b"harper.OpenCompounds [unsafe]") == 2
    assert cleaner("check", tmp_path / "a.jsonl", *select).returncode == 0
    assert cleaner("check", tmp_path / "a.jsonl", *select, "--grammar", "harper").returncode == 1
    assert b"harper." not in cleaner("check", tmp_path / "a.txt", "--grammar", "off").stdout


def test_a_rule_that_has_earned_nothing_is_heard_when_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("This is very very interesting in many ways.\n")
    assert b"harper.BoringWords" not in cleaner("check", tmp_path / "a.txt").stdout
    named = cleaner("check", tmp_path / "a.txt", "--select", "harper.BoringWords")
    assert b"harper.BoringWords [display]" in named.stdout


def test_a_quiet_text_does_not_load_an_engine(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He went home.\n")
    for _ in range(2):
        code = f"import sys; sys.argv = ['cleaner', 'check', {str(tmp_path / 'a.txt')!r}]\n"
        code += "from cleaner.cli import cli\ntry: cli()\nfinally: print([m for m in ('harper',) if m in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
