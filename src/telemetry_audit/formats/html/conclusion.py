"""What an audit comes to."""

from __future__ import annotations

from typing import NamedTuple

from telemetry_audit.formats.findings import breaking, let_pass, occurrences, passing
from telemetry_audit.formats.html.printing import count
from telemetry_audit.model import Level, Verdict
from telemetry_audit.report import PromiseVerdict, Report


class Conclusion(NamedTuple):
    """What it comes to: the word for it (broken, inconclusive, silent or clean), the sentence, the broken promises, and what to bear in mind.

    Each broken promise comes with how many of its breaches are open and how many are let pass.
    """

    state: str
    headline: str
    broken: tuple[tuple[PromiseVerdict, str], ...]
    provisos: tuple[str, ...]


def conclusion(report: Report) -> Conclusion:
    """What it comes to."""
    broken = tuple(each for each in report.promises if each.verdict is Verdict.BROKEN)
    testable = sum(each.verdict is not Verdict.NOT_TESTABLE for each in report.promises)
    if broken:
        of = f"{len(broken)} of the {testable} promises that a recording can test"
        with_breaches = tuple((each, _breaches(each, report)) for each in broken)
        verb = "is" if len(broken) == 1 else "are"
        return Conclusion("broken", f"{of} {verb} broken.", with_breaches, report.inconclusive)
    if report.inconclusive:
        return Conclusion("inconclusive", "The audit is inconclusive.", (), report.inconclusive)
    if not report.coverage.events:
        proviso = "a canary exchange shows that what goes through the proxy is seen, and not that the instance goes through it"
        return Conclusion("silent", "No telemetry was seen.", (), (proviso,))
    return Conclusion("clean", "No promise was seen broken.", (), ())


def _breaches(verdict: PromiseVerdict, report: Report) -> str:
    """How many breaches there are of a promise that is broken."""
    promises = {verdict.promise.id, *verdict.promise.includes}
    passed = [
        finding
        for finding, _ in let_pass(report.findings)
        if finding.statement.level is Level.BREACH and finding.statement.promise in promises
    ]
    number = occurrences(passed)
    still = occurrences(breaking(report, verdict))
    return ", ".join(
        (
            *((count(still, "breach", "breaches"),) if still else ()),
            *((f"{number:,} {passing(passed)}",) if passed else ()),
        )
    )
