"""The report for a pull request's comment or a job's summary on GitHub, in GitHub Flavored Markdown (https://github.github.com/gfm/).

Whatever came from outside stands in a code span, the one place where GitHub makes no link, mention, reference, image or HTML of it. A
sentence that is nothing but words stands as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from telemetry_audit.formats.clock import timestamp
from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.findings import (
    TITLES,
    alike,
    counted,
    coverage,
    decision,
    headline,
    let_pass,
    occurrences,
    of_event,
    standing_open,
)
from telemetry_audit.model import Finding, Level, Verdict
from telemetry_audit.report import Report

MOST_BYTES = 60_000
"""Of the 65,536 characters that a comment on GitHub may have; the rest is for whoever puts the report into one. A job's summary may have 1 MiB."""

_SHARES = {
    "promises": 6_000,
    "limits": 5_000,
    "inconclusive": 2_000,
    Level.BREACH: 18_000,
    Level.DRIFT: 7_000,
    Level.NOTE: 4_000,
}
_SHARE = 4_000
"""Bytes for each other part. All parts together, with their headings, stay under `MOST_BYTES`."""

_MOST_IN_A_CELL = 100
_LONGEST_SENTENCE = 400

_WORDS = re.compile(
    r"(?!\d+[.)] |.*(?:www\.|GH-\d|\b[0-9a-f]{7,}\b))[A-Za-z0-9](?:[A-Za-z0-9 .,;()'“”%-]|: )*", re.IGNORECASE
)
"""A sentence in which GitHub and Markdown see nothing: no list, link, reference to an issue or a commit, and no mark of emphasis."""

type _Row = Sequence[str]


