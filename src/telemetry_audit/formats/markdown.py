"""The report for a pull request's comment or a job's summary on GitHub, in GitHub Flavored Markdown (https://github.github.com/gfm/).

Whatever came from outside stands in a code span, the one place where GitHub makes no link, mention, reference, image or HTML of it. A
sentence that is nothing but words stands as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from telemetry_audit.formats.clock import timestamp
from telemetry_audit.formats.findings import (
    TITLES,
    alike,
    counted,
    coverage,
    decision,
    headline,
    in_baseline,
    let_pass,
    occurrences,
    of_event,
    standing_open,
)
from telemetry_audit.formats.gfm import code, fitting, prose, section, table
from telemetry_audit.formats.markdown_whole import whole
from telemetry_audit.model import Finding, Level, Verdict
from telemetry_audit.report import Report

MOST_BYTES = 60_000
"""Of the 65,536 characters that a comment on GitHub may have; the rest is for whoever puts the report into one. A job's summary may have 1 MiB."""

_SHARES = {
    "promises": 6_000,
    "limits": 5_000,
    "inconclusive": 2_000,
    Level.BREACH: 15_500,
    Level.DRIFT: 7_000,
    Level.NOTE: 4_000,
}
_SHARE = 3_500
"""Bytes for each other part. All parts together, with their headings, stay under `MOST_BYTES`."""


def render(report: Report) -> str:
    """The report in at most `MOST_BYTES`, verdicts first; each table says how many of its rows it has no room for."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"## Telemetry audit: {headline(report)}"
    yield ""
    if report.inconclusive:
        reasons = [f"* {prose(reason)}" for reason in report.inconclusive]
        yield from fitting(reasons, _SHARES["inconclusive"], "reason", len(reasons))
        yield ""
    yield from _promises(report)
    for level in Level:
        yield from _findings(level, standing_open(report.findings, level))
    yield from _unread(report)
    yield from _accepted(report)
    yield from whole(report)
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
    yield from table(("verdict", "promise", "places >", "breaches >", "drift >"), rows, _SHARES["promises"], len(rows))
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
        yield from fitting(limits, _SHARES["limits"], "sentence", len(limits))
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
    yield from section(TITLES[level], headers, rows, _SHARES[level], len(groups))
    if level is Level.BREACH and groups:
        yield "`telemetry-audit explain RULE` says why, `telemetry-audit show RECORDING FINDING` shows the value."
        yield ""


def _unread(report: Report) -> Iterator[str]:
    groups = Counter((item.reason, item.host) for item in report.unread).most_common()
    rows = ((f"{count:,}", code(host) or "unknown", prose(reason)) for (reason, host), count in groups)
    title = "Unread: it left, or tried to, and nobody could look into it"
    yield from section(title, ("count >", "host", "why"), rows, _SHARE, len(groups))


def _accepted(report: Report) -> Iterator[str]:
    passed = [each for each in let_pass(report.findings) if not each[1].baseline]
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
    yield from section(f"Accepted findings{as_of}: they are true, and do not fail", headers, rows, _SHARE, len(passed))
    known = [
        (each, *in_baseline(each.acceptance, report.findings))
        for each in report.acceptances
        if each.acceptance.baseline
    ]
    for each, number, levels in known:
        what = f" ({levels})" if levels else ""
        yield from (
            f"{counted(number, 'finding')} known since the {code(each.acceptance.where)}{what}: not listed here, and no failure.",
            "",
        )
    stale = [
        each for each in report.acceptances if not each.acceptance.baseline and (each.expired or not each.findings)
    ]
    lines = [
        f"* {code(each.acceptance.where)} {'has expired' if each.expired else 'matches no finding'}: {prose(decision(each.acceptance))}"
        for each in stale
    ]
    if lines:
        yield from ("Decisions to look at again:", "")
        yield from fitting(lines, _SHARE, "decision", len(lines))
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
    yield from section("Coverage", headers, rows, _SHARE, len(report.inputs))
    yield f"{coverage(report)}."
    yield ""
    document = code(report.terms.document) if report.terms.document else "every edition of the documents"
    yield f"telemetry-audit {prose(report.terms.tool)}, held against {document}."
