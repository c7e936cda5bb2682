"""What the page says, out of a report: sorted, grouped, and bounded, so that a page can be opened whatever was found."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from telemetry_audit.catalog import load
from telemetry_audit.formats.findings import alike, in_baseline, let_pass, occurrences, passing, standing_open
from telemetry_audit.formats.html.conclusion import conclusion
from telemetry_audit.formats.html.course import course
from telemetry_audit.formats.html.matrix import matrix
from telemetry_audit.formats.html.shares import shares
from telemetry_audit.formats.json_report import VERSION
from telemetry_audit.model import Finding, Level, Side, Unread, Verdict
from telemetry_audit.report import PromiseVerdict, Report
from telemetry_audit.rules import RULES
from telemetry_audit.wholes import WHOLES, lasting

_MOST_BREACHES = 200
_MOST_PLACES = 10
_MOST_ROWS = 200
_MOST_DESTINATIONS = 40
_MOST_FIELDS = 25
_MOST_NAMES = 3


class Listed[Item](NamedTuple):
    """The first of many, and how many more there are."""

    items: tuple[Item, ...]
    more: int


class Alike(NamedTuple):
    """Findings that say the same of the same place in several events: how often in all, and the names of the first events."""

    findings: tuple[Finding, ...]
    times: int
    events: Listed[str]


class Unseen(NamedTuple):
    """Unread exchanges of one host and reason: how many, and the first."""

    times: int
    first: Unread


def view(report: Report) -> dict[str, Any]:
    """The names that the templates use."""
    catalog = load()
    testable, untestable = _split(report.promises)
    of_level = {level: standing_open(report.findings, level) for level in Level}
    passed = [each for each in let_pass(report.findings) if not each[1].baseline]
    editions = (report.terms.document,) if report.terms.document else tuple(each.id for each in catalog.documents)
    journals = {each.name for each in report.inputs if each.kind.startswith("journal")}
    return {
        "report": report,
        "journals": journals,
        "span": _span(report),
        "conclusion": conclusion(report),
        "verdicts": testable,
        "untestable": untestable,
        "answers": Counter(each.verdict for each in report.promises),
        "all_verdicts": tuple(Verdict),
        "limits": _limits(testable),
        "counts": {level.value: (len(found), occurrences(found)) for level, found in of_level.items()},
        "breaches": _by_promise(of_level[Level.BREACH], testable),
        "drift": _alike(of_level[Level.DRIFT]),
        "notes": _alike(of_level[Level.NOTE]),
        "accepted": _first(passed, _MOST_ROWS),
        "passing": passing(report.findings),
        "acceptances": _first(report.acceptances, _MOST_ROWS),
        "unread": _unread(report.unread),
        "shares": shares((name, getattr(report.coverage, name)) for name in ("judged", "ignored", "unread")),
        "course": course(report),
        "matrix": matrix(report, _MOST_DESTINATIONS),
        "destinations": _first(sorted(report.destinations, key=lambda each: (-each[1], each[0])), _MOST_ROWS),
        "ignored": _first(sorted(report.ignored, key=lambda each: (-each[1], each[0])), _MOST_ROWS),
        "events": _first(sorted(report.events, key=lambda each: (-each[1], each[0])), _MOST_ROWS),
        "inputs": _first(report.inputs, _MOST_ROWS),
        "fields": _first(
            sorted(report.anonymity.fields, key=lambda each: (-each.singled_out, -each.values, each.pointer)),
            _MOST_FIELDS,
        ),
        "documents": tuple(each for each in catalog.documents if each.id in editions),
        "editions": editions,
        "entries": {each.id: each for each in catalog.destinations},
        "rules": {rule.id: rule.title for rule in RULES} | {whole.id: whole.title for whole in WHOLES},
        "cadences": _first(report.cadences, _MOST_ROWS),
        "instances": _first(
            sorted(report.instances, key=lambda each: (-each.breaches, -each.drift, -each.events, each.fingerprint)),
            _MOST_ROWS,
        ),
        "unseen": _first(report.unseen if report.coverage.events else (), _MOST_ROWS),
        "elsewhere": _first(report.editions if report.coverage.events else (), _MOST_ROWS),
        "in_baseline": lambda decided: in_baseline(decided, report.findings),
        "sides": tuple(dict.fromkeys((Side.SERVER, Side.BROWSER, *report.coverage.sides))),
        "places": lambda finding: _first(finding.places, _MOST_PLACES),
        "lookup": lambda name, finding: lookup("" if name in journals else name, finding),
        "lasting": lasting,
        "version": VERSION,
    }


def lookup(recording: str, finding: str) -> str:
    """The command that prints a finding's values from its recording, as a shell takes it; a recording without a name stands as RECORDING."""
    name = f"./{recording}" if recording.startswith("-") and recording != "-" else recording
    return f"telemetry-audit show {shlex.quote(name) if name else 'RECORDING'} {finding}"


