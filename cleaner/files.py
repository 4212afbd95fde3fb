"""Files: find them, read them as text without losing a byte, and write them whole or not at all."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedReader
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from cleaner.model import ConfigError, FileError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

STDIN = "-"
KINDS = {".txt": "text", ".md": "markdown", ".markdown": "markdown", ".jsonl": "jsonl"}
KINDS |= (
    dict.fromkeys((".html", ".htm", ".xhtml"), "html")
    | {".po": "po", ".rst": "rst"}
    | dict.fromkeys((".adoc", ".asciidoc"), "asciidoc")
)
LARGEST = 64 << 20  # bytes of one document: some twenty Bibles; beyond it memory, not text, is the question

# UTF-32 first: its little-endian mark starts with that of UTF-16.
_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# What Python calls the encodings that come with a mark, and what is left of them without one.
_UNMARKED = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}


class Source(Struct, frozen=True):
    """The text of a file and how to write it: `bom + text.encode(encoding)` gives its bytes back."""

    path: str
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
                f"{self.path}: not written: {self.encoding} has no {character!r} (U+{ord(character):04X})"
            ) from None


def kind_of(path: str) -> str:
    """Return the kind of text that a file name tells: "jsonl" or a key of `mask.MASKS`."""
    return KINDS.get(Path(path).suffix.lower(), "text")


def read_bytes(path: str) -> bytes:
    """Read a file; raises FileError with the reason and, where there is one, the remedy."""
    with opened(path) as stream:
        _check_size(path, os.fstat(stream.fileno()).st_size)
        return stream.read()


def read_stream(path: str, stream: IO[bytes]) -> bytes:
    """Read a document from a stream, such as standard input, that `path` names; raises FileError."""
    with _naming(path, "read"):
        data = stream.read(LARGEST + 1)
    _check_size(path, len(data))
    return data


def _check_size(path: str, size: int) -> None:
    if size > LARGEST:
        raise FileError(
            f"{path}: a document may have at most {LARGEST >> 20} MiB; split it, or make it a .jsonl with a document "
            "a line"
        )


@contextlib.contextmanager
def opened(path: str) -> Iterator[BufferedReader]:
    """Open a file to read; raises FileError."""
    with _naming(path, "read"):
        mode = os.stat(path).st_mode
        # Opening a pipe would wait for its writer. Opening a folder fails by itself, and says why.
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise FileError(f"{path}: not a regular file")
        with open(path, "rb") as stream:
            yield stream


def lines(path: str, stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a stream, newlines kept; raises FileError for one that is larger than a document may be."""
    number = 0
    while line := stream.readline(LARGEST + 1):
        number += 1
        if len(line) > LARGEST:
            raise FileError(f"{path}:{number}: a line of more than {LARGEST >> 20} MiB: a document may have no more")
        yield line


