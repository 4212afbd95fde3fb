"""Run the engine over many documents, one after the other or on several processors, results in order."""

from __future__ import annotations

import codecs
import contextlib
import functools
import gc
import itertools
import os
import signal
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from pathlib import Path
from typing import IO, Any

from msgspec import Struct, structs

from cleaner import baseline, cache, changed, engine, files, glossary, jsonl
from cleaner.accepted import Accepted
from cleaner.changed import Spans
from cleaner.config import Settings, accepted_words
from cleaner.detectors import encoding, grammar, spelling
from cleaner.detectors.grammar import harper, languagetool
from cleaner.detectors.grammar.answers import Answers
from cleaner.document import Document
from cleaner.fingerprint import Trace
from cleaner.model import (
    ENGINES,
    Applicability,
    BackendError,
    CleanerError,
    ConfigError,
    Detector,
    FileError,
    Finding,
    Result,
)
from cleaner.rules import detector, load
from cleaner.rules.load import RuleSet
from cleaner.silence import UNKNOWN, UNUSED, below, heeding

# Families of findings that do not come from rule files; they are always known to --select and --ignore.
FAMILIES = ("any", "en", "encoding", "spelling", "glossary", "harper", "languagetool", "cleaner")
# The rules of those families that neither rule files nor an engine name.
_RULES = {
    "encoding": tuple(encoding.LEVELS),
    "spelling": spelling.RULES,
    "glossary": (glossary.VARIANT, glossary.LOOKALIKE),
    "cleaner": (UNUSED, UNKNOWN),
}
# Of these, a run may have none.
_NOT_ALWAYS = ("spelling", "glossary", "harper", "languagetool")

_BATCH = 256 << 10  # bytes of JSON Lines that go to a worker at once
_WORTH_A_POOL = 1 << 20  # bytes; less is done before the workers stand


class Outcome(Struct, frozen=True):
    """What came of one document: a result with what is needed to write it, or an error.

    `record` is the line of a JSON Lines file (from 1), 0 for a file that is one document. `old` and `new`
    are the bytes of the file or line before and after.
    """

    path: str
    record: int = 0
    result: Result | None = None
    old: bytes = b""
    new: bytes = b""
    error: str = ""
    encoding: str = "utf-8"
    level: Applicability | None = None  # of the fixes that were applied; None: none
    shown: Applicability = Applicability.DISPLAY  # the least level to be told
    known: tuple[tuple[int, Trace], ...] = ()  # findings that the baseline knows: number of the entry, trace


class _Kit:
    """What documents need and is made once for all that share it."""

    def __init__(self, owner: int) -> None:
        """`owner` is the process whose run this is: a server that is started for the run ends with it."""
        self.loaded = functools.cache(_loaded)
        self._detectors = functools.cache(partial(detectors, owner=owner, loaded=self.loaded))
        self._words = functools.cache(accepted_words)
        self._baseline = functools.cache(baseline.load)

    def detectors(self, settings: Settings, kind: str) -> tuple[Detector, ...]:
        return self._detectors(choice(settings, kind))

    def words(self, settings: Settings) -> Accepted:
        return self._words(settings.words)

    def known(self, settings: Settings) -> baseline.Baseline | None:
        return self._baseline(settings.baseline) if settings.baseline else None

    def document(self, text: str, settings: Settings, path: str, kind: str = "text") -> Document:
        return Document(text, kind=kind, path=path, lang=settings.lang, accepted=self.words(settings))

    def clean(
        self,
        document: Document,
        settings: Settings,
        path: str,
        kind: str,
        spent: Set[int],
        lines: Spans | None = None,
    ) -> tuple[Result, tuple[tuple[int, Trace], ...]]:
        """Clean a document within its limits; return what came of it, and what of it the baseline knows."""
        limits: list[engine.Limit] = []
        known: list[tuple[int, Trace]] = []
        if settings.baseline:
            limits.append(self._baseline(settings.baseline).limit(path, spent, known))
        if lines is not None:
            limits.append(changed.limit(lines))
        detect = heeding_settings(self.detectors(settings, kind), settings)
        if settings.level is not None:
            return engine.clean(document, [detect], settings.level, limits=limits), tuple(known)
        return engine.check(document, [detect], limits=limits), tuple(known)


