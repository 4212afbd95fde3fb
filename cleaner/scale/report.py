"""What a run came to, as text, as JSON and as a page with bars."""

from __future__ import annotations

import html
from collections.abc import Iterator

import msgspec

from cleaner.render.findings import counted
from cleaner.scale.run import Outcome
from cleaner.scale.shards import Sample, Summary, Triage

_SHOWN = 20  # rules, sources and reasons that are listed in the text and on the page


def as_json(outcome: Outcome) -> bytes:
    """Return all numbers and samples as one JSON object."""
    return msgspec.json.format(msgspec.json.encode(outcome), indent=1) + b"\n"


def as_text(outcome: Outcome) -> Iterator[str]:
    """Yield the lines of a short report."""
    total = outcome.summary
    yield (
        f"{counted(total.documents, 'document', ',')}, {counted(total.words, 'word', ',')}: "
        f"{counted(total.changes, 'change', ',')} in {counted(total.changed, 'document', ',')} "
        f"({_rate(total.changes, total.words)} per thousand words)"
    )
    for rule, count in _most(total.rules)[:_SHOWN]:
        yield f"{count:8,}  {_rate(count, total.words):>8}  {rule}"
    if len(total.rules) > _SHOWN:
        yield f"          and {len(total.rules) - _SHOWN} rules more (report.json)"
    yield from _triage_lines(total)
    if total.aside:
        yield f"{sum(total.aside.values()):,} records or files set aside, copied as they were (set-aside.jsonl):"
        for reason, count in _most(total.aside)[:_SHOWN]:
            yield f"{count:8,}  {reason}"
    for path, reason in outcome.failed.items():
        yield f"not done: {path}: {reason}"


def _triage_lines(total: Summary) -> Iterator[str]:
    """Yield what the scores of documents come to, over all and for the sources that have most to drop and repair."""
    if not total.scores:
        return
    over_all = _over_all(total)
    yield (
        f"scores of {counted(_number(over_all), 'document', ',')}: keep {over_all.keep:,} ({over_all.short:,} of them "
        f"too short to say), repair {over_all.repair:,}, drop {over_all.drop:,} (scores/)"
    )
    if len(total.scores) > 1:
        yield "    keep   repair     drop  source"
        for name, triage in _worst(total)[:_SHOWN]:
            yield f"{triage.keep:8,} {triage.repair:8,} {triage.drop:8,}  {name}"
        if len(total.scores) > _SHOWN:
            yield f"                            and {len(total.scores) - _SHOWN} sources more (report.json)"


def as_page(outcome: Outcome) -> str:
    """Return one self-contained page: findings by rule and by source, samples, what was set aside."""
    total = outcome.summary
    rules = [(rule, count, _per_thousand(count, total.words)) for rule, count in _most(total.rules)]
    sources = sorted(_sources(total), key=lambda source: -source[1])
    lead = " ".join(html.escape(line) for line in list(as_text(outcome))[:1])
    samples = "".join(
        f"<h3>{html.escape(rule)}</h3>" + "".join(map(_sample, total.samples.get(rule, ()))) for rule, _, _ in rules
    )
    aside = "".join(f"<li>{count:,} × {html.escape(reason)}" for reason, count in _most(total.aside))
    failed = "".join(f"<li>{html.escape(path)}: {html.escape(why)}" for path, why in outcome.failed.items())
    return _PAGE.format(
        lead=lead,
        rules=_bars("rule", rules),
        sources=_bars("source", sources[:100]),
        scores=_triage(total) if total.scores else "",
        samples=samples or "<p>None.",
        aside=f"<ul>{aside}</ul>" if aside else "<p>Nothing.",
        failed=f"<h2>Not done</h2><ul>{failed}</ul>" if failed else "",
    )


def _most(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _sources(total: Summary) -> list[tuple[str, int, float]]:
    return [
        (name or "(unnamed)", changes, _per_thousand(changes, words))
        for name, (_, words, changes) in total.sources.items()
    ]


def _bars(what: str, rows: list[tuple[str, int, float]]) -> str:
    most = max((row[1] for row in rows), default=0) or 1
    lines = "".join(
        f"<tr><th>{html.escape(name)}<td>{count:,}<td>{rate:.2f}"
        f'<td><svg width="300" height="12"><rect width="{300 * count / most:.1f}" height="12"/></svg>'
        for name, count, rate in rows
    )
    return f"<table><tr><th>{what}<th>changes<th>per thousand words<th>{lines}</table>"


def _triage(total: Summary) -> str:
    """Return how scores are spread, over all documents and by source, and what is to be done."""
    rows = [("all", _over_all(total)), *(_worst(total)[:100] if len(total.scores) > 1 else ())]
    lines = "".join(
        f"<tr><th>{html.escape(name)}<td>{_number(t):,}<td>{t.keep:,}<td>{t.repair:,}<td>{t.drop:,}<td>{t.short:,}"
        f"<td>{_spread(t)}"
        for name, t in rows
    )
    return (
        "<h2>Scores</h2><p>How many documents are how likely to be a machine’s: from 0 on the left to 1 on the right; "
        "those too short to say are kept and not drawn."
        "<table><tr><th>source<th>documents<th>keep<th>repair<th>drop<th>too short<th>"
        f"{lines}</table>"
    )


def _spread(triage: Triage) -> str:
    most = max(triage.tenths) or 1
    bars = "".join(
        f'<rect x="{15 * i}" y="{30 - 30 * n / most:.1f}" width="14" height="{30 * n / most:.1f}">'
        f"<title>{i / 10:.1f} to {(i + 1) / 10:.1f}: {n:,}</title></rect>"
        for i, n in enumerate(triage.tenths)
    )
    return f'<svg width="150" height="30">{bars}</svg>'


def _over_all(total: Summary) -> Triage:
    over_all = Triage()
    for triage in total.scores.values():
        over_all.add(triage)
    return over_all


def _worst(total: Summary) -> list[tuple[str, Triage]]:
    """Return the sources, those first that have most to drop and repair."""
    named = [(name or "(unnamed)", triage) for name, triage in total.scores.items()]
    return sorted(named, key=lambda item: (-item[1].drop, -item[1].repair, item[0]))


def _number(triage: Triage) -> int:
    return triage.keep + triage.repair + triage.drop


def _sample(sample: Sample) -> str:
    before, after = html.escape(sample.before), html.escape(sample.after)
    where = html.escape(f"{sample.document}:{sample.record}")
    return f"<p><small>{where}</small><br><del>…{before}…</del><br><ins>…{after}…</ins>"


def _per_thousand(count: int, words: int) -> float:
    return 1000 * count / words if words else 0.0


def _rate(count: int, words: int) -> str:
    return f"{_per_thousand(count, words):.2f}"


_PAGE = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>cleaner archive: report</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
th {{ text-align: left; font-weight: normal }} td {{ text-align: right; padding: 0 1rem }}
rect {{ fill: #47a }} del {{ color: #a33; text-decoration: none }} ins {{ color: #273; text-decoration: none }}
</style>
<h1>Report</h1><p>{lead}
<h2>By rule</h2>{rules}
<h2>By source</h2>{sources}
{scores}
<h2>Samples</h2>{samples}
<h2>Set aside</h2>{aside}
{failed}
"""
