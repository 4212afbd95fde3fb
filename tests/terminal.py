"""A real pseudo-terminal for tests, with cleaner at work on it."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import select
import signal
import subprocess
import termios
import time
from pathlib import Path

from shell import CLEANER, environment

_PATIENCE = 60.0  # seconds; a busy machine is slow


class Terminal:
    """A process that believes that a person looks on and types."""

    def __init__(self, *args: str, cwd: Path) -> None:
        self._ours, theirs = pty.openpty()
        env = environment({"env": {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "200", "LC_ALL": "C.UTF-8"}})
        self.process = subprocess.Popen(
            [CLEANER, *args],
            cwd=cwd,
            env=env,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that ^C comes as a signal
        )
        os.close(theirs)
        self.said = ""  # not yet expected
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def expect(self, text: str) -> str:
        """Wait until a text is on the screen; return what came before it."""
        end = time.monotonic() + _PATIENCE
        while text not in self.said:
            if not self._read(end - time.monotonic()):
                raise AssertionError(f"{text!r} never came; the screen shows {self.said!r}")
        before, _, self.said = self.said.partition(text)
        return before

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def end(self) -> int:
        """Wait for the end; return the exit status. What was said last is in `said`."""
        end = time.monotonic() + _PATIENCE
        while self._read(end - time.monotonic()):
            pass
        try:
            return self.process.wait(max(0.1, end - time.monotonic()))
        finally:
            self.kill()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        if self._ours >= 0:
            os.close(self._ours)
            self._ours = -1

    def _read(self, timeout: float) -> bool:
        """Take in what is said within a time; False if nothing is, or nobody is left to say it."""
        if timeout <= 0 or not select.select([self._ours], [], [], timeout)[0]:
            return False
        try:
            part = os.read(self._ours, 1 << 16)
        except OSError:  # the other side is closed
            return False
        self.said += self._decoder.decode(part).replace("\r", "")
        return bool(part)