class _File(Struct, frozen=True):
    settings: Settings
    path: str
    kind: str
    data: bytes | None  # None: read it where it is worked on
    lines: Spans | None = None  # None: all


class _Lines(Struct, frozen=True):
    settings: Settings
    path: str
    first: int
    lines: list[bytes]
    only: Spans | None = None  # numbers of lines; None: all


def _loaded(folders: tuple[str, ...]) -> RuleSet:
    return load([Path(folder) for folder in folders])


def chosen_rules(settings: Settings, *, loaded: Callable[[tuple[str, ...]], RuleSet] = _loaded) -> RuleSet:
    """Load the rules that a run asks for; raises ConfigError for a prefix that names nothing.

    `loaded` loads all rules, with those of more folders.
    """
    rules = loaded(settings.rules)
    _check_names("select", settings.select, settings, rules)
    _check_names("ignore", settings.ignore, settings, rules)
    _check_names("trust", [name for name, _ in settings.trust], settings, rules)
    _check_names("per-file-ignores", settings.hidden, settings, rules)
    return structs.replace(rules, entries=tuple(e for e in rules.entries if _wanted(e.id, settings)))


def _check_names(key: str, names: Iterable[str], settings: Settings, rules: RuleSet) -> None:
    known = frozenset(entry.id for entry in rules.entries)
    for prefix in names:
        family = prefix.partition(".")[0]
        if family in ENGINES and prefix != family:
            problem = grammar.unknown(prefix, rules.engines)
            if problem:
                raise ConfigError(f"{settings.place(key)}{problem}")
        if prefix in FAMILIES or family in ENGINES or any(below(prefix, name) for name in known):
            continue
        if family in _RULES:
            if prefix in _RULES[family]:
                continue
            raise ConfigError(f"{settings.place(key)}no rule {prefix!r}: try one of {', '.join(_RULES[family])}")
        tops = ", ".join(sorted({*FAMILIES, *(name.partition(".")[0] for name in known)}))
        place = settings.place(key)
        raise ConfigError(f"{place}no rule or family {prefix!r}: try one of {tops}, or cleaner rules list")


def _wanted(name: str, settings: Settings) -> bool:
    return (not settings.select or any(below(prefix, name) for prefix in settings.select)) and not any(
        below(prefix, name) for prefix in settings.ignore
    )


def detectors(
    settings: Settings, *, owner: int | None = None, loaded: Callable[[tuple[str, ...]], RuleSet] = _loaded
) -> tuple[Detector, ...]:
    """Prepare the detectors that a run of the process `owner` (None: this one) asks for.

    A grammar engine is among them only if the settings name one.
    """
    rules = chosen_rules(settings, loaded=loaded)
    found = [detector(rules)]
    families: dict[str, Detector] = {"encoding": encoding.detect, "spelling": spelling.detect}
    if settings.glossary:
        families["glossary"] = glossary.detector(glossary.load([Path(path) for path in settings.glossary]))
    for family, detect in families.items():
        if family in settings.ignore:  # what is not heard is not asked
            continue
        asked = [prefix for prefix in (*settings.select, *settings.ignore) if below(family, prefix)]
        if not settings.select or any(below(family, prefix) for prefix in settings.select):
            found.append(partial(_narrowed, detect, settings) if asked else detect)
    engine = _engine(settings, rules, found, os.getpid() if owner is None else owner)
    return (*found, engine) if engine else tuple(found)


