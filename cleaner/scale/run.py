"""A run over an archive: plan it, have its shards done, go on where it was stopped, put the parts together."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

import msgspec
from msgspec import Struct

from cleaner import files
from cleaner._version import __version__
from cleaner.model import CleanerError, ConfigError, FileError
from cleaner.scale import pages, streams
from cleaner.scale.records import FORMATS
from cleaner.scale.shards import (
    CLEAN,
    PARQUET,
    REPLAY,
    UNDO,
    Aside,
    Found,
    Job,
    Part,
    Scored,
    Shard,
    Summary,
    position,
    suffix_of,
    work_on,
)

_LINES = 16 << 20  # bytes of JSON Lines in a shard
_BATCH = 8 << 20  # bytes of small files that one worker takes at once
_DEADLY = 5  # times that workers die of the same record, one after the other, before it is set aside
_ATTEMPTS = 60  # times that a shard is begun in one run
_PATIENCE = 60.0  # seconds beyond five times the limit of a document without a record done


class Progress(Struct, frozen=True):
    """How far a run is. `share` is that of the bytes to read."""

    documents: int
    bytes: int
    changes: int
    share: float
    seconds: float


class Outcome(Struct, frozen=True):
    """What a run came to, and the inputs that could not be done, with the reasons."""

    summary: Summary
    failed: dict[str, str]


class Workers(Protocol):
    """What does batches of shards: processes of this machine, or of a cluster."""

    def start(self, batch: Sequence[Shard], job: Job, skip: dict[int, list[int]]) -> object:
        """Begin with a batch, and return a token for it."""

    def stop(self, token: Any) -> None:
        """End the work on a batch that does not move."""

    def ended(self, tokens: Sequence[Any], timeout: float) -> list[Any]:
        """Wait for batches to end, well or not, and return their tokens."""

    def close(self) -> None:
        """End all."""


# Planning


def plan(
    inputs: Sequence[str],
    *,
    excludes: files.Excludes | None = None,
    settings_of: Callable[[str], int] = lambda _: 0,
) -> list[Shard]:
    """Cut inputs into shards, without the files of folders that are excluded; raises FileError and ConfigError.

    `settings_of` gives the number of the settings that hold for an input.
    """
    shards: list[Shard] = []
    names: dict[str, str] = {}
    for path, name in _found(inputs, excludes):
        if name in names:
            raise ConfigError(f"{path}: {names[name]} has the same name: give the folder above both, or two runs")
        names[name] = path
        size, settings = streams.size_of(path), settings_of(path)
        if not path.endswith(".jsonl") or streams.is_url(path) or size <= _LINES:
            shards.append(Shard(len(shards), path, name, size, settings))
            continue
        for start in range(0, size, _LINES):
            end = min(size, start + _LINES)
            shards.append(Shard(len(shards), path, name, end - start, settings, start, end))
    return shards


def _found(inputs: Iterable[str], excludes: files.Excludes | None) -> Iterator[tuple[str, str]]:
    """The files of inputs, and how each is called in the output."""
    for given in inputs:
        if streams.is_url(given):
            yield from _found_behind(given)
        elif os.path.isdir(given):
            for folder, folders, found in os.walk(given):
                folders[:] = sorted(
                    f for f in folders if not (excludes and excludes(os.path.join(folder, f), folder=True))
                )
                for file in sorted(found):
                    path = os.path.join(folder, file)
                    if is_archive(file) and not os.path.islink(path) and not (excludes and excludes(path)):
                        yield path, os.path.relpath(path, given)
        else:
            yield given, os.path.basename(given)


def _found_behind(url: str) -> Iterator[tuple[str, str]]:
    try:
        system, path = streams.needed("fsspec").core.url_to_fs(url)
        found = sorted(system.glob(path) if "*" in path else system.find(path) if system.isdir(path) else [path])
    except (OSError, ValueError, ImportError) as error:
        raise FileError(f"{url}: cannot read it: {error}") from None
    root = "" if found == [path] or "*" in path else path.rstrip("/") + "/"
    for file in found:
        if is_archive(file) or found == [path]:
            yield system.unstrip_protocol(file), file.removeprefix(root) if root else os.path.basename(file)


def is_archive(name: str) -> bool:
    """True for the files that are looked at in a folder."""
    suffix = suffix_of(name)
    return suffix in FORMATS or suffix == PARQUET or suffix in files.KINDS


class _Plan(Struct, frozen=True):
    """What a run is, as its folder records it: only the same may be gone on with."""

    version: str
    job: Job
    shards: list[Shard]


@contextlib.contextmanager
def held(shards: list[Shard], job: Job) -> Iterator[None]:
    """Hold the folder of a run, new or stopped; raises ConfigError if it is another's."""
    parts = Path(job.folder, ".parts")
    parts.mkdir(parents=True, exist_ok=True)
    told = msgspec.json.format(msgspec.json.encode(_Plan(__version__, job, shards)), indent=1)
    record = Path(job.folder, "run.json")
    with open(parts / "lock", "wb") as lock:
        _lock(lock, job.folder)
        if not record.exists():
            with files.replacing(str(record)) as out:
                out.write(told)
        elif record.read_bytes() != told:
            raise ConfigError(f"{job.folder}: holds a run over other inputs or with other options: give another folder")
        yield


