"""What the program's exit codes mean."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telemetry_audit.report import Report  # --help needs the codes and not the engine

NOTHING_WRONG = 0
FAILED = 1
WRONG_CALL = 2
INCONCLUSIVE = 3
FAULT = 70
INTERRUPTED = 130

FAIL_ON = frozenset({"breach"})
"""What fails where nobody says what is to."""

EXIT_CODES = (
    (NOTHING_WRONG, "nothing wrong was found"),
    (FAILED, "a breach, or what --fail-on names"),
    (WRONG_CALL, "a wrong call, or a file that cannot be read"),
    (INCONCLUSIVE, "inconclusive: no telemetry was seen, or something could not be read"),
    (FAULT, "a fault in telemetry-audit itself (EX_SOFTWARE of sysexits.h)"),
)


def exit_code(report: Report, fail_on: AbstractSet[str]) -> int:
    """The exit code for a report; `fail_on` holds levels, `unread`, or `none` alone, for which none is `FAILED`."""
    if failing(report, fail_on):
        return FAILED
    return INCONCLUSIVE if report.inconclusive else NOTHING_WRONG


def failing(report: Report, fail_on: AbstractSet[str]) -> AbstractSet[str]:
    """What of `fail_on` is in a report; a finding that is accepted, or in a baseline, does not fail."""
    found = {str(finding.statement.level) for finding in report.findings if finding.acceptance is None}
    if report.coverage.unread:
        found.add("unread")
    return found & fail_on
