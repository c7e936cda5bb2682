"""The page of what a later report tells that an earlier one does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from telemetry_audit.comparison.changes import Change, Comparison, FieldChange, FindingChange, Rate
from telemetry_audit.comparison.page import Column, Page, Section, counted, sides
from telemetry_audit.comparison.rates import Measure
from telemetry_audit.model import Level
from telemetry_audit.rules.undocumented import UNDOCUMENTED_EVENT, UNDOCUMENTED_FIELD

_FINDING = (
    Column("finding"),
    Column("rule"),
    Column("count", number=True),
    Column("event", outside=True),
    Column("where", outside=True),
    Column("what"),
)
_FIELD = (Column("field", outside=True), Column("in events", outside=True))
_EVENT = (Column("event", outside=True), Column("vendor"), Column("count", number=True), Column("documented"))
_DESTINATION = (Column("host", outside=True), Column("destination"), Column("exchanges", number=True))
_RATE = (
    Column("event", outside=True),
    Column("vendor"),
    Column("before", number=True),
    Column("after", number=True),
)
_FEW = 3


def changes_page(comparison: Comparison) -> Page:
    """The page: what is new first, the most serious before the rest, and what is gone last."""
    sections = (
        sides(("before", comparison.before), ("after", comparison.after)),
        *_new(comparison),
        *_changed(comparison),
        *_gone(comparison),
    )
    return Page(
        "What changed in telemetry",
        conclusion(comparison),
        _good(comparison),
        tuple(section for section in sections if section.rows),
        comparison.limits,
    )


def conclusion(comparison: Comparison) -> str:
    """What it comes to, in one sentence or two."""
    if comparison.breaches:
        promises = sorted({change.found.promise for change in comparison.breaches})
        return f"{counted(len(comparison.breaches), 'new breach', 'new breaches')} of {', '.join(promises)}."
    if comparison.inconclusive:
        return f"Inconclusive: {'; '.join(comparison.inconclusive)}."
    passed = sum(change.breaks for change in comparison.findings)
    accepted = f" but for {counted(passed, 'accepted one')}" if passed else ""
    more = _news(comparison)
    return f"No new breach{accepted}.{f' New: {more}.' if more else ' Nothing new is sent.'}"


def _good(comparison: Comparison) -> bool | None:
    return False if comparison.breaches else None if comparison.inconclusive else True


def _news(comparison: Comparison) -> str:
    """How much is new of what is no breach, in words."""
    counts = (
        (sum(each.change is Change.NEW for each in comparison.events), "event"),
        (sum(each.change is Change.NEW for each in comparison.fields), "undocumented field"),
        (sum(each.change is Change.NEW for each in comparison.destinations), "destination"),
    )
    return ", ".join(counted(count, noun) for count, noun in counts if count)


def _new(comparison: Comparison) -> Iterator[Section]:
    found = [change for change in comparison.findings if change.change is Change.NEW]
    yield _findings("New breaches", (change for change in comparison.breaches if change.change is Change.NEW))
    accepted = [change for change in found if change.passed]
    yield _findings("New, and accepted or in a baseline", accepted)
    yield from _things(comparison, Change.NEW)
    rest = [change for change in found if change.found.level is not Level.BREACH and not change.passed]
    yield _findings("New findings that break no promise", _told_nowhere_else(rest, comparison))


def _changed(comparison: Comparison) -> Iterator[Section]:
    changed = [change for change in comparison.findings if change.change is Change.CHANGED]
    columns = (*_FINDING[:2], *_FINDING[3:], Column("change"))
    rows = [(*_row(change)[:2], *_row(change)[3:], "; ".join(change.why)) for change in changed]
    yield Section("Findings that changed", columns, rows)
    verdicts = [
        (each.title, str(each.before or "no such promise"), str(each.after or "no such promise"))
        for each in comparison.promises
    ]
    yield Section("Verdicts that changed", (Column("promise"), Column("before"), Column("after")), verdicts)
    yield Section("Rates that changed notably", _RATE, [_rate(each) for each in comparison.rates if each.notable])


def _gone(comparison: Comparison) -> Iterator[Section]:
    gone = [change for change in comparison.findings if change.change is Change.GONE]
    yield _findings("Gone findings", _told_nowhere_else(gone, comparison))
    yield from _things(comparison, Change.GONE)


def _things(comparison: Comparison, change: Change) -> Iterator[Section]:
    """Events, fields and destinations that are new, or gone."""
    events = [
        (each.name, each.vendor, f"{each.events:,}", "yes" if each.documented else "no")
        for each in comparison.events
        if each.change is change
    ]
    yield Section(f"{change.capitalize()} events", _EVENT, events)
    fields = [_field(each) for each in comparison.fields if each.change is change]
    yield Section(f"{change.capitalize()} fields that no document shows", _FIELD, fields)
    destinations = [
        (each.host, each.destination, f"{each.exchanges:,}")
        for each in comparison.destinations
        if each.change is change
    ]
    yield Section(f"{change.capitalize()} destinations", _DESTINATION, destinations)


def _findings(title: str, changes: Iterable[FindingChange]) -> Section:
    return Section(title, _FINDING, [_row(change) for change in changes])


def _row(change: FindingChange) -> tuple[str, ...]:
    found = change.found
    return found.id, found.rule, f"{found.count:,}", found.event, found.pointer, found.says


def _field(field: FieldChange) -> tuple[str, str]:
    more = len(field.events) - _FEW
    return field.pointer, ", ".join(field.events[:_FEW]) + (f" and {more:,} more" if more > 0 else "")


def _rate(rate: Rate) -> tuple[str, ...]:
    return rate.name, rate.vendor, _an_hour(rate.before), _an_hour(rate.after)


def _an_hour(measure: Measure) -> str:
    return f"{measure.rate:,.1f} an hour"


def _told_nowhere_else(changes: Iterable[FindingChange], comparison: Comparison) -> Sequence[FindingChange]:
    """Without the findings that the tables of fields and of events show already."""
    events = {each.name for each in comparison.events}
    return [
        change
        for change in changes
        if change.found.rule != UNDOCUMENTED_FIELD.id
        and not (change.found.rule == UNDOCUMENTED_EVENT.id and change.found.event in events)
    ]
