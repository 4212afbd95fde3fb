"""Who may import whom, who may print, who may touch the disk, and what the core must not pull in."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "cleaner"

# From the ground up: a module imports from its own layer and those before it. A package stands for all in it
# that is not named itself.
LAYERS = [
    ["cleaner._version", "cleaner.model"],
    [
        "cleaner.casing",
        "cleaner.edits",
        "cleaner.offsets",
        "cleaner.worddiff",
        "cleaner.article",
        "cleaner.language",
        "cleaner.likeness",
        "cleaner.git",
    ],
    ["cleaner.accepted"],
    ["cleaner.mask"],
    ["cleaner.document", "cleaner.index"],
    ["cleaner.fingerprint"],
    ["cleaner.cache", "cleaner.statistics", "cleaner.fluency", "cleaner.trust"],
    ["cleaner.rules.schema", "cleaner.rules.words", "cleaner.rules.linear", "cleaner.rules.sieve"],
    ["cleaner.rules.load"],
    ["cleaner.rules.kinds"],
    ["cleaner.rules", "cleaner.detectors", "cleaner.glossary"],
    ["cleaner.engine", "cleaner.silence", "cleaner.score"],
    ["cleaner.api", "cleaner", "cleaner.rules.selftest"],
    ["cleaner.files", "cleaner.render", "cleaner.jsonl"],
    ["cleaner.review", "cleaner.learning"],
    ["cleaner.config", "cleaner.baseline", "cleaner.changed"],
    ["cleaner.work"],
    ["cleaner.scale"],
    ["cleaner.cli"],
]
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}

MAY_PRINT = ["cleaner.cli"]
MAY_HUSH = ["cleaner.scale.pages"]  # a library that prints by way of logging
MAY_TOUCH_THE_DISK = ["cleaner.files", "cleaner.cache", "cleaner.statistics", "cleaner.rules.load", "cleaner.glossary"]
MAY_TOUCH_THE_DISK += ["cleaner.cli", "cleaner.detectors.grammar", "cleaner.detectors.spelling.tables"]
MAY_TOUCH_THE_DISK += ["cleaner.scale", "cleaner.score"]
DISK = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "scandir", "walk", "mkstemp"}

HEAVY = [
    "click",
    "yaml",
    "requests",
    "pathspec",
    "pyarrow",
    "ray",
    "trafilatura",
    "datatrove",
    "concurrent.futures",
    "ftfy",
    "httpx",
]
HEAVY += [
    "rapidfuzz",
    "symspellpy",
    "sqlite3",
    "wordfreq",
    "harper",
    "language_tool_python",
    "multiprocessing",
    "urllib.request",
]


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_text(encoding="utf-8"))


TREES = dict(modules())
EACH_MODULE = pytest.mark.parametrize("name", list(TREES))


def nodes(tree: ast.Module) -> Iterator[ast.AST]:
    """All that runs when the module is used: not what is for type checkers, nor what is for running it as a script."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "__name__ == '__main__'"):
            continue
        yield node
        pending += ast.iter_child_nodes(node)


def imported(tree: ast.Module) -> Iterator[str]:
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in TREES else node.module


def rank(module: str) -> int:
    while module not in RANK and "." in module:
        module = module.rpartition(".")[0]
    return RANK[module]


def is_among(module: str, names: list[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


@EACH_MODULE
def test_a_module_imports_only_from_its_layer_and_those_below(name: str) -> None:
    own = [target for target in imported(TREES[name]) if target.split(".")[0] == "cleaner"]
    # `cleaner` itself is the door for users; inside, nobody goes through it.
    assert not [target for target in own if rank(target) > rank(name) or target == "cleaner"]


def test_every_module_has_its_layer() -> None:
    assert not [name for name in TREES if name.count(".") == 1 and name not in RANK]
    assert not [name for name in RANK if name not in TREES]


@EACH_MODULE
def test_only_the_command_line_prints(name: str) -> None:
    said = [
        ast.unparse(node)
        for node in nodes(TREES[name])
        if (isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "input", "exit", "sys.exit"))
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.stdout", "sys.stderr", "sys.argv"))
    ]
    barred = ("click",) if is_among(name, MAY_HUSH) else ("click", "logging")
    said += [target for target in imported(TREES[name]) if target.split(".")[0] in barred]
    assert is_among(name, MAY_PRINT) or not said


@EACH_MODULE
def test_only_few_modules_touch_the_disk(name: str) -> None:
    calls = [
        ast.unparse(node)
        for node in nodes(TREES[name])
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in DISK
        and not ast.unparse(node.func).startswith("files.")
    ]
    assert is_among(name, MAY_TOUCH_THE_DISK) or not calls


@EACH_MODULE
def test_nobody_catches_everything(name: str) -> None:
    caught = [
        ast.unparse(node.type) if node.type else "all"
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.ExceptHandler)
        # What is raised again is not caught.
        and not any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node))
    ]
    assert not {"all", "Exception", "BaseException"}.intersection(caught)


@EACH_MODULE
def test_a_module_says_in_one_sentence_what_it_is_for(name: str) -> None:
    said = ast.get_docstring(TREES[name])
    assert name == "cleaner._version" or (said and said.split("\n\n")[0].rstrip().endswith("."))


@pytest.mark.parametrize("use", ["", "cleaner.fix('All is well.')"], ids=["imported", "used on a quiet text"])
def test_the_core_pulls_in_nothing_heavy(use: str) -> None:
    code = f"import sys, cleaner\n{use}\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    for _ in range(2):  # the first run may have to make the cache of rules
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
