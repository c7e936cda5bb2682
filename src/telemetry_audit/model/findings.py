"""What rules say: of one value, at its place, and wherever it is so; and what nobody can decide yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from telemetry_audit.model.words import Condition, Level


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

    def __hash__(self) -> int:
        """That of the id, which is worked out once; it all but tells statements apart."""
        return hash(self.id)


class Occurrence(NamedTuple):
    """A statement and one place where it holds."""

    statement: Statement
    place: Place


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the operator decided to live with: findings of this rule, event and pointer, the latter two with `*` for anything, and why.

    `who` is who decided, "" where nobody is named. `until` is the last day on which it holds, None for ever. `where` says where it is written, for
    example `audit.toml, [[accepted]] 2`. `ids` are the findings that it is for, empty for whatever agrees with the rest. A `baseline` is no decision:
    an earlier report has those findings, of whatever rule. `level` is the gravest that it covers, so that what was accepted as drift is not accepted
    once it is a breach.
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
    level: Level = Level.BREACH


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
