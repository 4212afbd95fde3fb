"""--since in real repositories: only changed lines are told and repaired."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from shell import FAULTY, REPAIRED, SELECT, cleaner

from cleaner import changed

SOMEBODY = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]


def git(folder: Path, *args: str) -> None:
    subprocess.run(["git", *SOMEBODY, *args], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A repository whose only commit is full of faults."""
    for name in ("a.md", "sub/b.txt", "sub/sad name é.md", "drafts/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"# Title\n\n{FAULTY}\nMore.\n\n{FAULTY}")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "All")
    return tmp_path


def told(folder: Path, *args: str, status: int = 1) -> list[str]:
    ran = cleaner("check", "--format", "jsonl", *SELECT, "--since", "HEAD", *(args or (".",)), cwd=folder)
    assert ran.returncode == status, ran.stderr
    findings = [json.loads(line) for line in ran.stdout.decode().splitlines()]
    return [f"{finding['path']}:{finding['line']}" for finding in findings]


def test_nothing_is_told_where_nothing_changed(site: Path) -> None:
    assert told(site, status=0) == []


def test_only_changed_lines_are_told(site: Path) -> None:
    (site / "a.md").write_text(f"# Title\n\n{FAULTY}\nMuch more.\nNew: {FAULTY}\n{FAULTY}")
    (site / "drafts/c.txt").write_text("Quiet.\n")
    assert told(site) == ["a.md:6"]
    assert told(site, "sub", status=0) == []


def test_renamed_odd_and_untracked_files_are_found_from_a_subfolder(site: Path) -> None:
    git(site, "mv", "sub/b.txt", "sub/renamed.txt")
    with (site / "sub/renamed.txt").open("a") as file:
        file.write(f"\nNow {FAULTY}")
    with (site / "sub/sad name é.md").open("a") as file:
        file.write(f"\nNow {FAULTY}")
    (site / "sub/new.md").write_text(FAULTY)
    (site / "sub/.gitignore").write_text("ignored.md\n")
    (site / "sub/ignored.md").write_text(FAULTY)
    assert told(site / "sub") == ["new.md:1", "renamed.txt:9", "sad name é.md:9"]


def test_lines_that_end_in_carriage_returns_count_alike(site: Path) -> None:
    (site / "a.md").write_bytes(f"# Title\n\n{FAULTY}\n".replace("\n", "\r\n").encode())
    git(site, "commit", "--quiet", "--all", "--message", "CRLF")
    (site / "a.md").write_bytes(f"# Title\n\n{FAULTY}\n{FAULTY}".replace("\n", "\r\n").encode())
    assert told(site) == ["a.md:5"]


def test_fix_writes_only_to_changed_lines(site: Path) -> None:
    before = (site / "a.md").read_text()
    (site / "a.md").write_text(before + "\nNow " + FAULTY)
    assert cleaner("fix", *SELECT, "--since", "HEAD", ".", cwd=site).returncode == 0
    assert (site / "a.md").read_text() == before + "\nNow " + REPAIRED


def test_a_record_is_told_if_its_line_changed(site: Path) -> None:
    line = '{"text": "' + FAULTY.strip() + '"}\n'
    (site / "r.jsonl").write_text(line)
    git(site, "add", ".")
    git(site, "commit", "--quiet", "--message", "Records")
    (site / "r.jsonl").write_text(line + line.replace("He", "She"))
    ran = cleaner("check", "--format", "jsonl", *SELECT, "--since", "HEAD", "r.jsonl", cwd=site)
    assert ran.stdout.count(b"\n") == 1
    assert b'"record":2' in ran.stdout


def test_a_revision_that_is_none_is_a_clear_error(site: Path) -> None:
    for revision in ("nosuch", "--output=x", ""):
        ran = cleaner("check", f"--since={revision}", ".", cwd=site)
        assert (ran.returncode, ran.stderr.count(b"\n")) == (2, 1), ran.stderr
        assert ran.stderr.startswith(f"cleaner: --since {revision}: ".encode())
    assert sorted(path.name for path in site.iterdir()) == [".git", "a.md", "drafts", "sub"]


def test_a_line_that_looks_like_a_header_of_a_diff_is_text(site: Path) -> None:
    (site / "a.md").write_text(f"++ b/sub/b.txt\n@@ -1 +1 @@\n{FAULTY}")
    lines = changed.since("HEAD", [str(site)])
    assert {Path(name).name: spans for name, spans in lines.items()} == {"a.md": ((1, 2),)}
