"""Settings: what holds for a file, by the command line, the settings file nearest to it, or default.

A settings file is `.cleaner.toml`, or `pyproject.toml` with a table [tool.cleaner]. The nearest one above a
file holds for it alone: settings files do not add up. Paths and patterns in it start from its folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from msgspec import Struct, structs

from cleaner import files
from cleaner.accepted import Accepted, accepted, entry_of
from cleaner.model import ENGINES, Applicability, ConfigError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

DEFAULT, COMMAND_LINE = "default", "command line"
GRAMMARS = ("off", *ENGINES)

WORDS, BASELINE = ".cleaner-words", ".cleaner-baseline.json"
T = TypeVar("T")

_OWN, _SHARED = ".cleaner.toml", "pyproject.toml"


class Settings(Struct, frozen=True):
    """What is asked of a run, for one file.

    A key of a settings file has the field of its name here, `_` for `-`, and a line in `KEYS`.
    """

    level: Applicability | None = Applicability.SAFE  # fixes to apply; None: none
    shown: Applicability = Applicability.DISPLAY  # the least level told where no fix is applied
    lang: str = "en"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()  # ignored too, in this file alone
    rules: tuple[str, ...] = ()
    grammar: str = ""  # an engine or "off"; empty: the embedded one, but not for JSON Lines
    languagetool_url: str = ""  # a server to ask instead of one on this machine
    glossary: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # files of accepted words
    trust: tuple[tuple[str, Applicability], ...] = ()
    baseline: str = ""  # the file of known findings
    encoding: str | None = None
    field: str = "text"
    places: tuple[tuple[str, str], ...] = ()  # key and path:line of what a settings file gave

    def place(self, key: str) -> str:
        """Return what an error about the value of a key begins with."""
        return next((f"{place}: {key}: " for name, place in self.places if name == key), "")


class Value(NamedTuple):
    """The value of a key, and where it was given: path:line, the command line, or by default."""

    value: Any
    place: str


class SettingsFile(NamedTuple):
    """A settings file as it was read."""

    path: str
    values: dict[str, Value]

    @property
    def folder(self) -> str:
        return os.path.dirname(self.path) or "."


class Configuration:
    """The settings of files; each settings file is read once."""

    def __init__(
        self, given: Mapping[str, Any] | None = None, *, base: Settings | None = None, baseline: bool = True
    ) -> None:
        """`given` holds the keys that the command line sets, `base` what no settings file can set."""
        self._given = {key: Value(value, COMMAND_LINE) for key, value in (given or {}).items()}
        self._base = base or Settings()
        self._files: dict[str, SettingsFile | None] = {}  # by folder
        self._words: dict[str, str | None] = {}  # by folder
        self._baselines: dict[str, str | None] = {}  # by folder
        self._with_baseline = baseline
        self._patterns: dict[tuple[str, tuple[str, ...]], GitIgnoreSpec] = {}
        self._settings: dict[tuple[str, str, str, tuple[str, ...]], Settings] = {}

    def settings(self, path: str) -> Settings:
        """Return the settings of a file, which need not exist; raises ConfigError with path and line."""
        file = self._file(path)
        words, baseline = self.words_file(path), self.baseline_file(path)
        key = file.path if file else "", words or "", baseline or "", tuple(self._hidden(path, file))
        if key not in self._settings:
            settings = self._merged(self.values(path), words, key[3])
            self._settings[key] = structs.replace(settings, baseline=baseline or "")
        return self._settings[key]

    def words_file(self, path: str) -> str | None:
        """Return the nearest file of accepted words above a file."""
        return _nearest(path, self._words, partial(_in, WORDS))

    def baseline_file(self, path: str) -> str | None:
        """Return the nearest baseline above a file."""
        return _nearest(path, self._baselines, partial(_in, BASELINE)) if self._with_baseline else None

    def values(self, path: str) -> dict[str, Value]:
        """Return what holds for a file, key by key; raises ConfigError with path and line."""
        file = self._file(path)
        values = {key: Value(kind.default, DEFAULT) for key, kind in KEYS.items()}
        values |= (file.values if file else {}) | self._given
        if values["languagetool-url"].value and (
            values["grammar"].place == DEFAULT or ("grammar" not in self._given and "languagetool-url" in self._given)
        ):
            values["grammar"] = Value("languagetool", values["languagetool-url"].place)  # else nobody would ask it
        if "select" in self._given and values["ignore"].place != COMMAND_LINE:
            # Who selects a rule by hand wants to see it, whatever the settings file ignores.
            selected, ignored = values["select"].value, values["ignore"].value
            kept = [i for i in ignored if not any(s == i or s.startswith(i + ".") for s in selected)]
            values["ignore"] = Value(kept, values["ignore"].place)
        return values

    def excludes(self, path: str, *, folder: bool = False) -> bool:
        """True if a file or folder is left out."""
        if "exclude" in self._given:
            return self._matches(path, self._given["exclude"].value, ".", "--exclude", folder=folder)
        file = self._file(path)
        if file is None or "exclude" not in file.values:
            return False
        value, place = file.values["exclude"]
        return self._matches(path, value, file.folder, f"{place}: exclude:", folder=folder)

    def _file(self, path: str) -> SettingsFile | None:
        """Return the settings file that holds for a file."""
        return _nearest(path, self._files, _in_folder)

    def _hidden(self, path: str, file: SettingsFile | None) -> Iterator[str]:
        """The prefixes that a settings file ignores in one file."""
        if file and "per-file-ignores" in file.values:
            value, place = file.values["per-file-ignores"]
            for pattern, prefixes in value.items():
                if self._matches(path, [pattern], file.folder, f"{place}: per-file-ignores:"):
                    yield from prefixes

    def _matches(self, path: str, patterns: Sequence[str], root: str, place: str, *, folder: bool = False) -> bool:
        key = place, tuple(patterns)
        if key not in self._patterns:
            self._patterns[key] = files.patterns(patterns, place)
        return self._patterns[key].match_file(files.below(path, root) + "/" * folder)

    def _merged(self, values: Mapping[str, Value], words: str | None, hidden: tuple[str, ...]) -> Settings:
        given = {key.replace("-", "_"): made.value for key, made in values.items()}
        given = {field: value for field, value in given.items() if field in Settings.__struct_fields__}
        fields = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
        level = fields.pop("level")
        fields["shown"] = level
        if self._base.level is Applicability.SAFE:
            # Fixes of `display` are never applied: it asks for no more than the default.
            fields["level"] = Applicability.UNSAFE if level is Applicability.UNSAFE else Applicability.SAFE
        if values["grammar"].place == DEFAULT:
            fields["grammar"] = ""
        fields["words"] = (*([words] if words else []), *given["words"])
        fields["trust"] = tuple(sorted(given["trust"].items()))
        places = tuple((key, made.place) for key, made in values.items() if made.place not in (DEFAULT, COMMAND_LINE))
        return structs.replace(self._base, **fields, hidden=hidden, places=places)


class _Key(NamedTuple):
    """A key of a settings file: how its value is read, and its default.

    `read` takes the value and the folder of the settings file, and raises ValueError with what it expects.
    """

    read: Callable[[Any, str], Any]
    default: Any


def _text(value: Any, _folder: str) -> str:
    if not isinstance(value, str):
        raise ValueError('a string, such as "en"')
    return value


def _url(value: Any, _folder: str) -> str:
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        raise ValueError('an address, such as "http://localhost:8081"')
    return value


def _one_of(*names: str) -> Callable[[Any, str], str]:
    def read(value: Any, _folder: str) -> str:
        if value not in names:
            raise ValueError(f"one of {', '.join(names)}")
        return str(value)

    return read


def _level(value: Any, folder: str) -> Applicability:
    return Applicability(_one_of(*Applicability)(value, folder))


def _list(value: Any, _folder: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError('a list of strings: ["one", "another"]')
    return value


def _paths(value: Any, folder: str) -> list[str]:
    return [os.path.normpath(os.path.join(folder, path)) for path in _list(value, folder)]


def _lists(value: Any, folder: str) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        raise ValueError('a table of lists: {"drafts/*.md" = ["en.spacing"]}')
    return {name: _list(items, folder) for name, items in value.items()}


def _levels(value: Any, folder: str) -> dict[str, Applicability]:
    if not isinstance(value, dict):
        raise ValueError('a table of levels: {"en.frames" = "unsafe"}')
    return {name: _level(level, folder) for name, level in _flat(value)}


def _flat(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The entries of a table, those of tables inside it under dotted names: en.frames = 1 is en = {frames = 1}."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{below}", inner) for below, inner in _flat(value))
        else:
            yield name, value


KEYS = {
    "lang": _Key(_text, "en"),
    "level": _Key(_level, Applicability.DISPLAY),
    "select": _Key(_list, []),
    "ignore": _Key(_list, []),
    "per-file-ignores": _Key(_lists, {}),
    "exclude": _Key(_list, []),
    "rules": _Key(_paths, []),
    "grammar": _Key(_one_of(*GRAMMARS), "harper"),
    "languagetool-url": _Key(_url, ""),
    "glossary": _Key(_paths, []),
    "words": _Key(_paths, []),
    "trust": _Key(_levels, {}),
}


def _nearest(path: str, known: dict[str, T], look: Callable[[str], T]) -> T:
    """Return what a look into folders finds nearest above a file; what is `known` is not looked for again."""
    folder = os.path.dirname(os.path.abspath(path))
    passed = []
    while folder not in known:
        passed.append(folder)
        found = look(folder)
        if found or os.path.dirname(folder) == folder:
            known[folder] = found
        else:
            folder = os.path.dirname(folder)
    for below in passed:
        known[below] = known[folder]
    return known[folder]


def _in(name: str, folder: str) -> str | None:
    """Return the file of a name in a folder, if it has one."""
    full = os.path.join(folder, name)
    return files.below(full, os.getcwd()) if os.path.isfile(full) else None


def accepted_words(paths: Sequence[str]) -> Accepted:
    """Read files of accepted words; raises ConfigError or FileError that names the file."""
    entries = []
    for path in paths:
        if not os.path.isfile(path):
            raise ConfigError(f"{path}: no such file of accepted words; to accept one: cleaner words add WORD")
        data = files.read_bytes(path)
        try:
            lines = data.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise ConfigError(f"{path}:{line}: accepted words are UTF-8, these are not") from None
        entries += [word for line in lines if (word := entry_of(line))]
    return accepted(entries)


def _in_folder(folder: str) -> SettingsFile | None:
    """Read the settings file of a folder, if it has one."""
    for name in (_OWN, _SHARED):
        full = os.path.join(folder, name)
        if not os.path.isfile(full):
            continue
        path = files.below(full, os.getcwd())
        data = files.read_bytes(path)
        if name == _SHARED and b"cleaner" not in data:
            continue  # the usual case, told without a parser
        table = _parse(data, path)
        if name == _SHARED:
            table = table.get("tool", {}).get("cleaner")
            if table is None:
                continue
        prefix = ("tool", "cleaner") if name == _SHARED else ()
        return SettingsFile(path, dict(_read(table, path, data.decode(), prefix)))
    return None


def _parse(data: bytes, path: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(data.decode())
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}: settings are UTF-8, this is not") from None
    except tomllib.TOMLDecodeError as error:
        said = re.search(r"at line (\d+)", str(error))
        raise ConfigError(f"{path}:{said[1] if said else len(data.splitlines())}: not TOML: {error}") from None


def _read(table: Any, path: str, text: str, prefix: tuple[str, ...]) -> Iterator[tuple[str, Value]]:
    if not isinstance(table, dict):
        raise ConfigError(f"{path}:{_line(text, prefix)}: tool.cleaner: expected a table: [tool.cleaner]")
    for key, value in table.items():
        place = f"{path}:{_line(text, (*prefix, key))}"
        if key not in KEYS:
            raise ConfigError(f"{place}: unknown key “{key}”: expected one of {', '.join(KEYS)}")
        try:
            yield key, Value(KEYS[key].read(value, os.path.dirname(path)), place)
        except ValueError as error:
            raise ConfigError(f"{place}: {key}: expected {error}") from None


def _line(text: str, wanted: tuple[str, ...]) -> int:
    """Return the line on which a key or table first stands: tomllib does not say."""
    header: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        if opened := _HEADER.match(line):
            header = name = _names(opened[1])
        elif key := _KEY.match(line):
            name = header + _names(key[1])
        else:
            continue
        if name[: len(wanted)] == wanted:
            return number
    return 1


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))


_NAME = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")
