"""How quick the page for editors is with ten thousand findings, in a headless Chromium: python bench/page.py.

It prints the size of the page against that of its texts, the time to the first paint, and the time from a key
to the frame that shows what it did (median and worst of fifty, all over the page).
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "tests"))

from chromium import Browser, browser  # noqa: E402
from shell import CLEANER  # noqa: E402

FILES, LINES = 100, 100
FAULTY = "In the year {n} they went to the the house of number {n}, and came back to tell of it.\n"

PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
KEY = """new Promise((done) => {
  const start = performance.now();
  document.dispatchEvent(new KeyboardEvent("keydown", {key: %r, bubbles: true}));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""


ALL = """(() => {
  const start = performance.now();
  document.getElementById("accept-all").click();
  return performance.now() - start;
})()"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "texts").mkdir()
        for number in range(FILES):
            lines = "".join(FAULTY.format(n=number * LINES + i) for i in range(LINES))
            (folder / "texts" / f"{number:03}.md").write_text(lines)
        start = time.monotonic()
        subprocess.run([CLEANER, "review", "--html", "page.html", "texts"], cwd=folder, check=True)
        print(f"made in                {time.monotonic() - start:8.2f} s")
        texts = sum(file.stat().st_size for file in (folder / "texts").iterdir())
        size = (folder / "page.html").stat().st_size
        print(f"texts                  {texts / 1e6:8.2f} MB\npage                   {size / 1e6:8.2f} MB")
        print(f"allowed                {(3 * texts + (1 << 20)) / 1e6:8.2f} MB")
        with browser(folder / "profile") as chromium:
            measure(chromium, folder / "page.html")


def measure(chromium: Browser, page: Path) -> None:
    chromium.open(page)
    chromium.wait(f"{PAINT} > 0")
    print(f"findings               {chromium.run('items.length'):8}")
    print(f"first paint            {chromium.run(PAINT):8.0f} ms")
    for key in ("j", "a", "r", "u"):
        times = []
        for i in range(50):
            chromium.run(f"go(items[{i * 190}])")
            times.append(chromium.run(KEY % key))
        print(f"key {key}, median / worst {statistics.median(times):8.0f} / {max(times):.0f} ms")
    took = chromium.run(ALL)
    print(f"accept all             {took:8.0f} ms")


if __name__ == "__main__":
    main()
