"""Files: find them, read them as text without losing a byte, and write them whole or not at all."""

from __future__ import annotations

import codecs
import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from msgspec import Struct

from cleaner.model import ConfigError, FileError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

STDIN = "-"
KINDS = {".txt": "text", ".md": "markdown", ".markdown": "markdown", ".jsonl": "jsonl"}
LARGEST = 64 << 20  # bytes of one document: some twenty Bibles; beyond it memory, not text, is the question

_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Source(Struct, frozen=True):
    """The bytes of a file and what they say; `bom + text.encode(encoding)` gives them back."""

    path: str
    data: bytes
    text: str
    encoding: str
    bom: bytes = b""

    def encode(self, text: str) -> bytes:
        """Return another text as bytes of this file; raises FileError for a character that it cannot hold."""
        try:
            return self.bom + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            character = text[error.start]
            raise FileError(
                f"{self.path}: not repaired: {character!r} (U+{ord(character):04X}) cannot be written in {self.encoding}"
            ) from None


def kind_of(path: str) -> str:
    """Return the kind of text that a file name tells: "text", "markdown" or "jsonl"."""
    return KINDS.get(Path(path).suffix.lower(), "text")


def read(path: str, encoding: str | None = None) -> Source:
    """Read a file as UTF-8, as its byte order mark says, or in the encoding given."""
    return decode(read_bytes(path), path, encoding)


def read_bytes(path: str) -> bytes:
    """Read a file; raises FileError with the reason and, where there is one, the remedy."""
    with _naming(path, "read"):
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise FileError(f"{path}: not a regular file")
        if status.st_size > LARGEST:
            raise FileError(
                f"{path}: {status.st_size >> 20} MiB: a document may have at most {LARGEST >> 20} MiB; split it, "
                "or make it a .jsonl with a document a line"
            )
        return Path(path).read_bytes()


