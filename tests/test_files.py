"""Bad input and bad luck with files: a clear message, status 2, nothing lost and nothing left behind."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from shell import CLEANER, FAULTY, REPAIRED, SELECT, cleaner, tree, used_memory

from cleaner import engine, files
from cleaner.cli import cli
from cleaner.document import Document
from cleaner.model import FileError

LARGE = 200 << 20
BOTH = pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])


def content(name: str, sentence: str = FAULTY) -> str:
    """Return a sentence as the whole of a file of the kind that its name says."""
    return json.dumps({"text": sentence}) + "\n" if name.endswith(".jsonl") else sentence


def test_a_file_that_is_not_utf8_is_named_with_what_was_tried_and_the_rest_is_done(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"Fine.\nCaf\xe9. " + FAULTY.encode())
    (tmp_path / "b.txt").write_text(FAULTY)
    ran = cleaner("fix", "-q", *SELECT, "a.txt", "b.txt", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr.decode() == (
        "cleaner: a.txt: not UTF-8 (byte 0xE9 in line 2); tried UTF-8: "
        "name its encoding, such as --encoding windows-1252 or latin-1\n"
    )
    assert tree(tmp_path) == {"a.txt": b"Fine.\nCaf\xe9. " + FAULTY.encode(), "b.txt": REPAIRED.encode()}


@pytest.mark.parametrize(
    ("encoding", "written", "text"),
    [
        ("latin-1", "latin-1", "Café \x85 ÿþ\n\n"),
        ("windows-1252", "windows-1252", "“Café” – "),
        ("iso8859-15", "iso8859-15", "5 € "),
        ("koi8-r", "koi8-r", "Дом "),
        ("shift_jis", "shift_jis", "日本 "),
        ("utf-16", "utf-16", "日本 😀 "),
        ("utf-16", "utf-16-le", "日本 😀 "),
        ("utf-16-be", "utf-16-be", "日本 😀 "),
        ("utf-32", "utf-32", "日本 😀 "),
        ("utf-8-sig", "utf-8-sig", "日本 😀 "),
        ("utf-8-sig", "utf-8", "日本 😀 "),
        ("latin-1", "utf-8-sig", "日本 😀 "),
    ],
)
def test_a_file_is_written_in_the_encoding_it_was_read_in(
    tmp_path: Path, encoding: str, written: str, text: str
) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes((text + FAULTY).encode(written))
    ran = cleaner("fix", "-q", *SELECT, "--encoding", encoding, file)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert file.read_bytes() == (text + REPAIRED).encode(written)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str) -> None:
    data = "\ufeffÉ 😀".encode(encoding)
    source = files.decode(data, "a.txt")
    assert (source.text, source.encoding) == ("É 😀", encoding)
    assert source.encode(source.text) == data


@pytest.mark.parametrize("encoding", ["utf-7", "idna", "unicode_escape"])
def test_an_encoding_that_would_not_give_back_the_same_bytes_is_refused(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(rb"+AGE- \x41.. " + FAULTY.encode())
    ran = cleaner("fix", *SELECT, "--encoding", encoding, file)
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"cleaner: {file}: ".encode())
    assert ran.stderr.count(b"\n") == 1
    assert file.read_bytes() == rb"+AGE- \x41.. " + FAULTY.encode()


def test_a_repair_that_the_encoding_cannot_hold_is_not_written(tmp_path: Path) -> None:
    rules = tmp_path / "mine" / "any" / "dash.yaml"
    rules.parent.mkdir(parents=True)
    rules.write_text(
        "kind: phrase\nrules:\n  dash:\n    message: a dash\n    why: a test\n    level: safe\n"
        '    phrases: {one dash two: one – two}\n    bad: ["[-one dash two-]{+one – two+}"]\n    good: [one]\n',
        encoding="utf-8",
    )
    file = tmp_path / "a.txt"
    file.write_text("one dash two\n")
    more = ["--rules", tmp_path / "mine", "--select", "any.dash", "--encoding", "latin-1"]
    ran = cleaner("fix", *more, file)
    assert ran.returncode == 2
    assert ran.stderr.decode() == f"cleaner: {file}: not written: iso8859-1 has no '–' (U+2013)\n"
    assert file.read_text() == "one dash two\n"


def test_a_nul_byte_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"One.\nTwo\0.\n" + FAULTY.encode())
    ran = cleaner("fix", *SELECT, file)
    assert ran.returncode == 2
    assert f"cleaner: {file}: a NUL byte in line 2: ".encode() in ran.stderr
    assert file.read_bytes() == b"One.\nTwo\0.\n" + FAULTY.encode()


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl"])
@pytest.mark.parametrize("by_stdin", [False, True])
def test_a_line_of_200_megabytes_is_refused_without_reading_it(tmp_path: Path, name: str, by_stdin: bool) -> None:
    file = tmp_path / name
    file.write_text('{"text": "fine"}\n')
    os.truncate(file, LARGE)  # a hole of NUL bytes; the disk holds nothing of it
    with file.open("rb") as stream:
        args = ["-", "--stdin-filename", file] if by_stdin else [file]
        status, memory, err = used_memory("fix", *SELECT, *args, stdin=stream)
    assert status == 2
    line = ":2: a line of more than 64 MiB" if name == "a.jsonl" else ": a document may have at most 64 MiB"
    assert err.startswith(f"cleaner: {file}{line}".encode())
    assert memory < LARGE
    assert os.stat(file).st_size == LARGE
    assert list(tmp_path.iterdir()) == [file]


def test_the_findings_before_a_line_that_is_too_long_are_shown(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "the the"}\n')
    os.truncate(file, LARGE)
    ran = cleaner("check", *SELECT, "--format", "jsonl", file)
    assert (ran.returncode, ran.stdout.count(b"\n")) == (2, 1)


def test_a_link_named_outright_stays_a_link_and_its_target_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "deep" / "a.txt", tmp_path / "link.txt"
    target.parent.mkdir()
    target.write_text(FAULTY)
    link.symlink_to("deep/a.txt")
    assert cleaner("fix", *SELECT, link).returncode == 0
    assert os.readlink(link) == "deep/a.txt"
    assert tree(tmp_path) == {"deep/a.txt": REPAIRED.encode()}


def test_a_link_and_its_target_are_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FAULTY)
    (tmp_path / "link.txt").symlink_to("a.txt")
    ran = cleaner("check", *SELECT, "--format", "jsonl", "link.txt", ".", cwd=tmp_path)
    assert (ran.returncode, ran.stdout.count(b"\n")) == (1, 1)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.txt").write_text(FAULTY)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "file.txt").symlink_to("../elsewhere/a.txt")
    (folder / "folder").symlink_to("../elsewhere")
    (folder / "circle").symlink_to(".")
    (folder / "dangling.txt").symlink_to("nowhere")
    ran = cleaner("fix", *SELECT, folder)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert tree(tmp_path) == {"elsewhere/a.txt": FAULTY.encode()}


@pytest.mark.parametrize(("leads_to", "why"), [("nowhere", "No such file"), ("link.txt", "Too many levels")])
def test_a_link_that_leads_nowhere_is_named(tmp_path: Path, leads_to: str, why: str) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(leads_to)
    ran = cleaner("fix", *SELECT, link)
    assert ran.returncode == 2
    assert f"cleaner: {link}: cannot read it: {why}".encode() in ran.stderr
    assert os.readlink(link) == leads_to


def test_a_pipe_is_refused_if_named_and_passed_over_in_a_folder(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    ran = cleaner("check", *SELECT, pipe)
    assert (ran.returncode, ran.stderr) == (2, f"cleaner: {pipe}: not a regular file\n0 findings\n".encode())
    assert cleaner("check", *SELECT, tmp_path).returncode == 0


def without_privileges() -> None:
    """Make permissions count for root as well, in the process that is about to become cleaner.

    Root reads and writes what it likes because of two capabilities; these are kept out of what it runs.
    """
    if os.geteuid() == 0:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            if prctl(PR_CAPBSET_DROP, capability) != 0:
                os._exit(99)


PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2


@contextlib.contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    before = path.stat().st_mode
    path.chmod(bits)
    try:
        yield
    finally:
        path.chmod(before)


@BOTH
def test_an_unreadable_file_is_named_and_the_rest_is_done(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FAULTY)
    (tmp_path / "b.txt").write_text(FAULTY)
    with mode(tmp_path / name, 0):
        ran = cleaner("fix", "-q", *SELECT, ".", cwd=tmp_path, preexec_fn=without_privileges)
    assert (ran.returncode, ran.stderr) == (2, f"cleaner: {name}: cannot read it: Permission denied\n".encode())
    assert tree(tmp_path) == {name: FAULTY.encode(), "b.txt": REPAIRED.encode()}


def test_an_unreadable_folder_is_named_and_the_rest_is_done(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "b.txt").write_text(FAULTY)
    with mode(tmp_path / "closed", 0):
        ran = cleaner("fix", "-q", *SELECT, ".", cwd=tmp_path, preexec_fn=without_privileges)
    assert (ran.returncode, ran.stderr) == (2, b"cleaner: closed: cannot read it: Permission denied\n")
    assert tree(tmp_path) == {"b.txt": REPAIRED.encode()}


def test_an_unreadable_gitignore_is_named(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("a.txt\n")
    (tmp_path / "a.txt").write_text(FAULTY)
    with mode(tmp_path / ".gitignore", 0):
        ran = cleaner("fix", *SELECT, ".", cwd=tmp_path, preexec_fn=without_privileges)
    assert ran.returncode == 2
    assert ran.stderr.endswith(b"/.gitignore: cannot read it: Permission denied\n")
    assert tree(tmp_path)["a.txt"] == FAULTY.encode()


@pytest.mark.parametrize("privileged", [True, False])
@BOTH
def test_a_read_only_file_is_not_written(tmp_path: Path, name: str, privileged: bool) -> None:
    (tmp_path / name).write_text(content(name))
    with mode(tmp_path / name, 0o444):
        ran = cleaner("fix", *SELECT, name, cwd=tmp_path, preexec_fn=None if privileged else without_privileges)
    assert ran.returncode == 2
    assert ran.stderr.endswith(f"cleaner: {name}: not written: the file is read-only (chmod u+w)\n".encode())
    assert tree(tmp_path) == {name: content(name).encode()}


def test_a_file_in_a_folder_that_may_not_be_written_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FAULTY)
    with mode(tmp_path, 0o555):
        ran = cleaner("fix", *SELECT, "a.txt", cwd=tmp_path, preexec_fn=without_privileges)
    assert ran.returncode == 2
    assert b"cleaner: a.txt: not written: no file can be made in " in ran.stderr
    assert tree(tmp_path) == {"a.txt": FAULTY.encode()}


@BOTH
def test_a_read_only_file_with_nothing_to_repair_is_no_error(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(content(name, "Fine."))
    with mode(tmp_path / name, 0o444), mode(tmp_path, 0o555):
        ran = cleaner("fix", *SELECT, name, cwd=tmp_path, preexec_fn=without_privileges)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_an_output_that_may_not_be_written_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FAULTY)
    (tmp_path / "b.txt").write_text("Old.\n")
    with mode(tmp_path / "b.txt", 0o444):
        ran = cleaner("fix", *SELECT, "a.txt", "--output", "b.txt", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (2, b"cleaner: b.txt: not written: the file is read-only (chmod u+w)\n")
    ran = cleaner("fix", *SELECT, "a.txt", "--output", tmp_path, cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (2, f"cleaner: {tmp_path}: cannot write it: Is a directory\n".encode())
    assert tree(tmp_path) == {"a.txt": FAULTY.encode(), "b.txt": b"Old.\n"}


@pytest.mark.parametrize("bits", [0o600, 0o644, 0o755, 0o620])
def test_mode_bits_and_owner_are_kept(tmp_path: Path, bits: int) -> None:
    file = tmp_path / "a.txt"
    file.write_text(FAULTY)
    if os.geteuid() == 0:
        os.chown(file, 65534, 65534)
    file.chmod(bits)
    before = file.stat()
    assert cleaner("fix", *SELECT, file).returncode == 0
    after = file.stat()
    assert file.read_text() == REPAIRED
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


def test_a_new_output_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(FAULTY)
    ran = cleaner("fix", *SELECT, file, "--output", tmp_path / "b.txt", preexec_fn=lambda: os.umask(0o027))
    assert ran.returncode == 0
    assert (tmp_path / "b.txt").stat().st_mode & 0o777 == 0o640


def test_a_file_without_repairs_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Fine.\r\n\ufeff", encoding="utf-8", newline="")
    before = file.stat()
    assert cleaner("fix", *SELECT, file).returncode == 0
    after = file.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen when cleaner has read a file and not yet written it."""
    clean = engine.clean

    def cleaned(document: Document, *args: Any, **more: Any) -> Any:
        happens()
        return clean(document, *args, **more)

    monkeypatch.setattr(engine, "clean", cleaned)


