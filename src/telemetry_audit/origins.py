"""What an event tells of where it comes from: which instance, which program, and whether it is a sign of the instance's life."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from telemetry_audit.catalog import KEEP_ALIVE, SETUP, START, Layout
from telemetry_audit.decoders import library_of
from telemetry_audit.detectors import kind_of_identity
from telemetry_audit.discretion import Discretion
from telemetry_audit.locator import relative
from telemetry_audit.model import Exchange, Place, Side, Sign, Source
from telemetry_audit.rules import Subject, is_about_instance

SIGNS = frozenset({KEEP_ALIVE, SETUP, START})
"""The purposes of events that tell of an instance's life."""

_OF_THE_INSTANCE = frozenset({KEEP_ALIVE, SETUP})
"""The purposes of events whose user is the instance itself, where they name no instance otherwise."""

_IDS = frozenset({"object-id", "uuid"})
_PRODUCT = re.compile(r"[^/\s(]{1,60}")
_STORED_AT = ("receivedAt", "timestamp")
_SAID = {True: True, False: False, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Origins:
    """Tells origins by names that may be repeated and by keyed fingerprints."""

    discretion: Discretion

    def instance(self, subject: Subject) -> str:
        """The fingerprint of the instance that an event is of, "" where it names none."""
        value = _first(subject, "instance-id")
        if not value and (subject.contract.purpose in _OF_THE_INSTANCE or is_about_instance(subject)):
            value = next((text for text in _texts(subject, "person") if kind_of_identity(text) in _IDS), "")
        return self.discretion.fingerprint(value) if value else ""

    def sign(self, subject: Subject, exchange: Exchange, place: Place) -> Sign:
        """The sign that an event is; `place` is that of its name."""
        instance = self.instance(subject)
        organisation = _first(subject, "organisation-id")
        return Sign(
            purpose=subject.contract.purpose,
            contract=subject.contract.id,
            instance=instance,
            organisation=self.discretion.fingerprint(organisation) if organisation else "",
            sender=self._sender(subject, exchange),
            pointer=relative(place.where.removeprefix(subject.event.where)),
            off=_said(subject, "off-flag"),
            consent=_said(subject, "consent-flag"),
            place=place._replace(fingerprint=instance or place.fingerprint),
        )

    def sources(self, exchange: Exchange, sent: Mapping[tuple[Side, str], int]) -> Iterator[Source]:
        """Where the events of an exchange came from: how many, by the side and the library that they name."""
        program = self.discretion.program(_product(exchange.header("user-agent") or ""))
        client = self.discretion.fingerprint(exchange.client) if exchange.client else ""
        for (side, library), events in sent.items():
            yield Source(side, self.discretion.program(library), program, client, events)

    def shown(self, subject: Subject) -> int:
        """Which of the documented fields of its contract an event holds, as a number with a bit for each; told once a layout."""
        return subject.parts[0].layout.once(_shown, subject.contract.shown_fields)

    def _sender(self, subject: Subject, exchange: Exchange) -> str:
        """The fingerprint of who sent an event; "" where the recording names no client, so that nobody can tell."""
        if exchange.client is None:
            return ""
        told = (exchange.client, exchange.header("user-agent") or "", _first(subject, "anonymous-id"))
        return self.discretion.fingerprint("\n".join(told))


def _shown(layout: Layout, fields: tuple[str, ...]) -> int:
    held = {place for slot in layout.slots for place in accumulate(_steps(slot.suffix))}
    return sum(1 << number for number, place in enumerate(fields) if place in held)


def _steps(suffix: str) -> list[str]:
    """The first two steps of a pointer, each with its slash."""
    return [f"/{step}" for step in suffix.strip("/").split("/", 2)[:2]]


def library(subject: Subject) -> str:
    """The library that an event names, "" without one."""
    return library_of(subject.event.payload)


def time_of(exchange: Exchange, payload: object) -> float | None:
    """When an event left, in seconds since the epoch, by the capture; of a stored one, when the store took it in. None where nothing tells."""
    if not exchange.stored:
        return exchange.time
    found = payload if isinstance(payload, dict) else {}
    properties = found.get("properties")
    told = [found.get(name) for name in _STORED_AT]
    told += [properties.get("time")] if isinstance(properties, dict) else []
    return next((time for each in told if (time := _seconds(each)) is not None), None)


def _seconds(told: Any) -> float | None:
    """Seconds since the epoch, out of such a number or an RFC 3339 date and time."""
    if isinstance(told, str):
        try:
            at = datetime.fromisoformat(told)
        except ValueError:
            return None
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    number = isinstance(told, (int, float)) and not isinstance(told, bool) and abs(told) < 1 << 40
    return float(told) if number and math.isfinite(told) else None


def _texts(subject: Subject, kind: str) -> Iterator[str]:
    """The texts that are no empty ones in fields of this kind, in order."""
    for part in subject.parts:
        for number in part.layout.by_kind.get(kind, ()):
            value = part.values[number]
            if value and isinstance(value, str):
                yield value


def _first(subject: Subject, kind: str) -> str:
    """The first such text, "" where there is none."""
    for part in subject.parts:
        for number in part.layout.by_kind.get(kind, ()):
            value = part.values[number]
            if value and isinstance(value, str):
                return value
    return ""


def _said(subject: Subject, kind: str) -> bool | None:
    """Yes or no, as the flags of this kind have it; yes counts where they differ."""
    return _either(leaf.value for leaf in subject.of_kind(kind))


def _either(values: Iterable[object]) -> bool | None:
    said = {_SAID[value] for value in values if isinstance(value, (bool, str)) and value in _SAID}
    return any(said) if said else None


def _product(user_agent: str) -> str:
    """The first product that a user agent names, without its version (RFC 9110, section 10.1.5)."""
    found = _PRODUCT.match(user_agent)
    return found[0] if found else ""
