"""What a terminal shows of several instances: a row for each, by the fingerprint of its id."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from click import style

from telemetry_audit.formats.clock import timestamp
from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.text_table import tabulate
from telemetry_audit.report import Report
from telemetry_audit.tally import Instance

_MOST_ROWS = 25
_FEW_RECORDINGS = 2
_MINUTES = len("2026-01-05T10:00")


def instances(report: Report) -> Iterator[str]:
    """The lines of that section; none where there is only one instance."""
    if len(report.instances) < 2:  # noqa: PLR2004 - several
        return
    number = f"more than {len(report.instances):,}" if report.more_instances else f"{len(report.instances):,}"
    yield ""
    yield style(f"Instances: {number} named themselves", bold=True)
    headers = ("instance", "events", "breach", "drift", "note", "breaks", "seen in", "from (UTC)", "to (UTC)")
    align = ("left", "right", "right", "right", "right", "left", "left", "left", "left")
    most = sorted(report.instances, key=lambda each: (-each.breaches, -each.drift, -each.events, each.fingerprint))
    yield tabulate([_row(each) for each in most[:_MOST_ROWS]], headers, disable_numparse=True, colalign=align)
    if len(most) > _MOST_ROWS:
        yield f"… and {len(most) - _MOST_ROWS:,} more: --format json lists all"
    yield "Findings are counted with the instance that they are of; whose an address is was decided over all, and stands in the findings alone."


def _row(instance: Instance) -> tuple[str, ...]:
    sides = ", ".join(f"{side} {events:,}" for side, events in instance.sides)
    return (
        instance.fingerprint,
        f"{instance.events:,}\n{sides}",
        f"{instance.breaches:,}",
        f"{instance.drift:,}",
        f"{instance.notes:,}",
        "\n".join(instance.broken),
        _seen_in(instance),
        _minute(instance.first),
        _minute(instance.last),
    )


def _seen_in(instance: Instance) -> str:
    names = [textwrap.shorten(shown(name), 32, placeholder="…") for name in instance.recordings]
    if len(names) <= _FEW_RECORDINGS:
        return "\n".join(names)
    return f"{'more than ' if instance.more else ''}{len(names):,} recordings"


def _minute(time: float | None) -> str:
    return (timestamp(time) or "")[:_MINUTES].replace("T", " ")
