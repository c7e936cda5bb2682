"""The values of an event that can tell people or machines apart, without the values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from telemetry_audit.catalog import Layout
from telemetry_audit.detectors import USER
from telemetry_audit.locator import relative
from telemetry_audit.model import LISTED, Trait
from telemetry_audit.rules import Subject

TELLING = ("person", "anonymous-id", "address", "user-agent", "host-name", "domain-hash", "instance-id", "locale")
"""The kinds of data that tell people or machines apart, in the order of an event's traits."""

_REMEMBERED = 65_536
_REMEMBERED_LENGTH = 256


class _Telling(NamedTuple):
    """Where a value that tells somebody stands among the values of a layout, its place in the event, and its kind."""

    number: int
    pointer: str
    kind: str


@dataclass(frozen=True, slots=True)
class Traits:
    """Tells the traits of events; which values count is worked out once a layout."""

    fingerprint: Callable[[object], str]
    _remembered: Callable[[str, str, str], Trait] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Remember the traits that short texts are, since the same people and machines send many events."""
        object.__setattr__(self, "_remembered", lru_cache(_REMEMBERED)(self._trait))

    def of(self, subject: Subject) -> tuple[Trait, ...]:
        """The traits of an event."""
        found = []
        for part in subject.parts:
            values = part.values
            for number, pointer, kind in part.layout.once(_telling):
                value = values[number]
                if value and type(value) is str:
                    trait = self._remembered if len(value) <= _REMEMBERED_LENGTH else self._trait
                    found.append(trait(pointer, kind, value))
        if subject.deployment.users and subject.sightings:
            found.extend(self._listed(subject))
        return tuple(found)

    def _listed(self, subject: Subject) -> Iterator[Trait]:
        for leaf, sightings in subject.sightings:
            if leaf.kind == "person" and not leaf.is_key:
                pointer = relative(leaf.where.removeprefix(subject.event.where))
                for which in sorted(
                    {each.which for each in sightings if each.kind == USER and each.whole and each.layers}
                ):
                    yield self._remembered(pointer, LISTED, which)

    def _trait(self, pointer: str, kind: str, value: str) -> Trait:
        return Trait(pointer, kind, self.fingerprint(value))


def _telling(layout: Layout) -> tuple[_Telling, ...]:
    return tuple(
        _Telling(number, relative(layout.slots[number].suffix), kind)
        for kind in TELLING
        for number in layout.by_kind.get(kind, ())
    )
