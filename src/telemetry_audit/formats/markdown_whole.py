"""What only the whole of a recording shows, in Markdown: signs of life, instances, and what the verdicts rest on."""

from __future__ import annotations

from collections.abc import Iterator

from telemetry_audit.formats.clock import timestamp
from telemetry_audit.formats.gfm import code, fitting, prose, section
from telemetry_audit.formats.rests import because, rests
from telemetry_audit.report import Report
from telemetry_audit.wholes import lasting

_SHARE = 1_500
"""Bytes for each part."""

_SEVERAL = 2
_MINUTES = len("2026-01-05T10:00")


def whole(report: Report) -> Iterator[str]:
    """The lines, in bounded space; none where there is nothing to say."""
    yield from _cadences(report)
    yield from _instances(report)
    told = [f"* {sentence}" for sentence in rests(report, code, prose)]
    if told:
        yield from ("### What this rests on, and what it cannot show", "")
        yield from fitting(told, _SHARE, "sentence", len(told))
        yield ""


def _cadences(report: Report) -> Iterator[str]:
    rows = (
        (
            code(each.event),
            code(each.instance[:8]) or "unnamed",
            f"{each.pings:,}",
            f"{each.hours} h",
            *("" if seconds is None else lasting(seconds) for seconds in (each.shortest, each.median, each.longest)),
            f"{each.verdict}{because(each)}",
        )
        for each in report.cadences
    )
    headers = ("ping", "instance", "pings >", "document >", "shortest >", "median >", "longest >", "verdict")
    yield from section("How often instances said that they run", headers, rows, _SHARE, len(report.cadences))


def _instances(report: Report) -> Iterator[str]:
    if len(report.instances) < _SEVERAL:
        return
    rows = (
        (
            code(each.fingerprint),
            f"{each.events:,}",
            f"{each.breaches:,}",
            f"{each.drift:,}",
            ", ".join(map(code, each.broken)),
            " to ".join(code(time[:_MINUTES]) for time in map(timestamp, (each.first, each.last)) if time),
        )
        for each in sorted(
            report.instances, key=lambda each: (-each.breaches, -each.drift, -each.events, each.fingerprint)
        )
    )
    number = f"{'more than ' if report.more_instances else ''}{len(report.instances):,}"
    headers = ("instance", "events >", "breaches >", "drift >", "breaks", "time")
    yield from section(f"Instances: {number} named themselves", headers, rows, _SHARE, len(report.instances))
