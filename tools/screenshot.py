"""Make docs/diff.png: what `cleaner diff` shows on a terminal, in a real Chromium. python tools/screenshot.py"""

from __future__ import annotations

import html
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "tests"))

from chromium import browser  # noqa: E402
from shell import CLEANER  # noqa: E402

TEXT = """He went to the the house , and told a statement to the press.

“This is not a warning, it is a threat, ”he said in a tweet.

TENSIONS ON AIR STRICTS

The air strikes began in Iraq, and the air strikes went on for years. .
"""
COMMAND = ["diff", "--unsafe-fixes", "story.txt"]
COLOURS = {"1": "font-weight:bold", "31": "color:#ff9aa6", "32": "color:#8fdcae", "36": "color:#7cc7d8"}
PAGE = """<meta charset="utf-8"><body style="margin:0;padding:14px 18px;background:#16181b;color:#e4e6e9">
<pre style="margin:0;font:15px/1.5 monospace">{}</pre>"""


def shown(folder: Path) -> str:
    """Return what the command writes to a terminal."""
    (folder / "story.txt").write_text(TEXT, encoding="utf-8")
    ours, theirs = pty.openpty()
    plain = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm"}
    with subprocess.Popen([CLEANER, *COMMAND, "-q"], cwd=folder, stdout=theirs, env=plain):
        os.close(theirs)
        said = b""
        try:
            while part := os.read(ours, 1 << 16):
                said += part
        except OSError:  # so ends what is read of a terminal that nobody writes to
            pass
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


def as_html(text: str) -> str:
    escaped = html.escape(text, quote=False)
    opened = re.sub(r"\x1b\[(1|3\d)m", lambda m: f'<span style="{COLOURS[m[1]]}">', escaped)
    return opened.replace("\x1b[0m", "</span>")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = f"$ cleaner {' '.join(COMMAND)}\n{shown(folder)}"
        (folder / "page.html").write_text(PAGE.format(as_html(text)), encoding="utf-8")
        with browser(folder / "profile") as chromium:
            chromium.open(folder / "page.html")
            height = chromium.run("document.querySelector('pre').offsetHeight") + 28
            chromium.look(TOP / "docs" / "diff.png", dark=True, width=760, height=int(height))


if __name__ == "__main__":
    main()
