"""Archives: every record comes out, changes can be taken back, and no kill, bomb or poison loses any."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import dill
import msgspec
import psutil
import pyarrow
import pyarrow.parquet
import pytest
import zstandard
from shell import CLEANER, FAULTY, REPAIRED, SELECT, cleaner, used_memory

from cleaner import engine
from cleaner.config import Settings
from cleaner.model import Result
from cleaner.scale import run, streams
from cleaner.scale.local import Processes
from cleaner.scale.pages import extractor
from cleaner.scale.shards import Aside, Found, Job, Scored

RULE = "en.doubled.function-word"
ODD = [
    '{"text": "", "id": 0}',
    '{"id": 12345678901234567890123456789, "x": 1.10e5, "text": %s, "n": null, "d": {"a": [1, {"b": null}]}}',
    '{"no": "text"}',
    '{"text": 5}',
    '{"text": "broken',
    "",
    "  ",
    '{"text" :%s  ,"z":"\\u00e9\\/" }',
    '{"text": "caf\\u00e9 \\ud83d\\ude00 of\\/of the the \\u0068ouse, He went to the the house."}',
    '{"text": null, "a": "the the"}',
    "[1, 2]",
]
LINES = (
    "\n".join(line.replace("%s", json.dumps(FAULTY)) for line in ODD * 20).encode() + b"\n\xff\xfe\n" + b'{"text": "x"}'
)


def page(body: str, head: str = "Content-Type: text/html; charset=utf-8", code: str = "utf-8") -> bytes:
    content = body.encode(code)
    return f"HTTP/1.1 200 OK\r\n{head}\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content


def entry(
    block: bytes, kind: str = "response", uri: str = "http://a.org/x", size: int | None = None, more: str = ""
) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: {uri}\r\n{more}"
    return f"{head}Content-Length: {len(block) if size is None else size}\r\n\r\n".encode() + block + b"\r\n\r\n"


PAGES = [
    entry(b"software: x\r\n", "warcinfo"),
    entry(page(f"<p title='the the'>{FAULTY}")),
    entry(page(f"<meta charset=cp1252><p>\u201c{FAULTY}", "Content-Type: text/html", "cp1252")),
    entry(page("the the", "Content-Type: image/png")),
    entry(page(f"<p>{FAULTY}", "Content-Type: text/html\r\nTransfer-Encoding: chunked")),
    entry(page(FAULTY), "request"),
]
TABLE = pyarrow.table(
    {
        "id": pyarrow.array([2**63, 1, 2], pyarrow.uint64()),
        "nested": [[{"a": None}], None, []],
        "text": pyarrow.array([FAULTY, None, ""], pyarrow.large_string()),
        "bytes": [b"\xff", None, b""],
    }
).replace_schema_metadata({"mine": "yes"})


def table() -> bytes:
    out = io.BytesIO()
    pyarrow.parquet.write_table(TABLE, out, compression="zstd")
    return out.getvalue()


def rows() -> bytes:
    lines = ['id,text,"no ""te"', f'1,"{FAULTY}",x', f"2,{FAULTY.strip()},", '3,"a ""q"" of of\r\nthe house",""']
    lines += ["4,,", "5", "", '6,"x"y,']
    return ("\ufeff" + "\r\n".join(lines)).encode()


FILES = {
    "a.jsonl": LINES,
    "sub/b.jsonl.gz": gzip.compress(LINES[:700]) + gzip.compress(LINES[700:]),
    "c.jsonl.zst": zstandard.compress(LINES),
    "d.csv": rows(),
    "e.parquet": table(),
    "f.warc": b"".join(PAGES),
    "g.warc.gz": b"".join(map(gzip.compress, PAGES)),
    "h/i.html": f"<p title='the the'>{FAULTY}".encode(),
    "h/j.txt": FAULTY.encode(),
    "k.jsonl": b"",
}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    for name, data in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def contents(folder: Path) -> dict[str, object]:
    """What the files of a folder hold, unpacked."""
    out: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data: object = path.read_bytes()
            if path.suffix == ".gz":
                data = gzip.decompress(path.read_bytes())
            elif path.suffix == ".zst":
                data = zstandard.ZstdDecompressor().stream_reader(path.read_bytes(), read_across_frames=True).read()
            elif path.suffix == ".parquet":
                data = pyarrow.parquet.read_table(path)
            out[str(path.relative_to(folder))] = data
    return out


def values(path: Path, kind: Any) -> list[Any]:
    return [msgspec.json.decode(line, type=kind) for line in path.read_bytes().splitlines()]


def clean(archive: Path, output: Path, *more: object) -> None:
    ran = cleaner("archive", archive, "--output", output, "-q", *SELECT, "--jobs", "2", *more)
    assert (ran.returncode, ran.stderr) == (0, b"")


def make_again(done: Path, output: Path, *more: object) -> None:
    ran = cleaner("apply", done, "--output", output, "-q", "--jobs", "2", *more)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_every_record_comes_out_and_only_its_text_is_changed(archive: Path, tmp_path: Path) -> None:
    clean(archive, tmp_path / "out")
    new, old = contents(tmp_path / "out" / "documents"), contents(archive)
    assert list(new) == list(old)
    faulty, repaired = json.dumps(FAULTY).encode(), json.dumps(REPAIRED).encode()
    lines = LINES.replace(faulty, repaired).replace(b"the the \\u0068ouse", b"the \\u0068ouse")
    lines = lines.replace(b"the the house", b"the house")
    assert new["a.jsonl"] == new["sub/b.jsonl.gz"] == new["c.jsonl.zst"] == lines
    assert new["d.csv"] == rows().replace(b"the the", b"the").replace(b"of of", b"of")
    expected = old["e.parquet"].set_column(
        2, TABLE.field(2), pyarrow.array([REPAIRED, None, ""], pyarrow.large_string())
    )
    assert new["e.parquet"].equals(expected, check_metadata=True)  # type: ignore[attr-defined]
    assert new["h/i.html"] == f"<p title='the the'>{REPAIRED}".encode()
    pages = [*PAGES]
    pages[1] = entry(page(f"<p title='the the'>{REPAIRED}"))
    pages[2] = entry(page(f"<meta charset=cp1252><p>\u201c{REPAIRED}", "Content-Type: text/html", "cp1252"))
    assert new["f.warc"] == new["g.warc.gz"] == b"".join(pages)


def test_every_change_is_on_record_and_can_be_made_again_and_taken_back(archive: Path, tmp_path: Path) -> None:
    clean(archive, tmp_path / "out")
    clean(archive, tmp_path / "dry", "--dry-run")
    assert not (tmp_path / "dry" / "documents").exists()
    assert contents(tmp_path / "dry" / "findings") == contents(tmp_path / "out" / "findings")
    make_again(tmp_path / "dry", tmp_path / "again")
    for path in (tmp_path / "out" / "documents").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(tmp_path / "out")).read_bytes()
    make_again(tmp_path / "out", tmp_path / "back", "--undo")
    assert contents(tmp_path / "back" / "documents") == contents(archive)
    found = [
        msgspec.json.decode(line, type=Found)
        for line in (tmp_path / "out/findings/d.csv.jsonl").read_bytes().splitlines()
    ]
    assert (found[0].record, found[0].id, found[0].rules) == (2, "1", (RULE,))
    assert all(f.evidence for f in found)


def test_what_is_set_aside_has_its_place_and_its_reason(archive: Path, tmp_path: Path) -> None:
    clean(archive, tmp_path / "out")
    asides = [
        msgspec.json.decode(line, type=Aside)
        for line in (tmp_path / "out" / "set-aside.jsonl").read_bytes().splitlines()
    ]
    lines = [aside for aside in asides if aside.document == "a.jsonl"]
    assert [aside.record for aside in lines[:6]] == [3, 4, 5, 10, 11, 14]
    assert lines[0].reason == "no field “text” (--field NAME); the line is left as it is"
    assert lines[-1].reason.startswith("not UTF-8 (byte 0xFF)")
    assert [aside.reason for aside in asides if aside.document == "f.warc"] == [
        "a page that is packed or in chunks is left as it is"
    ]


def test_attributes_are_as_dolma_has_them(archive: Path, tmp_path: Path) -> None:
    clean(archive, tmp_path / "out", "--findings-format", "dolma")
    lines = [json.loads(line) for line in (tmp_path / "out/attributes/e.parquet.jsonl").read_text().splitlines()]
    assert [line["id"] for line in lines] == [str(2**63), "2"]
    assert list(lines[0]["attributes"]) == ["cleaner__en_doubled_function_word"]
    assert lines[1]["attributes"] == {}


def test_the_report_counts_and_shows(archive: Path, tmp_path: Path) -> None:
    clean(archive, tmp_path / "out")
    report = json.loads((tmp_path / "out" / "report.json").read_bytes())
    found = b"".join(path.read_bytes() for path in (tmp_path / "out" / "findings").rglob("*.jsonl"))
    assert report["summary"]["changes"] == found.count(b"\n") == sum(report["summary"]["rules"].values())
    assert report["summary"]["sources"]["a.org"][2] == 4
    assert RULE in (tmp_path / "out" / "report.html").read_text()
    assert "set aside" in (tmp_path / "out" / "report.txt").read_text()


PLAIN = (
    "Call me Ishmael. Some years ago - never mind how long precisely - having little or no money in my purse, and "
    "nothing particular to interest me on shore, I thought I would sail about a little and see the watery part of the "
    "world. It is a way I have of driving off the spleen and regulating the circulation. Whenever I find myself "
    "growing grim about the mouth; whenever it is a damp, drizzly November in my soul; whenever I find myself "
    "involuntarily pausing before coffin warehouses, and bringing up the rear of every funeral I meet, then I account "
    "it high time to get to sea as soon as I can."
)
MACHINE = (
    "the president of the council said that of the part of the states members , the reform of the treaty is in the "
    "process of to be of the made , and that it is not of nature to the question of the in the field of the economic "
    "of the countries . "
) * 4


def test_scores_are_written_for_each_document_and_summed_up_for_each_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [("http://a.org/1", PLAIN), ("http://b.org/2", MACHINE), ("http://a.org/3", "Too short."), ("", PLAIN)]
    lines = [json.dumps({"id": i, "url": url, "text": text}) for i, (url, text) in enumerate(texts)]
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, "broken"]))
    options = ("--score", "--drop-from", "0.95", "--findings-format", "dolma")
    clean(tmp_path / "a.jsonl", tmp_path / "out", *options)
    scores = values(tmp_path / "out/scores/a.jsonl.jsonl", Scored)
    assert [(s.record, s.id) for s in scores] == [(i + 1, str(i)) for i in range(4)]
    # They are those of the other command.
    ran = cleaner("score", "--format", "json", "--drop-from", "0.95", *SELECT, tmp_path / "a.jsonl")
    alone = json.loads(ran.stdout)
    assert [(s.probability, s.verdict, s.words, msgspec.to_builtins(s.evidence)) for s in scores] == [
        (s["probability"], s["verdict"], s["words"], tuple(s["evidence"])) for s in alone
    ]
    assert [s.verdict for s in scores] == ["keep", "drop", "keep", "keep"]
    assert scores[2].evidence[0].detail == "2 words say nothing"
    attributes = [json.loads(line) for line in (tmp_path / "out/attributes/a.jsonl.jsonl").read_text().splitlines()]
    assert attributes[1]["attributes"]["cleaner__score"] == [[0, len(MACHINE), scores[1].probability]]
    summed = json.loads((tmp_path / "out/report.json").read_bytes())["summary"]["scores"]
    assert {name: [s[k] for k in ("keep", "repair", "drop", "short")] for name, s in summed.items()} == {
        "a.org": [2, 0, 0, 1],
        "b.org": [0, 0, 1, 0],
        "": [1, 0, 0, 0],
    }
    assert summed["b.org"]["tenths"] == [0] * 9 + [1]
    text = (tmp_path / "out" / "report.txt").read_text()
    assert "scores of 4 documents: keep 3 (1 of them too short to say), repair 0, drop 1 (scores/)" in text
    assert "       0        0        1  b.org" in text
    assert "<title>0.9 to 1.0: 1</title>" in (tmp_path / "out" / "report.html").read_text()
    # Parts of a file have them as the whole has.
    monkeypatch.setattr(run, "_LINES", 200)
    outcome = done(run.plan([str(tmp_path / "a.jsonl")]), job(tmp_path / "parts", bounds=(0.5, 0.95)))
    assert contents(tmp_path / "parts" / "scores") == contents(tmp_path / "out" / "scores")
    assert msgspec.to_builtins(outcome.summary.scores) == summed


def test_nobody_scores_unasked_nor_in_another_language(archive: Path, tmp_path: Path) -> None:
    clean(archive, tmp_path / "a")
    clean(archive, tmp_path / "b", "--score", "--lang", "de")
    assert not (tmp_path / "a" / "scores").exists()
    assert not [path for path in (tmp_path / "b" / "scores").rglob("*.jsonl") if path.stat().st_size]
    ran = cleaner("archive", archive, "--output", tmp_path / "c", "--score", "--repair-from", "1")
    assert (ran.returncode, ran.stderr) == (2, b"cleaner: --repair-from 1 is above --drop-from 0.9\n")


ARTICLE = (
    "<html><head><title>News</title></head><body><nav><a href='/'>the the menu</a></nav><article><h1>A house</h1>"
    f"<p title='the the'>{FAULTY}<p>%s</article><footer>the the footer</footer></body></html>"
)
FURTHER = "It was “far”, on the other side of the river, and nobody had told him that he would have to swim. " * 3


def test_the_text_of_pages_takes_their_place_and_can_be_told_and_had_back(tmp_path: Path) -> None:
    data = tmp_path / "in" / "a.warc.gz"
    data.parent.mkdir()
    pages = [
        PAGES[0],
        entry(page(ARTICLE % FURTHER)),
        entry(page("<p></p>")),
        entry(page(ARTICLE % FURTHER, "Content-Type: text/html; charset=cp1252", "cp1252")),
        PAGES[3],
        PAGES[4],
        entry(f"{FAULTY}Another.\n".encode(), "conversion", more="Content-Type: text/plain\r\n"),
    ]
    data.write_bytes(b"".join(map(gzip.compress, pages)))
    clean(data, tmp_path / "out", "--extract")
    clean(data, tmp_path / "found", "--extract", "--dry-run")
    clean(data, tmp_path / "plain", "--extract", "--ignore", RULE)
    made = contents(tmp_path / "out" / "documents")["a.warc.gz"]
    assert isinstance(made, bytes)
    for text in (REPAIRED, FURTHER.strip(), "WARC-Refers-To: <urn:uuid:1>\r\n"):
        assert made.count(text.encode()) == (3 if text == REPAIRED else 2)
    assert b"the menu" not in made
    assert b"the footer" not in made
    # What holds no page, and a page without a text, is as it was.
    assert all(record in made for record in (pages[0], pages[2], *pages[4:6]))
    asides = [(aside.record, aside.reason) for aside in values(tmp_path / "out" / "set-aside.jsonl", Aside)]
    assert asides == [(3, "no main text in the page"), (6, "a page that is packed or in chunks is left as it is")]
    # The same again, from findings alone; and back to the texts as they were taken out.
    make_again(tmp_path / "found", tmp_path / "again")
    make_again(tmp_path / "out", tmp_path / "back", "--undo")
    assert (tmp_path / "again/documents/a.warc.gz").read_bytes() == (tmp_path / "out/documents/a.warc.gz").read_bytes()
    assert contents(tmp_path / "back" / "documents") == contents(tmp_path / "plain" / "documents")
    found = values(tmp_path / "out/findings/a.warc.gz.jsonl", Found)
    assert [f.record for f in found] == [2, 4, 7]
    assert f"WARC-Record-ID: <{found[0].id}>\r\n".encode() in made
    # A record of text is a whole one: its length and its digest are right.
    for record in made.split(b"WARC/1.0\r\n"):
        if b"Block-Digest" in record:
            head, _, block = record.partition(b"\r\n\r\n")
            digest = base64.b32encode(hashlib.sha1(block[:-4]).digest())
            assert {b"Content-Length: %d" % len(block[:-4]), b"WARC-Block-Digest: sha1:" + digest} <= {
                *head.split(b"\r\n")
            }


def test_what_is_set_aside_after_its_text_was_taken_out_is_the_page_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [entry(page(ARTICLE % text)) for text in (FURTHER, FURTHER + "DIE", FURTHER + "LONG")]
    (tmp_path / "a.warc").write_bytes(b"".join(pages))
    poison(monkeypatch)
    todo = job(tmp_path / "out", limit=0.5, extract=extractor())
    done(run.plan([str(tmp_path / "a.warc")]), todo)
    made = (tmp_path / "out/documents/a.warc").read_bytes()
    assert made.startswith(b"WARC/1.0\r\nWARC-Type: conversion")
    assert made.endswith(pages[1] + pages[2])
    make_again(tmp_path / "out", tmp_path / "again")
    assert (tmp_path / "again/documents/a.warc").read_bytes() == made


def test_texts_that_another_extractor_would_take_out_are_not_changed(archive: Path, tmp_path: Path) -> None:
    done(run.plan([str(archive)]), job(tmp_path / "out", extract="trafilatura 1.0"))
    ran = cleaner("apply", tmp_path / "out", "--output", tmp_path / "again")
    assert (ran.returncode, b"its texts were extracted with trafilatura 1.0; here is" in ran.stderr) == (2, True)


def test_extracting_needs_pages(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES)
    ran = cleaner("archive", tmp_path / "a.jsonl", "--output", tmp_path / "out", "--extract")
    assert (ran.returncode, b"--extract: takes texts out of pages in WARC" in ran.stderr) == (2, True)


@pytest.fixture
def shards(archive: Path, monkeypatch: pytest.MonkeyPatch) -> list[run.Shard]:
    """Small shards of the archive, so that there are many."""
    monkeypatch.setattr(run, "_LINES", 1500)
    monkeypatch.setattr(run, "_BATCH", 1)
    return run.plan([str(archive)])


SETTINGS = Settings(rules=SELECT[1:2], select=SELECT[3:])


def job(folder: Path, **more: Any) -> Job:
    return Job(str(folder), (SETTINGS,), **more)


def done(shards: list[run.Shard], todo: Job, workers: Any = None) -> run.Outcome:
    with run.held(shards, todo):
        for _ in run.work(shards, todo, workers or Processes(), 2):
            pass
        return run.finish(shards, todo)


def test_parts_of_a_file_make_the_same_as_the_whole(archive: Path, shards: list[run.Shard], tmp_path: Path) -> None:
    assert len(shards) > 12
    outcome = done(shards, job(tmp_path / "parts"))
    clean(archive, tmp_path / "out")
    for what in ("documents", "findings"):
        assert contents(tmp_path / "parts" / what) == contents(tmp_path / "out" / what)
    assert (tmp_path / "parts/set-aside.jsonl").read_bytes() == (tmp_path / "out/set-aside.jsonl").read_bytes()
    assert outcome.summary.documents == json.loads((tmp_path / "out/report.json").read_bytes())["summary"]["documents"]


def test_workers_killed_at_any_moment_cost_nothing(
    shards: list[run.Shard], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a slow machine all deaths may fall into one record, which is not to blame here.
    monkeypatch.setattr(run, "_DEADLY", 21)

    class Killed(Processes):
        left = 20
        chance = random.Random(5)

        def ended(self, tokens: Any, timeout: float) -> list[int]:
            if self.left and self._processes:
                time.sleep(self.chance.random() / 10)
                self.chance.choice(list(self._processes.values())).kill()
                Killed.left -= 1
            return super().ended(tokens, timeout)

    undisturbed = done(shards, job(tmp_path / "a"))
    runs = 0
    while Killed.left:
        runs += 1
        folder = tmp_path / f"b{runs}"
        assert done(shards, job(folder), Killed()) == undisturbed
        for what in ("documents", "findings"):
            assert contents(tmp_path / "a" / what) == contents(folder / what)


def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    data = tmp_path / "a.jsonl"
    data.write_bytes((json.dumps({"text": FAULTY + " It is fine. " * 400}) + "\n").encode() * 400)
    call = [CLEANER, "archive", data, "--output", tmp_path / "out", "-q", *SELECT, "--jobs", "2"]
    first = subprocess.Popen([*map(str, call)])
    position = tmp_path / "out" / ".parts" / "000000.position"
    while not position.exists() or run.position(position)[0] < 10:
        assert first.poll() is None
        time.sleep(0.01)
    first.kill()
    first.wait()
    assert not (tmp_path / "out" / "documents").exists()
    assert subprocess.run([*map(str, call)], check=False).returncode == 0
    clean(data, tmp_path / "whole")
    assert contents(tmp_path / "out" / "documents") == contents(tmp_path / "whole" / "documents")
    other = cleaner("archive", data, "--output", tmp_path / "out", "-q", "--jobs", "2")
    assert (other.returncode, b"other inputs or with other options" in other.stderr) == (2, True)


def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers die of one document, and never come to an end with another."""

    def poisoned(document: Any, *more: Any) -> Result:
        if document.text.rstrip().endswith("DIE"):
            os.kill(os.getpid(), signal.SIGKILL)
        while document.text.rstrip().endswith("LONG"):
            pass
        return real(document, *more)

    real = engine.clean
    monkeypatch.setattr(engine, "clean", poisoned)


