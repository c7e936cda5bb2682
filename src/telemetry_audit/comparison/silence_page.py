"""The page of what stopped, and what went on, when telemetry was switched off."""

from __future__ import annotations

from collections import Counter

from telemetry_audit.comparison.page import Column, Page, Section, counted, sides
from telemetry_audit.comparison.silence import DestinationSilence, EventSilence, Outcome, Silence

_EVENT = (
    Column("event", outside=True),
    Column("vendor"),
    Column("on", number=True),
    Column("off", number=True),
    Column("with telemetry off"),
)
_DESTINATION = (
    Column("host", outside=True),
    Column("destination"),
    Column("on", number=True),
    Column("off", number=True),
    Column("with telemetry off"),
)


def silence_page(silence: Silence) -> Page:
    """The page: what was sent although it ought not to be stands first."""
    sections = (
        sides(("on", silence.on), ("off", silence.off)),
        Section("Events", _EVENT, [_row(each) for each in silence.events if each.outcome is not Outcome.NEVER_SEEN]),
        Section("Destinations", _DESTINATION, [_row(each) for each in silence.destinations]),
        Section(
            "Documented events that were never seen with telemetry on, so nothing is shown of them",
            (Column("event"),),
            [(each.name,) for each in silence.events if each.outcome is Outcome.NEVER_SEEN],
        ),
    )
    good = False if silence.broken else None if silence.inconclusive else True
    shown = tuple(section for section in sections if section.rows)
    return Page("Telemetry on and off", conclusion(silence), good, shown, silence.limits)


def conclusion(silence: Silence) -> str:
    """What it comes to, in one sentence."""
    sent = [each.name for each in silence.events if each.outcome is Outcome.STILL_SENT]
    hosts = [each.host for each in silence.destinations if each.outcome is Outcome.STILL_SENT]
    if sent:
        return f"With telemetry off {counted(len(sent), 'event is', 'events are')} still sent that no document exempts."
    if hosts:
        return f"With telemetry off {counted(len(hosts), 'destination is', 'destinations are')} still reached that no document exempts."
    if silence.inconclusive:
        return f"Inconclusive: {'; '.join(silence.inconclusive)}."
    came = Counter(each.outcome for each in silence.events)
    went_on = (
        *((f"{came[Outcome.EXEMPT]:,} exempt",) if came[Outcome.EXEMPT] else ()),
        *((f"{came[Outcome.NOT_DOCUMENTED]:,} of which no document speaks",) if came[Outcome.NOT_DOCUMENTED] else ()),
    )
    stopped = counted(came[Outcome.STOPPED], "event")
    return f"{stopped} stopped as promised; still sent: {', '.join(went_on) or 'none'}."


def _row(each: EventSilence | DestinationSilence) -> tuple[str, ...]:
    first, second, on, off, outcome = each
    return first, second, f"{on:,}", f"{off:,}", str(outcome)