def _engine(settings: Settings, rules: RuleSet, own: Sequence[Detector], owner: int) -> Detector | None:
    """Prepare the grammar engine of a run, with the rules that are trusted and those named in full."""
    name = settings.grammar
    asked = [prefix for prefix in settings.select if below(name, prefix)]
    if name in ("", "off", *settings.ignore) or (settings.select and not asked):
        if settings.select and all(prefix.partition(".")[0] == "languagetool" for prefix in settings.select):
            raise ConfigError(f"{settings.place('select')}rules of LanguageTool need --grammar languagetool")
        return None
    if settings.lang != grammar.LANGUAGE:
        place = settings.place("grammar")
        raise ConfigError(f"{place}{name}: trust in its rules is measured on English, not on {settings.lang!r}")
    named = {prefix for prefix in asked if prefix != name}
    trusted = grammar.trusted(name, rules.engines, named)
    answers = Answers(cache.place("answers.sqlite"))
    if name == "harper":
        ask = harper.prepare(answers, trusted)
    else:
        ask = languagetool.prepare(answers, named, owner=owner, url=settings.languagetool_url)
    on = {rule: trust for rule, trust in trusted.items() if _wanted(rule, settings)}
    worth = harper.sieve(trusted) if name == "harper" else None
    return grammar.in_company(grammar.detector(name, ask, on.get, worth=worth), own)


def _narrowed(detect: Detector, settings: Settings, document: Document) -> Iterator[Finding]:
    """The findings of a detector that the prefixes of a run choose."""
    return (finding for finding in detect(document) if _wanted(finding.rule, settings))


def run(
    paths: Sequence[str],
    settings_of: Callable[[str], Settings],
    *,
    jobs: int = 1,
    stdin: tuple[str, IO[bytes]] | None = None,
    lines: Mapping[str, Spans] | None = None,
) -> Iterator[Outcome]:
    """Clean documents and yield what came of each, in the order of the paths.

    `lines` holds the lines of each file that are of interest; the others are context.
    Memory does not grow with a JSON Lines file. `stdin` is the name and the stream that the path "-" stands for.
    """
    _collect_rarely()
    kit = _Kit(os.getpid())
    names = {path: stdin[0] if path == files.STDIN and stdin else path for path in paths}
    for settings, kind in dict.fromkeys((settings_of(name), files.kind_of(name)) for name in names.values()):
        kit.detectors(settings, kind)  # here too, so that a bad rule file stops before any work
        kit.words(settings)
        kit.known(settings)
        if settings.hidden:
            chosen_rules(settings, loaded=kit.loaded)
    spent = defaultdict[str, set[int]](set)  # the entries of each baseline
    tasks = _tasks(names, settings_of, stdin, lines or {})
    if jobs > 1:
        ahead, size = [], 0
        for task in tasks:
            ahead.append(task)
            size += _size(task)
            if size > _WORTH_A_POOL and len(ahead) > 1:
                for task, outcomes in _in_parallel(itertools.chain(ahead, tasks), jobs):
                    claims = {number for outcome in outcomes for number, _ in outcome.known}
                    # Two workers may have taken one entry of the baseline for different findings.
                    taken = spent[_baseline_of(task)]
                    yield from outcomes if claims.isdisjoint(taken) else _work(task, kit, taken)
                    taken |= claims
                return
        tasks = iter(ahead)
    for task in tasks:
        yield from _work(task, kit, spent[_baseline_of(task)])


def _baseline_of(task: _File | _Lines | Outcome) -> str:
    return "" if isinstance(task, Outcome) else task.settings.baseline


def choice(settings: Settings, kind: str) -> Settings:
    """Return the part of settings on which the detectors of a kind of file depend: made once, they do for all of it."""
    chosen = {name: getattr(settings, name) for name in _CHOOSES}
    if not settings.grammar:
        # An engine is slow beside the rules: nobody is to wait for it who cleans an archive and did not ask for it.
        is_on = kind != "jsonl" and settings.lang == grammar.LANGUAGE
        chosen["grammar"] = "harper" if is_on else "off"
    return structs.replace(Settings(), **chosen)


_CHOOSES = ("lang", "select", "ignore", "rules", "grammar", "languagetool_url", "glossary", "places")


