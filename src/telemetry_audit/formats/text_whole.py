"""What only the whole of a recording shows, for a terminal: how often pings came, who sent, what was not seen, and what another edition would say."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from click import style

from telemetry_audit.editions import NOT_PROMISED
from telemetry_audit.formats.escape import shown
from telemetry_audit.model import Side
from telemetry_audit.report import Report
from telemetry_audit.sides import Program, SideSeen
from telemetry_audit.wholes import Cadence, lasting

_WIDTH = 112
_FEW = 3
_FEW_ROWS = 10


def whole(report: Report) -> Iterator[str]:
    """The lines; none where there is nothing to say."""
    yield from _cadences(report.cadences)
    told = (*_sides(report.sides), *_unseen(report), *_editions(report))
    if told:
        yield ""
        yield style("What this rests on, and what it cannot show", bold=True)
    for line in told:
        yield from textwrap.wrap(line, _WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _cadences(cadences: Sequence[Cadence]) -> Iterator[str]:
    if not cadences:
        return
    from tabulate import tabulate  # noqa: PLC0415 - it takes longer to load than all the rest

    yield ""
    yield style("How often instances said that they run", bold=True)
    rows = [
        (
            shown(each.event),
            each.instance[:8] or "(unnamed)",
            f"{each.pings:,}",
            f"{each.hours} h",
            *(_lasting(seconds) for seconds in (each.shortest, each.median, each.longest)),
            f"{each.verdict}{_because(each)}",
        )
        for each in cadences[:_FEW_ROWS]
    ]
    headers = ("ping", "instance", "pings", "document", "shortest", "median", "longest", "verdict")
    yield tabulate(rows, headers, disable_numparse=True, colalign=("left", "left", *("right",) * 5, "left"))
    if len(cadences) > _FEW_ROWS:
        yield f"… and {len(cadences) - _FEW_ROWS:,} more lines: --format json lists all"


def _because(cadence: Cadence) -> str:
    """What explains pings that came sooner than documented."""
    reasons = {
        "restarts": cadence.started + cadence.anew,
        "senders": cadence.senders if cadence.of_senders else 0,
        "organisations": cadence.organisations if cadence.of_organisations else 0,
    }
    told = ", ".join(f"{count:,} {reason}" for reason, count in reasons.items() if count)
    return f" ({told})" if told else ""


def _lasting(seconds: float | None) -> str:
    return "" if seconds is None else lasting(seconds)


def _sides(sides: Sequence[SideSeen]) -> Iterator[str]:
    seen = [f"{each.side} ({', '.join(map(_program, each.sources[:_FEW]))})" for each in sides if each.events]
    missing = [str(each.side) for each in sides if not each.events]
    if seen:
        yield f"Seen of the sides: {', '.join(seen)}. {_nothing(missing)}"


def _nothing(missing: Sequence[str]) -> str:
    return f"Nothing of: {', '.join(missing)}." if missing else ""


def _program(program: Program) -> str:
    return f"{shown(program.library or program.program) or 'unnamed'} {program.events:,}"


def _unseen(report: Report) -> Iterator[str]:
    if not report.unseen or not report.coverage.events:
        return
    counts = Counter(each.what for each in report.unseen)
    told = ", ".join(f"{count:,} {what}{'' if count == 1 else 's'}" for what, count in sorted(counts.items()))
    lacking = sorted({f"the {each.side}" for each in report.unseen if each.side in _lacking(report)})
    why = f" Some of it is sent by {', '.join(lacking)}, of which nothing was seen." if lacking else ""
    yield f"Documented and not seen: {told}, which proves nothing.{why} --format json says what it takes to see each."


def _lacking(report: Report) -> set[Side]:
    return {each.side for each in report.sides if not each.events}


def _editions(report: Report) -> Iterator[str]:
    if not report.coverage.events:
        return
    dropped: dict[str, list[str]] = {}
    for each in report.editions:
        if each.why == NOT_PROMISED:
            dropped.setdefault(each.edition, []).append(each.promise)
        elif each.verdict:
            yield shown(f"Under {each.edition} {each.promise} would be {each.verdict}: {each.why}.")
        else:
            yield shown(f"Under {each.edition} {each.promise} may differ: {each.why}.")
    yield from (f"{edition} does not promise {', '.join(promises)}." for edition, promises in dropped.items())
