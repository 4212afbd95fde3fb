"""Read rule files: YAML whose scalars are all strings, checked field by field, errors with file and line."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from cleaner import cache, trust
from cleaner._version import __version__
from cleaner.model import ENGINES, Applicability, RuleError
from cleaner.rules import words
from cleaner.rules.schema import RULE_TYPES, AnyRule, PhraseRule
from cleaner.rules.sieve import Sieve

ANY = "any"  # the language of rules that run on all text
TRUST = "trust.csv"  # in the folder of the shipped rules


class Entry(Struct, frozen=True):
    """A rule with its name, where it stands, and the level at which it works.

    That is the level that the rule asks for; a shipped rule must have earned it (`trust`, None if it was not
    measured as it stands). `rows` are the entries of its tables that have earned less. `sieves` tell where its
    expressions may match, if its kind makes them.
    """

    id: str
    kind: str
    lang: str
    path: str
    line: int
    rule: AnyRule
    hash: str
    level: Applicability
    trust: trust.Row | None = None
    rows: dict[str, Applicability] = {}
    sieves: tuple[Sieve, ...] = ()


class RuleSet(Struct, frozen=True):
    """Checked rules, and the word classes they use, by language and name.

    `engines` holds what was measured of rules that stand in no file: those of grammar engines.
    """

    entries: tuple[Entry, ...]
    tables: dict[str, dict[str, words.Table]]
    engines: dict[str, trust.Row] = {}


def shipped_folder() -> Path:
    """Return the folder of the rules that come with the package, in a wheel and in a checkout alike."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_rules"
    return inside if inside.is_dir() else package.parent / "rules"


def load(folders: Sequence[Path], complete: Callable[[RuleSet], RuleSet], *, shipped: bool = True) -> RuleSet:
    """Load the shipped rules and those of more folders, and have them checked and completed.

    What was loaded once is kept in the user's cache folder under a hash of the content. Raises
    RuleError with path and line.
    """
    roots = ([shipped_folder()] if shipped else []) + list(folders)
    files = [(root, path) for root in roots for path in _files(root)]
    contents = [path.read_bytes() for _, path in files]
    key = _key(zip(files, contents, strict=True))
    cached = _from_cache(key)
    if cached is not None:
        return cached
    rules = complete(_parse(files, contents))
    cache.store(_cache_file(key), msgspec.msgpack.encode(rules))
    return rules


def _files(root: Path) -> list[Path]:
    if not root.is_dir():
        raise RuleError(f"{root}: no such folder of rules")
    found = []
    for folder, folders, names in os.walk(root):
        folders.sort()
        found += [Path(folder, name) for name in sorted(names) if name.endswith((".yaml", ".csv", ".txt"))]
    return found


def _parse(files: Sequence[tuple[Path, Path]], contents: Sequence[bytes]) -> RuleSet:
    texts = {}
    for (root, path), content in zip(files, contents, strict=True):
        try:
            texts[path] = (root, content.decode())
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise RuleError(f"{path}:{line}: rule files are UTF-8, this one is not") from None
    tables: dict[str, dict[str, words.Table]] = {}
    for path, (root, text) in texts.items():
        if path.suffix != ".yaml" and path.parent.name == "words":
            read = words.parse_list if path.suffix == ".txt" else words.parse_table
            tables.setdefault(_language(root, path.parent), {})[path.stem] = read(text, str(path))
    entries: dict[str, Entry] = {}
    for path, (root, text) in texts.items():
        if path.suffix == ".yaml":
            for entry in _rule_file(root, path, text, texts, tables):
                if entry.id in entries:
                    other = entries[entry.id]
                    raise RuleError(f"{path}:{entry.line}: rule {entry.id} stands at {other.path}:{other.line} already")
                entries[entry.id] = entry
    measured = shipped_folder() / TRUST
    rows = trust.parse(texts[measured][1], str(measured)) if measured in texts else {}
    engines = {name: row for name, row in rows.items() if name.partition(".")[0] in ENGINES}
    parts: dict[str, dict[str, Applicability]] = {}
    for name, row in rows.items():
        rule, _, part = name.partition(trust.ROW)
        if part:
            parts.setdefault(rule, {})[part] = row.level
    return RuleSet(tuple(_trusted(entry, rows, parts, texts) for entry in entries.values()), tables, engines)


