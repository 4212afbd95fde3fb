"""The wheel works by itself: built, installed into a fresh environment, run far from the checkout."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]


def run(*command: object, **more: object) -> str:
    ran = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **more)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_an_installed_wheel_brings_its_rules_and_needs_no_checkout(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, TOP)
    (wheel,) = tmp_path.glob("mt_cleaner-*.whl")
    venv = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    run(sys.executable, "-m", "pip", "--python", venv, "install", "--no-deps", "--no-index", wheel)
    # What it depends on comes from here: it is the same, and does not have to be fetched.
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(venv)}))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def outside(*args: object) -> str:
        return run(venv / "bin" / args[0], *args[1:], cwd=tmp_path, env={"HOME": str(tmp_path)})

    place = outside("python", "-c", "import cleaner; print(cleaner.__file__)")
    assert Path(place.strip()).is_relative_to(packages)
    shipped = {path.relative_to(TOP / "rules") for path in (TOP / "rules").rglob("*") if path.is_file()}
    installed = packages / "cleaner" / "_rules"
    assert {path.relative_to(installed) for path in installed.rglob("*") if path.is_file()} == shipped
    assert (packages / "cleaner" / "py.typed").is_file()

    (tmp_path / "a.txt").write_text("He went to the the house.\n")
    listed = outside("cleaner", "rules", "list").splitlines()
    assert len(listed) > 10
    assert "_rules" in outside("cleaner", "rules", "show", listed[0].split()[0])
    outside("cleaner", "fix", "--unsafe-fixes", "a.txt")
    assert (tmp_path / "a.txt").read_text() == "He went to the house.\n"
