"""What verdicts rest on and what they cannot show, in sentences: the sides seen, what never came, and what another edition would say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from telemetry_audit.editions import NOT_PROMISED
from telemetry_audit.model import Side
from telemetry_audit.report import Report
from telemetry_audit.sides import Program, SideSeen
from telemetry_audit.wholes import Cadence

_FEW = 3

type Escape = Callable[[str], str]
"""How a format prints a name, or a sentence, from outside."""


def rests(report: Report, name: Escape, said: Escape) -> Iterator[str]:
    """The sentences; names and sentences from outside are printed as the format has them."""
    yield from _sides(report.sides, name)
    yield from _unseen(report, name)
    yield from _editions(report, name, said)


def because(cadence: Cadence) -> str:
    """What explains pings that came sooner than documented."""
    reasons = {
        "restarts": cadence.started + cadence.anew,
        "as after restarts": cadence.irregular,
        "in step with others": cadence.in_step,
        "senders": cadence.senders if cadence.of_senders else 0,
        "organisations": cadence.organisations if cadence.of_organisations else 0,
    }
    told = ", ".join(f"{count:,} {reason}" for reason, count in reasons.items() if count)
    return f" ({told})" if told else ""


def _sides(sides: Sequence[SideSeen], name: Escape) -> Iterator[str]:
    seen = [
        f"{each.side} ({', '.join(_program(program, name) for program in each.sources[:_FEW])})"
        for each in sides
        if each.events
    ]
    missing = [str(each.side) for each in sides if not each.events]
    if seen:
        yield f"Seen of the sides: {', '.join(seen)}. {_nothing(missing)}"


def _nothing(missing: Sequence[str]) -> str:
    return f"Nothing of: {', '.join(missing)}." if missing else ""


def _program(program: Program, name: Escape) -> str:
    return f"{name(program.library or program.program) or 'unnamed'} {program.events:,}"


def _unseen(report: Report, name: Escape) -> Iterator[str]:
    if not report.unseen or not report.coverage.events:
        return
    names: defaultdict[str, list[str]] = defaultdict(list)
    for each in report.unseen:
        names[each.what].append(f"{name(each.name)} of {name(each.event)}" if each.event else name(each.name))
    told = ", ".join(_of_a_kind(what, names[what]) for what in sorted(names))
    lacking = sorted({f"the {each.side}" for each in report.unseen if each.side in _lacking(report)})
    why = f" Some of it is sent by {', '.join(lacking)}, of which nothing was seen." if lacking else ""
    yield f"Documented and not seen: {told}, which proves nothing.{why} --format json says what it takes to see each."


def _of_a_kind(what: str, names: Sequence[str]) -> str:
    """How many there are, and which, for a few of them."""
    more = ", …" if len(names) > _FEW else ""
    return f"{len(names):,} {what}{'' if len(names) == 1 else 's'} ({', '.join(names[:_FEW])}{more})"


def _lacking(report: Report) -> set[Side]:
    return {each.side for each in report.sides if not each.events}


def _editions(report: Report, name: Escape, said: Escape) -> Iterator[str]:
    if not report.coverage.events:
        return
    dropped: dict[str, list[str]] = {}
    for each in report.editions:
        if each.why == NOT_PROMISED:
            dropped.setdefault(each.edition, []).append(each.promise)
        elif each.verdict:
            yield f"Under {name(each.edition)} {name(each.promise)} would be {each.verdict}{_why(each.why, said)}."
        else:
            yield f"Under {name(each.edition)} {name(each.promise)} may differ{_why(each.why, said)}."
    yield from (
        f"{name(edition)} does not promise {', '.join(map(name, promises))}." for edition, promises in dropped.items()
    )


def _why(why: str, said: Escape) -> str:
    return f": {said(why)}" if why else ""
