"""What one exchange teaches: what was found in it, and what its events tell of whose and of what they are."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from telemetry_audit.model.findings import AddressClaim, Occurrence, Pending, Place
from telemetry_audit.model.traffic import Unread
from telemetry_audit.model.words import Level, Side


class Sign(NamedTuple):
    """An event that tells of an instance's life: that it runs, was set up, or started, as its purpose says.

    `contract` is the id of what the catalogue says of the event. `instance`, `organisation` and `sender` (the client's address, its program and its
    anonymous id) are keyed fingerprints, "" where nothing tells. `pointer` is that of the event's name. `off` is whether it says that telemetry is
    switched off, `consent` whether it says that somebody agreed to be written to, None where it says neither.
    """

    purpose: str
    contract: str
    instance: str
    organisation: str
    sender: str
    pointer: str
    off: bool | None
    consent: bool | None
    place: Place


class Source(NamedTuple):
    """From what events came: the side, the library that they name, the program that sent them and its client's keyed fingerprint; and how many.

    Names that could be data stand as fingerprints in braces.
    """

    side: Side
    library: str
    program: str
    client: str
    events: int


class InstanceBrief(NamedTuple):
    """What events of one exchange, side and time say of their instance: the keyed fingerprint of its id, and how many they are.

    `time` is in seconds since the epoch. `found` holds, for a promise and a level, how many findings stand in them.
    """

    instance: str
    side: Side
    events: int
    time: float | None
    found: tuple[tuple[str, Level, int], ...] = ()


class EventBrief(NamedTuple):
    """What the report says of an event without its payload; `purpose` is what the catalogue says that it is for, "" for an unknown one."""

    name: str
    vendor: str
    side: Side
    documented: bool
    purpose: str = ""


LISTED = "listed-user"
"""The kind of a trait that says which user of the operator's list an id is a digest of: the fingerprint is that of the place in the list."""


class Trait(NamedTuple):
    """A value that can tell people or machines apart: its place in the event, the kind of data, and a keyed fingerprint."""

    pointer: str
    kind: str
    fingerprint: str


class Shown(NamedTuple):
    """Which documented fields events held: the id of their contract, and a number with a bit for each of its `shown_fields`, the first the lowest."""

    contract: str
    fields: int


class Portrait(NamedTuple):
    """What events of one exchange say of whose they are: the side that sent them, their traits, and how many of them say exactly this."""

    side: Side
    traits: tuple[Trait, ...]
    events: int


class Observation(NamedTuple):
    """All that was learnt from one exchange, without a payload's value.

    Exactly one of three things is true of it: `judged` (it was telemetry), `ignored_by` (the id of the destination that says that
    it is none), or `unread`. An exchange of which some part could not be read is unread, and still has the findings of the rest.
    A `part` tells of an exchange that goes on, such as one message of a WebSocket: it is added up, but the exchange is counted by the observation
    that ends it.
    """

    recording: str
    exchange: int
    time: float | None
    host: str
    destination: str
    ignored_by: str = ""
    unread: tuple[Unread, ...] = ()
    events: tuple[EventBrief, ...] = ()
    findings: tuple[Occurrence, ...] = ()
    claims: tuple[AddressClaim, ...] = ()
    looked_at: Mapping[str, int] = MappingProxyType({})
    part: bool = False
    portraits: tuple[Portrait, ...] = ()
    pending: tuple[Pending, ...] = ()
    signs: tuple[Sign, ...] = ()
    sources: tuple[Source, ...] = ()
    instances: tuple[InstanceBrief, ...] = ()
    shown: tuple[Shown, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether it was telemetry and could be read to the end."""
        return not self.ignored_by and not self.unread
