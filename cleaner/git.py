"""What git says, with errors that are the user's to mend."""

from __future__ import annotations

from cleaner.model import ConfigError


def ask(*args: str, folder: str = ".", asked_by: str, refused: str = "") -> bytes:
    """Return what a command of git prints in a folder.

    Raises ConfigError that opens with `asked_by`, or with `refused` where git does not take the command.
    """
    import subprocess

    try:
        done = subprocess.run(["git", "-C", folder, *args], capture_output=True, check=False)
    except OSError as error:
        raise ConfigError(f"{asked_by}: cannot run git: {error.strerror}") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise ConfigError(f"{refused or asked_by}: git: {said[0] if said else 'failed'}")
    return done.stdout
