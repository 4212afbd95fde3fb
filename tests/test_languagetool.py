"""The real LanguageTool: offsets, one server for many runs, and every way in which it can fail."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import languagetool as real
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shell import CLEANER, cleaner, environment

from cleaner.detectors import grammar
from cleaner.detectors.grammar import install, server
from cleaner.detectors.grammar.languagetool import LanguageTool
from cleaner.document import Document
from cleaner.model import Applicability, BackendError

SOON = 120  # seconds; on a busy machine LanguageTool takes most of a minute to start


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> server.State:
    return real.shared(tmp_path_factory)[1]


@pytest.fixture(scope="module")
def asked(running: server.State, tmp_path_factory: pytest.TempPathFactory) -> LanguageTool:
    return LanguageTool(running.url, watch=lambda: server.watch(real.shared(tmp_path_factory)[0], running))


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A cache folder of its own, with LanguageTool installed, in which no server is left behind."""
    env = real.cache_with_languagetool(tmp_path / "cache")
    yield env
    place = tmp_path / "cache" / "mt-cleaner" / "languagetool"
    left = [state for file in place.glob("*.json") if (state := server.find(file))]
    for file in place.glob("*.json"):
        server.stop(file)
    assert not left
    assert not [p for p in psutil.process_iter(["cmdline"]) if str(place) in " ".join(p.info["cmdline"] or ())]


def test_offsets_are_code_points_with_emoji_and_combining_marks(asked: LanguageTool) -> None:
    text = "😀😀 E\N{COMBINING ACUTE ACCENT}va saw 👩‍👩‍👧 that he went to to the 𝔥ouse."
    ((match,),) = asked.ask([text])
    assert (match.rule, text[match.start : match.end]) == ("ENGLISH_WORD_REPEAT_RULE", "to to")


LETTERS = st.sampled_from(
    ["a", "the the", " ", "😀", "𝔥", "é", "e\N{COMBINING ACUTE ACCENT}", "\x00", "\ud800", ",", "."]
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(LETTERS, min_size=1, max_size=12).map("".join), min_size=1, max_size=4))
def test_every_hit_lies_in_its_paragraph_whatever_stands_around_it(asked: LanguageTool, texts: list[str]) -> None:
    marked = [f"{text}. We went to to town." for text in texts]
    for text, matches in zip(marked, asked.ask(marked), strict=True):
        assert all(0 <= match.start < match.end <= len(text) for match in matches)
        assert "to to" in [text[m.start : m.end] for m in matches if m.rule == "ENGLISH_WORD_REPEAT_RULE"]


def test_what_is_said_of_a_paragraph_does_not_depend_on_its_neighbours(asked: LanguageTool) -> None:
    texts = ["he saw (an house.", "“I has seen it", "This is a an test. And and so on .", "The cat. The dog. The end."]
    assert asked.ask(texts) == [asked.ask([text])[0] for text in texts]


def test_what_is_not_prose_is_not_touched_and_nothing_is_said_beside_it(asked: LanguageTool) -> None:
    text = "We saw `the the` of of it, and a `x` were here, but in the end he **went** to to **the** the park.\n"
    detect = grammar.detector("languagetool", asked.ask, lambda _: grammar.Trust(Applicability.SAFE))
    found = list(detect(Document(text, kind="markdown")))
    assert [text[f.span.start : f.span.end] for f in found] == ["to to", "the** the"]


