"""The hooks under the real pre-commit, which takes this project from git and builds it by itself."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from shell import FAULTY, REPAIRED, RULES

TOP = Path(__file__).resolve().parents[1]
# What was built for the very same project is used again: building takes long.
CACHE = Path(sys.prefix) / ".cache" / "hooks"
SOMEBODY = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]


class Hooks(NamedTuple):
    """This project as a repository of hooks, and the folder in which pre-commit keeps what it builds of it."""

    source: Path
    revision: str
    home: Path


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Hooks:
    copy = tmp_path_factory.mktemp("hooks") / "source"
    for name in run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=TOP).split("\0"):
        if (TOP / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, copy / name)
    commit(copy)
    revision = run("git", "rev-parse", "HEAD", cwd=copy).strip()
    built = CACHE / revision
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests may run in several processes
        if not (built / "ready").exists():
            for old in CACHE.iterdir():
                shutil.rmtree(old)
            shutil.copytree(copy, built / "source")
            project = tmp_path_factory.mktemp("empty")
            found = Hooks(built / "source", revision, built / "home")
            configure(project, found)
            pre_commit("install-hooks", project, found)
            (built / "ready").touch()
    return Hooks(built / "source", revision, built / "home")


def commit(folder: Path) -> None:
    """Commit a folder; the same files make the same commit."""
    then = {"GIT_AUTHOR_DATE": "2020-02-02T00:00:00Z", "GIT_COMMITTER_DATE": "2020-02-02T00:00:00Z"}
    run("git", "init", "--quiet", cwd=folder)
    run("git", "add", "--all", "--force", cwd=folder)
    run("git", *SOMEBODY, "commit", "--quiet", "--message", "All", cwd=folder, env=then)


OPTIONS = "--rules=mine, --select=en.doubled, --exclude=drafts/"


def configure(project: Path, hooks: Hooks, *ids: str, options: str = OPTIONS) -> None:
    configured = "".join(f"      - {{id: {name}, args: [{options}]}}\n" for name in ids or ("cleaner",))
    (project / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {hooks.source}\n    rev: {hooks.revision}\n    hooks:\n{configured}"
    )
    commit(project)


def pre_commit(command: str, project: Path, hooks: Hooks, *args: str, status: int = 0) -> str:
    more = {"PRE_COMMIT_HOME": str(hooks.home), "PIP_CONSTRAINT": str(TOP / "constraints.txt")}
    called = [sys.executable, "-m", "pre_commit", command, "--color=never", *args]
    return run(*called, cwd=project, env=more, status=status)


def run(*command: str, cwd: Path, status: int = 0, env: dict[str, str] | None = None) -> str:
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_DIR", "GIT_INDEX", "GIT_WORK"))
    }
    ran = subprocess.run(
        command,
        cwd=cwd,
        env=plain | (env or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == status, ran.stdout
    return ran.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of somebody who has configured the hooks with a rule of their own."""
    shutil.copytree(RULES, tmp_path / "mine")
    for name in ("a.md", "sub/b.txt", "drafts/c.md", "code.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(FAULTY if name != "code.py" else f"# {FAULTY}")
    return tmp_path


def faulty(project: Path) -> set[str]:
    return {name for name in ("a.md", "sub/b.txt", "drafts/c.md", "code.py") if FAULTY in (project / name).read_text()}


def test_the_hook_shows_what_it_would_repair_and_writes_nothing(project: Path, hooks: Hooks) -> None:
    configure(project, hooks, "cleaner")
    shown = pre_commit("run", project, hooks, "--all-files", status=1)
    assert "- exit code: 1\n" in shown
    assert f"--- a/a.md\n+++ b/a.md\n@@ -1 +1 @@\n-{FAULTY}+{REPAIRED}--- a/sub/b.txt\n+++ b/sub/b.txt\n" in shown
    assert "drafts" not in shown
    assert "files were modified" not in shown
    assert faulty(project) == {"a.md", "sub/b.txt", "drafts/c.md", "code.py"}
    (project / "a.md").write_text(REPAIRED)
    (project / "sub" / "b.txt").write_text(REPAIRED)
    assert "Passed" in pre_commit("run", project, hooks, "--all-files")


def test_the_fixing_hook_writes_and_lists_and_passes_the_second_time(project: Path, hooks: Hooks) -> None:
    configure(project, hooks, "cleaner-fix")
    shown = pre_commit("run", project, hooks, "--all-files", status=1)
    assert "- exit code: 1\n- files were modified by this hook\n" in shown
    for name in ("a.md", "sub/b.txt"):
        assert f"{name}:1:15: en.doubled.function-word: He went to the[- the-] house.\n" in shown
    assert faulty(project) == {"drafts/c.md", "code.py"}
    assert "Passed" in pre_commit("run", project, hooks, "--all-files")


def test_only_what_is_to_be_committed_is_looked_at(project: Path, hooks: Hooks) -> None:
    configure(project, hooks, "cleaner-fix")
    assert "Skipped" in pre_commit("run", project, hooks)
    (project / "sub" / "b.txt").write_text(FAULTY * 2)
    run("git", "add", "sub", cwd=project)
    pre_commit("run", project, hooks, status=1)
    assert faulty(project) == {"a.md", "drafts/c.md", "code.py"}


def test_a_draft_named_outright_is_left_alone(project: Path, hooks: Hooks) -> None:
    configure(project, hooks, "cleaner", "cleaner-fix")
    assert pre_commit("run", project, hooks, "--files", "drafts/c.md").count("Passed") == 2
    assert "drafts/c.md" in faulty(project)


def test_settings_ignores_and_a_baseline_hold_for_both_hooks(project: Path, hooks: Hooks) -> None:
    (project / ".cleaner.toml").write_text('rules = ["mine"]\nselect = ["en.doubled"]\nexclude = ["drafts/"]\n')
    known = {"path": "a.md", "rule": "en.doubled.function-word", "before": "he went to", "text": "the the"}
    lines = ['[{"version": 1}', "," + json.dumps(known | {"after": "house"}), "]", ""]
    (project / ".cleaner-baseline.json").write_text("\n".join(lines))
    (project / "sub" / "b.txt").write_text(f"# cleaner: ignore-next-line\n{FAULTY}")
    configure(project, hooks, "cleaner", "cleaner-fix", options="")
    assert pre_commit("run", project, hooks, "--all-files").count("Passed") == 2
    assert faulty(project) == {"a.md", "sub/b.txt", "drafts/c.md", "code.py"}


def test_with_since_only_what_changed_is_looked_at(project: Path, hooks: Hooks) -> None:
    configure(project, hooks, "cleaner-fix", options=f"{OPTIONS}, --since=HEAD")
    (project / "a.md").write_text(f"{FAULTY}\nNew. {FAULTY}")
    run("git", "add", "a.md", cwd=project)
    pre_commit("run", project, hooks, status=1)
    assert (project / "a.md").read_text() == f"{FAULTY}\nNew. {REPAIRED}"
    assert "Passed" in pre_commit("run", project, hooks, "--files", "sub/b.txt")
