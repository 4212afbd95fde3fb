"""What engines answered, kept by what they were asked, so that unchanged text is not asked about again."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cleaner.detectors.grammar.match import Engine, Match

if TYPE_CHECKING:
    import sqlite3

Ask = Callable[[Sequence[str]], list[list[Match]]]

LIMIT = 128 << 20  # bytes; a paragraph without a hit takes about 40
_PATIENCE = 10.0  # seconds to wait for another process that writes
_TOGETHER = 500  # keys in one question; SQLite takes 999 at least
_DAY = 86_400


def remembering(answers: Answers, *, settings: str, make: Callable[[], Engine]) -> Ask:
    """Return a way to ask an engine that is made only when a paragraph comes that `answers` do not know.

    `settings` names all that an answer depends on besides the paragraph: engine, version, rules.
    """
    engine = functools.cache(make)
    salt = hashlib.blake2b(f"{_FORMAT} {settings}".encode(), digest_size=16).digest()

    def ask(paragraphs: Sequence[str]) -> list[list[Match]]:
        keys = [_key(salt, paragraph) for paragraph in paragraphs]
        known = {key: _decode(answer) for key, answer in answers.get(keys).items()}
        new = {key: text for key, text in zip(keys, paragraphs, strict=True) if key not in known}
        if new:
            found = dict(zip(new, engine().ask(list(new.values())), strict=True))
            answers.put({key: msgspec.msgpack.encode(matches) for key, matches in found.items()})
            known |= found
        return [known[key] for key in keys]

    return ask


_FORMAT = 1  # of an answer; a change of Match must raise it


def _key(salt: bytes, paragraph: str) -> bytes:
    return hashlib.blake2b(paragraph.encode(errors="surrogatepass"), digest_size=16, salt=salt).digest()


def _decode(answer: bytes) -> list[Match]:
    return msgspec.msgpack.decode(answer, type=list[Match])


class Answers:
    """A table in one file that many processes read and write at once.

    What cannot be read or kept costs only time: a broken file is begun anew, and where none can be written,
    nothing is kept. The file is opened when it is first used, and not carried into another process.
    """

    def __init__(self, path: Path, *, limit: int = LIMIT) -> None:
        self._path = path
        self._limit = limit
        self._open: sqlite3.Connection | None = None

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return what is known of these keys."""
        found: dict[bytes, bytes] = {}
        wanted = list(set(keys))
        today = _today()

        def read(database: sqlite3.Connection) -> None:
            for start in range(0, len(wanted), _TOGETHER):
                part = wanted[start : start + _TOGETHER]
                marks = ",".join("?" * len(part))
                rows = database.execute(
                    f"SELECT key, used, answer FROM answers WHERE key IN ({marks})", part
                ).fetchall()
                found.update((key, answer) for key, _, answer in rows)
                old = [(today, key) for key, used, _ in rows if used < today]
                if old:  # once a day is often enough to know what is still asked for
                    with database:
                        database.executemany("UPDATE answers SET used = ? WHERE key = ?", old)

        self._use(read)
        return found

    def put(self, answers: Mapping[bytes, bytes]) -> None:
        """Keep answers; those not asked for longest give way where there are too many."""
        rows = [(key, _today(), answer) for key, answer in answers.items()]

        def write(database: sqlite3.Connection) -> None:
            with database:
                database.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", rows)
                if _size(database) > self._limit:
                    third = "SELECT COUNT(*) / 3 FROM answers"
                    oldest = f"SELECT key FROM answers ORDER BY used LIMIT ({third})"
                    database.execute(f"DELETE FROM answers WHERE key IN ({oldest})")

        self._use(write)

    def _use(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do something with the file; what fails is left undone, and a broken file is removed."""
        import sqlite3

        try:
            if self._open is None:
                self._open = _opened(self._path)
            work(self._open)
        except sqlite3.OperationalError:
            pass  # locked for long, a full disk, no right to write
        except sqlite3.DatabaseError:
            self.close()
            for ending in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


def _opened(path: Path) -> sqlite3.Connection:
    import sqlite3

    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path, timeout=_PATIENCE)
    # With a log of its own a reader never waits for a writer, and a killed process leaves a whole file behind.
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=NORMAL")
    columns = "key BLOB PRIMARY KEY, used INTEGER, answer BLOB"
    database.execute(f"CREATE TABLE IF NOT EXISTS answers ({columns}) WITHOUT ROWID")
    return database


def _size(database: sqlite3.Connection) -> int:
    pages, free, size = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in _PAGES)
    return int((pages - free) * size)


_PAGES: Sequence[str] = ("page_count", "freelist_count", "page_size")


def _today() -> int:
    return int(time.time()) // _DAY
