"""The nouns of an audit, in the order in which a byte meets them.

Only the standard library is imported here, so that every other room can import this one. What an audit makes by the hundred thousand is a
named tuple, the rest is a frozen dataclass; none of it changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Level(StrEnum):
    """How much a finding weighs: a broken promise, a difference from the documents, or something worth knowing."""

    BREACH = "breach"
    DRIFT = "drift"
    NOTE = "note"


class Verdict(StrEnum):
    """The answer for one promise.

    `differs` stands between broken and kept: nothing contradicts the promise, yet something is not as documented. `undecided` does too: nothing
    speaks against it, and something that it takes to say kept was not given or could not be read.
    """

    BROKEN = "broken"
    DIFFERS = "differs"
    UNDECIDED = "undecided"
    KEPT = "kept"
    NOT_SEEN = "not seen"
    NOT_TESTABLE = "not testable"


class Side(StrEnum):
    """Which part of an installation sent an event."""

    SERVER = "server"
    BROWSER = "browser"
    INSTALLER = "installer"
    ENTRYPOINT = "entrypoint"
    UNKNOWN = "unknown"


class Condition(StrEnum):
    """What an instance says of itself: that telemetry is switched off, or that somebody agreed to be written to."""

    OFF = "off"
    CONSENT = "consent"


class Form(StrEnum):
    """Whether an event is as it left the instance (wire) or as the vendor's store shows it afterwards (store)."""

    WIRE = "wire"
    STORE = "store"


class Status(StrEnum):
    """Who knows a field: a document, the SDK's own envelope, Appsmith's source code alone, or nobody."""

    DOCUMENTED = "documented"
    TRANSPORT = "transport"
    KNOWN = "known"
    UNKNOWN = "unknown"


class Exchange(NamedTuple):
    """One request that left the instance, or one stored event out of an export.

    `headers` holds (lower-case name, value) pairs in order, decoded as Latin-1. `body` is as it was recorded, still
    in its content encoding; None means that there was one and the recording does not hold it. `target` is the path with its
    query. `aliases` are further names of the destination (connected address, SNI) that differ from `host`.
    `messages` are the WebSocket messages that the client sent. `time` is in seconds since the epoch.
    """

    recording: str
    number: int
    time: float | None
    method: str
    scheme: str
    host: str
    port: int
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    aliases: tuple[str, ...] = ()
    client: str | None = None
    messages: tuple[bytes, ...] = ()
    stored: bool = False

    def header(self, name: str) -> str | None:
        """The first value of the header `name` (lower case), or None."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that left, or tried to, that nobody could look into.

    `number` is that of the exchange in its recording; `host` is "" where it is not known; `reason` is a fixed sentence
    that holds nothing from the recording.
    """

    recording: str
    number: int
    host: str
    reason: str


class Event(NamedTuple):
    """One message out of its envelope.

    `kind` is the vendor's word for the sort of message (track, identify, page, ping, request ...). `name` is what the
    sender calls it, "" without one. `where` is the locator of `payload` in the exchange, for example `body#/batch/0`.
    """

    vendor: str
    kind: str
    name: str
    payload: object
    where: str
    form: Form
    side: Side


class Leaf(NamedTuple):
    """One value of an event.

    `where` is its full locator. `kind` is the kind of data that the schema says it holds, "" where no schema does. `status` tells who
    knows the field. A JSON key is a value too: `is_key` marks a leaf that stands for a key that no schema knows.
    """

    where: str
    value: object
    kind: str
    status: Status
    is_key: bool = False


class Hit(NamedTuple):
    """What a rule found at one leaf.

    `what` is a short stable word for the sort of problem, part of the finding's id. `says` and `shape` are sentences that hold no value.
    """

    where: str
    value: object
    level: Level
    what: str
    says: str
    shape: str


class Place(NamedTuple):
    """Where a finding stands in a recording, and when it left (seconds since the epoch); holds no value, only its shape and a keyed fingerprint."""

    input: str
    exchange: int
    where: str
    event: str
    message_id: str | None
    shape: str
    fingerprint: str
    time: float | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What one rule says of one event name and pointer, wherever it is so.

    `id` depends on rule, sort of problem, event and pointer alone, so it is the same in every recording. `pointer` is a
    locator relative to the event, with `*` for each list index.
    """

    id: str
    rule: str
    promise: str
    level: Level
    event: str
    pointer: str
    says: str


class Occurrence(NamedTuple):
    """A statement and one place where it holds."""

    statement: Statement
    place: Place


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the operator decided to live with: findings of this rule, event and pointer, the latter two with `*` for anything, and why.

    `who` is who decided, "" where nobody is named. `until` is the last day on which it holds, None for ever. `where` says where it is written, for
    example `audit.toml, [[accepted]] 2`. `ids` are the findings that it is for, empty for whatever agrees with the rest. A `baseline` is no decision:
    an earlier report has those findings, of whatever rule.
    """

    rule: str
    event: str
    pointer: str
    reason: str
    who: str = ""
    until: date | None = None
    where: str = ""
    ids: frozenset[str] = frozenset()
    baseline: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement with how often it holds and where; of very many places only the first are kept.

    `acceptance` is the decision that covers it, None where there is none that still holds.
    """

    statement: Statement
    count: int
    places: tuple[Place, ...]
    acceptance: Acceptance | None = None


class AddressClaim(NamedTuple):
    """An address that stands in an event while nobody has said which addresses are the server's.

    The place's fingerprint tells equal addresses equal. `teaches` marks an event that carries the server's own address.
    `occurrence` is what the claim becomes if the address turns out not to be the server's.
    """

    teaches: bool
    occurrence: Occurrence


class Pending(NamedTuple):
    """A place that is a finding or none by what its instance says of itself, in whatever event.

    `instance` is the keyed fingerprint of its id, "" where the event names none. `worst` is what the place is if the instance speaks against it,
    `mild` what it is if that is not certain: nobody said whether there is consent, or no restart was seen since telemetry was switched off.
    """

    condition: Condition
    instance: str
    worst: Statement
    mild: Statement
    place: Place


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
