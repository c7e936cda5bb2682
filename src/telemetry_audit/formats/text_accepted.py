"""What a terminal shows of accepted findings: which, why, by whom and until when, and which decisions are to be looked at again."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from click import style

from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.findings import in_baseline, passing, standing_open
from telemetry_audit.formats.text_table import tabulate
from telemetry_audit.model import Acceptance, Finding, Level
from telemetry_audit.report import Applied, Report

_MOST_ROWS = 25
_WIDTH = 112


def accepted(report: Report) -> Iterator[str]:
    """The lines of that section; none where nothing is accepted and there is no baseline."""
    if not report.acceptances:
        return
    as_of = f", as of {report.as_of.isoformat()}" if report.as_of else ""
    yield ""
    yield style(f"Accepted findings{as_of}: they are true, and do not fail", bold=True)
    rows = [_row(each, each.acceptance) for each in report.findings if each.acceptance and not each.acceptance.baseline]
    if rows:
        yield _table(rows[:_MOST_ROWS])
    if len(rows) > _MOST_ROWS:
        yield f"… and {len(rows) - _MOST_ROWS:,} more: --format json lists all"
    for applied in report.acceptances:
        for line in _became(applied, report.findings):
            yield from textwrap.wrap(shown(line), _WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def let_pass(findings: Iterable[Finding]) -> str:
    """A sentence that says so if every breach is accepted or in a baseline, else nothing."""
    breaches = [each for each in findings if each.statement.level is Level.BREACH]
    return f"All breaches are {passing(breaches)}." if breaches and not standing_open(breaches) else ""


def _row(finding: Finding, acceptance: Acceptance) -> Sequence[str]:
    statement = finding.statement
    decided = (
        f"by {acceptance.who}" if acceptance.who else "",
        f"until {acceptance.until}" if acceptance.until else "",
    )
    who = shown(", ".join(filter(None, decided)))
    return (
        f"{statement.id}\n  {statement.level}",
        f"{finding.count:,}",
        f"{_wrapped(shown(statement.event), 24)}\n{_wrapped(shown(statement.pointer), 36)}",
        "\n".join(filter(None, (_wrapped(shown(acceptance.reason), 46), who, shown(acceptance.where)))),
    )


def _became(applied: Applied, findings: Sequence[Finding]) -> Iterator[str]:
    """What is to be said of a decision beside the findings that it covers."""
    acceptance = applied.acceptance
    if acceptance.baseline:
        number, levels = in_baseline(acceptance, findings)
        yield f"{_findings(number)} as in the {acceptance.where}{f': {levels}' if levels else ''}."
    elif applied.expired and applied.findings:
        yield f"{acceptance.where} expired after {acceptance.until}, and {_findings(applied.findings)} no longer accepted by it: {acceptance.reason}"
    elif not applied.findings:
        rest = (acceptance.rule, acceptance.event, acceptance.pointer)
        what = " ".join((*sorted(acceptance.ids), *(each for each in rest if each.strip("*"))))
        yield f"{acceptance.where} matches no finding of this report: {what}"


def _findings(number: int) -> str:
    return f"{number:,} {'finding is' if number == 1 else 'findings are'}"


def _wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width)[:4])


def _table(rows: Sequence[Sequence[str]]) -> str:
    headers = ("finding", "count", "event and where", "why")
    return tabulate(rows, headers, disable_numparse=True, colalign=("left", "right"))