@BOTH
def test_a_file_that_changed_meanwhile_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file = tmp_path / name
    file.write_text(content(name))
    changed = content(name, FAULTY.upper())
    meanwhile(monkeypatch, lambda: file.write_text(changed))
    ran = CliRunner().invoke(cli, ["fix", "-q", *SELECT, str(file)])
    assert (ran.exit_code, ran.stderr) == (
        2,
        f"cleaner: {file}: not written: it changed since it was read; run again\n",
    )
    assert tree(tmp_path) == {name: changed.encode()}


@BOTH
def test_a_file_that_vanished_meanwhile_is_named_and_not_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file = tmp_path / name
    file.write_text(content(name))
    meanwhile(monkeypatch, file.unlink)
    ran = CliRunner().invoke(cli, ["fix", "-q", *SELECT, str(file)])
    assert (ran.exit_code, ran.stderr) == (2, f"cleaner: {file}: cannot read it: No such file or directory\n")
    assert tree(tmp_path) == {}


def test_a_file_is_only_replaced_if_it_holds_what_was_read(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"new")
    with pytest.raises(FileError, match="changed since it was read"):
        files.write(str(file), b"repaired", expected=b"old")
    assert tree(tmp_path) == {"a.txt": b"new"}
    files.write(str(file), b"repaired", expected=b"new")
    assert tree(tmp_path) == {"a.txt": b"repaired"}


