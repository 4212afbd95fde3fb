"""Trust that is measured: what a rule has earned on text that its author did not write.

`rules/trust.csv` holds a row a rule, made by `make trust` from the bench: hits on edited English and how many
of them were judged false, opportunities there, right and wrong edits on pairs that people corrected. A row
counts only for the rule it was measured on: a changed rule is `display` until it is measured again. An entry of a
rule's tables that is wrong where the others are right has a row of its own, named `rule: entry`.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cleaner.model import Applicability, RuleError

# Bounds of ARCHITECTURE §6, one set for everything that finds.
SAFE = 0.97
UNSAFE = 0.80
OPPORTUNITIES = 100  # silent ones that make a rule safe which never raised a false alarm
FEW = 10  # a rule that fired less often is pooled with its category if nothing was wrong


class Counts(Struct, frozen=True):
    """What was counted for one rule."""

    hits: int = 0  # on edited text
    false: int = 0  # of these, judged to be false alarms
    opportunities: int = 0  # places in edited text where the rule might have fired and did not
    right: int = 0  # edits of corrected pairs that bring the text closer to the correction
    wrong: int = 0  # and further from it

    @property
    def fired(self) -> int:
        return self.right + self.wrong + self.hits

    @property
    def confidence(self) -> float:
        """The share of right edits, by the rule of succession.

        On edited text a false alarm counts as a wrong edit, and a fault that the editors overlooked, once a
        person has said so, as a right one.
        """
        return (self.right + self.hits - self.false + 1) / (self.fired + 2)

    def plus(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__struct_fields__))

    def less(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) - getattr(other, name) for name in self.__struct_fields__))


class Row(Struct, frozen=True):
    """A row of the table: the counts of a rule, and the level that they earn."""

    rule: str
    hash: str
    counts: Counts
    confidence: float
    level: Applicability


def earned(counts: Counts) -> Applicability:
    """Return the level that the counts of a rule, or of a pool of rules, earn alone.

    >>> [earned(c).value for c in (Counts(right=40), Counts(right=8, wrong=1), Counts(opportunities=500), Counts())]
    ['safe', 'unsafe', 'safe', 'display']
    """
    clean = not counts.false and not counts.wrong and counts.opportunities >= OPPORTUNITIES
    if counts.confidence >= SAFE or clean:
        return Applicability.SAFE
    return Applicability.UNSAFE if counts.confidence >= UNSAFE else Applicability.DISPLAY


ROW = ": "  # between a rule and the entry of its tables
_MOST_BAD = 4  # of so many entries that fired one may be taken out; with more, it is the rule that is bad


def apart(whole: Counts, entries: Mapping[str, Counts]) -> tuple[Counts, dict[str, Counts]]:
    """Take out of the counts of a rule those of its entries that are wrong where the others are right; return both.

    >>> good, bad = Counts(right=20), Counts(right=1, wrong=3)
    >>> apart(good.plus(bad), {"a": bad} | dict.fromkeys("bcde", Counts(right=5)))[0] == good
    True
    """
    fired = {name: counts for name, counts in entries.items() if counts.fired}
    suspects = {name: c for name, c in fired.items() if c.false or c.wrong > c.right}
    bad = {name: c for name, c in suspects.items() if earned(c) is Applicability.DISPLAY}
    if len(bad) * _MOST_BAD > len(fired):
        return whole, {}
    for counts in bad.values():
        whole = whole.less(counts)
    return whole, bad


_COLUMNS = ("rule", "hash", *Counts.__struct_fields__, "confidence", "level")


def parse(text: str, path: str) -> dict[str, Row]:
    """Read the table; raises RuleError with path and line."""
    import csv
    import io

    lines = list(csv.reader(io.StringIO(text)))
    if not lines or tuple(lines[0]) != _COLUMNS:
        raise RuleError(f"{path}:1: the columns of the table of trust are {','.join(_COLUMNS)}; make trust writes it")
    table = {}
    for number, cells in enumerate(lines[1:], 2):
        try:
            rule, digest, *counts, confidence, level = cells
            row = Row(rule, digest, Counts(*map(int, counts)), float(confidence), Applicability(level))
        except (ValueError, TypeError):
            raise RuleError(f"{path}:{number}: not a row of the table of trust; make trust writes it") from None
        table[rule] = row
    return table


def render(rows: list[Row]) -> str:
    """Write the table; the inverse of `parse`."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in sorted(rows, key=lambda row: row.rule.partition(ROW)):
        counts = [getattr(row.counts, name) for name in Counts.__struct_fields__]
        writer.writerow([row.rule, row.hash, *counts, f"{row.confidence:.3f}", row.level])
    return out.getvalue()
