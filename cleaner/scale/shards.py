"""One shard of an archive: read it, clean its records, write what came of it whole or not at all."""

from __future__ import annotations

import base64
import contextlib
import itertools
import mmap
import os
import re
import signal
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec import Struct, field

from cleaner import engine, score, work
from cleaner.accepted import Accepted
from cleaner.config import Settings, accepted_words
from cleaner.document import Document
from cleaner.edits import splice
from cleaner.model import Change, CleanerError, Detector, Evidence, FileError, Result
from cleaner.scale import pages, records, streams, tables
from cleaner.scale.records import DELIMITERS, FORMATS, WARC, WHOLE, Options, Record
from cleaner.score import Score

PARQUET = ".parquet"
CLEAN, REPLAY, UNDO = "clean", "replay", "undo"
_SAMPLES = 3  # of each rule
_SOURCES = 10_000  # that are counted apart


class Shard(Struct, frozen=True):
    """A part of an input: all of it, or the lines that begin from byte `start` up to `end`."""

    number: int
    path: str
    name: str  # of the output, below its folder
    size: int
    settings: int = 0  # those of the job that hold for it
    start: int = 0
    end: int | None = None


class Job(Struct, frozen=True):
    """What is to be done with all shards, where, and for how long with one document (seconds).

    `mode`: find changes, or make or take back those of `findings`, the folder of an earlier run. `extract`: what takes
    the texts out of pages of WARC (`pages.extractor`), if they are not to stay pages. `bounds`: the scores from which
    a document is to be repaired and to be dropped, if there are to be any. Settings differ by input; where a text and
    its encoding are, they all say alike.
    """

    folder: str
    settings: tuple[Settings, ...] = (Settings(),)
    mode: str = CLEAN
    findings: str = ""
    extract: str = ""
    dry_run: bool = False
    dolma: bool = False
    bounds: tuple[float, float] | None = None
    limit: float = 60.0


class Sample(Struct, frozen=True):
    """A change as an example: its document and record, and the text around it before and after."""

    document: str
    record: int
    before: str
    after: str