@contextlib.contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """Open a file to be read line by line."""
    with _naming(path, "read"), open(path, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise FileError(f"{path}: not a regular file")
        yield stream


def lines(path: str, stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a stream, newlines kept; raises FileError for one that is larger than a document may be."""
    number = 0
    while line := stream.readline(LARGEST + 1):
        number += 1
        if len(line) > LARGEST:
            raise FileError(f"{path}:{number}: a line of more than {LARGEST >> 20} MiB: a document may not be larger")
        yield line


def decode(data: bytes, path: str, encoding: str | None = None) -> Source:
    """Turn bytes into text; raises FileError that says what was tried."""
    bom = next((mark for mark in _BOMS if data.startswith(mark)), b"")
    name = _BOMS[bom] if bom else encoding or "utf-8"
    body = data[len(bom) :]
    try:
        text = body.decode(name)
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        tried = f"not {name.upper()} (byte 0x{body[error.start]:02X} in line {line})"
        raise FileError(
            f"{path}: {tried}; tried {'its byte order mark' if bom else name.upper()}: "
            "name its encoding, such as --encoding windows-1252 or latin-1"
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise FileError(
            f"{path}: a NUL byte in line {line}: not a text, or one in another encoding (--encoding utf-16)"
        )
    if name != "utf-8" and text.encode(name) != body:
        raise FileError(f"{path}: {name} would not give back the same bytes; convert the file to UTF-8 first")
    return Source(path, data, text, name, bom)


def check_encoding(name: str) -> str:
    """Return the name of a text encoding as Python knows it; raises ConfigError."""
    try:
        info = codecs.lookup(name)
        "".encode(info.name)
    except LookupError:
        raise ConfigError(f"no text encoding {name!r}: try windows-1252, latin-1, utf-16") from None
    return info.name


def write(path: str, data: bytes, expected: bytes) -> None:
    """Replace a file whole, its mode kept, if it still holds the bytes expected; raises FileError.

    A link stays a link: the file it leads to is replaced.
    """
    with replacing(path) as new:
        new.write(data)
        if read_bytes(path) != expected:
            raise FileError(f"{path}: not written: it changed since it was read; run again")


class Replacement:
    """A file in the making; it takes its place when all went well, unless it is cancelled."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.write = stream.write
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


@contextlib.contextmanager
def replacing(path: str) -> Iterator[Replacement]:
    """Give a file to write that takes the place of `path`, whole or not at all; raises FileError."""
    with _naming(path, "write"):
        target = os.path.realpath(path)
        mode = 0o666 & ~_umask()
        if os.path.exists(target):
            status = os.stat(target)
            if not stat.S_ISREG(status.st_mode):
                # A device or a pipe cannot be replaced, only written to.
                with open(target, "wb") as stream:
                    yield Replacement(stream)
                return
            mode = stat.S_IMODE(status.st_mode)
            if not mode & 0o222:
                raise FileError(f"{path}: not written: the file is read-only (chmod u+w)")
            if not os.access(target, os.W_OK):
                raise FileError(f"{path}: not written: no permission to write it")
        handle, temporary = tempfile.mkstemp(prefix=".cleaner-", dir=os.path.dirname(target))
        try:
            with os.fdopen(handle, "wb") as stream:
                replacement = Replacement(stream)
                yield replacement
                stream.flush()
                os.fsync(stream.fileno())
            if replacement.cancelled:
                os.unlink(temporary)
                return
            os.chmod(temporary, mode)
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise


def state(path: str) -> tuple[int, int, int]:
    """Return what changes about a file when somebody else writes it; raises FileError."""
    with _naming(path, "read"):
        status = os.stat(path)
        return status.st_mtime_ns, status.st_size, status.st_ino


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def _naming(path: str, action: str) -> Iterator[None]:
    """Turn errors of the operating system into ones that name the file."""
    try:
        yield
    except OSError as error:
        raise FileError(f"{path}: cannot {action} it: {error.strerror or error}") from None


def discover(paths: Sequence[str], *, exclude: Sequence[str] = (), force_exclude: bool = False) -> Iterator[str]:
    """Yield the files that paths stand for: files as named, folders by their text files.

    In folders, what `.gitignore` names is left out, and links are not followed; `exclude` holds patterns
    in the same syntax. A file named outright is excluded only with `force_exclude`.
    """
    excluded = _spec(exclude) if exclude else None
    seen: set[str] = set()
    for path in paths:
        if path != STDIN and os.path.isdir(path):
            found = _walk(path, excluded)
        elif force_exclude and excluded and path != STDIN and excluded.match_file(_relative(path)):
            continue
        else:
            found = iter([path])
        for file in found:
            if file not in seen:
                seen.add(file)
                yield file


def _walk(root: str, excluded: GitIgnoreSpec | None) -> Iterator[str]:
    ignores = _Ignores(root)
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            raise FileError(f"{folder}: cannot read it: {error.strerror}") from None
        folders = []
        for entry in entries:
            path = os.path.normpath(entry.path)
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.is_symlink() or entry.name == ".git":
                continue
            if not is_folder and os.path.splitext(entry.name)[1].lower() not in KINDS:
                continue
            if ignores.ignored(path, is_folder) or (
                excluded and excluded.match_file(_relative(path) + "/" * is_folder)
            ):
                continue
            if is_folder:
                folders.append(path)
            else:
                yield path
        pending += reversed(folders)


class _Ignores:
    """The `.gitignore` files that hold below a folder, those of its repository above it included."""

    def __init__(self, root: str) -> None:
        self._specs: dict[str, GitIgnoreSpec | None] = {}
        self._top = _repository(os.path.abspath(root)) or os.path.abspath(root)

    def ignored(self, path: str, is_folder: bool) -> bool:
        full = os.path.abspath(path)
        folder = os.path.dirname(full)
        # The nearest file that says anything about the path decides.
        while True:
            spec = self._spec(folder)
            if spec is not None:
                verdict = spec.check_file(os.path.relpath(full, folder) + "/" * is_folder).include
                if verdict is not None:
                    return verdict
            if folder == self._top or folder == os.path.dirname(folder):
                return False
            folder = os.path.dirname(folder)

    def _spec(self, folder: str) -> GitIgnoreSpec | None:
        if folder not in self._specs:
            file = os.path.join(folder, ".gitignore")
            lines = None
            if os.path.isfile(file):
                lines = Path(file).read_bytes().decode("utf-8", "replace").split("\n")
            self._specs[folder] = _spec(lines) if lines else None
        return self._specs[folder]


def _repository(folder: str) -> str | None:
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)


def _relative(path: str) -> str:
    """A path as patterns see it: below the working folder, with slashes."""
    relative = os.path.relpath(path)
    return (path if relative.startswith("..") else relative).replace(os.sep, "/")


def read_stdin() -> bytes:
    """Read all of standard input."""
    return sys.stdin.buffer.read()
