"""How tests call the real `cleaner`, the one installed beside the Python that runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

CLEANER = Path(sys.executable).with_name("cleaner")

# One rule and what it does, and not one of the shipped rules, of which none is sure to stay as it is.
RULES = Path(__file__).parent / "data" / "mine"
SELECT = ("--rules", str(RULES), "--select", "en.doubled")
FAULTY, REPAIRED = "He went to the the house.\n", "He went to the house.\n"


def cleaner(*args: object, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """Run cleaner, without colours unless `env` asks for them; return its status and what it printed."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.run([CLEANER, *map(str, args)], check=False, **(streams | more | {"env": environment(more)}))


def environment(more: dict[str, Any]) -> dict[str, str]:
    plain = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    return plain | more.get("env", {})


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder, links and what lies beyond them left out, with what they hold."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink()
    }


# Between fork and exec a child counts the memory of its parent as its own, and a test process is large: a small
# process between them keeps the count clean.
_MEASURE = """
import os, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
os._exit(done.returncode if done.returncode >= 0 else 128 - done.returncode)
"""


def used_memory(*args: object, **more: Any) -> tuple[int, int, bytes]:
    """Run cleaner; return its status, the most memory (bytes) that it or one of its workers held, and its stderr."""
    command = [sys.executable, "-u", "-c", _MEASURE, str(CLEANER), *map(str, args)]
    done = subprocess.run(command, capture_output=True, **more)
    return done.returncode, int(done.stdout) * (1 if sys.platform == "darwin" else 1024), done.stderr