def recorded(folder: str, output: str, mode: str, inputs: Sequence[str] = ()) -> tuple[list[Shard], Job]:
    """Return what makes the changes of an earlier run again (`mode`: REPLAY), or takes them back (UNDO).

    They are made in the inputs of that run, and taken back in its documents, unless others are given. Raises FileError
    and ConfigError.
    """
    try:
        plan_ = msgspec.json.decode(Path(folder, "run.json").read_bytes(), type=_Plan)
    except (OSError, msgspec.DecodeError):
        raise FileError(f"{folder}: not the folder of a run of cleaner archive") from None
    if plan_.job.mode != CLEAN:
        raise ConfigError(f"{folder}: makes the changes of another run: name that one, {plan_.job.findings}")
    if plan_.job.extract and mode == REPLAY and plan_.job.extract != pages.extractor():
        raise ConfigError(f"{folder}: its texts were extracted with {plan_.job.extract}; here is {pages.extractor()}")
    if mode == UNDO and not inputs:
        found = [(str(Path(folder, "documents", shard.name).absolute()), shard.name) for shard in plan_.shards]
    else:
        found = [(shard.path, shard.name) for shard in (plan(inputs) if inputs else plan_.shards)]
    whole = [Shard(i, path, name, streams.size_of(path)) for i, (path, name) in enumerate(dict.fromkeys(found))]
    job = msgspec.structs.replace(
        plan_.job, folder=output, mode=mode, findings=os.path.abspath(folder), dry_run=False, dolma=False, bounds=None
    )
    return whole, job


def _lock(lock: IO[bytes], folder: str) -> None:
    import fcntl

    # Workers of a run that was killed hold it for a moment, until they notice.
    for _ in range(50):
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(0.2)
    raise ConfigError(f"{folder}: another run is at work in it")


# Doing it


def work(shards: Sequence[Shard], job: Job, workers: Workers, jobs: int) -> Iterator[Progress]:
    """Have all shards done that are not; yield how far it is several times a second.

    A shard whose worker dies is begun again, and a record that workers die of is set aside. Shards that cannot
    be done leave a file with the reason.
    """
    start = time.monotonic()
    pending = deque(_batches(begun(shards, job)))
    running: dict[Any, tuple[list[Shard], tuple[object, ...], float]] = {}
    died: dict[int, tuple[int, int]] = {}  # of what record a shard died last, and how often one after the other
    attempts: Counter[int] = Counter()
    skip: dict[int, list[int]] = {}
    stopped: set[object] = set()
    meter = Meter(shards, job, start)
    try:
        while pending or running:
            while pending and len(running) < jobs:
                batch = pending.popleft()
                for shard in batch:  # of the last time
                    Part(job.folder, shard.number).file("position").unlink(missing_ok=True)
                running[workers.start(batch, job, skip)] = (batch, (), time.monotonic())
            for token in workers.ended(list(running), 0.25):
                batch, _, _ = running.pop(token)
                if rest := [shard for shard in batch if not is_done(shard, job)]:
                    _learn(rest[0], job, died, attempts, skip, stalled=token in stopped)
                    if rest := [shard for shard in rest if not is_done(shard, job)]:
                        pending.appendleft(rest)
            for token, (batch, last, since) in running.items():
                places = tuple(position(Part(job.folder, shard.number).file("position")) for shard in batch)
                if places != last:
                    running[token] = (batch, places, time.monotonic())
                elif time.monotonic() - since > 5 * job.limit + _PATIENCE:
                    workers.stop(token)
                    stopped.add(token)
            yield meter.read([shard for batch, _, _ in running.values() for shard in batch])
    finally:
        workers.close()
    yield meter.read([])


def begun(shards: Sequence[Shard], job: Job) -> list[Shard]:
    """Return the shards that are not done; what could not be done the last time is tried again."""
    for shard in shards:
        Part(job.folder, shard.number).file("error").unlink(missing_ok=True)
    return [shard for shard in shards if not is_done(shard, job)]


def serve(batch: Sequence[Shard], job: Job, skip: dict[int, list[int]]) -> None:
    """Do a batch in a worker; what the user has to mend is written down for the one who waits."""
    for shard in batch:
        part = Part(job.folder, shard.number)
        try:
            work_on(shard, job, skip.get(shard.number, ()))
        except CleanerError as error:
            part.file("error").write_text(str(error), encoding="utf-8", errors="replace")


