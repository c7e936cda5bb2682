"""What a later report tells that an earlier one does not, and the other way round."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from telemetry_audit.accepted import decision
from telemetry_audit.comparison.changes import (
    Change,
    Comparison,
    DestinationChange,
    EventChange,
    FieldChange,
    FindingChange,
    Rate,
    VerdictChange,
)
from telemetry_audit.comparison.rates import Measure, notable
from telemetry_audit.comparison.told import Found, Known, Reached, Sent, Told, edition, span
from telemetry_audit.locator import HIDDEN
from telemetry_audit.model import Acceptance, Level
from telemetry_audit.rules.undocumented import UNDOCUMENTED_FIELD

_FEW = 5
"""Recordings that are named where there may be many."""

_NOTHING = hashlib.sha256().hexdigest()
"""The digest of a journal's run that stored nothing, which is that of every such run."""


class NotComparable(ValueError):
    """Two reports cannot be compared; the argument is a sentence that says why and what to do."""


def compare(before: Told, after: Told, acceptances: Iterable[Acceptance], today: date) -> Comparison:
    """In what `after` differs from `before`; findings are let pass by these decisions, and by those that the report has already.

    Raises NotComparable where the two were held against different editions.
    """
    if before.document != after.document:
        raise NotComparable(
            f"The one was held against {edition(before.document)} and the other against {edition(after.document)}. "
            "Give both the same --document, or compare the recordings."
        )
    decided = tuple(acceptances)
    findings = tuple(_findings(before, after, decided, today))
    return Comparison(
        before,
        after,
        findings,
        tuple(_fields(findings)),
        tuple(_events(before.events, after.events)),
        tuple(_destinations(before.destinations, after.destinations)),
        tuple(_rates(before, after)),
        tuple(_promises(before, after)),
        tuple(_limits(before, after)),
    )


def _findings(before: Told, after: Told, decided: tuple[Acceptance, ...], today: date) -> Iterator[FindingChange]:
    was, now = ({finding.id: finding for finding in told.findings} for told in (before, after))
    events = (_counts(before.events), _counts(after.events))
    for one, other in sorted(_pairs(was, now), key=_order):
        passed = other is not None and _passes(other, decided, today)
        if one is None or other is None:
            yield FindingChange(Change.GONE if one else Change.NEW, one, other, passed, ())
        elif why := tuple(_changed(one, other, *events)):
            yield FindingChange(Change.CHANGED, one, other, passed, why)


def _order(pair: tuple[Found | None, Found | None]) -> tuple[int, int, str, str, str, str]:
    """The later level first, then what is new, changed and gone, then by what is found."""
    one, other = pair
    found = other or one
    assert found is not None  # noqa: S101 - a pair has one at least
    kind = 0 if one is None else 2 if other is None else 1
    return list(Level).index(found.level), kind, found.rule, found.event, found.pointer, found.id


def _changed(one: Found, other: Found, were: Counter[str], are: Counter[str]) -> Iterator[str]:
    if one.level is not other.level:
        yield f"was {one.level}, is {other.level}"
    shares = Measure(one.count, were[one.event]), Measure(other.count, are[other.event])
    if notable(*shares):
        yield f"{_share(shares[0])} before, {_share(shares[1])} now"


def _share(measure: Measure) -> str:
    return f"{measure.number:,} in {measure.exposure:,.0f} {'event' if measure.exposure == 1 else 'events'}"


def _passes(found: Found, decided: tuple[Acceptance, ...], today: date) -> bool:
    if decision(found.statement, decided, today):
        return True
    already = found.acceptance
    return already is not None and (already.until is None or already.until >= today)


def _fields(changes: Iterable[FindingChange]) -> Iterator[FieldChange]:
    events: dict[tuple[Change, str], list[str]] = {}
    for change in changes:
        if change.found.rule == UNDOCUMENTED_FIELD.id and change.change is not Change.CHANGED:
            events.setdefault((change.change, change.found.pointer), []).append(change.found.event)
    for (kind, pointer), found in sorted(events.items(), key=lambda item: (item[0][0] is Change.GONE, item[0][1])):
        yield FieldChange(kind, pointer, tuple(sorted(found)))


