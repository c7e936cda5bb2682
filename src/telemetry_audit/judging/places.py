"""Where in a recording what a rule says stands: its hits as statements and places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from telemetry_audit.catalog import TRANSPORT
from telemetry_audit.discretion import Discretion
from telemetry_audit.model import Event, Exchange, Hit, Level, Occurrence, Pending, Place, Statement
from telemetry_audit.origins import time_of
from telemetry_audit.rules import Doubt, Rule, Subject
from telemetry_audit.statements import statement

_REMEMBERED = 8_192


class Standing(NamedTuple):
    """Where the findings of one event stand, which is the same for all of them."""

    recording: str
    number: int
    where: str
    label: str
    message_id: str | None
    time: float | None


@dataclass(frozen=True, slots=True)
class Places:
    """Places what rules say, without a value; statements are remembered, since there are few."""

    discretion: Discretion
    _statement: Callable[[str, str, tuple[Level, str, str], str, str], Statement] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Give each audit statements of its own."""
        object.__setattr__(self, "_statement", lru_cache(_REMEMBERED)(statement))

    def standing(self, subject: Subject, exchange: Exchange) -> Standing:
        """Where the findings of an event stand."""
        event = subject.event
        message_id = self.discretion.message_id(_message_id(event.payload))
        time = time_of(exchange, event.payload)
        return Standing(exchange.recording, exchange.number, event.where, self.label(event), message_id, time)

    def occurrence(self, rule: Rule, hit: Hit, at: Standing) -> Occurrence:
        """What a rule found, and where."""
        recording, number, inside, label, message_id, time = at
        where, value, level, what, says, shape = hit
        return Occurrence(
            self._statement(rule.id, rule.promise, (level, what, says), label, where.removeprefix(inside)),
            Place(recording, number, where, label, message_id, shape, self.discretion.fingerprint(value), time),
        )

    def pending(self, rule: Rule, doubt: Doubt, instance: str, at: Standing) -> Pending:
        """What a rule leaves to what the event's instance says of itself; `instance` is its fingerprint, or ""."""
        worst, place = self.occurrence(rule, doubt.worst, at)
        inside = place.where.removeprefix(at.where)
        mild = self._statement(rule.id, rule.promise, doubt.mild, at.label, inside)
        return Pending(doubt.condition, instance, worst, mild, place)

    def of_name(self, subject: Subject, at: Standing) -> Place:
        """Where an event's name stands."""
        fingerprint = self.discretion.fingerprint(subject.event.name)
        return Place(
            at.recording, at.number, subject.name_place, at.label, at.message_id, "an event", fingerprint, at.time
        )

    def label(self, event: Event) -> str:
        """An event's name as it may be repeated."""
        return event.name if event.kind == TRANSPORT else self.discretion.event(event.name or event.kind)


def _message_id(payload: object) -> object:
    if not isinstance(payload, dict):
        return None
    properties = payload.get("properties")
    return payload.get("messageId") or (properties.get("$insert_id") if isinstance(properties, dict) else None)
