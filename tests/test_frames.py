"""Frames: verbs in all their forms, errors in rule files."""

from __future__ import annotations

import runpy
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs
from repairs import repaired

from cleaner import engine, worddiff
from cleaner.document import Document, Passage
from cleaner.edits import splice
from cleaner.model import Edit, RuleError
from cleaner.rules import detector, load
from cleaner.rules.kinds import frame, pattern
from cleaner.rules.kinds.hit import Matcher
from cleaner.rules.load import RuleSet, shipped_folder
from cleaner.rules.schema import FrameRule, PatternRule
from cleaner.rules.sieve import Index, Sieve, sieve
from cleaner.rules.words import parse_table


def test_every_frame_has_two_bad_and_two_good_examples() -> None:
    frames = [entry for entry in load().entries if isinstance(entry.rule, FrameRule)]
    assert len(frames) >= 100
    assert [entry.id for entry in frames if min(len(entry.rule.bad), len(entry.rule.good)) < 2] == []


def test_the_table_of_forms_is_what_the_tool_makes_of_its_verbs() -> None:
    path = shipped_folder() / "en" / "words" / "forms.csv"
    table = parse_table(path.read_text(encoding="utf-8"), str(path))
    tool = runpy.run_path(str(Path(__file__).parent.parent / "tools" / "forms.py"))
    verbs, nouns = tool["VERBS"].split(), tool["ALSO_NOUNS"].split()
    assert table.columns == (*tool["COLUMNS"], "noun")
    assert {row[0] for row in table.rows} == {*verbs, *nouns}
    assert not {*verbs} & {*nouns}
    assert [row[0] for row in table.rows] == sorted(row[0] for row in table.rows)
    assert all(form.isalpha() and form.islower() for row in table.rows for form in row[:5])
    assert {row[0] for row in table.rows if row[5]} == {*nouns}


STATEMENT = r"'[-<tell>-]{+<say> in+} an? {modifiers}statement'"


@pytest.mark.parametrize(
    ("expression", "marked"),
    [
        (STATEMENT, "They [-tell-]{+say in+} a statement."),
        (STATEMENT, "She [-tells-]{+says in+} a long, dull statement."),
        (STATEMENT, "They are [-telling-]{+saying in+} a statement."),
        (STATEMENT, "POLICE [-TOLD-]{+SAID IN+} A STATEMENT"),
        (STATEMENT, "[-Telling-]{+Saying in+} a statement is easy."),
        (STATEMENT, "They told a man of a statement."),
        (STATEMENT, "They told a statementlike thing."),
        (STATEMENT, "They retold a statement."),
        (
            "'<prevent> them [-to <verb.lemma>-]{+from <verb.gerund>+}'",
            "It prevents them [-to stop-]{+from stopping+}.",
        ),
        ("'<prevent> them [-to <verb.lemma>-]{+from <verb.gerund>+}'", "It prevents them to blorp."),
        ("'<marry.participle> [-with-]{+to+} \\pL+'", "They marry with joy and are married [-with-]{+to+} it."),
        ("'[-<put>-]{+<place>+} it'", "They put it down, [-putting-]{+placing+} it there."),  # "put": placed or place
        ("'<answer>[- to-] it'", "The answer to it is that he answered[- to-] it."),
        ("'<answer>[- to-] it'", "They never answer[- to-] it, and she answers[- to-] it."),
        ("'he <answer>[- to-] it'", "So he answer[- to-] it."),  # what the frame says before the verb is enough
        ("['<wait>[- of-] him', '<wait>{+ for+} of']", "We waited[- of-] him and waited{+ for+} of."),
        ("'[-<make|do>-]{+<ask>+} me'", "He [-did-]{+asked+} me, I [-make-]{+ask+} me."),
        ("'<be> [-about-]{+<have.gerund>+} <verb.past>'", "They were [-about-]{+having+} went."),
    ],
)
def test_a_verb_is_found_and_replaced_in_its_form(tmp_path: Path, expression: str, marked: str) -> None:
    text, _, _ = worddiff.parse(marked)
    assert worddiff.render(text, found(tmp_path, expression, text)) == marked


def test_a_finding_takes_in_the_verb_and_what_tells() -> None:
    rules = load()
    listen = tuple(entry for entry in rules.entries if entry.id == "en.frames.missing.listen")
    (finding,) = engine.examine(Document("He listens old music."), [detector(RuleSet(listen, rules.tables))])
    assert "“listens old music”" in finding.message
    assert "“listens to old music”" in finding.message