def test_a_poison_document_is_set_aside_and_loses_no_other(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (archive / "a.jsonl").write_text("\n".join(json.dumps({"text": t}) for t in (FAULTY, "DIE", "LONG", FAULTY)))

    poison(monkeypatch)
    outcome = done(run.plan([str(archive)]), job(tmp_path / "out", limit=0.5))
    assert not outcome.failed
    lines = [json.loads(line)["text"] for line in (tmp_path / "out/documents/a.jsonl").read_text().splitlines()]
    assert lines == [REPAIRED, "DIE", "LONG", REPAIRED]
    asides = [
        msgspec.json.decode(line, type=Aside)
        for line in (tmp_path / "out" / "set-aside.jsonl").read_bytes().splitlines()
    ]
    assert [(a.record, a.reason) for a in asides if a.document == "a.jsonl"] == [
        (2, "workers die of it"),
        (3, "it takes more than 0.5 seconds (--time-limit)"),
    ]


WHOLE = (json.dumps({"text": FAULTY}) + "\n").encode() * 3000


@pytest.mark.parametrize(
    ("name", "data", "kept", "reason"),
    [
        ("a.jsonl.gz", gzip.compress(WHOLE)[:-50], 0, "cut off in the middle of what was packed"),
        ("a.jsonl.zst", zstandard.compress(WHOLE)[:-5], 0, "cut off in the middle of what was packed"),
        ("a.jsonl.gz", gzip.compress(WHOLE) + b"garbage", 3000, "damaged"),
        ("a.jsonl.gz", b"no gzip at all", 0, "damaged"),
        ("a.warc", PAGES[1] * 3 + PAGES[1][:-50], 3, "cut off: the record is shorter than it says"),
        ("a.warc", PAGES[1] + entry(page(FAULTY), size=5) + PAGES[1], 2, "its Content-Length is wrong"),
        ("a.warc", PAGES[1] + entry(page(FAULTY), size=600) + PAGES[1] * 2, 3, "its Content-Length is wrong"),
        ("a.warc", b"garbage\r\n" * 5 + PAGES[1], 1, "its Content-Length is wrong, or it is no record"),
        ("a.html", b"<meta charset=euc-jp><p>\xff\xff", 0, "not EUC-JP"),
        ("a.parquet", b"PAR1 no", 0, "no Parquet that can be read"),
        ("a.html", b"<p>" * 50_000 + FAULTY.encode(), 1, ""),
        ("a.jsonl", b'{"text": ' + b"[" * 100_000 + b"\n" + WHOLE[:100], 0, "nested too deeply"),
    ],
)
def test_what_is_damaged_is_said_and_the_rest_is_done(
    tmp_path: Path, name: str, data: bytes, kept: int, reason: str
) -> None:
    (tmp_path / name).write_bytes(data)
    clean(tmp_path / name, tmp_path / "out")
    aside = (tmp_path / "out" / "set-aside.jsonl").read_text()
    assert (reason in aside) if reason else not aside
    assert json.loads((tmp_path / "out/report.json").read_bytes())["summary"]["changed"] >= kept
    if not name.endswith((".gz", ".zst")):
        make_again(tmp_path / "out", tmp_path / "back", "--undo", tmp_path / "out" / "documents" / name)
        assert (tmp_path / "back" / "documents" / name).read_bytes() == data


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_bomb_is_copied_as_it_is(
    tmp_path: Path, pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "_BOMB_SIZE", 1 << 20)
    bomb = tmp_path / ("a.jsonl" + (".gz" if pack is gzip.compress else ".zst"))
    bomb.write_bytes(pack(bytes(64 << 20)))
    done(run.plan([str(bomb)]), job(tmp_path / "out"))
    assert (tmp_path / "out" / "documents" / bomb.name).read_bytes() == bomb.read_bytes()
    assert "unpacks to more than" in (tmp_path / "out" / "set-aside.jsonl").read_text()


def test_a_record_of_any_size_is_copied_without_being_held(tmp_path: Path) -> None:
    with (tmp_path / "a.jsonl").open("wb") as out:
        out.write(b'{"text": "')
        for _ in range(300):
            out.write(b"word " * 200_000)
        out.write(b'"}\n' + WHOLE[:-1])
    status, memory, _ = used_memory("archive", tmp_path / "a.jsonl", "--output", tmp_path / "out", "-q", *SELECT)
    assert status == 0
    assert memory < 250 << 20  # it is longer than many shards, none of which may hold it
    with (tmp_path / "a.jsonl").open("rb") as old, (tmp_path / "out/documents/a.jsonl").open("rb") as new:
        assert old.readline() == new.readline()
        assert json.loads(new.readline()) == {"text": REPAIRED}


def test_inputs_behind_an_address_are_read(tmp_path: Path) -> None:
    import fsspec

    with fsspec.open("memory://in/a.jsonl", "wb") as out:
        out.write(WHOLE[:1000])
    outcome = done(run.plan(["memory://in"]), job(tmp_path / "out"))
    assert outcome.summary.changed == WHOLE[:1000].count(b"\n")


def test_an_input_that_is_not_there_is_named(tmp_path: Path) -> None:
    ran = cleaner("archive", tmp_path / "none.jsonl", "--output", tmp_path / "out")
    assert (ran.returncode, b"none.jsonl: cannot read it: No such file" in ran.stderr) == (2, True)


def test_a_step_of_datatrove_cleans_and_tells() -> None:
    from datatrove.data import Document

    from cleaner.scale.trove import CleanerStep

    step = CleanerStep(SETTINGS)
    given: Iterator[Any] = iter([Document(FAULTY, "1"), Document("", "2")])
    first, second = step.run(given)
    assert (first.text, second.text) == (REPAIRED, "")
    assert first.metadata["cleaner"][0]["rules"] == (RULE,)
    assert "cleaner" not in second.metadata


def test_shards_done_by_datatrove_are_those_of_a_run(archive: Path, tmp_path: Path) -> None:
    from datatrove.executor import LocalPipelineExecutor

    from cleaner.scale.trove import ShardsStep

    todo = job(tmp_path / "trove")
    (tmp_path / "trove" / ".parts").mkdir(parents=True)
    steps = [ShardsStep(run.plan([str(archive)]), todo)]
    LocalPipelineExecutor(steps, tasks=3, workers=1, logging_dir=str(tmp_path / "logs")).run()
    shards = run.plan([str(archive)])
    assert all((tmp_path / "trove" / ".parts" / f"{s.number:06}.summary").exists() for s in shards)
    run.finish(shards, todo)
    clean(archive, tmp_path / "out")
    assert contents(tmp_path / "trove" / "documents") == contents(tmp_path / "out" / "documents")


SLURM = ("--engine", "slurm", "--slurm-partition", "short", "--slurm-time", "01:30:00", "--slurm-memory", "3")
SLURM += ("--slurm-tasks", "3", "--slurm-option", "account=me", "--slurm-option", "qos=low")


def test_slurm_is_asked_for_tasks_that_make_the_same(archive: Path, tmp_path: Path) -> None:
    # Without Slurm, up to the moment of submitting; then what its tasks would do.
    ran = cleaner(
        *("archive", archive, "--output", tmp_path / "slurm", "-q", *SELECT, "--jobs", "2", *SLURM),
        env={"PATH": str(CLEANER.parent)},
    )
    said = b"cleaner: --engine slurm: no sbatch here: call it where jobs are submitted\n"
    assert (ran.returncode, ran.stderr) == (2, said)
    folder = tmp_path / "slurm" / "slurm" / "1"
    assert (
        (folder / "launch_script.slurm").read_text()
        == f"""#!/bin/bash
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=3G
#SBATCH --nodes=1
#SBATCH --partition=short
#SBATCH --job-name=cleaner
#SBATCH --time=01:30:00
#SBATCH --output={folder}/slurm_logs/%A_%a.out
#SBATCH --error={folder}/slurm_logs/%A_%a.out
#SBATCH --array=0-2%2
#SBATCH --account=me
#SBATCH --qos=low
#SBATCH --requeue
echo "Starting data processing job cleaner"
export PATH="{CLEANER.parent}:$PATH"
set -xe
export PYTHONUNBUFFERED=TRUE
srun  -l -n 1 launch_pickled_pipeline {folder}/executor.pik
"""
    )
    with (folder / "executor.pik").open("rb") as pickled:
        (step,) = dill.load(pickled).pipeline
    for rank in range(3):
        assert list(step.run(rank=rank, world_size=3)) == []
    parts = len(list((tmp_path / "slurm" / ".parts").glob("*.summary")))
    assert parts == len(FILES)
    clean(archive, tmp_path / "slurm")  # nothing is left to do but to put the parts together
    clean(archive, tmp_path / "out")
    for what in ("documents", "findings"):
        assert contents(tmp_path / "slurm" / what) == contents(tmp_path / "out" / what)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (SLURM[:2], b"--engine slurm: needs --slurm-partition NAME"),
        (SLURM[2:4], b"--slurm-partition, --slurm-tasks and --slurm-option are for --engine slurm"),
        ((*SLURM, "--slurm-option", "exclusive"), b"--slurm-option exclusive: expected NAME=VALUE"),
    ],
)
def test_options_of_slurm_that_make_no_sense_are_told(tmp_path: Path, options: Sequence[str], said: bytes) -> None:
    (tmp_path / "a.txt").write_text(FAULTY)
    ran = cleaner("archive", tmp_path / "a.txt", "--output", tmp_path / "out", *options)
    assert (ran.returncode, said in ran.stderr) == (2, True), ran.stderr
    assert not (tmp_path / "out").exists()