def decode(data: bytes, path: str, encoding: str | None = None) -> Source:
    """Turn bytes into text; raises FileError that says what was tried.

    A byte order mark comes before the encoding given, and that before the one that a page or a catalogue declares.
    """
    bom = next((mark for mark in _BOMS if data.startswith(mark)), b"")
    body = data[len(bom) :]
    name = _BOMS[bom] if bom else encoding or _declared(body, kind_of(path)) or "utf-8"
    try:
        text = body.decode(name)
    except UnicodeError as error:
        start = getattr(error, "start", 0)  # idna and its like do not say where
        line = body[:start].count(b"\n") + 1
        tried = f"not {name.upper()} (byte 0x{body[start]:02X} in line {line})"
        raise FileError(
            f"{path}: {tried}; tried {'its byte order mark' if bom else name.upper()}: "
            "name its encoding, such as --encoding windows-1252 or latin-1"
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise FileError(
            f"{path}: a NUL byte in line {line}: not a text, or one in another encoding (--encoding utf-16)"
        )
    if name != "utf-8" and not _gives_back(text, name, body):
        raise FileError(f"{path}: {name} would not give back the same bytes; convert the file to UTF-8 first")
    return Source(path, text, name, bom)


def _declared(page: bytes, kind: str) -> str:
    """Return the encoding that a text of a kind says it is in, if any."""
    said = _DECLARATIONS[kind].search(page, 0, _HEAD) if kind in _DECLARATIONS else None
    return encoding_of(page, said[1] or said[2]) if said else ""


def encoding_of(page: bytes, label: bytes) -> str:
    """Return the encoding that a label declares a page to be in, "" if that is UTF-8 or no encoding.

    What looks like UTF-8 beyond ASCII is taken for that whatever the label: declarations are wrong often, where a
    server said another one that nobody kept, and no other encoding looks like it.
    """
    name = label.decode(errors="replace").lower()
    name = _LABELS.get(name, name)
    try:
        codecs.lookup(name)
        page.decode()
    except LookupError:
        return ""
    except UnicodeDecodeError:
        return name
    return ""


_HEAD = 4096  # bytes; browsers look at 1024
_DECLARATIONS = {
    "html": re.compile(
        rb"""<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)|\A\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)""", re.I
    ),
    "po": re.compile(rb"^[ \t]*\"Content-Type:[^\n\"]*charset=([\w.:-]+)()", re.I | re.M),
}
# What browsers take these labels for (encoding.spec.whatwg.org), where Python does otherwise.
_LABELS = dict.fromkeys(["ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "l1", "x-cp1252"], "cp1252")
_LABELS |= {"iso-8859-9": "cp1254", "gb2312": "gbk", "shift_jis": "cp932", "euc-kr": "cp949", "x-sjis": "cp932"}
_LABELS |= dict.fromkeys(["utf-16", "utf-16le", "utf-16be"], "utf-8")  # or these ASCII letters could not be read


def _gives_back(text: str, encoding: str, data: bytes) -> bool:
    try:
        return text.encode(encoding) == data
    except UnicodeError:
        return False


def check_encoding(name: str) -> str:
    """Return the name of a text encoding as Python knows it; raises ConfigError."""
    try:
        info = codecs.lookup(name)
        "".encode(info.name)
    except (LookupError, UnicodeError):
        raise ConfigError(f"no text encoding {name!r}: try windows-1252, latin-1, utf-16") from None
    return _UNMARKED.get(info.name, info.name)


def write(path: str, data: bytes, expected: bytes) -> None:
    """Replace a file whole if it still holds the bytes expected; raises FileError."""
    with replacing(path) as new:
        new.write(data)
        check_unchanged(path, digest(expected))


@contextlib.contextmanager
def replacing(path: str) -> Iterator[IO[bytes]]:
    """Give a file to write that takes the place of `path` when all went well, and is gone otherwise.

    Mode and owner are kept, and a link stays a link: the file it leads to is replaced. Raises FileError.
    """
    target = os.path.realpath(path)
    with _naming(path, "write"):
        old = _writable(path, target)
        if old is not None and not stat.S_ISREG(old.st_mode):
            # A device or a pipe cannot be replaced, only written to.
            with open(target, "wb") as stream:
                yield stream
            return
        handle, temporary = _new_file(path, os.path.dirname(target))
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            if old is not None and hasattr(os, "chown"):
                with contextlib.suppress(PermissionError):
                    os.chown(temporary, old.st_uid, old.st_gid)
            os.chmod(temporary, stat.S_IMODE(old.st_mode) if old is not None else 0o666 & ~_umask())
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise


def _writable(path: str, target: str) -> os.stat_result | None:
    """Return what a file is that is to be replaced, None if it is not there; raises for one that may not be written."""
    try:
        status = os.stat(target)
    except FileNotFoundError:
        return None
    if not status.st_mode & 0o222:
        raise FileError(f"{path}: not written: the file is read-only (chmod u+w)")
    if stat.S_ISREG(status.st_mode):
        # A new file could be put in its place without this permission, but that is not what its owner wants.
        os.close(os.open(target, os.O_WRONLY))
    return status


def _new_file(path: str, folder: str) -> tuple[int, str]:
    import tempfile

    try:
        return tempfile.mkstemp(prefix=".cleaner-", dir=folder)
    except OSError as error:
        raise FileError(f"{path}: not written: no file can be made in {folder}: {error.strerror}") from None


def digest(data: bytes) -> bytes:
    """Return a digest of what a file holds, as `check_unchanged` expects it."""
    return hashlib.blake2b(data).digest()


def digest_of(path: str) -> bytes:
    """Return the digest of a file as it stands; raises FileError."""
    with opened(path) as stream:
        return hashlib.file_digest(stream, hashlib.blake2b).digest()


def check_unchanged(path: str, expected: bytes) -> None:
    """Raise FileError unless a file still holds the bytes that give a digest."""
    if digest_of(path) != expected:
        raise FileError(f"{path}: not written: it changed since it was read; run again")


def start(path: str, size: int) -> Iterator[bytes]:
    """Yield the first bytes of a file in parts; raises FileError."""
    with opened(path) as stream:
        while size and (part := stream.read(min(size, 1 << 20))):
            yield part
            size -= len(part)


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


class Excludes(Protocol):
    """Says whether a file or folder is to be left out."""

    def __call__(self, path: str, *, folder: bool = False) -> bool: ...


def discover(paths: Sequence[str], excludes: Excludes, *, force_exclude: bool = False) -> Iterator[str]:
    """Yield the files that paths stand for: files as named, folders by their text files.

    In folders, what `.gitignore` names is left out, and links are not followed. A file named outright is
    excluded only with `force_exclude`.
    """
    seen: set[str] = set()
    for path in paths:
        if path != STDIN and os.path.isdir(path):
            found = _walk(path, excludes)
        elif force_exclude and path != STDIN and excludes(path):
            continue
        else:
            found = iter([path])
        for file in found:
            identity = STDIN if file == STDIN else os.path.realpath(file)
            if identity not in seen:
                seen.add(identity)
                yield file


def _walk(root: str, excludes: Excludes) -> Iterator[str]:
    ignores = _Ignores(root)
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            yield folder  # to be reported like a file that cannot be read
            continue
        folders = []
        for entry in entries:
            path = os.path.normpath(entry.path)
            is_folder = entry.is_dir(follow_symlinks=False)
            is_text_file = is_text(entry.name) and entry.is_file(follow_symlinks=False)
            if not (is_folder or is_text_file) or entry.name == ".git":
                continue
            if ignores.ignored(path, is_folder) or excludes(path, folder=is_folder):
                continue
            if is_folder:
                folders.append(path)
            else:
                yield path
        pending += reversed(folders)


def is_text(name: str) -> bool:
    """True if a file name tells a kind of text."""
    return os.path.splitext(name)[1].lower() in KINDS


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
            self._specs[folder] = None
            if os.path.isfile(file):
                text = read_bytes(file).decode("utf-8-sig", "replace").replace("\r\n", "\n")
                self._specs[folder] = patterns(text.split("\n"))
        return self._specs[folder]


def _repository(folder: str) -> str | None:
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def patterns(lines: Iterable[str], place: str = "") -> GitIgnoreSpec:
    """Compile patterns of .gitignore.

    Those that are none match nothing, as for git, but raise ConfigError in a `place` of cleaner's own.
    """
    from pathspec import GitIgnoreSpec

    found: list[Any] = []
    for line in lines:
        try:
            found += GitIgnoreSpec.from_lines([line]).patterns
        except (ValueError, re.error):
            if place:
                raise ConfigError(f"{place} {line!r}: not a pattern as in .gitignore") from None
    return GitIgnoreSpec(found)


def below(path: str, folder: str) -> str:
    """Return a path as patterns of a folder see it: relative to it if it lies below, with slashes."""
    relative = os.path.relpath(path, folder)
    return (path if relative.startswith("..") else relative).replace(os.sep, "/")