def render(report: Report) -> str:
    """The report in at most `MOST_BYTES`, verdicts first; each table says how many of its rows it has no room for."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"## Telemetry audit: {headline(report)}"
    yield ""
    if report.inconclusive:
        reasons = [f"* {prose(reason)}" for reason in report.inconclusive]
        yield from _fitting(reasons, _SHARES["inconclusive"], "reason", len(reasons))
        yield ""
    yield from _promises(report)
    for level in Level:
        yield from _findings(level, standing_open(report.findings, level))
    yield from _unread(report)
    yield from _accepted(report)
    yield from _coverage(report)


def _promises(report: Report) -> Iterator[str]:
    testable = [each for each in report.promises if each.verdict is not Verdict.NOT_TESTABLE]
    rows = [
        (
            f"**{each.verdict.upper()}**" if each.verdict is Verdict.BROKEN else each.verdict.upper(),
            prose(each.promise.title),
            *(f"{number:,}" if number else "" for number in (each.looked_at, each.breaches, each.drift)),
        )
        for each in testable
    ]
    yield from _table(("verdict", "promise", "places >", "breaches >", "drift >"), rows, _SHARES["promises"], len(rows))
    untestable = [code(each.promise.id) for each in report.promises if each.verdict is Verdict.NOT_TESTABLE]
    if untestable:
        yield from (f"No recording can show {len(untestable)} more: {', '.join(untestable)}.", "")
    told: dict[str, list[str]] = {}
    for each in testable:
        for limit in each.limits:
            told.setdefault(limit, []).append(code(each.promise.id))
    if told:
        yield from ("What these verdicts rest on:", "")
        limits = [f"* {', '.join(promises)}: {prose(limit)}" for limit, promises in told.items()]
        yield from _fitting(limits, _SHARES["limits"], "sentence", len(limits))
        yield ""


def _findings(level: Level, findings: Sequence[Finding]) -> Iterator[str]:
    groups = [[finding] for finding in findings] if level is Level.BREACH else alike(findings)
    rows = (
        (
            f"{code(group[0].statement.id)} {f'+{len(group) - 1:,}' if len(group) > 1 else code(group[0].statement.rule)}",
            f"{occurrences(group):,}",
            code(of_event(group)) if len(group) == 1 else of_event(group),
            code(group[0].statement.pointer),
            f"{prose(group[0].statement.says)}; {prose(group[0].places[0].shape)}",
            f"{code(group[0].places[0].input)}, exchange {group[0].places[0].exchange}",
        )
        for group in groups
    )
    headers = ("finding", "count >", "event", "where", "what", "first at")
    yield from _section(TITLES[level], headers, rows, _SHARES[level], len(groups))
    if level is Level.BREACH and groups:
        yield "`telemetry-audit explain RULE` says why, `telemetry-audit show RECORDING FINDING` shows the value."
        yield ""


def _unread(report: Report) -> Iterator[str]:
    groups = Counter((item.reason, item.host) for item in report.unread).most_common()
    rows = ((f"{count:,}", code(host) or "unknown", prose(reason)) for (reason, host), count in groups)
    title = "Unread: it left, and nobody could look into it"
    yield from _section(title, ("count >", "host", "why"), rows, _SHARE, len(groups))


def _accepted(report: Report) -> Iterator[str]:
    passed = let_pass(report.findings)
    as_of = f", as of {report.as_of.isoformat()}" if report.as_of else ""
    rows = (
        (
            code(finding.statement.id),
            finding.statement.level,
            code(finding.statement.event),
            code(finding.statement.pointer),
            prose(finding.statement.says),
            prose(decision(acceptance)),
        )
        for finding, acceptance in passed
    )
    headers = ("finding", "level", "event", "where", "what", "why it is let pass")
    yield from _section(f"Accepted findings{as_of}: they are true, and do not fail", headers, rows, _SHARE, len(passed))
    stale = [
        each for each in report.acceptances if not each.acceptance.baseline and (each.expired or not each.findings)
    ]
    lines = [
        f"* {code(each.acceptance.where)} {'has expired' if each.expired else 'matches no finding'}: {prose(decision(each.acceptance))}"
        for each in stale
    ]
    if lines:
        yield from ("Decisions to look at again:", "")
        yield from _fitting(lines, _SHARE, "decision", len(lines))
        yield ""


def _coverage(report: Report) -> Iterator[str]:
    rows = (
        (
            code(item.name),
            prose(item.kind),
            f"{item.exchanges:,}",
            " to ".join(code(time) for time in map(timestamp, (item.first, item.last)) if time),
            code(item.sha256),
        )
        for item in report.inputs
    )
    headers = ("recording", "kind", "exchanges >", "time", "SHA-256")
    yield from _section("Coverage", headers, rows, _SHARE, len(report.inputs))
    yield f"{coverage(report)}."
    yield ""
    document = code(report.terms.document) if report.terms.document else "every edition of the documents"
    yield f"telemetry-audit {prose(report.terms.tool)}, held against {document}."


def _section(title: str, headers: _Row, rows: Iterable[_Row], share: int, total: int) -> Iterator[str]:
    if total:
        yield from (f"### {title}", "")
        yield from _table(headers, rows, share, total)


def _table(headers: _Row, rows: Iterable[_Row], share: int, total: int) -> Iterator[str]:
    """A table of as many rows as `share` bytes hold, and how many of the `total` do not fit; a header with `>` stands above numbers."""
    yield _row(header.removesuffix(" >") for header in headers)
    yield _row("--:" if header.endswith(">") else "---" for header in headers)
    yield from _fitting(map(_row, rows), share, "row", total)
    yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _fitting(lines: Iterable[str], share: int, noun: str, total: int) -> Iterator[str]:
    """The first lines that `share` bytes hold, and how many of the `total` there is no room for."""
    room = share
    for told, line in enumerate(lines):
        room -= len(line.encode()) + 1
        if room < 0:
            yield from ("", f"No room for {counted(total - told, noun)} more: `--format json` lists all.")
            return
        yield line


def code(text: str, most: int = _MOST_IN_A_CELL) -> str:
    """Text from outside as a code span, without the backticks that would end it and the bars that would end a table's cell."""
    safe = shown(text[:most]).replace("`", r"\x60").replace("|", r"\x7c")
    return f"`{safe}{'…' if len(text) > most else ''}`" if text else ""


def prose(text: str) -> str:
    """A sentence as it is if it is harmless, else as a code span."""
    return text if len(text) <= _LONGEST_SENTENCE and _WORDS.fullmatch(text) else code(text, _LONGEST_SENTENCE)
