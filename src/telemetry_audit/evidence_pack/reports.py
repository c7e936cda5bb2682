"""The reports of a pack: one in every format, and what it takes to write them again."""

from __future__ import annotations

from datetime import date

import click
import msgspec

from telemetry_audit.accepted import apply
from telemetry_audit.formats import FORMATS
from telemetry_audit.model import Acceptance, Level
from telemetry_audit.report import Report

REPORTS = "reports"
JSON_REPORT = f"{REPORTS}/report.json"


class NoDecisions(ValueError):
    """What was accepted cannot be read out of a JSON report."""


class _Decision(msgspec.Struct, frozen=True):
    rule: str
    event: str
    pointer: str
    finding: str | None
    level: Level
    reason: str
    who: str
    until: date | None
    where: str


class _Told(msgspec.Struct, frozen=True):
    acceptances: tuple[_Decision, ...]
    as_of: date | None


def rendered(report: Report) -> dict[str, bytes]:
    """The report in every format, each under a file name of its own."""
    files: dict[str, bytes] = {}
    for each in FORMATS:
        suffix = each.suffixes[0] if each.suffixes else ".txt"
        name = f"report{suffix}" if f"report{suffix}" not in files else f"report-{each.id}{suffix}"
        files[name] = click.unstyle(each.render(report)).encode()
    return files


def decided_again(report: Report, told: bytes) -> Report:
    """The report under the decisions, and as of the day, that stand in the JSON report of a pack. Raises NoDecisions."""
    try:
        found = msgspec.json.decode(told, type=_Told)
    except (msgspec.DecodeError, RecursionError):
        raise NoDecisions from None
    acceptances = (
        Acceptance(
            each.rule,
            each.event,
            each.pointer,
            each.reason,
            each.who,
            each.until,
            each.where,
            frozenset({each.finding} if each.finding else ()),
            level=each.level,
        )
        for each in found.acceptances
    )
    return apply(report, acceptances, found.as_of or date.min)
