"""The review on a terminal: each item is shown, one key answers it, and the answer is on disk before the next is shown.

Nothing is written to the texts until the end.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import termios
import tty
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Self

import click

from cleaner import files
from cleaner.cli import applying
from cleaner.cli.output import styled
from cleaner.cli.reviewing import Asked, still_valid
from cleaner.edits import splice
from cleaner.mask.ignores import comment
from cleaner.model import ConfigError, Edit
from cleaner.render.excerpt import printable
from cleaner.render.findings import counted
from cleaner.review import decisions as answers
from cleaner.review.decisions import CLOSING, Answer, Decision, Decisions
from cleaner.review.items import Draft, Item, rivals_of
from cleaner.review.question import question

HELP = """\
  a      accept                       A  accept all of this rule that are undecided
  r      reject                       R  reject all of this rule that are undecided
  e      edit: type another text      1–9  take an alternative
  i      right here: write a comment that has the rule ignored in this line
  w      a word: accept it everywhere k  known: add it to the baseline
  s      leave undecided, go on       b  back
  q      quit; what was decided is kept, and the same command goes on with it"""


_ONE_WORD = re.compile(r"[^\W_][\w’'-]*")
_NUMBERS = frozenset("123456789")


class Journal:
    """A file of decisions that grows by one with each, and is whole at any moment.

    The end of the JSON is overwritten by a decision and a new end in one go, so that a process that is killed
    leaves the one or the other.
    """

    def __init__(self, path: str, decided: Decisions) -> None:
        data = answers.render(decided)
        if not os.path.exists(path) or files.read_bytes(path) != data:
            with files.replacing(path) as new:
                new.write(data)
        self._first = not decided.decisions
        self._file = os.open(path, os.O_RDWR)

    def add(self, decided: Sequence[Decision]) -> None:
        """Write decisions, and return when they are on the disk."""
        parts = [b"\n" + answers.line(decision) for decision in decided]
        data = (b"" if self._first else b",") + b",".join(parts) + CLOSING
        os.pwrite(self._file, data, os.fstat(self._file).st_size - len(CLOSING))
        os.fsync(self._file)
        self._first = False

    def close(self) -> None:
        os.close(self._file)


class Review:
    """Where a review stands: its items in order, and the answers so far."""

    def __init__(self, asked: Asked, so_far: Sequence[Decision]) -> None:
        self.entries: list[tuple[Draft, Item]] = []
        self.rivals: list[list[int]] = []
        for draft in asked.drafts:
            first = len(self.entries)
            self.entries += [(draft, item) for item in draft.items]
            self.rivals += [[first + i for i in own] for own in rivals_of(draft.items)]
        self.answers: list[Decision | None] = [None] * len(self.entries)
        places = {self.decide(i, Answer.REJECT).item: i for i in range(len(self.entries))}
        for decision in so_far:
            self.answers[places[decision.item]] = decision
        self.known = frozenset(places)

    def decide(self, number: int, answer: Answer, text: str | None = None) -> Decision:
        draft, item = self.entries[number]
        return answers.decide(draft.path, draft.record, draft.text, item, answer, text)

    def collides(self, number: int, decision: Decision) -> int | None:
        """Return the number of another item whose answer changes the same words, if there is one."""
        for rival in self.rivals[number]:
            theirs = self.answers[rival]
            if theirs and any(_meet(a, b) for a in theirs.chosen for b in decision.chosen):
                return rival
        return None

    def following(self, number: int) -> int:
        """Return the number of the next undecided item, from its start if there is none behind; -1 if none is left."""
        open_items = [i for i, answer in enumerate(self.answers) if answer is None]
        return next((i for i in open_items if i > number), open_items[0] if open_items else -1)


def _meet(a: Edit, b: Edit) -> bool:
    if a.start == a.end or b.start == b.end:
        return a.start <= b.end and b.start <= a.end
    return a.start < b.end and b.start < a.end


def ask(asked: Asked, path: str) -> bool:
    """Ask about all items on the terminal, keep the answers in a file, and write the texts if that is wanted.

    Returns False if a file could not be written.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigError("review asks on a terminal; without one, --html FILE makes a page")
    before = applying.read(path) if Path(path).exists() else Decisions(answers.VERSION, (), ())
    kept = still_valid(asked, before)
    review = Review(asked, [])
    so_far = [d for d in answers.last(kept.decisions) if d.item in review.known]
    review = Review(asked, so_far)
    if not review.entries:
        click.echo("nothing to review", err=True)
        return True
    journal = Journal(path, kept)
    try:
        with _Keys() as keys:
            done = _Session(review, journal, keys).run()
            wanted = _is_wanted(review, path, keys, done=done)
    finally:
        journal.close()
    return not wanted or applying.carry_out(applying.read(path), quiet=False)


