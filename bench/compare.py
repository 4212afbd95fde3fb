"""Quality and speed beside the peers, in one run, each as a whole process (`make bench`).

    bench/compare.py [PATH...]      default: what there is in ../shared/bench

A PATH is a file of pairs (.jsonl with `bad` and `good` or `goods`) or a folder of text that is held to be clean.
For pairs: edits that are exactly the correction's (precision, recall, F0.5), edits that bring a text closer to the
correction and further from it, and the same for every rule of cleaner. For folders: findings per 10,000 words and
wall time, as a ratio to codespell's in the same run (machines differ, ratios less so).
"""

from __future__ import annotations

import collections
import difflib
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BIN = pathlib.Path(sys.executable).parent
TOKEN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|\d+(?:[.,]\d+)*|[^\w\s]|\w+")
RUNS = 5


def main() -> None:
    default = pathlib.Path(__file__).resolve().parent.parent.parent / "shared" / "bench"
    paths = [pathlib.Path(arg) for arg in sys.argv[1:]] or [default]
    paths = [part for path in paths for part in parts_of(path)]
    if not paths:
        print("no data: nothing measured")
    for path in paths:
        pairs(path) if path.suffix == ".jsonl" else folder(path)


def parts_of(path: pathlib.Path) -> list[pathlib.Path]:
    """The pieces of a folder laid out like the development data; otherwise the path itself."""
    if not path.exists():
        return []
    known = [*sorted(path.glob("typos/*.jsonl")), *sorted(path.glob("postedit/*dev.jsonl")), path / "clean"]
    return [p for p in known if p.exists()] if (path / "clean").is_dir() else [path]


def pairs(path: pathlib.Path) -> None:
    records = [r for r in map(json.loads, path.open(encoding="utf-8")) if r.get("bad")]
    bad = [" ".join(r["bad"].split("\n")) for r in records]
    goods = [[" ".join(g.split("\n")) for g in (r.get("goods") or [r["good"]])] for r in records]
    print(f"\n{path.name}: {len(records)} pairs")
    for tool, fix in TOOLS.items():
        exact, found, wanted, closer, further = 0, 0, 0, 0, 0
        for before, after, choices in zip(bad, fix(bad), goods, strict=True):
            mine = edits(before, after)
            gold = max((edits(before, good) for good in choices), key=lambda g: (len(mine & g), -len(g)))
            exact, found, wanted = exact + len(mine & gold), found + len(mine), wanted + len(gold)
            for edit in mine:
                change = max(distance(apply(before, edit), good) for good in choices)
                base = max(distance(TOKEN.findall(before), good) for good in choices)
                closer, further = closer + (change < base), further + (change > base)
        precision, recall = exact / max(1, found), exact / max(1, wanted)
        score = 1.25 * precision * recall / max(1e-9, 0.25 * precision + recall)
        print(f"  {tool:16} P {precision:.3f} R {recall:.3f} F0.5 {score:.3f}   {closer:5} closer {further:5} further")
    per_rule(bad, goods)


def edits(before: str, after: str) -> set[tuple[int, int, str]]:
    a, b = TOKEN.findall(before), TOKEN.findall(after)
    codes = difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return {(i, j, " ".join(b[k:m])) for op, i, j, k, m in codes if op != "equal"}


def apply(before: str, edit: tuple[int, int, str]) -> list[str]:
    tokens = TOKEN.findall(before)
    return tokens[: edit[0]] + edit[2].split() + tokens[edit[1] :]


def distance(tokens: list[str], good: str) -> int:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(tokens, TOKEN.findall(good))


def per_rule(bad: list[str], goods: list[list[str]]) -> None:
    """How the edits of each rule of cleaner fare alone."""
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    with tempfile.TemporaryDirectory() as folder:
        records = jsonl(pathlib.Path(folder, "in.jsonl"), bad)
        run = subprocess.run([BIN / "cleaner", "check", "--format", "jsonl", records], capture_output=True, text=True)
        for line in run.stdout.split("\n")[:-1]:
            finding = json.loads(line)
            text = bad[finding["record"] - 1]
            if not finding["edits"]:
                counts[finding["rule"]]["shown"] += 1
                continue
            mended, end = "", 0
            for edit in sorted(finding["edits"], key=lambda e: e["start"]):
                mended += text[end : edit["start"]] + edit["text"]
                end = edit["end"]
            mended += text[end:]
            good = goods[finding["record"] - 1]
            change = min(distance(TOKEN.findall(mended), g) for g in good)
            base = min(distance(TOKEN.findall(text), g) for g in good)
            counts[finding["rule"]]["right" if change < base else "wrong" if change > base else "neutral"] += 1
    for rule, n in sorted(counts.items(), key=lambda item: -item[1].total()):
        print(f"    {rule:40} right {n['right']:4} wrong {n['wrong']:4} neutral {n['neutral']:4}")


def folder(path: pathlib.Path) -> None:
    files = [p for p in path.rglob("*") if p.suffix in (".txt", ".md")]
    words = sum(len(p.read_text(encoding="utf-8", errors="replace").split()) for p in files)
    size = sum(p.stat().st_size for p in files) / 1e6
    print(f"\n{path.name}: {len(files)} files, {words} words, {size:.1f} MB")
    times: dict[str, list[float]] = collections.defaultdict(list)
    hits = {}
    for _ in range(RUNS):  # in turn, so that a busy machine is busy for all
        for tool, command in CHECKS.items():
            start = time.perf_counter()
            run = subprocess.run([*command, path], capture_output=True, text=True)
            times[tool].append(time.perf_counter() - start)
            hits[tool] = len(run.stdout.split("\n")) - 1
    base = statistics.median(times["codespell"])
    for tool, taken in times.items():
        median = statistics.median(taken)
        rate, speed, ratio = hits[tool] / max(1, words) * 1e4, size / median, median / base
        print(f"  {tool:16} {rate:6.2f} per 10k words  {median:5.2f} s  {speed:6.2f} MB/s  {ratio:5.2f} x codespell")


def by_cleaner(*options: str):  # type: ignore[no-untyped-def]
    def fix(texts: list[str]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            records, out = jsonl(pathlib.Path(folder, "in.jsonl"), texts), pathlib.Path(folder, "out.jsonl")
            subprocess.run([BIN / "cleaner", "fix", "-q", *options, records, "--output", out], check=True)
            return [json.loads(line)["text"] for line in out.read_text(encoding="utf-8").split("\n")[:-1]]

    return fix


def in_place(*command: str):  # type: ignore[no-untyped-def]
    def fix(texts: list[str]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "in.txt")
            file.write_text("\n".join(texts) + "\n", encoding="utf-8")
            subprocess.run([BIN / command[0], *command[1:], file], capture_output=True)
            return file.read_text(encoding="utf-8").split("\n")[:-1]

    return fix


def jsonl(path: pathlib.Path, texts: list[str]) -> pathlib.Path:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


TOOLS = {
    "cleaner": by_cleaner(),
    "cleaner --unsafe": by_cleaner("--unsafe-fixes"),
    "typos": in_place("typos", "--write-changes"),
    "codespell": in_place("codespell", "--write-changes"),
}
CHECKS = {
    "codespell": [BIN / "codespell"],
    "typos": [BIN / "typos", "--format", "brief"],
    "cleaner, 1 job": [BIN / "cleaner", "check", "-q", "--jobs", "1", "--format", "jsonl"],
    "cleaner": [BIN / "cleaner", "check", "-q", "--format", "jsonl"],
}

if __name__ == "__main__":
    assert shutil.which(str(BIN / "cleaner")), "run it with the Python that cleaner is installed for: make bench"
    main()