def _tasks(
    names: Mapping[str, str],
    settings_of: Callable[[str], Settings],
    stdin: tuple[str, IO[bytes]] | None,
    only: Mapping[str, Spans],
) -> Iterator[_File | _Lines | Outcome]:
    for path, name in names.items():
        stream = stdin[1] if path == files.STDIN and stdin else None
        settings = settings_of(name)
        kind = files.kind_of(name)
        try:
            if kind != "jsonl":
                yield _File(settings, name, kind, files.read_stream(name, stream) if stream else None, only.get(path))
                continue
            with contextlib.nullcontext(stream) if stream else files.opened(path) as opened:
                yield from _batches(settings, name, files.lines(name, opened), only.get(path))
        except FileError as error:
            yield Outcome(name, error=str(error))


def _batches(settings: Settings, path: str, lines: Iterator[bytes], only: Spans | None) -> Iterator[_Lines | Outcome]:
    first, batch, size = 1, list[bytes](), 0
    end = Outcome(path)
    try:
        for line in lines:
            batch.append(line)
            size += len(line)
            if size > _BATCH:
                yield _Lines(settings, path, first, batch, only)
                first, batch, size = first + len(batch), [], 0
    except FileError as error:
        end = Outcome(path, error=str(error))
    if batch:
        yield _Lines(settings, path, first, batch, only)
    if end.error or first + len(batch) == 1:  # a file without a line is a document, too
        yield end


def _size(task: _File | _Lines | Outcome) -> int:
    if isinstance(task, _Lines):
        return sum(map(len, task.lines))
    if isinstance(task, _File):
        try:
            return len(task.data) if task.data is not None else os.stat(task.path).st_size
        except OSError:
            return 0
    return 0


def _work(task: _File | _Lines | Outcome, kit: _Kit, spent: set[int]) -> Iterator[Outcome]:
    """Work on a task; what it takes of the baseline is added to what is spent."""
    if isinstance(task, Outcome):
        yield task
    elif isinstance(task, _File):
        outcome = _guarded(task.path, 0, b"", partial(_file, task, kit, spent))
        spent.update(number for number, _ in outcome.known)
        yield outcome
    else:
        for number, line in enumerate(task.lines, task.first):
            outcome = _guarded(task.path, number, line, partial(_record, task, number, line, kit, spent))
            spent.update(number for number, _ in outcome.known)
            yield outcome


def heeding_settings(detectors: Sequence[Detector], settings: Settings) -> Detector:
    """Return one detector for several, which heeds ignores, accepted words, and how far the settings trust it."""
    return heeding([partial(_settled, detectors, settings)], judges=partial(_were_looked_for, settings))


def _were_looked_for(settings: Settings, prefixes: Sequence[str]) -> bool:
    """True if rules (none: all) were part of a run, so that an ignore of them can be told to hide nothing."""
    every = not settings.select and not any(below(prefix, UNUSED) for prefix in (*settings.ignore, *settings.hidden))
    return every and not any(prefix.partition(".")[0] in _NOT_ALWAYS for prefix in prefixes)


def _settled(detectors: Sequence[Detector], settings: Settings, document: Document) -> Iterator[Finding]:
    """The findings of detectors, those of hidden rules left out, with the trust that the settings put in them."""
    for finding in itertools.chain.from_iterable(detect(document) for detect in detectors):
        if any(below(prefix, finding.rule) for prefix in settings.hidden):
            continue
        fitting = [(len(prefix), level) for prefix, level in settings.trust if below(prefix, finding.rule)]
        level = max(fitting)[1] if fitting and finding.edits else finding.applicability
        yield finding if level is finding.applicability else structs.replace(finding, applicability=level)


def _guarded(path: str, record: int, line: bytes, work: Callable[[], Outcome]) -> Outcome:
    try:
        return work()
    except BackendError:
        raise  # the next document would fare no better
    except CleanerError as error:
        return Outcome(path, record, old=line, new=line, error=str(error))


