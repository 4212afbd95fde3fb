"""The LanguageTool server on this machine: started once, found again, ended when it is idle or nobody's.

A keeper, a small process of its own, starts the server and ends it. What a client needs stands in a state file in
the cache folder, which clients touch while they use the server. There is a shared server, which stays until it has
been idle, and one for a single run, which ends with the process that owns it.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from cleaner import cache
from cleaner.detectors.grammar import install
from cleaner.detectors.grammar.languagetool import VERSION, LanguageTool, patience
from cleaner.model import BackendError

IDLE = 900.0  # seconds without a question after which a shared server ends
MEMORY = "1g"  # of Java's heap; half of it is what the rules and dictionaries take
_PATIENCE = 180.0  # seconds for a server to start: two on a quiet machine, a minute on one that is very busy
_PAUSE = 0.25  # seconds between two looks at a process
_GRACE = 5.0  # seconds in which a process may end by itself
_ATTEMPTS = 5  # ports to try: another process may take one between the choice and the start
_REMOTE_PATIENCE = 60.0  # seconds for an answer of a server of which nothing else is known
_STUCK = 15.0  # seconds without any use of the processor while there is work


class State(Struct, frozen=True):
    """A server that runs. `token` stands in its command line, so that no other process is taken for it."""

    port: int
    pid: int
    keeper: int
    token: str
    started: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def shared() -> Path:
    """Return the state file of the shared server."""
    return _folder() / "server.json"


def private(owner: int) -> Path:
    """Return the state file of the server of one run, that of the process `owner`."""
    return _folder() / f"server-{owner}.json"


def _folder() -> Path:
    return cache.place("languagetool")


def find(place: Path) -> State | None:
    """Return the server of a state file if it runs; what a killed keeper left behind is cleared away."""
    state = _read(place)
    if state is None:
        return None
    if not is_running(state.pid, state.token):
        place.unlink(missing_ok=True)
        return None
    if not is_running(state.keeper, state.token):
        _end(state.pid, state.token)
        place.unlink(missing_ok=True)
        return None
    return state


def start(place: Path, *, owner: int | None = None, idle: float = IDLE, memory: str = MEMORY) -> State:
    """Return the server of a state file, started if it does not run; raises BackendError.

    It ends after `idle` seconds without a question, and with the process `owner`.
    """
    install.require_extra()
    import filelock

    install.command(memory)  # raises if it is not installed
    place.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(place.with_suffix(".lock")):
        if state := find(place):
            return state
        _log(place).unlink(missing_ok=True)
        token = secrets.token_hex(8)
        call = f"from cleaner.detectors.grammar.server import keep; keep{(str(place), token, memory, owner, idle)!r}"
        keeper = subprocess.Popen(
            [sys.executable, "-c", call],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # The keeper closes its output when the server answers, or when it ends itself.
        with keeper:
            assert keeper.stdout is not None
            ready, _, _ = select.select([keeper.stdout], [], [], _PATIENCE + _GRACE)
        state = _read(place)
        if state is not None and state.token == token:
            return state
        place.unlink(missing_ok=True)
        why = _reason(place) if ready else f"no answer within {_PATIENCE:.0f} seconds; see {_log(place)}"
        raise BackendError(f"LanguageTool does not start: {why}")


def stop(place: Path) -> State | None:
    """End the server of a state file and return what it was; None if there was none."""
    state = find(place)
    if state is not None:
        _end(state.keeper, state.token)
        _end(state.pid, state.token)  # where the keeper could not do it
        place.unlink(missing_ok=True)
    return state


def client(also: Sequence[str] = (), *, owner: int, url: str = "") -> LanguageTool:
    """Return a client of the server at `url`, or of the shared one, or of one for the run of the process `owner`.

    Raises BackendError.
    """
    install.require_extra()
    if url:
        _check_version(url)
        return LanguageTool(url, also=also, watch=patience(_REMOTE_PATIENCE))
    place = shared()
    state = find(place)
    if state is None:
        place = private(owner)
        state = start(place, owner=owner)
    return LanguageTool(state.url, also=also, watch=functools.partial(watch, place, state))


def _check_version(url: str) -> None:
    """Raise BackendError unless the server at `url` is of the version whose rules were measured."""
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/v2/info", timeout=_REMOTE_PATIENCE) as answer:
            version = json.loads(answer.read())["software"]["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackendError(f"no LanguageTool at {url}: {error}") from None
    if version != VERSION:
        raise BackendError(f"LanguageTool at {url} is {version}; its rules were measured in {VERSION}")


def is_running(pid: int, token: str) -> bool:
    """True if a process is there that was started with this token."""
    import psutil

    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and any(token in part for part in process.cmdline())
    except psutil.Error:
        return False


def touch(place: Path) -> None:
    """Tell the keeper that the server is in use."""
    with contextlib.suppress(OSError):
        os.utime(place)


def watch(place: Path, state: State) -> Callable[[], str]:
    """Return a function that says what is wrong with a server that owes an answer, "" while it works on it.

    One for each question: it counts the time since it was made.
    """
    import psutil

    last, since = -1.0, time.monotonic()

    def is_stuck() -> str:
        nonlocal last, since
        if not is_running(state.pid, state.token):
            return f"the server has ended: {_reason(place)}"
        try:
            process = psutil.Process(state.pid)
            if process.status() == psutil.STATUS_STOPPED:
                return f"the server (process {state.pid}) has been stopped"
            times = process.cpu_times()
        except psutil.Error:
            return "the server has ended"
        touch(place)
        now = time.monotonic()
        if times.user + times.system > last + 0.05:
            last, since = times.user + times.system, now
        return f"the server hangs: no answer and no work for {_STUCK:.0f} seconds" if now - since > _STUCK else ""

    return is_stuck


def keep(place: str, token: str, memory: str, owner: int | None, idle: float) -> None:
    """Start a server, write its state file, and end it when it is idle, without its owner, or no longer named there."""
    import psutil

    if os.fork():
        os._exit(0)  # whoever called is not to be a parent, who would have to wait for the end
    signal.signal(signal.SIGTERM, _interrupted)
    path = Path(place)
    with contextlib.ExitStack() as stack:
        server, port = _launched(path, install.command(memory), token, stack)
        state = State(port, server.pid, os.getpid(), token, time.time())
        if not cache.store(path, msgspec.json.encode(state)):
            return
        stack.callback(_forget, path, token)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)  # tells the caller that all is ready
        os.close(null)
        while server.poll() is None and _is_wanted(path, token, owner, idle):
            time.sleep(_PAUSE)
    if owner is not None and not psutil.pid_exists(owner):  # nobody is left to read them
        for ending in (".log", ".lock"):
            path.with_suffix(ending).unlink(missing_ok=True)


def _interrupted(*_: object) -> None:
    raise SystemExit


def _launched(
    path: Path, command: list[str], token: str, stack: contextlib.ExitStack
) -> tuple[subprocess.Popen[bytes], int]:
    """Start a server on a port that is free and wait until it answers."""
    until = time.monotonic() + _PATIENCE
    for _ in range(_ATTEMPTS):
        port = _free_port()
        log = stack.enter_context(_log(path).open("wb"))
        server = subprocess.Popen(
            [command[0], f"-Dcleaner.token={token}", *command[1:], "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        stack.callback(_ended, server)
        while server.poll() is None and time.monotonic() < until:
            if _answers(port):
                return server, port
            time.sleep(_PAUSE)
        if "BindException" not in _said(path):
            break
    raise SystemExit(1)


def _die_with_parent() -> None:
    """Have the kernel end this process when its parent dies: a killed keeper takes its server with it."""
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _ended(server: subprocess.Popen[bytes]) -> None:
    server.kill()  # it holds nothing that could be lost, and takes seconds to end by itself
    server.wait()


def _is_wanted(path: Path, token: str, owner: int | None, idle: float) -> bool:
    import psutil

    try:
        used = path.stat().st_mtime
    except OSError:
        return False
    if owner is not None and not psutil.pid_exists(owner):
        return False
    state = _read(path)
    return state is not None and state.token == token and time.time() - used < idle


def _forget(path: Path, token: str) -> None:
    state = _read(path)
    if state is not None and state.token == token:
        path.unlink(missing_ok=True)


def _read(place: Path) -> State | None:
    try:
        return msgspec.json.decode(place.read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):
        return None


def _log(place: Path) -> Path:
    return place.with_suffix(".log")


def _reason(place: Path) -> str:
    """Why a server ended, in one line."""
    said = _said(place)
    if "OutOfMemoryError" in said:
        return "out of memory"
    lines = [line for line in said.split("\n") if "Error" in line or "Exception" in line]
    return (lines[-1].strip()[:200] if lines else "it was killed") + f"; see {_log(place)}"


def _said(place: Path) -> str:
    try:
        return _log(place).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _end(pid: int, token: str) -> None:
    """End a process if it is ours, by force if it does not listen."""
    import psutil

    if is_running(pid, token):
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            process.terminate()
            try:
                process.wait(2 * _GRACE)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(_GRACE)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/healthcheck", timeout=5) as answer:
            return bool(answer.read() == b"OK")
    except (OSError, urllib.error.URLError):
        return False
