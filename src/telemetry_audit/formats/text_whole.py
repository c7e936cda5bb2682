"""What only the whole of a recording shows, for a terminal: how often pings came, who sent, what was not seen, and what another edition would say."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from click import style

from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.rests import because, rests
from telemetry_audit.formats.text_table import tabulate
from telemetry_audit.report import Report
from telemetry_audit.wholes import Cadence, lasting

_WIDTH = 112
_FEW_ROWS = 10


def whole(report: Report) -> Iterator[str]:
    """The lines; none where there is nothing to say."""
    yield from _cadences(report.cadences)
    told = tuple(rests(report, shown, shown))
    if told:
        yield ""
        yield style("What this rests on, and what it cannot show", bold=True)
    for line in told:
        yield from textwrap.wrap(line, _WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _cadences(cadences: Sequence[Cadence]) -> Iterator[str]:
    if not cadences:
        return
    yield ""
    yield style("How often instances said that they run", bold=True)
    rows = [
        (
            shown(each.event),
            each.instance[:8] or "(unnamed)",
            f"{each.pings:,}",
            f"{each.hours} h",
            *(_lasting(seconds) for seconds in (each.shortest, each.median, each.longest)),
            f"{each.verdict}{because(each)}",
        )
        for each in cadences[:_FEW_ROWS]
    ]
    headers = ("ping", "instance", "pings", "document", "shortest", "median", "longest", "verdict")
    yield tabulate(rows, headers, disable_numparse=True, colalign=("left", "left", *("right",) * 5, "left"))
    if len(cadences) > _FEW_ROWS:
        yield f"… and {len(cadences) - _FEW_ROWS:,} more lines: --format json lists all"


def _lasting(seconds: float | None) -> str:
    return "" if seconds is None else lasting(seconds)