def test_ray_makes_the_same(archive: Path, tmp_path: Path) -> None:
    clean(archive, tmp_path / "out")
    ran = cleaner("archive", archive, "--output", tmp_path / "ray", "-q", *SELECT, "--jobs", "2", "--engine", "ray")
    assert ran.returncode == 0, ran.stderr
    for what in ("documents", "findings"):
        assert contents(tmp_path / "ray" / what) == contents(tmp_path / "out" / what)


def test_workers_of_ray_that_are_killed_cost_nothing(tmp_path: Path) -> None:
    data = tmp_path / "a.jsonl"
    line = json.dumps({"text": FAULTY + " It is fine. " * 400, "other": "x" * 5000})
    data.write_bytes(f"{line}\n".encode() * 1700)  # two shards, one of them much the larger
    call = [CLEANER, "archive", data, "--output", tmp_path / "ray", "-q", *SELECT, "--jobs", "2", "--engine", "ray"]
    with subprocess.Popen([*map(str, call)]) as running:
        parts = tmp_path / "ray" / ".parts"
        while run.position(parts / "000000.position")[0] < 10:
            assert running.poll() is None
            time.sleep(0.01)
        processes = psutil.Process(running.pid).children(recursive=True)
        workers = [process for process in processes if "".join(process.cmdline()[:1]).startswith("ray::serve")]
        for worker in workers:
            worker.kill()
        psutil.wait_procs(workers)
        assert workers
        assert not (parts / "000000.summary").exists()  # one was in the middle of it
        assert running.wait() == 0
    clean(data, tmp_path / "out")
    for what in ("documents", "findings"):
        assert contents(tmp_path / "ray" / what) == contents(tmp_path / "out" / what)
    assert (tmp_path / "ray" / "set-aside.jsonl").read_bytes() == b""


