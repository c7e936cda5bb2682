"""What a rule is: the check of one promise on one event, with examples of what it finds and of what it leaves alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from telemetry_audit.catalog import Catalog, Contract, Destination, Part
from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import Sighting
from telemetry_audit.locator import child
from telemetry_audit.model import Condition, Event, Form, Hit, Leaf, Level

_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*", re.ASCII)


class Subject(NamedTuple):
    """One event as rules see it: its contract, whether a document speaks of it, its values, and what the detectors saw in them.

    `parts` is one payload, or for what surrounds events several. `size` counts the places to look at: values, and keys that no schema
    knows. `sightings` holds only leaves in which something was seen. `alone` marks what surrounds events where no event came out.
    """

    event: Event
    contract: Contract
    documented: bool
    parts: tuple[Part, ...]
    size: int
    sightings: tuple[tuple[Leaf, tuple[Sighting, ...]], ...]
    destination: Destination
    deployment: Deployment
    catalog: Catalog
    alone: bool = False

    def holds(self, *kinds: str) -> bool:
        """Whether there is a place for a value of one of these kinds."""
        for part in self.parts:  # in plain loops: most rules ask this of every event
            for kind in kinds:
                if kind in part.layout.by_kind:
                    return True
        return False

    def of_kind(self, *kinds: str) -> list[Leaf]:
        """The values of these kinds, in the order of the kinds."""
        return [
            part.leaf(number) for part in self.parts for kind in kinds for number in part.layout.by_kind.get(kind, ())
        ]

    def keys_of_kind(self, kind: str) -> list[Leaf]:
        """The keys of this kind that no schema knows and that are no plain names of fields: data may stand in them."""
        return [
            part.key_leaf(slot)
            for part in self.parts
            for slot in part.layout.keys
            if slot.kind == kind and not _NAME.fullmatch(slot.key)
        ]

    def undocumented(self) -> list[tuple[str, object]]:
        """The locators and values of the fields that no document shows."""
        return [
            (part.where + part.layout.slots[number].suffix, part.values[number])
            for part in self.parts
            for number in part.layout.undocumented
        ]

    def leaves(self) -> Iterator[Leaf]:
        """Every value, and every key that no schema knows."""
        return (leaf for part in self.parts for leaf in part.leaves())

    @property
    def name_place(self) -> str:
        """The locator of the event's name: its member `event`, else the whole payload, else the path of a request that has none."""
        payload, where = self.event.payload, self.event.where
        if isinstance(payload, dict) and "event" in payload and not where.endswith(":"):
            return child(where, "event")
        return "path" if where.endswith(":") else where


class Claim(NamedTuple):
    """An address that nobody can judge yet, and whether its event teaches the server's address."""

    teaches: bool
    hit: Hit


class Doubt(NamedTuple):
    """A place that only what its instance says of itself can decide, in whatever event.

    `worst` is what it is at worst, `mild` the level, the word and the sentence of what it is if that is not certain.
    """

    condition: Condition
    worst: Hit
    mild: tuple[Level, str, str]


class Judgement(NamedTuple):
    """What a rule says of one subject: how many places it looked at, what it found, and which addresses and other places await a decision."""

    looked_at: int = 0
    hits: tuple[Hit, ...] = ()
    claims: tuple[Claim, ...] = ()
    doubts: tuple[Doubt, ...] = ()


NOTHING = Judgement()

nothing_among = lru_cache(4096)(Judgement)
"""A rule's judgement of that many places in which it found nothing: one for each number, since nearly all are such."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message to Segment, and exactly what the rule finds in it: pairs of locator and level; none for what it must leave alone.

    `given` are further options of the command line, each with the content of the file that it names. `answers` passed before: pairs of host and body.
    """

    says: str
    message: Mapping[str, Any]
    finds: tuple[tuple[str, str], ...] = ()
    deployment: Deployment = field(default_factory=Deployment)
    form: Form = Form.WIRE
    host: str = "api.segment.io"
    given: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one promise; `says` becomes its documentation.

    `applies` tells from the deployment alone whether there is anything to check; `check` answers NOTHING where a subject has no place to
    look at.
    """

    id: str
    promise: str
    title: str
    says: str
    check: Callable[[Subject], Judgement]
    examples: tuple[Example, ...]
    applies: Callable[[Deployment], bool] = lambda _deployment: True
