"""Files that can be made again at any time, kept in the user's cache folder."""

from __future__ import annotations

import atexit
import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import platformdirs


def place(*parts: str) -> Path:
    """Return the path of a file of the cache, whether it exists or not."""
    return Path(platformdirs.user_cache_dir("mt-cleaner"), *parts)


def store(path: Path, data: bytes) -> bool:
    """Write a file of the cache, whole or not at all; False if it cannot be written, which costs only time."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        return False
    return True


def append(path: Path, data: bytes) -> None:
    """Add lines to a file of the cache; several processes may do so at once. What cannot be written is not kept."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as file:
            file.write(data)


def text(path: Path) -> str:
    """Return the text of a file of the cache; empty if there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def made(path: Path, make: Callable[[], bytes]) -> Path:
    """Return a file of the cache, made first if it is absent; where the cache cannot be written, a passing one."""
    if path.is_file():
        return path
    data = make()
    if store(path, data):
        return path
    import tempfile

    handle, name = tempfile.mkstemp(prefix="cleaner-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    atexit.register(os.unlink, name)
    return Path(name)