def _trusted(
    entry: Entry,
    rows: Mapping[str, trust.Row],
    parts: Mapping[str, dict[str, Applicability]],
    texts: Mapping[Path, tuple[Path, str]],
) -> Entry:
    """Hold a shipped rule to what was measured of it; the rules of a user are the user's to trust."""
    if texts[Path(entry.path)][0] != shipped_folder():
        return entry
    row = rows.get(entry.id)
    if row is None or row.hash != entry.hash:
        return msgspec.structs.replace(entry, level=Applicability.DISPLAY)
    level = min(entry.level, row.level, key=lambda level: level.rank)
    return msgspec.structs.replace(entry, level=level, trust=row, rows=parts.get(entry.id, {}))


def _digest(rule: AnyRule, tables: Mapping[str, words.Table]) -> str:
    """A short hash of what a rule does: its fields other than prose and examples, and the word lists they name."""
    fields = msgspec.to_builtins(rule)
    said = json.dumps({k: v for k, v in fields.items() if k not in _PROSE}, sort_keys=True)
    named = {name.partition(".")[0] for name in words.NAME.findall(said)}
    named |= {value for field in _NAMING if isinstance(value := fields.get(field), str)}
    used = {name: tables[name] for name in sorted(tables) if name in named}
    return hashlib.blake2b(said.encode() + msgspec.json.encode(used), digest_size=5).hexdigest()


_PROSE = frozenset({"message", "why", "source", "bad", "good", "level"})
_NAMING = ("like", "first", "second", "terms", "synonyms")  # fields that name a word list or table


def _language(root: Path, path: Path) -> str:
    parts = path.relative_to(root).parts
    return parts[0] if len(parts) > 1 else ANY


