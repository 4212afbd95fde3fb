"""Catalogues of gettext, as polib reads them before and after."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import polib
from hypothesis import given
from hypothesis import strategies as st
from repairs import repaired
from shell import SELECT, cleaner
from strategies import FAULTY

from cleaner.mask.po import faults

STRINGS = [*FAULTY, "He said “%s”, ”the the man.", 'A \\"the the\\" of of\\n', ""]
STRINGS += ["100 %% of <b>the</b> the %(n)s .", "\\\\ the the"]
LINE = st.sampled_from(STRINGS).map(lambda text: f'"{text}"\n')
STRING = st.lists(LINE, min_size=1, max_size=3).map("".join)
FLAGS = st.sampled_from(["", "", "#, fuzzy\n", "#, c-format\n", "# the the\n", "#~ "])


@st.composite
def catalogues(draw: st.DrawFn) -> str:
    text = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"The-The: the the\\n"\n\n'
    for number in range(draw(st.integers(1, 4))):
        flag = draw(FLAGS)
        if flag == "#~ ":
            text += f'#~ msgid "{number}"\n#~ msgstr "the the"\n\n'
        else:
            text += f'{flag}msgctxt "{number}"\nmsgid {draw(STRING)}msgstr {draw(STRING)}\n'
    return text


def entries(text: str) -> list[tuple[object, ...]]:
    catalogue = polib.pofile(text)
    return [
        (e.msgctxt, e.msgid, e.flags, e.obsolete, e.comment, e.msgstr if e.obsolete or e.fuzzy else "")
        for e in catalogue
    ] + sorted(catalogue.metadata.items())


@given(catalogues())
def test_only_translations_change_as_polib_reads_them(text: str) -> None:
    assert entries(repaired(text, "po").after) == entries(text)


def test_a_translation_is_mended_in_the_encoding_that_its_catalogue_declares(tmp_path: Path) -> None:
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=ISO-8859-1\\n"\n\nmsgid "the the"\n'
    catalogue = tmp_path / "a.po"
    catalogue.write_bytes(f'{header}msgstr "caf\xe9 the the"\n'.encode("latin-1"))
    assert cleaner("fix", "-q", *SELECT, catalogue).returncode == 0
    assert catalogue.read_bytes() == f'{header}msgstr "caf\xe9 the"\n'.encode("latin-1")


PLACEHOLDERS = ["%s", "%d", "%(name)s", "{name}", "%1$s", "${where}"]


@given(st.lists(st.sampled_from(PLACEHOLDERS), min_size=1, max_size=4, unique=True), st.randoms())
def test_placeholders_that_came_apart_become_those_of_the_original(names: list[str], random: Random) -> None:
    apart = [" ".join(re.findall(r"\w+|.", name)) for name in names]
    random.shuffle(apart)
    text = 'msgid "{}"\nmsgstr "{}"\n'.format(" or ".join(names), " and ".join(apart))
    whole = " and ".join(name.replace(" ", "") for name in apart)
    assert polib.pofile(repaired(text, "po").after)[0].msgstr == whole


def test_a_placeholder_that_is_as_in_the_original_is_left_alone() -> None:
    text = 'msgid "{a} is 100 % sure of %(b)s"\nmsgstr "%(b)s is 100 % sure for {a}"\n'
    assert list(faults(text)) == []


def test_the_plural_of_a_message_may_leave_its_number_out() -> None:
    text = 'msgid "%d hen"\nmsgid_plural "%d hens"\nmsgstr[0] "a hen"\nmsgstr[1] "% d hens"\n'
    assert [(fault.kind, fault.meant) for fault in faults(text)] == [("spaced", "%d")]