class Triage(Struct):
    """The scores of documents: by tenths of the probability, and what is to be done.

    Those that are `short` say nothing, stay, and are not among the tenths.
    """

    tenths: list[int] = field(default_factory=lambda: [0] * 10)
    keep: int = 0
    repair: int = 0
    drop: int = 0
    short: int = 0

    def add(self, other: Triage) -> None:
        """Count what another counted."""
        self.tenths = [a + b for a, b in zip(self.tenths, other.tenths, strict=True)]
        for name in ("keep", "repair", "drop", "short"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Summary(Struct):
    """What came of one or many shards."""

    documents: int = 0
    changed: int = 0
    changes: int = 0
    characters: int = 0
    words: int = 0
    bytes: int = 0
    records: int = 0
    aside: dict[str, int] = field(default_factory=dict)  # by reason
    rules: dict[str, int] = field(default_factory=dict)  # changes by rule
    sources: dict[str, tuple[int, int, int]] = field(default_factory=dict)  # documents, words, changes
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    scores: dict[str, Triage] = field(default_factory=dict)  # by source

    def add(self, other: Summary) -> None:
        """Count what another summary counted."""
        for name in ("documents", "changed", "changes", "characters", "words", "bytes", "records"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.aside = dict(Counter(self.aside) + Counter(other.aside))
        self.rules = dict(Counter(self.rules) + Counter(other.rules))
        for source, counts in other.sources.items():
            self.count(source, counts)
        for source, triage in other.scores.items():
            self.triage(source).add(triage)
        for rule, samples in other.samples.items():
            held = self.samples.setdefault(rule, [])
            held += samples[: _SAMPLES - len(held)]

    def count(self, source: str, counts: tuple[int, int, int]) -> None:
        """Count for a source, or for all others once there are too many."""
        source = _counted_as(source, self.sources)
        old = self.sources.get(source, (0, 0, 0))
        self.sources[source] = (old[0] + counts[0], old[1] + counts[1], old[2] + counts[2])

    def triage(self, source: str) -> Triage:
        """Return where the scores of a source are counted, or of all others once there are too many."""
        return self.scores.setdefault(_counted_as(source, self.scores), Triage())


def _counted_as(source: str, known: dict[str, Any]) -> str:
    return source if source in known or len(known) < _SOURCES else "(others)"


class Found(Struct, frozen=True, omit_defaults=True):
    """One change to one record, as it is written beside the documents.

    `start` and `end` are code points of the text before. `was` holds the record's bytes (base64) where taking the
    changes back would not give them again.
    """

    document: str
    record: int
    id: str
    rules: tuple[str, ...]
    start: int
    end: int
    before: str
    after: str
    evidence: tuple[str, ...] = ()
    confidence: float | None = None
    was: str = ""


class Scored(Struct, frozen=True):
    """How likely one record is to be a machine's, and what to do with it, as it is written beside the documents."""

    document: str
    record: int
    id: str
    verdict: str  # keep, repair, drop
    words: int
    probability: float
    evidence: tuple[Evidence, ...]


class Aside(Struct, frozen=True):
    """A record that was copied as it is, and why."""

    document: str
    record: int
    id: str
    reason: str


class Part(Struct, frozen=True):
    """The files of a shard while the run goes on; the summary is there once all others are complete."""

    folder: str
    number: int

    def file(self, what: str) -> Path:
        return Path(self.folder, ".parts", f"{self.number:06}.{what}")


WRITTEN = ("documents", "findings", "attributes", "scores", "aside")
_POSITION = struct.Struct("<qqqq")


class Position:
    """How far the work on a shard is, where another process can see it even if this one is killed."""

    def __init__(self, path: Path) -> None:
        with open(path, "w+b") as file:
            file.truncate(_POSITION.size)
            self._map = mmap.mmap(file.fileno(), _POSITION.size)
        self.tell(0, 0, 0, 0)

    def tell(self, record: int, documents: int, size: int, changes: int) -> None:
        _POSITION.pack_into(self._map, 0, record, documents, size, changes)


def position(path: Path) -> tuple[int, int, int, int]:
    """Return the record that a shard is at (from 1; 0: not begun), and the documents, bytes and changes so far."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return 0, 0, 0, 0
    return _POSITION.unpack(data) if len(data) == _POSITION.size else (0, 0, 0, 0)


def work_on(shard: Shard, job: Job, skip: Sequence[int] = ()) -> None:
    """Do a shard. `skip`: records (from 1) that killed a worker twice, to be set aside. Raises CleanerError."""
    part = Part(job.folder, shard.number)
    if part.file("summary").exists():
        return
    asked = {"documents": not job.dry_run, "attributes": job.dolma, "scores": job.bounds is not None}
    without = {what for what, is_asked in asked.items() if not is_asked}
    with contextlib.ExitStack() as stack:
        out: dict[str, IO[bytes]] = {
            what: stack.enter_context(open(part.file(what + ".new"), "wb")) for what in WRITTEN if what not in without
        }
        worker = _Worker(shard, job, frozenset(skip), out, Position(part.file("position")))
        worker.run()
        for stream in out.values():
            stream.flush()
            os.fsync(stream.fileno())
    for what in out:
        os.replace(part.file(what + ".new"), part.file(what))
    # Last of all: what has a summary is complete.
    part.file("summary.new").write_bytes(msgspec.json.encode(worker.summary))
    os.replace(part.file("summary.new"), part.file("summary"))


@cache
def prepared(settings: Settings) -> tuple[Detector, ...]:
    """Return the detectors of a run; a worker that does several shards makes them once.

    Their tables are loaded here, and compiled if nobody did yet: that may take longer than a document may.
    """
    if settings.hidden:
        work.chosen_rules(settings)  # so that one that is mistyped is told
    return (work.heeding_settings(_detectors(work.choice(settings, "jsonl")), settings),)


@cache
def _detectors(settings: Settings) -> tuple[Detector, ...]:
    detectors = work.detectors(settings)
    engine.check(Document(_EXAMPLE, lang=settings.lang), detectors)
    return detectors


@cache
def accepted(settings: Settings) -> Accepted:
    """Return the words that a run accepts as they stand."""
    return accepted_words(settings.words)


_EXAMPLE = "The the qxzwords refrom thier “house, ”said the mayor , who had fell on a the airstrict in 1984. ."


class TooLongError(CleanerError):
    """A document that takes longer than it may."""


class _Worker:
    """Goes through the records of one shard."""

    def __init__(
        self, shard: Shard, job: Job, skip: frozenset[int], out: dict[str, IO[bytes]], place: Position
    ) -> None:
        self.shard = shard
        self.job = job
        self.skip = skip
        self.out = out
        self.position = place
        self.summary = Summary()
        self.settings = job.settings[shard.settings]
        self.options = Options(self.settings.field, self.settings.encoding)
        self.suffix = suffix_of(shard.path)
        self.format = FORMATS.get(self.suffix, WHOLE)
        self.detectors = prepared(self.settings) if job.mode == CLEAN else ()
        self.recorded = _recorded(job, shard)
        self.extracts = bool(job.extract) and self.format is WARC and job.mode != UNDO
        self.left = _left(job, shard) if self.extracts and job.mode == REPLAY else frozenset()
        self.record = self.aside_at = 0

    def run(self) -> None:
        self.tell()
        documents = self.out.get("documents")
        with streams.opened(self.shard.path) as stream:
            if self.suffix == PARQUET:
                self.table(stream, documents)
                return
            if self.shard.start:
                self.seek(stream, self.shard.start - 1)
            each = self.format is WARC
            pack = streams.packing(self.shard.path, documents, each=each) if documents else None
            try:
                with pack or contextlib.nullcontext(_nowhere) as write:
                    self.stream(stream, write)
            except streams.BombError as error:
                self.copy(f"{error}; copied as it is", documents)

    def seek(self, stream: IO[bytes], place: int) -> None:
        """Go to the first line that begins after a place, or past the end of the shard."""
        stream.seek(place)
        while (piece := stream.readline(1 << 16)) and not piece.endswith(b"\n"):
            if self.shard.end is not None and stream.tell() >= self.shard.end:
                break  # the line goes on in the next shard, and this one has none of its own

    def stream(self, stream: IO[bytes], write: Callable[[bytes], object]) -> None:
        size = stream.tell() if self.shard.start else 0
        found = self.format.cut(streams.unpacked(self.shard.path, stream))
        while record := self.next(found):
            if record.begins:
                if self.shard.end is not None and size >= self.shard.end:
                    break
                self.record += 1
            size += len(record.raw)
            write(self.one(record) if record.begins else record.raw)
            self.summary.bytes += len(record.raw)
            self.tell()

    def next(self, found: Iterator[Record]) -> Record | None:
        """Return the next record; where the input is damaged, the rest of it is lost, and that is said."""
        try:
            return next(found, None)
        except streams.BombError:
            raise
        except FileError as error:
            self.set_aside(Record(b""), f"{error}; what comes after record {self.record} is lost")
            return None

    def copy(self, reason: str, documents: IO[bytes] | None) -> None:
        """Copy the whole input instead of what was made of it so far."""
        self.set_aside(Record(b""), reason)
        if documents:
            documents.seek(0)
            documents.truncate()
            with streams.opened(self.shard.path) as again:
                while data := again.read(1 << 20):
                    documents.write(data)

    def one(self, found: Record) -> bytes:
        """Return what a record is to be."""
        if found.fault:
            self.set_aside(found, found.fault)
            return found.raw
        if self.record == 1 and not self.shard.start and self.suffix in DELIMITERS:
            names = records.columns(found.raw, DELIMITERS[self.suffix], self.options.encoding)
            self.options = msgspec.structs.replace(self.options, columns=names)
            if self.options.field not in names:
                raise FileError(f"{self.shard.path}: no column “{self.options.field}” (--field NAME)")
            return found.raw
        where = unpacked_name(self.shard.path) if self.format is WHOLE else f"{self.shard.path}:{self.record}"
        record = self.format.read(found.raw, self.options, where)
        if self.extracts and record.kind == "html" and record.text is not None:
            record = self.extracted(record, where)
        changes = self.changes(record)
        if not changes:
            return found.raw if self.aside_at == self.record else record.raw
        if isinstance(changes, bytes):
            return changes
        try:
            new = self.format.write(record, changes)
            if self.job.mode != CLEAN:
                return new
            restored = self.format.read(new, self.options, where)
            is_kept = restored.text == splice(record.text or "", changes)
            back = self.format.write(restored, inverse(record.text or "", changes)) if is_kept else b""
        except FileError as error:
            self.set_aside(record, str(error))
            return found.raw
        if not is_kept:
            self.set_aside(record, f"{where}: the repaired text would not be read as it was written")
            return found.raw
        self.note(record, changes, b"" if back == record.raw else record.raw)
        return new

    def extracted(self, page: Record, where: str) -> Record:
        """Return the record of a page's text; what is set aside now or later stays the page that it was."""
        if self.record in self.skip:
            return page
        try:
            if self.record in self.left:
                raise FileError("set aside by the run whose changes are made")
            text = within(self.job.limit, partial(pages.main_text, page.text or ""))
        except CleanerError as error:
            self.set_aside(page, str(error))
            return msgspec.structs.replace(page, text=None)
        return self.format.read(records.conversion(page, text), self.options, where)

    def table(self, stream: IO[bytes], documents: IO[bytes] | None) -> None:
        def clean(record: Record) -> str | None:
            self.record += 1
            changes = self.changes(record)
            new = None
            if changes:
                assert not isinstance(changes, bytes)
                new = splice(record.text or "", changes)
                if self.job.mode == CLEAN:
                    self.note(record, changes, b"")
            self.summary.bytes += len(record.text or "")
            self.tell()
            return new

        try:
            with contextlib.ExitStack() as stack:
                out = documents or stack.enter_context(open(os.devnull, "wb"))
                tables.clean_table(self.shard.path, stream, out, self.options.field, clean)
        except FileError as error:
            self.copy(f"{error}; copied as it is", documents)

    def tell(self) -> None:
        """Say what is done, and that the next record is begun."""
        done = self.summary
        done.records = self.record
        self.position.tell(self.record + 1, done.documents, done.bytes, done.changes)

    def changes(self, record: Record) -> Sequence[Change] | bytes:
        """Return the changes to a record, or the bytes it was before them."""
        if self.recorded:
            return self.recorded(self.record, record)
        if record.fault:
            self.set_aside(record, record.fault)
        if record.text is None or self.job.mode != CLEAN:
            return ()
        self.summary.documents += 1
        self.summary.characters += len(record.text)
        words = len(record.text.split())
        self.summary.words += words
        changes: Sequence[Change] = ()
        self.result = scored = None
        if self.record in self.skip:
            self.set_aside(record, "workers die of it")
        elif len(record.text) > records.LARGEST:
            self.set_aside(record, records.too_large("a document"))
        else:
            try:
                self.result, scored = within(self.job.limit, partial(self.clean, record))
            except CleanerError as error:
                self.set_aside(record, str(error))
            else:
                changes = self.result.changes
        self.summary.count(site(record.source), (1, words, len(changes)))
        if scored:
            self.score(record, scored)
        if self.job.dolma:
            self.attributes(record, changes, scored)
        return changes

    def clean(self, record: Record) -> tuple[Result, Score | None]:
        """Clean a record, and score it as it came."""
        settings = self.settings
        where = f"{self.shard.path}:{self.record}"
        words = accepted(settings)
        document = Document(record.text or "", kind=record.kind, path=where, lang=settings.lang, accepted=words)
        assert settings.level is not None
        result = engine.clean(document, self.detectors, settings.level)
        scores = self.job.bounds is not None and settings.lang == score.LANGUAGE
        return result, score.score(document, result.findings)[0] if scores else None

    def score(self, record: Record, scored: Score) -> None:
        """Write down the score of a record."""
        assert self.job.bounds is not None
        verdict = score.verdict(scored, repair_from=self.job.bounds[0], drop_from=self.job.bounds[1])
        triage = self.summary.triage(site(record.source))
        setattr(triage, verdict, getattr(triage, verdict) + 1)
        if scored.words < score.FEW:
            triage.short += 1
        else:
            triage.tenths[min(9, int(10 * scored.probability))] += 1
        probability = round(scored.probability, 4)
        line = Scored(self.shard.name, self.record, record.id, verdict, scored.words, probability, scored.evidence)
        self.out["scores"].write(msgspec.json.encode(line) + b"\n")

    def note(self, record: Record, changes: Sequence[Change], was: bytes) -> None:
        """Write down the changes to a record."""
        text, findings = record.text or "", self.out["findings"]
        self.summary.changed += 1
        self.summary.changes += len(changes)
        for change in changes:
            reasons = [
                f
                for f in (self.result.findings if self.result else ())
                if f.rule in change.rules and f.span.start <= change.end and change.start <= f.span.end
            ]
            found = Found(
                self.shard.name,
                self.record,
                record.id,
                change.rules,
                change.start,
                change.end,
                text[change.start : change.end],
                change.text,
                tuple(f"{e.kind}: {e.detail}" for f in reasons for e in f.evidence),
                min((f.confidence for f in reasons if f.confidence is not None), default=None),
                base64.b64encode(was).decode(),
            )
            was = b""  # once is enough
            findings.write(msgspec.json.encode(found) + b"\n")
            for rule in change.rules:
                self.summary.rules[rule] = self.summary.rules.get(rule, 0) + 1
                samples = self.summary.samples.setdefault(rule, [])
                if len(samples) < _SAMPLES:
                    around = slice(max(0, change.start - 40), change.start), slice(change.end, change.end + 40)
                    lead, trail = text[around[0]], text[around[1]]
                    old = lead + text[change.start : change.end] + trail
                    samples.append(Sample(self.shard.name, self.record, old, lead + change.text + trail))

    def attributes(self, record: Record, changes: Sequence[Change], scored: Score | None) -> None:
        """Write a line as dolma has them: for every document, the spans of each rule, and the score of all of it."""
        spans: dict[str, list[tuple[int, int, float]]] = {}
        for change in changes:
            for rule in change.rules:
                spans.setdefault("cleaner__" + rule.replace(".", "_").replace("-", "_"), []).append(
                    (change.start, change.end, 1.0)
                )
        if scored:
            spans[_SCORE] = [(scored.span.start, scored.span.end, round(scored.probability, 4))]
        line = {"id": record.id or f"{self.shard.name}:{self.record}", "attributes": spans}
        self.out["attributes"].write(msgspec.json.encode(line) + b"\n")

    def set_aside(self, record: Record, reason: str) -> None:
        # Where it is, the other fields say; and records of a part are counted from its start.
        reason = re.sub(rf"^(?:{re.escape(self.shard.path)}(?::\d+)?(?:\.html)?: )+", "", reason)
        self.aside_at = self.record
        aside = Aside(self.shard.name, self.record, record.id, reason)
        self.out["aside"].write(msgspec.json.encode(aside) + b"\n")
        alike = re.sub(r"\d+", "N", reason.partition(";")[0])[:100]
        self.summary.aside[alike] = self.summary.aside.get(alike, 0) + 1


_SCORE = "cleaner__score"


def _nowhere(_data: bytes) -> None:
    """Take what is written in a dry run."""


def unpacked_name(path: str) -> str:
    """Return the name of a file without that it is packed."""
    return path.removesuffix(".gz").removesuffix(".zst")


def suffix_of(path: str) -> str:
    """Return what the name of a file says that it is, packed or not."""
    return Path(unpacked_name(path)).suffix.lower()


def site(source: str) -> str:
    """Return the domain of an address, or a name as it is."""
    return source.partition("://")[2].partition("/")[0].lower() if "://" in source else source[:100]


def within(limit: float, call: Callable[[], Any]) -> Any:
    """Call a function; raises TooLongError if it takes more than `limit` seconds."""

    def stop(_number: int, _frame: object) -> None:
        raise TooLongError(f"it takes more than {limit:g} seconds (--time-limit)")

    old = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit, 1)  # again, where a library catches what it does not know
    try:
        return call()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def inverse(text: str, changes: Sequence[Change]) -> list[Change]:
    """Return the changes that lead back to a text from what changes made of it."""
    out, shift = [], 0
    for change in changes:
        start = change.start + shift
        out.append(Change(start, start + len(change.text), text[change.start : change.end], change.rules))
        shift += len(change.text) - (change.end - change.start)
    return out


def _recorded(job: Job, shard: Shard) -> Callable[[int, Record], Sequence[Change] | bytes] | None:
    """Return a function that knows the changes of an earlier run; it is asked for every record in turn."""
    if job.mode == CLEAN:
        return None
    path = Path(job.findings, "findings", shard.name + ".jsonl")
    groups = itertools.groupby(_findings(path), key=lambda found: found.record)
    ahead = next(groups, None)

    def changes(number: int, record: Record) -> Sequence[Change] | bytes:
        nonlocal ahead
        if ahead is None or ahead[0] != number:
            return ()
        group = list(ahead[1])
        ahead = next(groups, None)
        if job.mode == UNDO and group[0].was:
            return base64.b64decode(group[0].was)
        made = [Change(f.start, f.end, f.after, f.rules) for f in group]
        befores = [f.before for f in group]
        if job.mode == UNDO:
            shifted, shift = [], 0
            for change, before in zip(made, befores, strict=True):
                start = change.start + shift
                shifted.append(Change(start, start + len(change.text), before, change.rules))
                shift += len(change.text) - len(before)
            befores, made = [change.text for change in made], shifted
        text = record.text or ""
        if any(text[c.start : c.end] != before for c, before in zip(made, befores, strict=True)):
            raise FileError(f"{shard.path}: record {number} is not the one that was cleaned: use the same file")
        return made

    return changes


def _left(job: Job, shard: Shard) -> frozenset[int]:
    """Return the records of a shard's input that the run set aside whose changes are made."""
    path = Path(job.findings, "set-aside.jsonl")
    decode = msgspec.json.Decoder(Aside).decode
    try:
        with open(path, "rb") as lines:
            return frozenset(aside.record for line in lines if (aside := decode(line)).document == shard.name)
    except (OSError, msgspec.DecodeError) as error:
        raise FileError(f"{path}: cannot read it: {error}") from None


def _findings(path: Path) -> Iterator[Found]:
    decode = msgspec.json.Decoder(Found).decode
    try:
        with open(path, "rb") as lines:
            for line in lines:
                yield decode(line)
    except FileNotFoundError:
        raise FileError(f"{path}: not there: name the folder of the run that cleaned it") from None
    except msgspec.DecodeError as error:
        raise FileError(f"{path}: no findings of cleaner archive: {error}") from None
