"""What a rule is: the check of one promise on one event, with examples of what it finds and of what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from telemetry_audit.catalog import Catalog, Contract, Destination
from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import Sighting
from telemetry_audit.locator import child, relative
from telemetry_audit.model import Event, Form, Hit, Leaf


@dataclass(frozen=True)
class Subject:
    """One event as rules see it: its contract, its leaves, and what the detectors saw in each of them.

    `sightings` holds only leaves in which something was seen.
    """

    event: Event
    contract: Contract
    leaves: tuple[Leaf, ...]
    sightings: tuple[tuple[Leaf, tuple[Sighting, ...]], ...]
    destination: Destination
    deployment: Deployment
    catalog: Catalog

    @cached_property
    def by_kind(self) -> Mapping[str, list[Leaf]]:
        """The leaves by the kind of data that they hold."""
        kinds: dict[str, list[Leaf]] = {}
        for leaf in self.leaves:
            kinds.setdefault(leaf.kind, []).append(leaf)
        return kinds

    def of_kind(self, *kinds: str) -> list[Leaf]:
        """The leaves of these kinds, in the order of the kinds."""
        return [leaf for kind in kinds for leaf in self.by_kind.get(kind, ())]

    @property
    def name_place(self) -> str:
        """The locator of the event's name: its member `event`, else the whole payload, else the path of a request that has none."""
        payload, where = self.event.payload, self.event.where
        if isinstance(payload, dict) and "event" in payload and not where.endswith(":"):
            return child(where, "event")
        return "path" if where.endswith(":") else where

    def pointer(self, where: str) -> str:
        """A locator as seen from the event, list indexes as `*`."""
        return relative(where, self.event.where)


class Claim(NamedTuple):
    """An address that nobody can judge yet, and whether its event teaches the server's address."""

    teaches: bool
    hit: Hit


class Judgement(NamedTuple):
    """What a rule says of one subject: how many places it looked at, what it found, and which addresses await a decision."""

    looked_at: int = 0
    hits: tuple[Hit, ...] = ()
    claims: tuple[Claim, ...] = ()


NOTHING = Judgement()


@dataclass(frozen=True, slots=True)
class Example:
    """A message to Segment, and exactly what the rule finds in it: pairs of locator and level; none for what it must leave alone."""

    says: str
    message: Mapping[str, Any]
    finds: tuple[tuple[str, str], ...] = ()
    deployment: Deployment = field(default_factory=Deployment)
    form: Form = Form.WIRE
    host: str = "api.segment.io"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one promise; `says` becomes its documentation."""

    id: str
    promise: str
    title: str
    says: str
    check: Callable[[Subject], Judgement]
    examples: tuple[Example, ...]
