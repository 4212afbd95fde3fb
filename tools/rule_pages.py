"""Write a page on every family of rules, docs/rules/*.md, from the rules and what was measured of them: make docs."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cleaner import trust, worddiff
from cleaner.detectors import grammar
from cleaner.model import ENGINES, Applicability
from cleaner.rules import load
from cleaner.rules.load import TRUST, Entry, shipped_folder
from cleaner.rules.schema import RULE_TYPES

PAGES = Path(__file__).resolve().parents[1] / "docs" / "rules"
_RULES = "../../rules"  # from there


def pages() -> dict[str, str]:
    """Return the pages by the names of their files."""
    families = {
        name: list(members)
        for name, members in itertools.groupby(
            sorted(load().entries, key=lambda entry: (_family(entry), entry.line)), key=_family
        )
    }
    table = trust.parse((shipped_folder() / TRUST).read_text(encoding="utf-8"), TRUST)
    found = {f"{name}.md": _page(name, members) for name, members in families.items()}
    return found | {"code.md": _code(table.values()), "README.md": _index(families)}


def _family(entry: Entry) -> str:
    return entry.id.rpartition(".")[0]


def _index(families: dict[str, list[Entry]]) -> str:
    lines = [
        "# The rules",
        "",
        "A page for each file of rules, made of the rules and of what was measured of them (`make docs`).",
        "[How to write one](../../rules/README.md). Spelling, encoding and grammar checkers are no rule files: "
        "[what was measured of them](code.md).",
        "",
        "| family | what | rules | safe | unsafe | display |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, members in families.items():
        levels = Counter(entry.level for entry in members)
        counts = " | ".join(str(levels[level]) for level in Applicability)
        lines.append(f"| [{name}]({name}.md) | {_what(members)} | {len(members)} | {counts} |")
    return "\n".join(lines) + "\n"


def _what(members: Sequence[Entry]) -> str:
    """Return what the file of rules says of itself, or how its kind finds something."""
    said = re.findall(r"^# (?!yaml-language-server)(.*)", _head(members[0]), re.M)
    return " ".join(said) or (RULE_TYPES[members[0].kind].__doc__ or "").partition("\n")[0]


def _head(entry: Entry) -> str:
    return Path(entry.path).read_text(encoding="utf-8").partition("\nkind:")[0]


def _page(name: str, members: Sequence[Entry]) -> str:
    file = Path(members[0].path).relative_to(shipped_folder()).as_posix()
    lines = [
        f"# {name}",
        "",
        f"{_what(members)}",
        "",
        f"Kind `{members[0].kind}`; made of [{file}]({_RULES}/{file}) and [{TRUST}]({_RULES}/{TRUST}) by `make docs`.",
        "In the examples, what is wrong is marked `-`, what it becomes `+`, what is only shown `!`; the rest stays.",
    ]
    for entry in members:
        lines += ["", f"## {entry.id}", "", *_rule(entry)]
    return "\n".join(lines) + "\n"


def _rule(entry: Entry) -> Iterator[str]:
    yield f"{_plain(entry.rule.message)}. Why: {_plain(entry.rule.why)}."
    yield ""
    yield f"**{entry.level}** {_measured(entry.trust)}"
    yield ""
    if entry.rule.source:
        yield f"Source: {_plain(entry.rule.source)}"
        yield ""
    examples = [line for bad in entry.rule.bad for line in _marked(bad)]
    examples += [line for good in entry.rule.good for line in _each("  ", good)]
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", "\n".join(examples))), default=0))
    yield f"{fence}diff"
    yield from examples
    yield fence


def _plain(text: str) -> str:
    """Return a text as Markdown that says it as it is."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split())).rstrip(".")


def _measured(row: trust.Row | None) -> str:
    if row is None:
        return "(not measured as it stands)"
    c = row.counts
    return (
        f"({row.confidence:.3f}): {c.right} right and {c.wrong} wrong in corrected text; in edited text {c.hits} hits, "
        f"{c.false} of them false, and {c.opportunities} chances let pass"
    )


def _marked(example: str) -> Iterator[str]:
    before, after, _ = worddiff.parse(example)
    if before == after:
        yield from _each("! ", before)
    else:
        yield from _each("- ", before)
        yield from _each("+ ", after)


def _each(mark: str, text: str) -> Iterator[str]:
    return (f"{mark}{line}" for line in text.removesuffix("\n").split("\n"))


def _code(rows: Iterable[trust.Row]) -> str:
    lines = [
        "# What no rule file holds",
        "",
        f"What was measured of spelling, encoding and the rules of grammar checkers ([{TRUST}]({_RULES}/{TRUST}), by "
        "`make docs`). Rules of grammar checkers that have not earned `unsafe` are not heard and not listed; spelling "
        "weighs each finding by itself.",
    ]
    by_family = itertools.groupby(
        (row for row in rows if row.hash == "code" or row.rule.startswith(ENGINES)),
        key=lambda row: row.rule.partition(".")[0],
    )
    for family, members in by_family:
        rows_of = {row.rule: row for row in members}
        heard = grammar.trusted(family, rows_of) if family in ENGINES else {}
        levels = {rule: heard[rule].level for rule in heard} or {rule: row.level for rule, row in rows_of.items()}
        lines += ["", f"## {family}", ""]
        lines += ["| rule | level | right | wrong | hits on edited text | of them false |"]
        lines += ["| --- | --- | --- | --- | --- | --- |"]
        for rule, level in levels.items():
            c = rows_of[rule].counts
            lines.append(f"| `{rule}` | {level} | {c.right} | {c.wrong} | {c.hits} | {c.false} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    made = pages()
    PAGES.mkdir(exist_ok=True)
    for page in PAGES.glob("*.md"):
        if page.name not in made:
            page.unlink()
    for name, text in made.items():
        (PAGES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
