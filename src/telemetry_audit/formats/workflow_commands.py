"""The report as GitHub's workflow commands: printed in a step, they become annotations of the run and of the pull request.

`::error title=…::…` (https://docs.github.com/actions/reference/workflow-commands-for-github-actions), an error for each breach, a warning for
what makes the audit inconclusive and for drift, a notice for notes and for what is accepted. GitHub shows ten of each level for a step and
drops the rest without a word, so where there are more, the tenth says how many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.findings import (
    alike,
    counted,
    coverage,
    decision,
    headline,
    in_baseline,
    let_pass,
    occurrences,
    sentence,
    standing_open,
)
from telemetry_audit.model import Finding, Level
from telemetry_audit.report import Report

MOST = 10
"""Annotations of one level that GitHub shows for a step."""


class _Command(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


type _Told = tuple[str, str]
"""A title and a message."""


def render(report: Report) -> str:
    """One command a line, errors first, at most ten of each level; without findings one notice that says what was looked at."""
    summary = (headline(report), coverage(report))
    told = {
        _Command.ERROR: [_group(Level.BREACH, group) for group in _groups(report, Level.BREACH)],
        _Command.WARNING: [
            *(("Inconclusive", reason) for reason in report.inconclusive),
            *(_group(Level.DRIFT, group) for group in _groups(report, Level.DRIFT)),
        ],
        _Command.NOTICE: [
            summary,
            *_passed(report),
            *(_group(Level.NOTE, group) for group in _groups(report, Level.NOTE)),
        ],
    }
    return "".join(line for command, items in told.items() for line in _lines(command, items))


def _groups(report: Report, level: Level) -> Sequence[Sequence[Finding]]:
    """Breaches one by one, since each is told of; of the rest those together that say the same of the same pointer."""
    findings = standing_open(report.findings, level)
    return [[finding] for finding in findings] if level is Level.BREACH else alike(findings)


def _group(level: Level, group: Sequence[Finding]) -> _Told:
    statement = group[0].statement
    return (
        f"{level}: {statement.promise}",
        f"{sentence(*group)} ({counted(occurrences(group), 'place')}; {statement.rule}, {statement.id})",
    )


def _passed(report: Report) -> Iterator[_Told]:
    for finding, acceptance in let_pass(report.findings):
        if not acceptance.baseline:
            _, said = _group(finding.statement.level, [finding])
            yield f"{finding.statement.level}, accepted", f"{said}; {decision(acceptance)}"
    for each in report.acceptances:
        if each.acceptance.baseline:
            number, levels = in_baseline(each.acceptance, report.findings)
            yield (
                "Baseline",
                f"{counted(number, 'finding')} {decision(each.acceptance)}{f': {levels}' if levels else ''}",
            )


def _lines(command: _Command, items: Sequence[_Told]) -> Iterator[str]:
    fit = items if len(items) <= MOST else items[: MOST - 1]
    for title, message in fit:
        yield f"::{command} title={_property(title)}::{_data(message)}\n"
    if len(fit) < len(items):
        rest = f"{len(items) - len(fit):,} more like these: GitHub shows {MOST} for a step, the other formats have all"
        yield f"::{command} title=telemetry-audit::{_data(rest)}\n"


def _data(text: str) -> str:
    """Text as a command's message: on one line, with nothing in it that ends it or that an older runner takes for a command (`##[`)."""
    return shown(text).replace("##[", r"#\x23[").replace("%", "%25")


def _property(text: str) -> str:
    """Text as the value of a command's property, in which a colon or a comma would end it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
