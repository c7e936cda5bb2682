"""The report for a terminal: what was looked at, the verdict on every promise, then what was found, most serious first."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from click import style

from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.findings import TITLES
from telemetry_audit.formats.text_accepted import accepted, let_pass
from telemetry_audit.formats.text_anonymity import anonymity
from telemetry_audit.formats.text_instances import instances
from telemetry_audit.formats.text_table import cut, tabulate
from telemetry_audit.formats.text_whole import whole
from telemetry_audit.model import Finding, Level, Side, Unread, Verdict
from telemetry_audit.report import Input, PromiseVerdict, Report

_COLOURS = {
    Verdict.BROKEN: "red",
    Verdict.DIFFERS: "yellow",
    Verdict.UNDECIDED: "magenta",
    Verdict.KEPT: "green",
    Verdict.NOT_SEEN: "cyan",
    Verdict.NOT_TESTABLE: None,
}
_MOST_ROWS = 25
_WIDTH = 112
_FEW = 3


def render(report: Report) -> str:
    """The report with ANSI colours; whoever prints it elsewhere than on a terminal takes them out."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"telemetry-audit {report.terms.tool}, held against {report.terms.document or 'every edition of the documents'}"
    yield ""
    for item in report.inputs:
        yield from _input(item)
    yield _coverage(report)
    yield ""
    yield _heading("Promises")
    testable = [verdict for verdict in report.promises if verdict.verdict is not Verdict.NOT_TESTABLE]
    yield _promises(testable)
    untestable = [verdict.promise.id for verdict in report.promises if verdict.verdict is Verdict.NOT_TESTABLE]
    if untestable:
        yield ""
        yield f"No recording can show {len(untestable)} more (`telemetry-audit explain ID` says why):"
        yield from textwrap.wrap(
            ", ".join(untestable), _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
        )
    yield from _limits(testable)
    for level in Level:
        yield from _findings(level, [each for each in report.of_level(level) if each.acceptance is None])
    yield from accepted(report)
    yield from whole(report)
    yield from instances(report)
    yield from anonymity(report.anonymity)
    yield from _unread(report.unread, report.coverage.unread)
    yield ""
    yield conclusion(report)


def _heading(text: str) -> str:
    return style(text, bold=True)


def _input(item: Input) -> Iterator[str]:
    yield f"{shown(item.name)}  ({item.kind}, {_size(item.size)}, {_count(item.exchanges, 'exchange')})"
    yield f"  SHA-256 {item.sha256}"


def _coverage(report: Report) -> str:
    seen = report.coverage
    sides = ", ".join(
        f"{side} side {'seen' if side in seen.sides else 'not seen'}" for side in (Side.SERVER, Side.BROWSER)
    )
    pings = f"; {_count(seen.pings, 'canary exchange')}" if seen.pings else ""
    return (
        f"{_count(seen.exchanges, 'exchange')} = {seen.judged:,} judged + {seen.ignored:,} ignored + {seen.unread:,} unread; "
        f"{_count(seen.events, 'event')}; {sides}{pings}"
    )


def _promises(verdicts: Sequence[PromiseVerdict]) -> str:
    rows = [
        (
            style(verdict.verdict.upper(), fg=_COLOURS[verdict.verdict], bold=verdict.verdict is Verdict.BROKEN),
            verdict.promise.title,
            f"{verdict.looked_at:,}" if verdict.looked_at else "",
            f"{verdict.breaches:,}" if verdict.breaches else "",
            f"{verdict.drift:,}" if verdict.drift else "",
        )
        for verdict in verdicts
    ]
    return tabulate(
        rows,
        ("verdict", "promise", "places", "breaches", "drift"),
        disable_numparse=True,
        colalign=("left", "left", "right", "right", "right"),
    )


def _limits(verdicts: Iterable[PromiseVerdict]) -> Iterator[str]:
    told: dict[str, list[str]] = {}
    for verdict in verdicts:
        for limit in verdict.limits:
            told.setdefault(limit, []).append(verdict.promise.id)
    if told:
        yield ""
        yield "What these verdicts rest on:"
        for limit, promises in told.items():
            line = f"{', '.join(promises)}: {shown(limit)}"
            yield from textwrap.wrap(
                line, _WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
            )


