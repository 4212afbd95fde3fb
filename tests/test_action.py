"""The GitHub action and the recipes for code hosts: their shell parts, run as the hosts run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from shell import FAULTY, REPAIRED, RULES, cleaner

TOP = Path(__file__).resolve().parents[1]
ACTION = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))
INSTALL, CHECK = ACTION["runs"]["steps"]
RECIPES = (TOP / "docs" / "code-hosts.md").read_text(encoding="utf-8")


def run(step: dict[str, Any], runner: Path, *, cwd: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the script of a step as GitHub's runner does, with the inputs given and defaults for the others."""
    values = {name: declared["default"] for name, declared in ACTION["inputs"].items()} | inputs
    env = {name: filled(text, values) for name, text in step["env"].items()}
    env |= {
        "GITHUB_ACTION_PATH": str(TOP),
        "GITHUB_OUTPUT": str(runner / "output"),
        "GITHUB_STEP_SUMMARY": str(runner / "summary"),
        "GITHUB_WORKSPACE": str(runner / "work"),
        "RUNNER_TEMP": str(runner),
    }
    script = runner / "script.sh"
    script.write_text(step["run"])
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
        cwd=cwd / filled(step.get("working-directory", "."), values),
        env=os.environ | env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def filled(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: values[m[1]], text)


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A runner on which cleaner is installed (the one beside the Python of the tests), with a repository."""
    (tmp_path / "mt-cleaner").symlink_to(Path(sys.executable).parent.parent)
    (tmp_path / "summary").touch()
    (tmp_path / "work" / "sub").mkdir(parents=True)
    (tmp_path / "work" / "sub" / "two words.md").write_text(FAULTY)
    (tmp_path / "work" / "b.md").write_text(f"{FAULTY}\nThey met in a the town.\n")
    return tmp_path


ARGS = f"--rules {RULES}\n--select en.doubled"


def test_the_action_installs_this_project(tmp_path: Path) -> None:
    done = run(INSTALL, tmp_path, cwd=tmp_path, python=sys.executable)
    assert done.returncode == 0, done.stderr
    installed = tmp_path / "mt-cleaner" / "bin" / "cleaner"
    (tmp_path / "a.txt").write_text(FAULTY)
    fixed = subprocess.run([installed, "fix", *ARGS.split(), tmp_path / "a.txt"], check=False, capture_output=True)
    assert fixed.returncode == 0
    assert (tmp_path / "a.txt").read_text() == REPAIRED


def test_the_action_annotates_and_summarizes_and_fails(runner: Path) -> None:
    done = run(CHECK, runner, cwd=runner / "work", args=ARGS)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"::warning file={name},line=1,endLine=1,col=12,endColumn=19,title=cleaner (en.doubled.function-word)"
        "::“the the”: the word stands twice%0AHe went to the[- the-] house."
        for name in ("b.md", "sub/two words.md")
    ]
    assert "### cleaner: 2 findings: 2 safe\n" in (runner / "summary").read_text()
    assert (runner / "output").read_text() == "status=1\n"


def test_the_action_takes_paths_with_spaces_below_a_folder(runner: Path) -> None:
    inputs = {"paths": "two words.md\n", "args": ARGS, "working-directory": "sub"}
    done = run(CHECK, runner, cwd=runner / "work", **inputs)
    assert done.returncode == 1
    assert "::warning file=sub/two words.md,line=1," in done.stdout


def test_the_action_lets_findings_pass_but_not_errors(runner: Path) -> None:
    assert run(CHECK, runner, cwd=runner / "work", args=ARGS, fail="false").returncode == 0
    done = run(CHECK, runner, cwd=runner / "work", args=ARGS, fail="false", paths="none.md")
    assert done.returncode == 2
    assert done.stdout == "::error file=none.md,title=cleaner::none.md: cannot read it: No such file or directory\n"
    assert (runner / "output").read_text() == "status=1\nstatus=2\n"


def test_the_action_is_silent_about_clean_text(runner: Path) -> None:
    for path in (runner / "work").rglob("*.md"):
        path.write_text(REPAIRED)
    done = run(CHECK, runner, cwd=runner / "work", args=ARGS)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (runner / "summary").read_text() == "### cleaner: 0 findings\n"


def test_the_text_of_an_input_is_not_run(runner: Path) -> None:
    done = run(
        CHECK, runner, cwd=runner / "work", paths="$(touch made)\n`touch made`", args="$(touch made) ; touch made"
    )
    assert done.returncode == 2
    assert not (runner / "work" / "made").exists()


def scripts() -> list[str]:
    """The lines of shell in the recipes that call cleaner."""
    blocks = re.findall(r"```yaml\n(.*?)```", RECIPES, re.S)
    lines = re.findall(r"^ *- (?:run: )?(cleaner .*)$", "\n".join(blocks), re.M)
    assert len(lines) == 3
    return lines


@pytest.mark.parametrize("script", scripts())
def test_a_recipe_does_what_it_says(script: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(FAULTY)
    env = os.environ | {
        "GITHUB_WORKSPACE": "",
        "CI_PROJECT_DIR": "",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }

    def ran(script: str) -> int:
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        return subprocess.run(command, cwd=tmp_path, env=env, check=False, capture_output=True).returncode

    for text in (FAULTY, REPAIRED):
        (tmp_path / "a.md").write_text(text)
        assert ran(script) == 0
        (written,) = (path for path in tmp_path.iterdir() if path.name != "a.md")
        assert ("a.md" in json.dumps(json.loads(written.read_text()))) == (text == FAULTY)
    assert ran(script.replace(" . ", " none.md ")) != 0


def test_every_form_is_in_the_table_of_forms() -> None:
    listed = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", RECIPES, re.M))))
    choices = re.search(r"\[([a-z|]+)\]", cleaner("check", "--help").stdout.decode().split("--format")[1])
    assert choices
    assert listed == set(choices[1].split("|"))
