"""Pages of HTML from bytes to bytes: encodings that they declare, trees that are deep, what a second parser sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from shell import FAULTY, REPAIRED, SELECT, cleaner

from cleaner import files
from cleaner.document import Document
from cleaner.mask.html import structure


@pytest.mark.parametrize(
    ("head", "written", "taken_for"),
    [
        ("<meta charset=windows-1252>", "cp1252", "windows-1252"),
        ("<meta charset='ISO-8859-1' />", "cp1252", "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r", "koi8-r"),
        ('<?xml version="1.0" encoding="iso-8859-15"?>', "iso-8859-15", "iso-8859-15"),
        ("<meta charset=windows-1252>", "utf-8", "utf-8"),
        ("<meta charset=windows-1252>", "utf-8-sig", "utf-8"),
        ("<meta charset=utf-16>", "utf-8", "utf-8"),
        ("<meta charset=no-such-thing>", "utf-8", "utf-8"),
        ("<meta name=x content='charset'>", "utf-8", "utf-8"),
    ],
)
def test_a_page_is_written_in_the_encoding_that_it_declares_or_is_in(
    tmp_path: Path, head: str, written: str, taken_for: str
) -> None:
    page, text = tmp_path / "a.html", f"{head}<p>Дом " if written == "koi8-r" else f"{head}<p>Café "
    page.write_bytes((text + FAULTY).encode(written))
    assert files.decode(page.read_bytes(), str(page)).encoding == taken_for
    assert cleaner("fix", "-q", *SELECT, page).returncode == 0
    assert page.read_bytes() == (text + REPAIRED).encode(written)


def test_the_encoding_given_goes_before_the_declared_one(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_bytes("<meta charset=cp1252><p>Дом ".encode("koi8-r") + FAULTY.encode())
    assert cleaner("fix", "-q", *SELECT, "--encoding", "koi8-r", page).returncode == 0
    assert page.read_bytes() == "<meta charset=cp1252><p>Дом ".encode("koi8-r") + REPAIRED.encode()


def test_a_page_that_is_not_what_it_declares_is_named(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_bytes(b"<meta charset=euc-jp><p>Caf\xe9 ")
    ran = cleaner("fix", "-q", *SELECT, page)
    assert ran.returncode == 2
    assert b"not EUC-JP" in ran.stderr


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<p><button>", "<code>", "<p lang=de><i lang=en>", "<table><td>"])
def test_a_deep_page_is_read_to_its_end(tag: str) -> None:
    document = Document(tag * 1000 + "</x>" * 1000 + " the end", kind="html")
    assert document.holes[-1].end <= len(document.text)
    assert len(structure(document.text)) > 1000
