"""SARIF 2.1.0, with repairs, help for every rule and fingerprints that survive moved text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from cleaner._version import __version__
from cleaner.model import Applicability, Edit, Finding
from cleaner.offsets import Lines
from cleaner.render.report import Context, Placed, Report, Rule, array, below_root, decoded, known_by, placed

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

# A fault in prose breaks no build.
_LEVELS = {Applicability.SAFE: "warning", Applicability.UNSAFE: "warning", Applicability.DISPLAY: "note"}

# What is said of rules that stand in no rule file, by their family.
_FAMILIES = {
    "encoding": ("Broken characters", "the bytes of the text were read in another encoding than they were written in"),
    "glossary": ("A name or term that the site spells otherwise", "the glossary says how it is spelt"),
    "spelling": ("A word that is not spelt so", "no word list and nothing else in the document knows the word"),
    "harper": ("A fault of grammar", "Harper, a grammar checker, reports it"),
    "languagetool": ("A fault of grammar", "LanguageTool, a grammar checker, reports it"),
}


def sarif(reports: Iterator[Report], context: Context) -> Iterator[bytes]:
    """Yield one log; columns are code points, and only rules that found something are described.

    GitHub tells alerts apart by `primaryLocationLineHash` alone, so it has the fingerprint, too: the hash that GitHub
    makes of a line is the same for all that a rule finds in a paragraph.
    """
    used: dict[str, tuple[int, Finding]] = {}  # rules in the order in which they are met, with a finding of each
    failures: list[str] = []
    yield f'{{"$schema":"{_SCHEMA}","version":"2.1.0","runs":[{{"columnKind":"unicodeCodePoints","results":'.encode()
    yield from array(_results(reports, context, used, failures))
    known = context.rules() if used else {}
    rules = [_described(known.get(name), finding) for name, (_, finding) in used.items()]
    notes = [{"level": "error", "message": {"text": failure}} for failure in failures]
    rest = {
        "tool": {"driver": {"name": "cleaner", "version": __version__, "rules": rules}},
        "invocations": [{"executionSuccessful": not failures, "toolExecutionNotifications": notes}],
    }
    yield b"," + msgspec.json.encode(rest)[1:] + b"]}\n"


def _results(
    reports: Iterator[Report], context: Context, used: dict[str, tuple[int, Finding]], failures: list[str]
) -> Iterator[bytes]:
    seen: Counter[tuple[str, str]] = Counter()
    for report in reports:
        if report.error:
            failures.append(decoded(report.error))
        if report.shown:
            uri = _uri(below_root(report.path, context))
            prints = known_by(report, context, seen)
            for found in placed(report, context):
                index = used.setdefault(found.finding.rule, (len(used), found.finding))[0]
                yield msgspec.json.encode(_result(found, uri, index, prints[found.finding]))


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path)


def _result(found: Placed, uri: str, index: int, fingerprint: str) -> dict[str, Any]:
    finding = found.finding
    region = _region(found.lines, found.span.start, found.span.end)
    region["snippet"] = {"text": found.lines.text[found.span.start : found.span.end]}
    value: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.applicability],
        "message": {"text": found.said},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
        "partialFingerprints": {"cleaner/v1": fingerprint, "primaryLocationLineHash": fingerprint},
        "properties": {
            "applicability": finding.applicability,
            "confidence": finding.confidence,
            "evidence": [f"{evidence.kind}: {evidence.detail}" for evidence in finding.evidence],
        },
    }
    if found.edits:
        changes = [_replacement(found.lines, edit) for edit in found.edits]
        value["fixes"] = [
            {
                "description": {"text": f"{finding.applicability} repair"},
                "artifactChanges": [{"artifactLocation": {"uri": uri}, "replacements": changes}],
            }
        ]
    return value


def _replacement(lines: Lines, edit: Edit) -> dict[str, Any]:
    # An empty text could be left out, but reviewdog 0.20.3 crashes without it.
    return {"deletedRegion": _region(lines, edit.start, edit.end), "insertedContent": {"text": edit.text}}


def _region(lines: Lines, start: int, end: int) -> dict[str, Any]:
    line, column = lines.position(start)
    end_line, end_column = lines.position(end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _described(rule: Rule | None, finding: Finding) -> dict[str, Any]:
    name = finding.rule
    if rule is None:
        what, why = _FAMILIES.get(name.partition(".")[0], (name, finding.message))
        return _with_help(name, what, why, ())
    what = rule.message.replace("{old}", "…").replace("{new}", "…")
    return _with_help(name, what, rule.why, rule.examples) | {"defaultConfiguration": {"level": _LEVELS[rule.level]}}


def _with_help(name: str, what: str, why: str, examples: Sequence[str]) -> dict[str, Any]:
    plain = [f"{what}: {why}.", "", *(f"- {example}" for example in examples), "", f"--ignore {name} leaves it out."]
    marked = [f"{what}: {why}.", "", *(f"- `` {example} ``" for example in examples), ""]
    return {
        "id": name,
        "shortDescription": {"text": what},
        "fullDescription": {"text": f"{what}: {why}."},
        "help": {"text": "\n".join(plain), "markdown": "\n".join([*marked, f"`--ignore {name}` leaves it out."])},
    }