def _learn(
    shard: Shard,
    job: Job,
    died: dict[int, tuple[int, int]],
    attempts: Counter[int],
    skip: dict[int, list[int]],
    *,
    stalled: bool,
) -> None:
    """Draw the conclusion from the death of a worker."""
    part = Part(job.folder, shard.number)
    record = position(part.file("position"))[0]
    last, times = died.get(shard.number, (0, 0))
    times = _DEADLY if stalled else times + 1 if last == record else 1
    died[shard.number] = (record, times)
    attempts[shard.number] += 1
    if record and times == _DEADLY and record not in skip.get(shard.number, ()):
        skip.setdefault(shard.number, []).append(record)
        died[shard.number] = (0, 0)
    elif attempts[shard.number] > _ATTEMPTS:
        part.file("error").write_text(f"{shard.path}: workers died of it {attempts[shard.number]} times")


def is_done(shard: Shard, job: Job) -> bool:
    """True for a shard that has been done, or cannot be."""
    part = Part(job.folder, shard.number)
    return part.file("summary").exists() or part.file("error").exists()


def _batches(shards: Sequence[Shard]) -> Iterator[list[Shard]]:
    batch: list[Shard] = []
    size = 0
    for shard in shards:
        batch.append(shard)
        size += shard.size + (64 << 10)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class Meter:
    """Adds up how far the shards are."""

    def __init__(self, shards: Sequence[Shard], job: Job, start: float) -> None:
        self._job = job
        self._start = start
        self._total = sum(shard.size for shard in shards) or 1
        self._open = {shard.number: shard for shard in shards}
        self._done = [0, 0, 0, 0]

    def read(self, running: Iterable[Shard]) -> Progress:
        """Return how far all shards are, of which some are being worked on."""
        now = list(self._done)
        for shard in list(self._open.values()):
            part = Part(self._job.folder, shard.number)
            if is_done(shard, self._job):
                del self._open[shard.number]
                counts = (*position(part.file("position"))[1:], shard.size)
                self._done = [a + b for a, b in zip(self._done, counts, strict=True)]
                now = [a + b for a, b in zip(now, counts, strict=True)]
        for shard in running:
            if shard.number in self._open:
                _, documents, size, changes = position(Part(self._job.folder, shard.number).file("position"))
                counts = (documents, size, changes, min(size, shard.size))
                now = [a + b for a, b in zip(now, counts, strict=True)]
        return Progress(now[0], now[1], now[2], now[3] / self._total, time.monotonic() - self._start)


# Putting it together


def finish(shards: Sequence[Shard], job: Job) -> Outcome:
    """Put the parts together to files as they came in, and return what it all came to."""
    total, failed = Summary(), dict[str, str]()
    by_name: dict[str, list[Shard]] = {}
    for shard in shards:
        by_name.setdefault(shard.name, []).append(shard)
    asides: list[Path] = []
    for group in by_name.values():
        parts = [Part(job.folder, shard.number) for shard in group]
        errors = [part.file("error").read_text() for part in parts if part.file("error").exists()]
        if errors:
            failed[group[0].path] = errors[0]
            continue
        summaries = [msgspec.json.decode(part.file("summary").read_bytes(), type=Summary) for part in parts]
        _assemble(group[0].name, job, parts, summaries)
        for summary in summaries:
            total.add(summary)
        asides += [part.file("aside") for part in parts]
    if job.mode == CLEAN:
        with files.replacing(str(Path(job.folder, "set-aside.jsonl"))) as out:
            for path in asides:
                out.write(path.read_bytes())
    return Outcome(total, failed)


def _assemble(name: str, job: Job, parts: Sequence[Part], summaries: Sequence[Summary]) -> None:
    kinds: dict[str, Any] = {"documents": None, "findings": Found, "attributes": None, "scores": Scored}
    before = [sum(summary.records for summary in summaries[:i]) for i in range(len(summaries))]
    for what, kind in kinds.items():
        target = Path(job.folder, what, name + ".jsonl" * (what != "documents"))
        sources = [part.file(what) for part in parts]
        if not all(source.exists() for source in sources) or (what == "findings" and job.mode != CLEAN):
            continue  # put together already, or not asked for
        target.parent.mkdir(parents=True, exist_ok=True)
        if len(sources) == 1:
            os.replace(sources[0], target)
            continue
        with files.replacing(str(target)) as out:
            for source, shift in zip(sources, before, strict=True):
                with open(source, "rb") as stream:
                    if kind and shift:
                        out.writelines(_shifted(stream, shift, kind))
                    else:
                        shutil.copyfileobj(stream, out, 1 << 20)
        for source in sources:
            source.unlink(missing_ok=True)
    for part, shift in zip(parts, before, strict=True):
        moved = part.file("aside.moved")
        if shift and not moved.exists():
            with open(part.file("aside"), "rb") as stream:
                lines = list(_shifted(stream, shift, Aside))
            with files.replacing(str(part.file("aside"))) as out:
                out.writelines(lines)
            moved.touch()


def _shifted(lines: IO[bytes], shift: int, kind: Any) -> Iterator[bytes]:
    """Lines about records of a part, with the records counted from the start of the file."""
    for line in lines:
        value = msgspec.json.decode(line, type=kind)
        yield msgspec.json.encode(msgspec.structs.replace(value, record=value.record + shift)) + b"\n"