def _is_wanted(review: Review, path: str, keys: _Keys, *, done: bool) -> bool:
    """Say what came of a review, and ask whether to write it if all is decided."""
    given = [answer for answer in review.answers if answer]
    silenced = sum(decision.decision in (Answer.IGNORE, Answer.WORD, Answer.BASELINE) for decision in given)
    counts = {answer: sum(decision.decision is answer for decision in given) for answer in Answer}
    click.echo(
        f"{counts[Answer.ACCEPT]} accepted, {counts[Answer.REJECT]} rejected, {counts[Answer.REPLACE]} reworded, "
        f"{silenced} silenced, {len(review.answers) - len(given)} undecided; kept in {path}"
    )
    accepted = [decision for decision in given if decision.decision is not Answer.REJECT]
    if not done or not accepted:
        return False
    number = len({decision.path for decision in accepted})
    click.echo(f"Write {counted(len(accepted), 'answer')} to {counted(number, 'file')} now? [y/n] ", nl=False)
    while (key := keys.next()) not in ("y", "n", ""):
        pass
    click.echo(key)
    if key != "y":
        click.echo(f"cleaner apply {path} writes them later")
    return key == "y"


class _Keys:
    """Keys as they are pressed. What is typed ahead counts, but not what was typed before the first question."""

    def __init__(self) -> None:
        self._pending = ""
        self._input = sys.stdin.fileno()

    def __enter__(self) -> Self:
        self._before = termios.tcgetattr(self._input)
        tty.setcbreak(self._input, termios.TCSAFLUSH)
        return self

    def __exit__(self, *_: object) -> None:
        termios.tcsetattr(self._input, termios.TCSADRAIN, self._before)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Give the terminal back for a line to be typed."""
        self.__exit__()
        try:
            yield
        finally:
            tty.setcbreak(self._input, termios.TCSADRAIN)

    def next(self) -> str:
        """Wait for a key; "" at the end of input, which is to quit. Arrows and their like are no keys."""
        while True:
            if not self._pending:
                self._pending = os.read(self._input, 256).decode(errors="ignore")
                if not self._pending:
                    return ""
            # The last letter of an arrow's sequence must not be taken for a command.
            key = _ESCAPE.match(self._pending)
            length = key.end() if key else 1
            read, self._pending = self._pending[:length], self._pending[length:]
            if not key:
                return read


_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[@-~]?|O.?|.)?", re.S)


class _Session:
    """The loop of keys and answers."""

    def __init__(self, review: Review, journal: Journal, keys: _Keys) -> None:
        self.review = review
        self.typed = keys
        self.journal = journal
        self.at = review.following(-1)
        self.message = ""
        self.keys: dict[str, Callable[[], bool]] = {
            "a": self._accept,
            "r": lambda: self._give(self.review.decide(self.at, Answer.REJECT)),
            "e": self._edit,
            "i": lambda: self._give_to_text(Answer.IGNORE),
            "k": lambda: self._give_to_text(Answer.BASELINE),
            "w": self._word,
            "s": lambda: self._move(1),
            "b": lambda: self._move(-1),
            "A": lambda: self._give_all(Answer.ACCEPT),
            "R": lambda: self._give_all(Answer.REJECT),
            "?": self._help,
        }

    def run(self) -> bool:
        """Ask until all is decided, or the person quits; return whether all is decided."""
        while self.at >= 0:
            self._show()
            while True:
                key = self.typed.next()
                if key in ("q", ""):
                    click.echo("q")
                    return False
                if key in _NUMBERS:
                    moved = self._alternative(int(key))
                elif key in self.keys:
                    moved = self.keys[key]()
                else:
                    continue
                if self.message:
                    click.echo(self.message)
                    self.message = ""
                if moved:
                    break
        return True

    def _show(self) -> None:
        draft, item = self.review.entries[self.at]
        place = f"{self.at + 1} of {len(self.review.entries)}"
        decided = self.review.answers[self.at]
        click.echo("")
        for line in question(draft, item, decided, place, styled=styled(to_file=False)):
            click.echo(line.encode(errors="surrogateescape"))
        accept = "[a]ccept " if item.edits else ""
        click.echo(f"{accept}[r]eject [e]dit [s]kip [b]ack [q]uit [?] ", nl=False)

    def _accept(self) -> bool:
        if not self.review.entries[self.at][1].edits:
            self.message = "there is nothing to accept: take an alternative, e to type a text, or r to reject"
            return False
        return self._give(self.review.decide(self.at, Answer.ACCEPT))

    def _give(self, decision: Decision) -> bool:
        rival = self.review.collides(self.at, decision)
        if rival is not None:
            self.message = f"not both: the answer to {rival + 1} changes the same words; go [b]ack to it first"
            return False
        self.journal.add([decision])
        click.echo(decision.decision.value)
        self.review.answers[self.at] = decision
        self.at = self.review.following(self.at)
        return True

    def _give_all(self, answer: Answer) -> bool:
        rules = self.review.entries[self.at][1].rules
        given: list[Decision] = []
        for i, (_, item) in enumerate(self.review.entries):
            if self.review.answers[i] is None and item.rules == rules and (item.edits or answer is Answer.REJECT):
                decision = self.review.decide(i, answer)
                if self.review.collides(i, decision) is None:
                    self.review.answers[i] = decision
                    given.append(decision)
        if given:
            self.journal.add(given)
        self.message = f"{answer}: {len(given)} of {', '.join(rules)}"
        self.at = self.review.following(self.at)
        return bool(given)

    def _give_to_text(self, answer: Answer) -> bool:
        if self.review.entries[self.at][0].record:
            self.message = "a record has no comments and no baseline: reject it, or leave out the rule with --ignore"
            return False
        draft, item = self.review.entries[self.at]
        if answer is Answer.IGNORE and not comment(draft.text, files.kind_of(draft.path), item.span.start, ()):
            self.message = "no comment can stand there: reject it, add it to the baseline, or leave out the rule"
            return False
        return self._give(self.review.decide(self.at, answer))

    def _word(self) -> bool:
        decision = self.review.decide(self.at, Answer.WORD)
        if not _ONE_WORD.fullmatch(decision.before):
            self.message = f"“{printable(decision.before)}” is not one word"
            return False
        given = []
        for i, answer in enumerate(self.review.answers):
            other = self.review.decide(i, Answer.WORD)
            if i == self.at or (answer is None and other.before == decision.before):
                self.review.answers[i] = other
                given.append(other)
        self.journal.add(given)
        click.echo(f"word: {counted(len(given), 'time')}")
        self.at = self.review.following(self.at)
        return True

    def _alternative(self, number: int) -> bool:
        others = self.review.entries[self.at][1].alternatives
        if number > len(others):
            return False
        return self._give(self.review.decide(self.at, Answer.REPLACE, others[number - 1]))

    def _edit(self) -> bool:
        draft, item = self.review.entries[self.at]
        start, end = item.span.start, item.span.end
        edits = [Edit(e.start - start, e.end - start, e.text) for e in item.edits]
        proposed = splice(draft.text[start:end], edits)
        click.echo("")
        with self.typed.paused():
            text = _line(f"instead of “{printable(draft.text[start:end])}” (^C: none): ", proposed)
        if text is None:
            return True  # to show it again
        return self._give(self.review.decide(self.at, Answer.REPLACE, text))

    def _move(self, by: int) -> bool:
        click.echo("")
        self.at = min(max(self.at + by, 0), len(self.review.entries) - 1)
        return True

    def _help(self) -> bool:
        click.echo("\n" + HELP)
        return True


def _line(prompt: str, text: str) -> str | None:
    """Let a text be edited; None if that was given up. One with line ends goes to the editor."""
    if "\n" in text:
        edited = click.edit(text)
        return None if edited is None else edited.removesuffix("\n") if not text.endswith("\n") else edited
    import readline

    readline.set_startup_hook(lambda: readline.insert_text(text))
    try:
        return input(prompt)
    except (KeyboardInterrupt, EOFError):
        return None
    finally:
        readline.set_startup_hook()