def test_markup_between_the_words_stays() -> None:
    text = "Lund *told* a **statement** that it was over.\n"
    assert splice(text, repaired(text, "markdown").changes) == "Lund *said in* a **statement** that it was over.\n"


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("<frobnicate> it", "no forms of “frobnicate”"),
        ("<tell.future> it", "no form “future” of a verb: there are lemma, third, past, participle, gerund"),
        ("<verb> it", "<verb> needs a form"),
        ("<tell> [-it-]{+<verb>+}", "<verb> needs a form"),
        ("<tell of> it", "cannot read <tell of>"),
        ("<tell it", "cannot read <tell it"),
        ("[-it-]{+<say>+}", "<say> in the new text stands for no verb"),
        ("<tell> {nowhere}", "no word class {nowhere}"),
        ("<tell> (it", "missing )"),
    ],
)
def test_a_frame_that_cannot_be_used_is_an_error_with_file_line_and_rule(
    tmp_path: Path, expression: str, reason: str
) -> None:
    with pytest.raises(RuleError) as error:
        found(tmp_path, f"'{expression}'", "")
    assert str(error.value).startswith(f"{tmp_path / 'en' / 'mine.yaml'}:3: rule en.mine.one: frame: ")
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("expression", "words", "following"),
    [
        ("told about it", "told", "about"),
        ("(?:in)?capable (?:to|for) {shape}", "capable incapable", "for to"),
        ("an? (?:very )?(?:old|new) thing", "new old", "thing"),
        ("{list} [-x ]", "some words", ""),
        ("one|two", "", ""),
        ("{shape} (?:{shape} )?statement(?:[.,;]|$| (?:that|of)\\b)", "statement", ""),
        ("e-mails? (?i)them\\b", "mail mails", "them"),
        ("{shape}ly \\pL+", "", ""),
        ("résumé to", "rÉsumÉ résumé", "to"),
    ],
)
def test_a_sieve_names_words_that_stand_in_every_match(expression: str, words: str, following: str) -> None:
    got = sieve(expression, {"list": ["words", "some"], "shape": None}.get)
    assert [b" ".join(got.words).decode(), b" ".join(got.following).decode()] == [words, following]


@pytest.mark.parametrize(
    ("expression", "marks"),
    [
        (r"\\\\u2019\pL", "\\"),
        (r"\pL&(?:#39|quot);", "&"),
        (r"[~^_]\.", "^_~"),
        (r"(?:<s>|\[CLS\]) ?\pL", "<["),
        (r"(?:<s>|CLS) ?\pL", ""),
        (r"(?:@|&)?x&*", ""),
        (r"[^&]-x, \n[%\n]", ""),
        (r"#{2,3} %+", "%"),
        (r"a\x{AD}[\x{200B}\x{2060}]+", "\xad"),
        (r"[\x{400}-\x{4FF}]", ""),
    ],
)
def test_a_sieve_names_marks_of_which_one_stands_in_every_match(expression: str, marks: str) -> None:
    assert "".join(sieve(expression, {}.get).marks) == marks


@pytest.mark.parametrize(("kind", "prepare"), [(FrameRule, frame.prepare), (PatternRule, pattern.prepare)])
def test_sieves_save_time_and_nothing_else(kind: type, prepare: Callable[..., Matcher]) -> None:
    rules = load()
    entries = [entry for entry in rules.entries if isinstance(entry.rule, kind)]
    anywhere = [structs.replace(entry, sieves=tuple(Sieve() for _ in entry.sieves)) for entry in entries]
    examples = [worddiff.parse(marked)[0] for entry in entries for marked in (*entry.rule.bad, *entry.rule.good)]
    document = Document("\n\n".join(examples), kind="text")
    with_sieves = sorted(hit[1:] for hit in prepare(entries, rules)(document))
    assert len(with_sieves) > len(entries)
    assert with_sieves == sorted(hit[1:] for hit in prepare(anywhere, rules)(document))


def test_expressions_are_found_together_as_they_are_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = load()
    entries = [entry for entry in rules.entries if entry.kind == "pattern"]
    examples = [worddiff.parse(marked)[0] for entry in entries for marked in (*entry.rule.bad, *entry.rule.good)]
    document = Document("\n\n".join(examples), kind="text")
    match = pattern.prepare(entries, rules)
    alone = sorted(hit[1:] for hit in match(document))
    monkeypatch.setattr(pattern, "_MUCH", 0)
    for _ in range(5):  # at each passage, some more are gathered
        assert sorted(hit[1:] for hit in match(document)) == alone


def found(tmp_path: Path, expression: str, text: str) -> list[Edit]:
    """What a rule with this frame, beside the shipped word lists, would change in a text."""
    shutil.copytree(shipped_folder() / "en" / "words", tmp_path / "en" / "words")
    lines = [f"frame: {expression}", "message: m", "why: w", "bad: [x]", "good: [x]"]
    rule = "\n".join(["kind: frame", "rules:", "  one:", *(f"    {line}" for line in lines)])
    (tmp_path / "en" / "mine.yaml").write_text(rule, encoding="utf-8")
    return [edit for finding in detector(load([tmp_path], shipped=False))(Document(text)) for edit in finding.edits]


@pytest.mark.parametrize("text", ["a poland b", "poland's b", "poland’s b", "l'poland b", "l’poland b", "'poland b"])
def test_a_sieve_reads_what_stands_beside_an_apostrophe(text: str) -> None:
    index = Index([Sieve((b"poland",), (b"b",)), Sieve((b"norway",)), Sieve((b"poland",), (b"c",))])
    assert index.places(Passage(0, text), 0) == {0: [text.encode()]}


def test_an_expression_is_looked_for_in_the_paragraphs_that_have_its_words() -> None:
    index = Index([Sieve((b"poland",)), Sieve((b"to",), (b"poland",)), Sieve((), (), ("%",)), Sieve()])
    passage = Passage(0, "5 % off\nto\x01 Poland\n\nto Norway and Poland, Poland\nto\nPoland")
    paragraphs = passage.data.split(b"\n")
    assert index.lacking_marks(passage) == 0
    assert index.lacking_marks(Passage(0, "a")) == 0b100
    poland = [paragraphs[1], paragraphs[3], paragraphs[5]]
    assert index.places(passage, 0b100) == {0: poland, 1: [paragraphs[1]], 3: [passage.data]}
    index.forget(0b1001)
    assert index.places(passage, 0b100) == {1: [paragraphs[1]]}
