"""The real LanguageTool: offsets, one server for many runs, and every way in which it can fail."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import languagetool as real
import msgspec
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


def test_an_install_that_is_killed_leaves_nothing_or_all_and_goes_on_where_it_was(tmp_path: Path) -> None:
    whole = install.installed()
    assert whole is not None
    sizes = {name: (install.folder() / name).stat().st_size for name in whole.jars}
    place = tmp_path / "mt-cleaner" / "languagetool" / install.folder().name
    partial = place.with_name(f"{place.name}.partial")
    partial.mkdir(parents=True)
    # As it is left by what resolves, whose many small files are not worth asking the registry for again.
    jars = [install.Jar(f"some/where/{name}", _sha1(install.folder() / name)) for name in whole.jars]
    (partial / "resolved.json").write_bytes(msgspec.json.encode(jars))
    with Mirror(install.folder()) as mirror:
        code = (
            "from cleaner.detectors.grammar import install\n"
            f"install._central = lambda: {mirror.url!r}\n"
            "install.install(lambda *_: None)"
        )
        command = [sys.executable, "-c", code]
        env = environment({"env": {"XDG_CACHE_HOME": str(tmp_path)}})
        for share in (0.0001, 0.4):
            mirror.allow(int(share * sum(sizes.values())))
            run = subprocess.Popen(command, env=env)
            _until(lambda: mirror.left <= 0)
            run.kill()
            run.wait()
            assert not place.exists()
        mirror.allow(sum(sizes.values()))
        run = subprocess.Popen(command, env=env)
        _until(lambda: len(list(partial.glob("*.jar"))) == len(jars) or place.exists())
        run.kill()  # while it looks at what came
        run.wait()
        subprocess.run(command, env=env, check=True)
        assert mirror.sent < 1.1 * sum(sizes.values())  # what had come was not fetched again
    assert {file.name: file.stat().st_size for file in place.glob("*.jar")} == sizes
    assert not partial.exists()
    assert msgspec.json.decode((place / "installed.json").read_bytes(), type=install.Installed).jars == whole.jars


class Mirror(ThreadingHTTPServer):
    """The registry on this machine, for so many bytes; then it keeps whoever asks waiting."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Jar)
        self.folder, self.url = folder, f"http://127.0.0.1:{self.server_port}"
        self.sent = self.left = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def allow(self, count: int) -> None:
        self.left = count

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        super().__exit__(*error)


class _Jar(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        data = (self.server.folder / Path(self.path).name).read_bytes()
        first = int(self.headers.get("Range", "bytes=0-")[6:-1])
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(data) - first))
        self.end_headers()
        with contextlib.suppress(OSError):  # the other side was killed
            for start in range(first, len(data), 1 << 16):
                while self.server.left <= 0:
                    time.sleep(0.01)
                self.wfile.write(part := data[start : start + (1 << 16)])
                self.server.left -= len(part)
                self.server.sent += len(part)

    def log_message(self, *_: object) -> None:
        pass


def _sha1(path: Path) -> str:
    return hashlib.sha1(path.read_bytes()).hexdigest()


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