def test_an_error_that_nobody_expects_ends_a_task_of_ray_and_no_run(tmp_path: Path) -> None:
    from cleaner.scale.ray import Cluster
    from cleaner.scale.shards import Job, Shard

    cluster = Cluster(1)
    try:
        job = Job(str(tmp_path / "away"))  # a folder that is not there: no worker can write down what it does
        task = cluster.start([Shard(0, str(tmp_path / "a.jsonl"), "a.jsonl", 1)], job, {})
        assert cluster.ended([task], 60) == [task]
    finally:
        cluster.close()


def test_a_batch_of_ray_data_is_cleaned() -> None:
    from cleaner.scale.ray import clean_batch

    batch = clean_batch({"text": [FAULTY, None, ""], "n": [1, 2, 3]})
    assert batch == {"text": [REPAIRED, None, ""], "n": [1, 2, 3], "cleaner_changes": [1, 0, 0]}


def test_settings_words_and_comments_hold_for_an_archive_as_for_files(tmp_path: Path) -> None:
    (tmp_path / "in" / "drafts").mkdir(parents=True)
    (tmp_path / ".cleaner.toml").write_text(
        f'rules = ["{SELECT[1]}"]\nselect = ["en.doubled"]\nexclude = ["drafts/"]\n'
    )
    (tmp_path / "in" / "a.txt").write_text(FAULTY)
    (tmp_path / "in" / "b.md").write_text(f"<!-- cleaner: ignore-file {RULE} -->\n\n{FAULTY}")
    (tmp_path / "in" / "drafts" / "c.txt").write_text(FAULTY)
    ran = cleaner("archive", tmp_path / "in", "--output", tmp_path / "out", "-q")
    assert (ran.returncode, ran.stderr) == (0, b"")
    documents = contents(tmp_path / "out" / "documents")
    assert list(documents) == ["a.txt", "b.md"]
    assert documents["a.txt"] == REPAIRED.encode()
    assert FAULTY.encode() in documents["b.md"]  # type: ignore[operator]
    (tmp_path / ".cleaner.toml").write_text("selct = 1\n")
    ran = cleaner("archive", tmp_path / "in", "--output", tmp_path / "other")
    assert (ran.returncode, b".cleaner.toml:1: unknown key" in ran.stderr) == (2, True)


