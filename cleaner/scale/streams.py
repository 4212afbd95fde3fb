"""The bytes of an input: local or behind an fsspec URL, unpacked as they are read, and packed as they are written."""

from __future__ import annotations

import contextlib
import gzip
import importlib
import io
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any

from cleaner import files
from cleaner.model import ConfigError, FileError

# Text packs three to twenty times smaller; the most that gzip can do is a thousand times.
_BOMB_RATIO = 150
_BOMB_SIZE = 1 << 30  # bytes; below it there is nothing to fear
_PIECE = 1 << 12  # bytes that are unpacked at once: at most some 128 MiB come of them


class BombError(FileError):
    """A packed file that holds far more than text can."""


def needed(module: str, extra: str = "archive") -> Any:
    """Import a library that an extra installs; raises ConfigError that says which."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ConfigError(f"{error}: pip install 'mt-cleaner[{extra}]'") from None


def is_url(path: str) -> bool:
    """True for what fsspec opens."""
    return "://" in path


@contextlib.contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """Open a local path or a URL to read bytes; raises FileError."""
    if not is_url(path):
        with files.opened(path) as local:
            yield local
        return
    try:
        with needed("fsspec").open(path, "rb") as stream:
            yield stream
    except (OSError, ValueError, ImportError) as error:
        raise FileError(f"{path}: cannot read it: {error}") from None


def size_of(path: str) -> int:
    """Return the size of an input in bytes, 0 if nobody knows; raises FileError."""
    with opened(path) as stream:
        return stream.seek(0, io.SEEK_END) if stream.seekable() else 0


def unpacked(path: str, stream: IO[bytes]) -> IO[bytes]:
    """Return a stream of what a packed stream holds, by its file's name; raises FileError where that is damaged."""
    if path.endswith(".gz"):
        return io.BufferedReader(_Unpacked(path, stream, lambda: zlib.decompressobj(31), zlib.error), 1 << 16)
    if path.endswith(".zst"):
        zstandard = needed("zstandard")
        unpacker = zstandard.ZstdDecompressor()
        return io.BufferedReader(_Unpacked(path, stream, unpacker.decompressobj, zstandard.ZstdError), 1 << 16)
    return stream


@contextlib.contextmanager
def packing(path: str, stream: IO[bytes], *, each: bool) -> Iterator[Callable[[bytes], object]]:
    """Give a function that writes bytes packed as a file's name says; `each`: every call a member of its own."""
    if path.endswith(".gz"):
        if each:
            yield lambda data: stream.write(gzip.compress(data, 6, mtime=0))
            return
        with gzip.GzipFile("", "wb", 6, stream, mtime=0) as packed:
            yield packed.write
    elif path.endswith(".zst"):
        with needed("zstandard").ZstdCompressor().stream_writer(stream, closefd=False) as packed:
            yield packed.write
    else:
        yield stream.write


class _Unpacked(io.RawIOBase):
    """Unpacks members or frames one after the other, a little at a time."""

    def __init__(self, path: str, stream: IO[bytes], start: Callable[[], Any], error: type[Exception]) -> None:
        self._path = path
        self._stream = stream
        self._start = start
        self._error = error
        self._unpacker: Any = None
        self._input = b""
        self._output = memoryview(b"")
        self._taken = self._made = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._output:
            if not self._fill():
                return 0
        count = min(len(buffer), len(self._output))
        buffer[:count] = self._output[:count]
        self._output = self._output[count:]
        return count

    def _fill(self) -> bool:
        """Unpack one more piece; False at the end."""
        data = self._input or self._stream.read(_PIECE)
        self._taken += 0 if self._input else len(data)
        self._input = b""
        if not data:
            if self._unpacker is not None:
                raise FileError(f"{self._path}: cut off in the middle of what was packed")
            return False
        if self._unpacker is None:
            data = data.lstrip(b"\0")  # padding between members
            if not data:
                return True
            self._unpacker = self._start()
        try:
            made = self._unpacker.decompress(data)
        except self._error as error:
            raise FileError(f"{self._path}: damaged: {error}") from None
        self._output = memoryview(made)
        self._made += len(made)
        if self._made > _BOMB_SIZE and self._made > _BOMB_RATIO * self._taken:
            raise BombError(f"{self._path}: unpacks to more than {_BOMB_RATIO} times its size, which no text does")
        if self._unpacker.eof:
            self._input, self._unpacker = self._unpacker.unused_data, None
        return True
