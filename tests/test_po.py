"""Catalogues of gettext, as polib reads them before and after."""

from __future__ import annotations

from pathlib import Path

import polib
from hypothesis import given
from hypothesis import strategies as st
from repairs import repaired
from shell import SELECT, cleaner
from strategies import FAULTY

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
