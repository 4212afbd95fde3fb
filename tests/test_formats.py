"""Every output form: golden files, the schemas of its readers, and readers of our own that apply what it proposes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
import strategies  # noqa: F401  (its settings)
from hypothesis import given
from hypothesis import strategies as st
from shell import FAULTY, RULES, SELECT, cleaner

from cleaner import worddiff
from cleaner._version import __version__
from cleaner.edits import splice
from cleaner.model import Applicability, Edit, Finding, Span
from cleaner.render import FORMATS
from cleaner.render.report import Context, Report

TOP = Path(__file__).resolve().parents[1]
DATA = Path(__file__).parent / "data" / "formats"
INPUTS = ["awkward.md", "records.jsonl"]  # emoji, tabs, CRLF, a very long line; JSON with escapes
RULES_USED = ("--rules", RULES, "--select", "en.doubled,en.articles,any.stops,encoding")
SCHEMAS = TOP.parent / "shared" / "schemas"
SCHEMA_OF = {
    "sarif": "sarif-2.1.0.json",
    "gitlab": "gitlab-code-quality.json",
    "rdjson": "rdjson/DiagnosticResult.json",
}
EACH_INPUT = pytest.mark.parametrize("name", INPUTS)


def shown(form: str, *paths: object, cwd: Path = DATA, status: int = 1, more: tuple[str, ...] = ()) -> bytes:
    ran = cleaner("check", *RULES_USED, "--format", form, *more, *paths, cwd=cwd, env=AWAY)
    assert ran.returncode == status, ran.stderr.decode()
    return ran.stdout


# Where a code host runs these tests, it says where its own repository is.
AWAY = {"GITHUB_WORKSPACE": "", "CI_PROJECT_DIR": ""}


@pytest.mark.parametrize("form", [*FORMATS, "statistics", "statistics-json"])
def test_a_form_is_what_its_golden_file_says(form: str) -> None:
    name, *more = form.split("-") if form not in FORMATS else [form]
    options = ("--statistics",) if name == "statistics" else ()
    came = shown(more[0] if more else "text" if options else form, *INPUTS, more=options)
    came = came.replace(f'"version":"{__version__}"'.encode(), b'"version":"VERSION"')
    golden = DATA / f"expected.{form}"
    if os.environ.get("SNAPSHOTS") == "overwrite":
        golden.write_bytes(came)
    assert came == golden.read_bytes()


@pytest.mark.parametrize("form", SCHEMA_OF)
def test_a_form_is_valid_by_the_schema_of_its_readers(form: str, tmp_path: Path) -> None:
    if not SCHEMAS.is_dir():
        pytest.skip(f"no schemas in {SCHEMAS}")
    schema = json.loads((SCHEMAS / SCHEMA_OF[form]).read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    (tmp_path / "clean.txt").write_text("All is well.\n")
    broken = shown(form, *map(DATA.joinpath, INPUTS), tmp_path / "missing.txt", status=2)
    for output in (shown(form, *INPUTS), broken, shown(form, tmp_path / "clean.txt", status=0)):
        validator.validate(json.loads(output))
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({"diagnostics": 1, "version": 1})


# Readers, written from the definitions of the forms and not from what writes them.


def applied_sarif(log: dict[str, Any], uri: str, data: bytes) -> bytes:
    """Apply all fixes for a file; lines end at newline, columns are code points."""
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    text = data.decode("utf-8-sig")
    starts = [0, *(m.end() for m in re.finditer("\n", text))]
    found = []
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        region = result["locations"][0]["physicalLocation"]["region"]
        start, end = (starts[region[f"{at}Line"] - 1] + region[f"{at}Column"] - 1 for at in ("start", "end"))
        assert text[start:end] == region["snippet"]["text"]
        for change in (change for fix in result.get("fixes", []) for change in fix["artifactChanges"]):
            if unquote(change["artifactLocation"]["uri"]) == uri:
                for replacement in change["replacements"]:
                    r = replacement["deletedRegion"]
                    start, end = (starts[r[f"{at}Line"] - 1] + r[f"{at}Column"] - 1 for at in ("start", "end"))
                    found.append((start, end, replacement["insertedContent"]["text"]))
    for start, end, new in sorted(found, reverse=True):
        text = text[:start] + new + text[end:]
    return data[: len(data) - len(data.decode("utf-8-sig").encode())] + text.encode()


def applied_rdjson(result: dict[str, Any], path: str, data: bytes) -> bytes:
    """Apply the suggestions for a file; columns are bytes, ends are exclusive."""
    starts = [0, *(m.end() for m in re.finditer(b"\n", data))]
    found = []
    for diagnostic in result["diagnostics"]:
        for suggestion in diagnostic.get("suggestions", []):
            if diagnostic["location"]["path"] == path:
                ends = (suggestion["range"][at] for at in ("start", "end"))
                start, end = (starts[p["line"] - 1] + p["column"] - 1 for p in ends)
                found.append((start, end, suggestion["text"].encode()))
    for start, end, new in sorted(found, reverse=True):
        data = data[:start] + new + data[end:]
    return data


APPLIED: dict[str, Callable[[dict[str, Any], str, bytes], bytes]] = {"sarif": applied_sarif, "rdjson": applied_rdjson}


@pytest.mark.parametrize("form", APPLIED)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
@EACH_INPUT
def test_the_repairs_of_a_form_are_those_that_fix_makes(form: str, mark: bytes, name: str, tmp_path: Path) -> None:
    data = mark + (DATA / name).read_bytes()
    (tmp_path / name).write_bytes(data)
    proposed = json.loads(shown(form, name, cwd=tmp_path))
    ran = cleaner("fix", *RULES_USED, "--unsafe-fixes", name, cwd=tmp_path)
    assert ran.returncode == 0
    assert APPLIED[form](proposed, name, data) == (tmp_path / name).read_bytes() != data


@pytest.mark.parametrize("form", APPLIED)
def test_the_repairs_of_all_rules_come_through_standard_input(form: str) -> None:
    data = (TOP / "seeds" / "embassy.txt").read_bytes()
    named = ("--stdin-filename", "sub/a b.txt", "-")
    found = json.loads(cleaner("check", "--format", "json", "--level", "unsafe", *named, input=data).stdout)
    edits = [Edit(**edit) for finding in found for edit in finding["edits"]]
    proposed = json.loads(cleaner("check", "--format", form, *named, input=data, env=AWAY).stdout)
    assert APPLIED[form](proposed, "sub/a b.txt", data) == splice(data.decode(), edits).encode() != data


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A text and findings on it, with edits that do not overlap."""
    text = draw(st.text(st.sampled_from("ab \té日😀\r\n\f\u2028%,:|"), max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    findings = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        new = draw(st.text(st.sampled_from("xé😀\n"), max_size=3))
        level = draw(st.sampled_from(Applicability))
        middle = (start + end) // 2
        edits = draw(st.sampled_from([(Edit(start, end, new),), (Edit(start, start, new), Edit(middle, end, ""))]))
        edits = edits if middle > start else edits[:1]
        findings.append(Finding("en.x", Span(start, end), "a, b: 100%\nc", edits, level))
    return Report("a.txt", 0, text.encode(), text, tuple(findings), tuple(findings))


@given(reports())
def test_any_repair_is_found_at_its_place(report: Report) -> None:
    edits = [e for f in report.shown if f.applicability is not Applicability.DISPLAY for e in f.edits]
    expected = splice(report.text, edits).encode()
    for form, applied in APPLIED.items():
        output = json.loads(b"".join(FORMATS[form](iter([report]), Context())))
        assert applied(output, "a.txt", report.data) == expected


@given(reports())
def test_marked_lines_hold_the_text_before_and_after(report: Report) -> None:
    output = b"".join(FORMATS["words"](iter([report]), Context())).decode()
    before, after = report.text.split("\n"), splice(report.text, [e for f in report.shown for e in f.edits]).split("\n")
    for first, old, start, new, marked in hunks(output):
        parsed = worddiff.parse(marked.removesuffix("\n"))
        assert parsed[0] == "\n".join(before[first - 1 : first - 1 + old])
        assert parsed[1] == "\n".join(after[start - 1 : start - 1 + new]) or new == 0


def hunks(output: str) -> Iterator[tuple[int, int, int, int, str]]:
    parts = re.split(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@.*\n", output, flags=re.M)
    for i in range(1, len(parts), 5):
        first, old, start, new, marked = parts[i : i + 5]
        yield int(first), int(old or 1), int(start), int(new or 1), marked


def commands(output: bytes) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as GitHub's runner does."""
    out = []
    for line in output.decode().split("\n")[:-1]:
        match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
        assert match, line
        properties = dict(pair.split("=", 1) for pair in match[2].split(","))
        out.append((match[1], {key: unescaped(value) for key, value in properties.items()}, unescaped(match[3])))
    return out


def unescaped(text: str) -> str:
    return re.sub("%(0D|0A|3A|2C|25)", lambda m: chr(int(m[1], 16)), text)


def test_annotations_are_escaped_and_those_that_span_lines_have_no_columns() -> None:
    text = "a\nb 100%, c: d\n"
    edit = Edit(4, 8, "%0A")
    findings = (
        Finding("en.x", Span(4, 8), "100%, c:\r\nd", (edit,), Applicability.SAFE),
        Finding("en.y", Span(0, 3), "over lines"),
    )
    report = Report("a,b: 1%.txt", 0, text.encode(), text, findings, findings)
    first, second = commands(b"".join(FORMATS["github"](iter([report]), Context())))
    place = {"file": "a,b: 1%.txt", "line": "2", "endLine": "2", "col": "3", "endColumn": "7"}
    said = "100%, c:\r\nd\nb [-100%-]{+%0A+}, c: d"
    assert first == ("warning", place | {"title": "cleaner (en.x)"}, said)
    place = {"file": "a,b: 1%.txt", "line": "1", "endLine": "2"}
    assert second == ("notice", place | {"title": "cleaner (en.y)"}, "over lines")


def test_the_surest_ten_are_annotated_and_the_rest_is_counted(tmp_path: Path) -> None:
    unsafe, safe, display = "They met in a the town.\n\n", FAULTY + "\n", "The caf\ufffd stayed.\n\n"
    (tmp_path / "a.md").write_text(unsafe * 8 + display * 12 + safe * 7)
    told = commands(shown("github", "a.md", cwd=tmp_path))
    assert [kind for kind, _, _ in told] == ["warning"] * 10 + ["notice"] * 10
    rules = [properties["title"] for _, properties, _ in told]
    assert rules[:10] == ["cleaner (en.doubled.function-word)"] * 7 + ["cleaner (en.articles.clash)"] * 3
    assert told[-1][2] == "8 more: GitHub shows ten of a kind for a step"


def test_a_file_that_cannot_be_read_is_told_in_the_form(tmp_path: Path) -> None:
    assert commands(shown("github", "a.md", cwd=tmp_path, status=2))[0][0] == "error"
    (run,) = json.loads(shown("sarif", "a.md", cwd=tmp_path, status=2))["runs"]
    assert not run["invocations"][0]["executionSuccessful"]
    assert json.loads(shown("rdjson", "a.md", cwd=tmp_path, status=2))["diagnostics"][0]["severity"] == "ERROR"
    assert json.loads(shown("gitlab", "a.md", cwd=tmp_path, status=2))[0]["severity"] == "major"


@pytest.mark.parametrize("form", ["sarif", "gitlab"])
def test_fingerprints_are_all_different_and_stay_when_text_moves(form: str, tmp_path: Path) -> None:
    def prints() -> list[str]:
        output = json.loads(shown(form, ".", cwd=tmp_path))
        if form == "gitlab":
            return [issue["fingerprint"] for issue in output]
        results = output["runs"][0]["results"]
        assert all(len(set(result["partialFingerprints"].values())) == 1 for result in results)
        return [result["partialFingerprints"]["cleaner/v1"] for result in results]

    twice = (FAULTY + "\n") * 2 + "They met in a the town.\n"
    (tmp_path / "a.md").write_text(twice)
    (tmp_path / "b.jsonl").write_text(2 * (json.dumps({"text": FAULTY}) + "\n"))
    before = prints()
    assert len(before) == 5
    assert len(set(before)) == (5 if form == "gitlab" else 4)  # GitHub looks at the path by itself
    assert len(set(before[:3])) == 3
    (tmp_path / "a.md").write_text("# New\n\nMore.\n\nThey met in a the town.\n\n" + (FAULTY + "\n") * 2)
    assert sorted(prints()) == sorted(before)


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
@pytest.mark.parametrize("form", ["sarif", "gitlab", "github"])
def test_paths_are_told_from_the_root_of_the_repository(form: str, variable: str, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a b.md").write_text(FAULTY)
    env = AWAY | {variable: str(tmp_path)}
    output = cleaner("check", *SELECT, "--format", form, ".", cwd=tmp_path / "sub", env=env).stdout
    assert (b"sub/a%20b.md" if form == "sarif" else b"sub/a b.md") in output