def test_a_run_asks_the_server_it_is_told_of_and_a_second_one_nothing(running: server.State, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("😀 He was going to to the 😀 park.\n", encoding="utf-8")
    run = ("check", "a.txt", "--grammar", "languagetool", "--select", "languagetool")
    env = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    first = cleaner(*run, "--languagetool-url", running.url, cwd=tmp_path, env=env)
    assert b"a.txt:1:16: languagetool.ENGLISH_WORD_REPEAT_RULE [unsafe]" in first.stdout
    # Nothing is installed in that folder, so that a second question could not be asked.
    assert cleaner(*run, cwd=tmp_path, env=env).stdout == first.stdout


def test_no_server_where_one_is_named_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He went home.\n")
    run = cleaner("check", tmp_path / "a.txt", "--languagetool-url", f"http://127.0.0.1:{server._free_port()}")
    assert run.returncode == 2
    assert run.stderr.startswith(b"cleaner: no LanguageTool at http://127.0.0.1:")


def test_languagetool_that_is_not_installed_is_an_error_that_says_how(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He went home.\n")
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    run = cleaner("check", tmp_path / "a.txt", "--grammar", "languagetool", env=env)
    assert run.returncode == 2
    assert b"cleaner grammar install" in run.stderr


def test_a_shared_server_is_started_once_found_again_and_ended(tmp_path: Path, alone: dict[str, str]) -> None:
    starts = [
        subprocess.Popen([CLEANER, "grammar", "start"], env=environment({"env": alone}), stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    said = {start.communicate(timeout=SOON)[0] for start in starts}
    assert len(said) == 1  # the same address and process
    assert cleaner("grammar", "status", env=alone).returncode == 0
    (tmp_path / "a.txt").write_text("He went to to the park.\n")
    run = cleaner("check", tmp_path / "a.txt", "--grammar", "languagetool", "--select", "languagetool", env=alone)
    assert run.returncode == 1
    assert cleaner("grammar", "stop", env=alone).stdout.startswith(b"ended process")
    assert cleaner("grammar", "status", env=alone).returncode == 1


@pytest.mark.parametrize(
    ("number", "says"), [(signal.SIGKILL, b"the server has ended"), (signal.SIGSTOP, b"has been stopped")]
)
def test_a_server_lost_in_the_middle_of_a_run_is_an_error_within_seconds(
    number: signal.Signals, says: bytes, tmp_path: Path, alone: dict[str, str]
) -> None:
    # Different paragraphs, so many that LanguageTool takes minutes.
    words = "He went to the park with number"
    (tmp_path / "a.txt").write_text("\n\n".join(f"{words} {i}, and it rained on them all." for i in range(30_000)))
    command = [CLEANER, "check", tmp_path / "a.txt", "--grammar", "languagetool"]
    run = subprocess.Popen(command, env=environment({"env": alone}), stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    place = tmp_path / "cache" / "mt-cleaner" / "languagetool" / f"server-{run.pid}.json"
    state = _until(lambda: server.find(place))
    os.kill(state.pid, number)
    start = time.monotonic()
    _, stderr = run.communicate(timeout=SOON)
    assert run.returncode == 2
    assert says in stderr
    assert time.monotonic() - start < 60  # it takes two or three on a quiet machine
    with contextlib.suppress(ProcessLookupError):
        os.kill(state.pid, signal.SIGCONT)
    _until(lambda: is_gone(state))


def test_a_server_ends_with_its_keeper_and_without_memory(tmp_path: Path) -> None:
    place = tmp_path / "server.json"
    with pytest.raises(BackendError, match="does not start: out of memory"):
        server.start(place, memory="30m")
    state = server.start(place, idle=600)
    os.kill(state.keeper, signal.SIGKILL)
    _until(lambda: is_gone(state))
    assert server.find(place) is None
    assert not place.exists()


def test_an_idle_server_ends(tmp_path: Path) -> None:
    state = server.start(tmp_path / "server.json", idle=2)
    _until(lambda: is_gone(state))


def test_a_java_that_is_none_is_an_error() -> None:
    with pytest.raises(BackendError, match="no Java"):
        install.install(lambda *_: None, java="/nowhere/java")


def is_gone(state: server.State) -> bool:
    return not server.is_running(state.pid, state.token) and not server.is_running(state.keeper, state.token)


def _until(seen):  # type: ignore[no-untyped-def]
    """Wait until something is so, and return it."""
    until = time.monotonic() + SOON
    while not (found := seen()):
        assert time.monotonic() < until
        time.sleep(0.1)
    return found