def _file(task: _File, kit: _Kit, spent: Set[int]) -> Outcome:
    data = files.read_bytes(task.path) if task.data is None else task.data
    source = files.decode(data, task.path, task.settings.encoding)
    document = kit.document(source.text, task.settings, task.path, task.kind)
    result, known = kit.clean(document, task.settings, task.path, task.kind, spent, task.lines)
    new = source.encode(result.after) if result.changes else data
    return _outcome(task, 0, result, data, new, encoding=source.encoding, known=known)


def _record(task: _Lines, number: int, line: bytes, kit: _Kit, spent: Set[int]) -> Outcome:
    skipped = task.only is not None and not any(first <= number <= last for first, last in task.only)
    if skipped or not line.removeprefix(codecs.BOM_UTF8).strip():
        return Outcome(task.path, number, None, line, line)
    where = f"{task.path}:{number}"
    record = jsonl.parse(line, task.settings.field, where)
    document = kit.document(record.text, task.settings, where)
    result, known = kit.clean(document, task.settings, task.path, "jsonl", spent)
    new = jsonl.replace(record, result.changes) if result.changes else line
    return _outcome(task, number, result, line, new, known=known)


def _outcome(task: _File | _Lines, record: int, result: Result, old: bytes, new: bytes, **more: Any) -> Outcome:
    settings = task.settings
    return Outcome(task.path, record, result, old, new, level=settings.level, shown=settings.shown, **more)


def _collect_rarely() -> None:
    """Let the cycle collector wait: masks are many small tuples and no cycles, and it took a third of the time."""
    gc.set_threshold(1_000_000, 20, 20)


def _in_parallel(tasks: Iterator[Any], jobs: int) -> Iterator[tuple[Any, list[Outcome]]]:
    """Work on tasks in processes that have one task at a time and a pipe each, and yield each with its outcomes.

    The pools of the standard library share pipes, and wait for ever if a process is killed while it writes.
    """
    import multiprocessing
    from multiprocessing.connection import wait

    # Forking costs a few milliseconds where a fresh interpreter costs a fifth of a second; nothing here
    # has started a thread.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else None
    context: Any = multiprocessing.get_context(method)
    processes, idle = [], []
    busy: dict[Any, int] = {}  # pipes to processes at work, and the numbers of their tasks
    begun: dict[int, Any] = {}  # tasks
    done: dict[int, list[Outcome]] = {}  # what is not yet its turn
    taken = turn = 0
    try:
        for _ in range(jobs):
            ours, theirs = context.Pipe()
            processes.append(context.Process(target=_serve, args=(theirs, os.getpid()), daemon=True))
            processes[-1].start()
            theirs.close()
            idle.append(ours)
        while True:
            while idle and taken < turn + 4 * jobs and (task := next(tasks, None)) is not None:
                with _expecting_life():
                    idle[-1].send(task)
                busy[idle.pop()] = taken
                begun[taken] = task
                taken += 1
            if turn in done:
                yield begun.pop(turn), done.pop(turn)
                turn += 1
            elif not busy:
                return
            else:
                ready: list[Any] = wait(busy)
                for pipe in ready:
                    with _expecting_life():
                        done[busy[pipe]] = _heard(pipe.recv())
                    del busy[pipe]
                    idle.append(pipe)
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _heard(answer: list[Outcome] | BackendError) -> list[Outcome]:
    if isinstance(answer, BackendError):
        raise answer
    return answer


@contextlib.contextmanager
def _expecting_life() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError):
        raise CleanerError("a worker died; if nothing above says why, memory ran out: try --jobs 1") from None


def _serve(pipe: Any, owner: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _collect_rarely()
    kit = _Kit(owner)
    while True:
        try:
            task = pipe.recv()
        except EOFError:  # the parent is gone
            return
        try:
            pipe.send(list(_work(task, kit, set())))
        except BackendError as error:
            pipe.send(error)
