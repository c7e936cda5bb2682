"""Findings that the operator decided to live with: which a decision covers, and what a report says of it.

An accepted finding is still the truth. A promise that it breaks stays broken; the decision stands beside it, and only the exit code lets it pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from telemetry_audit.model import Acceptance, Finding, Level, Statement
from telemetry_audit.report import Applied, PromiseVerdict, Report

EVERY_RULE = "*"
"""The rule of what is for certain findings alone, by their ids."""

_WEIGHT = {level: number for number, level in enumerate(Level)}
"""The gravest level is the first."""

_WILDCARD = re.compile(r"\*+")


def covers(acceptance: Acceptance, statement: Statement) -> bool:
    """Whether a decision is for what a statement says: its id, rule, event and pointer agree with what the decision names.

    It may weigh no more than what was accepted. In an event `*` is any text. In a pointer `*` is any text without a slash, so a list's index or one
    name, and `**` is any text, so whatever lies below. All else stands for itself, in its case.
    """
    return (
        (statement.id in acceptance.ids if acceptance.ids or acceptance.baseline else True)
        and _WEIGHT[statement.level] >= _WEIGHT[acceptance.level]
        and acceptance.rule in {EVERY_RULE, statement.rule}
        and _agrees(acceptance.event, ".*", statement.event)
        and _agrees(acceptance.pointer, "[^/]*", statement.pointer)
    )


def expired(acceptance: Acceptance, today: date) -> bool:
    """Whether its last day has passed."""
    return acceptance.until is not None and acceptance.until < today


def decision(statement: Statement, decided: Iterable[Acceptance], today: date) -> Acceptance | None:
    """The first of these decisions that covers what a statement says and still holds; a baseline counts only where none has expired."""
    lapsed = False
    for acceptance in decided:
        if covers(acceptance, statement):
            if not expired(acceptance, today) and not (lapsed and acceptance.baseline):
                return acceptance
            lapsed = True
    return None


def apply(report: Report, acceptances: Iterable[Acceptance], today: date) -> Report:
    """The report with each finding marked that a decision covers which still holds on `today`, and with what became of each decision.

    Verdicts stay; those of broken promises say how many of the breaches are accepted. What was applied before is replaced. The order of the decisions
    makes no difference: of several that cover one finding the one that holds longest is named. A baseline does not let pass what a decision accepted
    whose end has come.
    """
    decided = sorted(set(acceptances), key=_order)
    findings = tuple(_marked(finding, decided, today) for finding in report.findings)
    return replace(
        report,
        findings=findings,
        promises=tuple(_limited(verdict, report.findings, findings) for verdict in report.promises),
        acceptances=tuple(_applied(acceptance, findings, today) for acceptance in decided),
        as_of=today if any(acceptance.until for acceptance in decided) else None,
    )


def _marked(finding: Finding, decided: Sequence[Acceptance], today: date) -> Finding:
    covering = decision(finding.statement, decided, today)
    return finding if finding.acceptance == covering else replace(finding, acceptance=covering)


def _applied(acceptance: Acceptance, findings: Iterable[Finding], today: date) -> Applied:
    return Applied(
        acceptance, sum(covers(acceptance, finding.statement) for finding in findings), expired(acceptance, today)
    )


def _limited(verdict: PromiseVerdict, before: Iterable[Finding], after: Iterable[Finding]) -> PromiseVerdict:
    said, now = set(_limits(verdict, before)), tuple(_limits(verdict, after))
    return replace(verdict, limits=(*(limit for limit in verdict.limits if limit not in said), *now))


def _limits(verdict: PromiseVerdict, findings: Iterable[Finding]) -> Iterator[str]:
    """How many of the breaches that break a promise, itself or through another, are let pass."""
    promises = {verdict.promise.id, *verdict.promise.includes}
    breaches = [
        each for each in findings if each.statement.level is Level.BREACH and each.statement.promise in promises
    ]
    passed = [each for each in breaches if each.acceptance is not None]
    known = sum(each.count for each in passed if each.acceptance and each.acceptance.baseline)
    accepted = sum(each.count for each in passed) - known
    total = sum(each.count for each in breaches)
    if total and known == total:
        yield "the breaches that break it are all in the baseline"
    elif total and accepted == total:
        yield "the breaches that break it are all accepted"
    elif passed:
        parts = (
            *((f"{accepted:,} {_are(accepted)} accepted",) if accepted else ()),
            *((f"{known:,} {_are(known)} in the baseline",) if known else ()),
        )
        yield f"of the {total:,} breaches that break it {' and '.join(parts)}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _order(acceptance: Acceptance) -> tuple[bool, int, str, str, str, list[str], str, str, str, str]:
    """The operator's decisions before a baseline, what holds longest first, then by what it says."""
    return (
        acceptance.baseline,
        -(acceptance.until or date.max).toordinal(),
        acceptance.rule,
        acceptance.event,
        acceptance.pointer,
        sorted(acceptance.ids),
        acceptance.reason,
        acceptance.who,
        acceptance.where,
        acceptance.level,
    )


def _agrees(wildcards: str, one: str, text: str) -> bool:
    return wildcards == text or _pattern(wildcards, one).fullmatch(text) is not None


@lru_cache(4096)
def _pattern(wildcards: str, one: str) -> re.Pattern[str]:
    """A pattern for a text with wildcards, of which a single `*` stands for what `one` takes."""
    texts, stars = _WILDCARD.split(wildcards), _WILDCARD.findall(wildcards)
    parts = [re.escape(texts[0])]
    for star, text in zip(stars, texts[1:], strict=True):
        parts.append((one if star == "*" else ".*") + re.escape(text))
    return re.compile("".join(parts), re.DOTALL)