def test_each_input_has_the_settings_that_hold_for_it(archive: Path, tmp_path: Path) -> None:
    (archive / ".cleaner.toml").write_text(
        f'rules = ["{SELECT[1]}"]\nselect = ["en.doubled"]\n'
        'per-file-ignores = {"h/*.html" = ["en.doubled"], "*.warc.gz" = ["en"]}\n'
    )
    (archive / "sub" / ".cleaner.toml").write_text('select = ["any.residue"]\n')
    ran = cleaner("archive", archive, "--output", tmp_path / "out", "-q", "--jobs", "2")
    assert (ran.returncode, ran.stderr) == (0, b"")
    found = {str(p.relative_to(tmp_path / "out/findings")) for p in (tmp_path / "out/findings").rglob("*.jsonl")}
    changed = {name.removesuffix(".jsonl") for name in found if (tmp_path / "out/findings" / name).stat().st_size}
    assert changed == FILES.keys() - {"sub/b.jsonl.gz", "g.warc.gz", "h/i.html", "k.jsonl"}
    make_again(tmp_path / "out", tmp_path / "back", "--undo")
    (archive / ".cleaner.toml").unlink()
    (archive / "sub" / ".cleaner.toml").unlink()
    assert contents(tmp_path / "back" / "documents") == contents(archive)


def test_a_mistyped_ignore_of_some_files_is_told(archive: Path, tmp_path: Path) -> None:
    (archive / ".cleaner.toml").write_text('per-file-ignores = {"h/*" = ["en.speling"]}\n')
    ran = cleaner("archive", archive, "--output", tmp_path / "out")
    said = b".cleaner.toml:1: per-file-ignores: no rule or family 'en.speling'"
    assert (ran.returncode, said in ran.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run"], b"run: to make the changes of a run, name a folder for what comes of it: --output DIR"),
        (["run", "--output", "x"], b"run: not the folder of a run of cleaner archive"),
        (["a.json", "--undo"], b"a.json: no folder of a run; decisions take no inputs, no --output and no --undo"),
    ],
)
def test_what_cannot_be_applied_is_said(tmp_path: Path, arguments: list[str], said: bytes) -> None:
    (tmp_path / "run").mkdir()
    ran = cleaner("apply", *arguments, cwd=tmp_path)
    assert (ran.returncode, said in ran.stderr) == (2, True), ran.stderr