def compose(text: str, path: Path) -> Any:
    """Parse YAML into nodes that know their lines; raises RuleError."""
    import yaml

    try:
        return yaml.compose(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise RuleError(f"{path}:{line}: not YAML: {getattr(error, 'problem', None) or error}") from None


def _rule_file(
    root: Path,
    path: Path,
    text: str,
    texts: Mapping[Path, tuple[Path, str]],
    tables: Mapping[str, Mapping[str, words.Table]],
) -> Iterator[Entry]:
    tree = compose(text, path)
    top = mapping_of(tree, path, "a rule file holds kind: and rules:")
    for key, (key_node, _) in top.items():
        if key not in ("kind", "rules"):
            raise RuleError(f"{path}:{line_of(key_node)}: unknown field “{key}”: a rule file holds kind: and rules:")
    for key in ("kind", "rules"):
        if key not in top:
            raise RuleError(f"{path}:1: {key}: is missing")
    kind_node = top["kind"][1]
    kind = str(kind_node.value)
    if kind not in RULE_TYPES:
        raise RuleError(f"{path}:{line_of(kind_node)}: unknown kind “{kind}”: expected one of {', '.join(RULE_TYPES)}")
    prefix = ".".join(path.relative_to(root).with_suffix("").parts)
    for name, (key_node, node) in mapping_of(top["rules"][1], path, "rules: holds named rules").items():
        identity = f"{prefix}.{name}"
        rule = _rule(kind, identity, node, path)
        if isinstance(rule, PhraseRule) and rule.table:
            rule = _with_table(rule, path, f"{path}:{line_of(node)}: rule {identity}", texts)
        lang = _language(root, path)
        digest = _digest(rule, {**tables.get(ANY, {}), **tables.get(lang, {})})
        level = Applicability(rule.level)
        yield Entry(identity, kind, lang, str(path), line_of(key_node), rule, digest, level)


def _rule(kind: str, identity: str, node: Any, path: Path) -> Any:
    """Turn the YAML of one rule into its type, or say which line of it is wrong."""
    where = f"{path}:{line_of(node)}: rule {identity}"
    plain = plain_of(node, path, identity)
    if not isinstance(plain, dict):
        raise RuleError(f"{where}: expected fields, found {_describe(plain)}")
    if "kind" in plain:
        raise RuleError(f"{where}: kind: stands at the top of the file, not in a rule")
    try:
        return msgspec.convert(plain, RULE_TYPES[kind], strict=False)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        line = line_of(_follow(node, place.rstrip("`")))
        field = place.rstrip("`").lstrip(".")
        known = ", ".join(RULE_TYPES[kind].__struct_fields__)
        if message.startswith("Object contains unknown field"):
            unknown = message.split("`")[1]
            line = next((line_of(key) for key, _ in node.value if key.value == unknown), line)
            message = f"unknown field “{unknown}”: a {kind} rule has {known}"
        elif message.startswith("Object missing required field"):
            message = f"{message.split('`')[1]}: is missing"
        elif field:
            message = f"{field}: {message[0].lower()}{message[1:]}"
        raise RuleError(f"{path}:{line}: rule {identity}: {message}") from None


def _with_table(rule: PhraseRule, path: Path, where: str, texts: Mapping[Path, tuple[Path, str]]) -> PhraseRule:
    """Add the rows of a rule's table to its phrases."""
    file = path.parent / rule.table
    if file not in texts:
        raise RuleError(f"{where}: table: no file {file}")
    table = words.parse_table(texts[file][1], str(file))
    if table.columns != ("old", "new"):
        raise RuleError(f"{file}:1: the columns of a table of phrases are old,new")
    return msgspec.structs.replace(rule, phrases=rule.phrases | {row[0]: row[1] for row in table.rows})


def plain_of(node: Any, path: Path, identity: str) -> Any:
    """Turn YAML nodes into dicts, lists and strings: `no`, `on` and `1.10` stay the words they are."""
    if hasattr(node, "value") and isinstance(node.value, str):
        return node.value
    if node.id == "sequence":
        return [plain_of(item, path, identity) for item in node.value]
    return {key: plain_of(value, path, identity) for key, (_, value) in mapping_of(node, path, identity).items()}


def mapping_of(node: Any, path: Path, what: str) -> dict[str, tuple[Any, Any]]:
    """Return the entries of a YAML mapping, name and value as nodes; raises RuleError, with `what` if it is none."""
    if node is None or node.id != "mapping":
        raise RuleError(f"{path}:{line_of(node) if node is not None else 1}: {what}")
    out: dict[str, tuple[Any, Any]] = {}
    for key, value in node.value:
        if not isinstance(key.value, str):
            raise RuleError(f"{path}:{line_of(key)}: a name must be plain text")
        if key.value in out:
            raise RuleError(f"{path}:{line_of(key)}: “{key.value}” stands on line {line_of(out[key.value][0])} already")
        out[key.value] = (key, value)
    return out


def _follow(node: Any, place: str) -> Any:
    """Return the node at a path such as `.bad[1]`, as far as it can be followed."""
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", place):
        if name and node.id == "mapping":
            node = next((value for key, value in node.value if key.value == name), node)
        elif index and node.id == "sequence":
            node = node.value[int(index)]
    return node


def line_of(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _describe(value: object) -> str:
    return "a list" if isinstance(value, list) else f"“{value}”"


def _key(files: Iterable[tuple[tuple[Path, Path], bytes]]) -> str:
    state = hashlib.blake2b(f"{__version__} {_FORMAT}".encode(), digest_size=16)
    for (root, path), content in files:
        state.update(f"\0{root}\0{path}\0{len(content)}\0".encode())
        state.update(content)
    return state.hexdigest()


_FORMAT = 9  # of the cache; a change of any type above that msgpack cannot see must raise it


def _cache_file(key: str) -> Path:
    return cache.place("rules", f"{key}.msgpack")


def _from_cache(key: str) -> RuleSet | None:
    try:
        return msgspec.msgpack.decode(_cache_file(key).read_bytes(), type=RuleSet)
    except (OSError, msgspec.DecodeError):
        return None  # absent, or written by another version: made anew