def _first[Item](items: Sequence[Item], most: int) -> Listed[Item]:
    return Listed(tuple(items[:most]), max(0, len(items) - most))


def _span(report: Report) -> tuple[float, float] | None:
    """The first and last time of all recordings."""
    times = [time for each in report.inputs for time in (each.first, each.last) if time is not None]
    return (min(times), max(times)) if times else None


def _split(promises: Iterable[PromiseVerdict]) -> tuple[list[PromiseVerdict], list[PromiseVerdict]]:
    """Those that a recording can test, the gravest verdict first, and the rest."""
    ordered = sorted(promises, key=lambda each: list(Verdict).index(each.verdict))
    untestable = [each for each in ordered if each.verdict is Verdict.NOT_TESTABLE]
    return [each for each in ordered if each.verdict is not Verdict.NOT_TESTABLE], untestable


def _limits(verdicts: Iterable[PromiseVerdict]) -> dict[str, list[PromiseVerdict]]:
    """What limits the verdicts, each limit once with the promises that it concerns."""
    told: dict[str, list[PromiseVerdict]] = {}
    for verdict in verdicts:
        for limit in verdict.limits:
            told.setdefault(limit, []).append(verdict)
    return told


def _by_promise(breaches: Sequence[Finding], verdicts: Sequence[PromiseVerdict]) -> Listed[tuple[str, list[Finding]]]:
    """The breaches by the promise that they break, by its title, in the order of the verdicts."""
    groups: dict[str, list[Finding]] = {each.promise.id: [] for each in verdicts}
    for finding in breaches[:_MOST_BREACHES]:
        groups.setdefault(finding.statement.promise, []).append(finding)
    titles = {each.promise.id: each.promise.title for each in verdicts}
    told = tuple((titles.get(promise, promise), found) for promise, found in groups.items() if found)
    return Listed(told, max(0, len(breaches) - _MOST_BREACHES))


def _alike(findings: Iterable[Finding]) -> Listed[tuple[str, list[Alike]]]:
    """What is said, and the lines of which it is said: findings of the same place put together, the most frequent first."""
    rows = [_together(group) for group in alike(findings)]
    told: dict[str, list[Alike]] = {}
    for row in rows[:_MOST_ROWS]:
        told.setdefault(row.findings[0].statement.says, []).append(row)
    return Listed(tuple(told.items()), max(0, len(rows) - _MOST_ROWS))


def _together(group: Sequence[Finding]) -> Alike:
    events = _first([each.statement.event for each in group], _MOST_NAMES)
    return Alike(tuple(group), occurrences(group), events)


def _unread(items: Iterable[Unread]) -> Listed[Unseen]:
    groups: dict[tuple[str, str], list[Unread]] = {}
    for item in items:
        groups.setdefault((item.reason, item.host), []).append(item)
    return _first(
        sorted((Unseen(len(group), group[0]) for group in groups.values()), key=lambda each: -each.times), _MOST_ROWS
    )
