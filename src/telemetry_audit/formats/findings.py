"""What several formats say of findings: which stand open, what became of the others, and which say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from telemetry_audit.model import Acceptance, Finding, Level, Verdict
from telemetry_audit.report import PromiseVerdict, Report

TITLES = {
    Level.BREACH: "Breaches: a promise is broken",
    Level.DRIFT: "Drift: different from what the documents say",
    Level.NOTE: "Notes: worth knowing",
}


def standing_open(findings: Iterable[Finding], level: Level | None = None) -> tuple[Finding, ...]:
    """The findings that nobody accepted and no baseline has, in order; of one level or of all."""
    return tuple(
        finding
        for finding in findings
        if finding.acceptance is None and (level is None or finding.statement.level is level)
    )


def let_pass(findings: Iterable[Finding]) -> tuple[tuple[Finding, Acceptance], ...]:
    """The findings that are accepted or in a baseline, in order, each with its decision."""
    return tuple((finding, finding.acceptance) for finding in findings if finding.acceptance is not None)


def passing(findings: Iterable[Finding], level: Level | None = None) -> str:
    """What those are that are let pass, of one level or of all: "accepted", "in the baseline", or either; "" where there are none."""
    kinds = {decided.baseline for each, decided in let_pass(findings) if level is None or each.statement.level is level}
    return " or ".join(word for word, kind in (("accepted", False), ("in the baseline", True)) if kind in kinds)


def decision(acceptance: Acceptance) -> str:
    """A decision as a sentence: that it was accepted, by whom, until which day (ISO 8601) and why; or which baseline has the finding."""
    if acceptance.baseline:
        return f"in the {acceptance.where or 'baseline'}"
    who = f" by {acceptance.who}" if acceptance.who else ""
    until = f" until {acceptance.until.isoformat()}" if acceptance.until else ""
    return f"accepted{who}{until}: {acceptance.reason}"


def in_baseline(baseline: Acceptance, findings: Iterable[Finding]) -> tuple[int, str]:
    """How many findings an earlier report had already, and how many of each level, in words; "" where there are none."""
    known = [each.statement.level for each in findings if each.acceptance == baseline]
    counts = [(known.count(level), level) for level in Level]
    return len(known), ", ".join(f"{count:,} {level}" for count, level in counts if count)


def breaking(report: Report, verdict: PromiseVerdict) -> tuple[Finding, ...]:
    """The breaches that nobody accepted and that break this promise, itself or through one that it includes."""
    promises = {verdict.promise.id, *verdict.promise.includes}
    return tuple(each for each in standing_open(report.findings, Level.BREACH) if each.statement.promise in promises)


def alike(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings that say the same of the same pointer in several events, the most frequent first."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.statement.pointer, finding.statement.says), []).append(finding)
    return sorted(groups.values(), key=lambda group: -occurrences(group))


def occurrences(findings: Iterable[Finding]) -> int:
    """At how many places these findings hold."""
    return sum(finding.count for finding in findings)


def of_event(group: Sequence[Finding]) -> str:
    """The event that a group of findings is about, or of how many events it is."""
    return group[0].statement.event if len(group) == 1 else f"{len(group):,} events"


def sentence(*group: Finding) -> str:
    """What a finding says, with its event and pointer; or findings that are alike, with how many events they are about."""
    statement = group[0].statement
    return " ".join(part for part in (of_event(group), statement.pointer, statement.says) if part)


def headline(report: Report) -> str:
    """What it comes to, in one sentence."""
    broken = [verdict.promise.id for verdict in report.promises if verdict.verdict is Verdict.BROKEN]
    if broken:
        words = "1 promise is" if len(broken) == 1 else f"{len(broken)} promises are"
        passed = "" if standing_open(report.findings, Level.BREACH) else passing(report.findings, Level.BREACH)
        return f"{words} broken{passed and f', and every breach of them is {passed}'}"
    if report.inconclusive:
        return "Inconclusive"
    return "No promise was seen broken" if report.coverage.events else "No telemetry was seen"


def counted(number: int, noun: str) -> str:
    """A number with its noun, for example `1,200 exchanges`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def coverage(report: Report) -> str:
    """How many exchanges were seen and what became of them."""
    seen = report.coverage
    sides = ", ".join(seen.sides) or "no side"
    return (
        f"{counted(seen.exchanges, 'exchange')}: {seen.judged:,} judged, {seen.ignored:,} ignored, {seen.unread:,} unread; "
        f"{counted(seen.events, 'event')}; seen: {sides}"
    )