def _events(before: Iterable[Sent], after: Iterable[Sent]) -> Iterator[EventChange]:
    was, now = _by_name(before), _by_name(after)
    for key in sorted(was.keys() ^ now.keys(), key=lambda key: (key in was, key)):
        sent = now.get(key) or was[key]
        change = Change.NEW if key in now else Change.GONE
        yield EventChange(change, *key, all(each.documented for each in sent), sum(each.count for each in sent))


def _destinations(before: Iterable[Reached], after: Iterable[Reached]) -> Iterator[DestinationChange]:
    was, now = ({(each.host, each.destination): each.exchanges for each in side} for side in (before, after))
    for key in sorted(was.keys() ^ now.keys(), key=lambda key: (key in was, key)):
        yield DestinationChange(Change.NEW if key in now else Change.GONE, *key, (now | was)[key])


def _rates(before: Told, after: Told) -> Iterator[Rate]:
    hours = before.hours, after.hours
    if not hours[0] or not hours[1]:
        return
    was, now = _by_name(before.events), _by_name(after.events)
    for key in sorted(was.keys() & now.keys()):
        counts = (sum(each.count for each in side[key]) for side in (was, now))
        yield Rate(*key, *(Measure(count, span) for count, span in zip(counts, hours, strict=True) if span))


def _promises(before: Told, after: Told) -> Iterator[VerdictChange]:
    was, now = ({promise.id: promise for promise in told.promises} for told in (before, after))
    for one, other in _pairs(was, now):
        promise = other or one
        before_, after_ = one.verdict if one else None, other.verdict if other else None
        if promise and before_ != after_:
            yield VerdictChange(promise.id, promise.title, before_, after_)


def _limits(before: Told, after: Told) -> Iterator[str]:
    yield "of fields, a report has those that no document shows for a documented event; documented ones are not compared"
    yield from seen_twice(before, after)
    yield from hidden_names(before, after)
    if before.tool != after.tool:
        yield (
            f"they were made by telemetry-audit {before.tool.version} and {after.tool.version}"
            f"{'' if before.tool.catalog_sha256 == after.tool.catalog_sha256 else ', with different contents of schemas/'}: "
            "a difference may be the program's. Compare the recordings to be sure"
        )
    if knew := ", ".join(_knowledge(before.deployment, after.deployment)):
        yield f"they were made with different options: {knew}"
    spans = before.hours, after.hours
    if not spans[0] or not spans[1]:
        yield "rates are not compared: both sides need recordings with times, of more than a moment"
    elif spans[1] * 2 < spans[0]:
        yield f"after spans {span(spans[1])} and before {span(spans[0])}: what is gone may only not have come yet"
    elif spans[0] * 2 < spans[1]:
        yield f"before spans {span(spans[0])} and after {span(spans[1])}: what is new may only not have come then"


def seen_twice(one: Told, other: Told) -> Iterator[str]:
    """That a recording is on both sides, and what that means for a comparison; nothing if none is."""
    were, are = ({each.sha256: each.name for each in told.inputs} for told in (one, other))
    if both := (were.keys() & are.keys()) - {_NOTHING}:
        names = sorted(are[each] for each in both)
        named = ", ".join(names[:_FEW]) + (f" and {len(names) - _FEW:,} more" if len(names) > _FEW else "")
        yield f"on both sides, by the SHA-256, is {named}: what differs in it comes of the options or of the program"


def hidden_names(*sides: Told) -> Iterator[str]:
    """That some names are not shown, and what that means for a comparison; nothing if all are."""
    events = (each.name for told in sides for each in told.events)
    pointers = (each.pointer for told in sides for each in told.findings)
    if any(HIDDEN in name for name in (*events, *pointers)):
        yield f"names that may themselves be data stand as {HIDDEN} on both sides, so one of them cannot be told from another"


def _knowledge(before: Known, after: Known) -> Iterator[str]:
    for name in before.__struct_fields__:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield f"{name.replace('_', ' ')} {was} and {now}"


def _pairs[Each](was: Mapping[str, Each], now: Mapping[str, Each]) -> list[tuple[Each | None, Each | None]]:
    return [(was.get(key), now.get(key)) for key in dict.fromkeys((*was, *now))]


def _by_name(events: Iterable[Sent]) -> dict[tuple[str, str], list[Sent]]:
    found: dict[tuple[str, str], list[Sent]] = {}
    for each in events:
        found.setdefault((each.name, each.vendor), []).append(each)
    return found


def _counts(events: Iterable[Sent]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for each in events:
        counted[each.name] += each.count
    return counted