def small_disk() -> None:
    """Let no file of the process that is about to become cleaner grow beyond 8 kB."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))


@BOTH
@pytest.mark.parametrize("more", [(), ("--output", "b")])
def test_what_a_disk_does_not_hold_is_not_written(tmp_path: Path, name: str, more: tuple[str, ...]) -> None:
    text = (content(name, "All is well in the house.\n") * 1000 + content(name)).encode()
    (tmp_path / name).write_bytes(text)
    ran = cleaner("fix", "-q", *SELECT, name, *more, cwd=tmp_path, preexec_fn=small_disk)
    target = more[-1] if more else name
    assert (ran.returncode, ran.stderr) == (2, f"cleaner: {target}: cannot write it: File too large\n".encode())
    assert tree(tmp_path) == {name: text}


@pytest.mark.parametrize("args", [("check",), ("check", "--format", "json"), ("diff",), ("fix", "--output", "-")])
def test_a_full_disk_behind_stdout_is_said(tmp_path: Path, args: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text(FAULTY)
    with open("/dev/full", "wb") as full:
        ran = cleaner(*args, *SELECT, "a.txt", cwd=tmp_path, stdout=full)
    assert (ran.returncode, ran.stderr) == (2, b"cleaner: cannot write the output: No space left on device\n")


def test_a_full_disk_behind_a_device_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FAULTY)
    ran = cleaner("fix", "-q", *SELECT, tmp_path / "a.txt", "--output", "/dev/full")
    assert (ran.returncode, ran.stderr) == (2, b"cleaner: /dev/full: cannot write it: No space left on device\n")


@pytest.mark.parametrize("command", [("rules", "list"), ("--help",)])
def test_a_full_disk_behind_other_commands_is_said(command: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        ran = cleaner(*command, stdout=full)
    assert (ran.returncode, ran.stderr) == (2, b"cleaner: cannot write the output: No space left on device\n")


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FAULTY)
    reading, writing = os.pipe()
    os.close(reading)
    ran = cleaner("diff", "-q", *SELECT, tmp_path / "a.txt", stdout=writing)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (1, b"")


RECORDS = b'{"text": "the the", "more": "%s"}\n' % (b"x" * 10_000) * 400


@contextlib.contextmanager
def at_work(folder: Path, jobs: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start cleaner on records that do not end, in a session of its own; go on when it has begun to write."""
    out = folder / "out.jsonl"
    args = [CLEANER, "fix", *SELECT, "-q", "--jobs", str(jobs), "-", "--stdin-filename", "x.jsonl", "--output", out]
    # Whoever runs the tests in the background may have them ignore Ctrl-C, and what they start would, too.
    ignored = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(args, stdin=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as child:
        signal.signal(signal.SIGINT, ignored)
        assert child.stdin is not None
        child.stdin.write(RECORDS)
        child.stdin.flush()
        while child.poll() is None and not list(folder.glob(".cleaner-*")):
            pass
        yield child


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_being_stopped_leaves_no_trace(tmp_path: Path, jobs: int, number: signal.Signals, status: int) -> None:
    with at_work(tmp_path, jobs) as child:
        # Ctrl-C reaches all processes of a session, a polite kill the first of them.
        os.killpg(child.pid, number) if number is signal.SIGINT else child.send_signal(number)
        assert child.stderr is not None
        assert (child.stderr.read(), child.wait()) == (b"", status)
    assert tree(tmp_path) == {}


WORKER_DIED = b"cleaner: a worker died; if nothing above says why, memory ran out: try --jobs 1\n"


def test_a_worker_that_is_killed_is_said(tmp_path: Path) -> None:
    with at_work(tmp_path, jobs=2) as child:
        workers = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
        os.kill(int(workers[0]), signal.SIGKILL)
        _, err = child.communicate(RECORDS)  # more work for all
    assert (child.returncode, err) == (2, WORKER_DIED)
    assert tree(tmp_path) == {}


def test_an_internal_error_is_shown_in_full_and_is_no_finding(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FAULTY)
    (tmp_path / "b.jsonl").write_bytes(RECORDS)
    program = "from cleaner import cli, engine; engine.check = None; cli.main()"
    for more in ([tmp_path / "a.txt"], [tmp_path / "b.jsonl", "--jobs", "2"]):
        ran = subprocess.run([sys.executable, "-c", program, "check", *more], capture_output=True, check=False)
        assert ran.returncode == 2
        assert b"TypeError: 'NoneType' object is not callable\n" in ran.stderr
    assert ran.stderr.endswith(WORKER_DIED)


def test_a_name_that_is_no_text_is_no_error(tmp_path: Path) -> None:
    file = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(file, "w", encoding="utf-8") as stream:
        stream.write(FAULTY)
    shown = cleaner("check", "-q", *SELECT, ".", cwd=tmp_path)
    assert (shown.returncode, shown.stdout[:10]) == (1, b"caf\xe9.txt:1")
    listed = cleaner("check", "-q", *SELECT, "--format", "json", ".", cwd=tmp_path)
    assert (listed.returncode, '"path":"caf�.txt"' in listed.stdout.decode()) == (1, True)
    fixed = cleaner("fix", *SELECT, ".", cwd=tmp_path)
    assert (fixed.returncode, fixed.stderr[:13]) == (0, rb"caf\udce9.txt")
