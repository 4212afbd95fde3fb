"""A real Chromium for tests, driven over a pipe by its own protocol: keys, mouse, screen, downloads."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--remote-debugging-pipe"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"),
    "--force-color-profile=srgb",
]
_PATIENCE = 60.0  # seconds; a busy machine is slow


class BrowserError(Exception):
    """What a page or the browser complained of."""


class Browser:
    """One Chromium with one page."""

    def __init__(self, home: Path) -> None:
        assert EXECUTABLE
        self._out, theirs_out = os.pipe()
        theirs_in, self._in = os.pipe()

        def wire() -> None:  # the browser reads from 3 and writes to 4
            one, two = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(one, 3)
            os.dup2(two, 4)

        self._process = subprocess.Popen(
            [EXECUTABLE, *_FLAGS, f"--user-data-dir={home}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=wire,
            close_fds=False,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._buffer = b""
        self._count = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        self._session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        with suppress(OSError, BrowserError):
            self._session = None
            self.call("Browser.close")
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._in, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") != self._count:
                self.events.append(answer)
            elif "error" in answer:
                raise BrowserError(f"{method}: {answer['error']['message']}")
            else:
                return dict(answer["result"])

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            part = os.read(self._out, 1 << 16)
            if not part:
                raise BrowserError("the browser is gone")
            self._buffer += part
        line, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(line))

    def open(self, path: Path) -> None:
        """Load a file and wait until it has come to rest and been drawn: before, what is not in view has no text."""
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        self.wait("document.readyState === 'complete'")
        self.run("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")

    def run(self, code: str) -> Any:
        """Evaluate JavaScript in the page, a promise to its end; raises BrowserError with what it threw."""
        asked = {"returnByValue": True, "awaitPromise": True, "allowUnsafeEvalBlockedByCSP": False}
        done = self.call("Runtime.evaluate", expression=code, **asked)
        if "exceptionDetails" in done:
            thrown = done["exceptionDetails"]
            raise BrowserError(thrown.get("exception", {}).get("description") or thrown["text"])
        return done["result"].get("value")

    def wait(self, condition: str) -> None:
        end = time.monotonic() + _PATIENCE
        while not self.run(condition):
            if time.monotonic() > end:
                raise BrowserError(f"never came true: {condition}")
            time.sleep(0.02)

    def press(self, *keys: str) -> None:
        """Press keys: characters, or names such as Enter."""
        for key in keys:
            text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
            code = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40, "ArrowUp": 38}.get(key, 0)
            self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **text)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def click(self, element: str) -> None:
        """Click the middle of what an expression gives."""
        x, y = self.run(
            f"(() => {{ const e = {element}; e.scrollIntoView({{block: 'center'}});"
            " const r = e.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def select(self, name: str, value: str) -> None:
        """Choose in a list, as a person who opens it does."""
        chosen = f"(() => {{ const e = document.getElementById({json.dumps(name)}); e.value = {json.dumps(value)};"
        self.run(chosen + " e.dispatchEvent(new Event('change', {bubbles: true})); return e.value; })()")

    def download(self, folder: Path, start: str) -> bytes:
        """Run what starts a download, and return what came."""
        session, self._session = self._session, None
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder), eventsEnabled=True)
        self._session = session
        before = set(folder.iterdir())
        self.run(start)
        end = time.monotonic() + _PATIENCE
        while True:
            new = [file for file in folder.iterdir() if file not in before and file.suffix == ".json"]
            if new and new[0].stat().st_size:
                return new[0].read_bytes()
            if time.monotonic() > end:
                raise BrowserError("no download came")
            time.sleep(0.02)

    def look(self, path: Path, *, dark: bool = False, width: int = 1280, height: int = 800) -> None:
        """Save what is on the screen."""
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=scheme)
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def complaints(self) -> list[str]:
        """Return what was logged as an error, thrown or refused since the page was opened."""
        self.run("1")  # what was said before is read now
        said = []
        for event in self.events:
            params = event.get("params", {})
            if event["method"] == "Runtime.exceptionThrown":
                thrown = params["exceptionDetails"]
                said.append(thrown.get("exception", {}).get("description") or thrown["text"])
            elif event["method"] == "Log.entryAdded" and params["entry"]["level"] == "error":
                said.append(params["entry"]["text"])
            elif event["method"] == "Runtime.consoleAPICalled" and params["type"] == "error":
                said.append(str(params["args"]))
        return said

    def requested(self) -> list[str]:
        """Return the addresses that were asked for since the page was opened, and not refused by its policy."""
        self.run("1")
        params = [(event["method"], event.get("params", {})) for event in self.events]
        refused = {p["requestId"] for method, p in params if p.get("blockedReason") == "csp"}
        sent = (p for method, p in params if method == "Network.requestWillBeSent" and p["requestId"] not in refused)
        return [url for p in sent if not (url := p["request"]["url"]).startswith("data:")]


@contextmanager
def browser(home: Path) -> Iterator[Browser]:
    """A browser with an empty profile, ended whatever happens."""
    started = Browser(home)
    try:
        yield started
    finally:
        started.close()