def _findings(level: Level, findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield ""
    yield _heading(TITLES[level])
    if level is Level.BREACH:
        rows = [_row_of_one(finding) for finding in findings]
        headers = ("finding", "count", "event", "where and what", "first at")
    else:
        rows = [_row_of_many(group) for group in _alike(findings)]
        headers = ("finding", "count", "event", "where", "what")
    yield tabulate(rows[:_MOST_ROWS], headers, disable_numparse=True, colalign=("left", "right"))
    if len(rows) > _MOST_ROWS:
        yield f"… and {len(rows) - _MOST_ROWS:,} more lines: --format json lists all"


def _row_of_one(finding: Finding) -> Sequence[str]:
    statement, place = finding.statement, finding.places[0]
    return (
        f"{statement.id}\n  {statement.rule}",
        f"{finding.count:,}",
        cut(shown(statement.event), 24),
        f"{cut(shown(statement.pointer) or 'the event', 50)}\n  {cut(statement.says, 52)}\n  {cut(place.shape, 52)}",
        f"{cut(shown(place.input.rpartition('/')[2]), 16)}\nexchange {place.exchange}",
    )


def _alike(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings that say the same of the same pointer in several events, the most frequent first."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.statement.pointer, finding.statement.says), []).append(finding)
    return sorted(groups.values(), key=lambda group: -sum(finding.count for finding in group))


def _row_of_many(group: Sequence[Finding]) -> Sequence[str]:
    first = group[0].statement
    more = f" +{len(group) - 1}" if len(group) > 1 else ""
    event = f"{len(group)} events" if more else cut(shown(first.event), 22)
    return (
        first.id + more,
        f"{sum(finding.count for finding in group):,}",
        event,
        cut(shown(first.pointer) or "the event", 40),
        first.says,
    )


def _unread(items: Sequence[Unread], count: int) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield _heading("Unread: it left, or tried to, and nobody could look into it")
    groups = Counter((item.reason, item.host) for item in items)
    first: dict[tuple[str, str], int] = {}
    for item in items:
        first.setdefault((item.reason, item.host), item.number)
    rows = [
        (f"{number:,}", shown(host) or "(unknown)", reason, f"exchange {first[reason, host]}")
        for (reason, host), number in groups.most_common(_MOST_ROWS)
    ]
    yield tabulate(rows, ("count", "host", "why", "first at"), disable_numparse=True, colalign=("right",))
    if len(groups) > _MOST_ROWS:
        yield f"… {count:,} in all: --format json lists them"


def conclusion(report: Report) -> str:
    """The last line: what it comes to, with ANSI colours."""
    broken = [verdict.promise.id for verdict in report.promises if verdict.verdict is Verdict.BROKEN]
    if broken:
        told = f"{_count(len(broken), 'promise')} {'is' if len(broken) == 1 else 'are'} broken: {', '.join(broken)}."
        said = "`telemetry-audit explain RULE` says why, `telemetry-audit show RECORDING FINDING` shows the value."
        passed = let_pass(report.findings)
        return f"{style(told, fg='red', bold=True)}{f' {passed}' if passed else ''}\n{said}"
    if report.inconclusive:
        return style(shown("Inconclusive: " + "; ".join(report.inconclusive) + "."), fg="yellow", bold=True)
    if not report.coverage.events:
        return (
            style("No telemetry was seen.", bold=True)
            + " A canary exchange shows that what goes through the proxy is seen, and not that the instance goes through it."
        )
    undecided = [verdict.promise.id for verdict in report.promises if verdict.verdict is Verdict.UNDECIDED]
    open_ = f" Undecided for want of what stands above: {', '.join(undecided)}." if undecided else ""
    return (
        style("No promise was seen broken.", fg="green", bold=True)
        + f"{open_} This speaks for what is in the recording, and for nothing else."
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _size(size: int) -> str:
    """A size in decimal units (IEC 80000-13)."""
    power = min(3, (len(str(size)) - 1) // 3)
    return f"{size / 1000**power:,.{1 if power else 0}f} {('bytes', 'kB', 'MB', 'GB')[power]}"
