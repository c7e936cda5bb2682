"""The nouns of an audit, in the order in which a byte meets them.

Only the standard library is imported here, so that every other room can import this one. What an audit makes by the hundred thousand is a
named tuple, the rest is a frozen dataclass; none of it changes.
"""

from telemetry_audit.model.findings import Acceptance, AddressClaim, Finding, Hit, Occurrence, Pending, Place, Statement
from telemetry_audit.model.observations import (
    LISTED,
    EventBrief,
    InstanceBrief,
    Observation,
    Portrait,
    Shown,
    Sign,
    Source,
    Trait,
)
from telemetry_audit.model.traffic import Event, Exchange, Leaf, Unread
from telemetry_audit.model.words import Condition, Form, Level, Side, Status, Verdict

__all__ = [
    "LISTED",
    "Acceptance",
    "AddressClaim",
    "Condition",
    "Event",
    "EventBrief",
    "Exchange",
    "Finding",
    "Form",
    "Hit",
    "InstanceBrief",
    "Leaf",
    "Level",
    "Observation",
    "Occurrence",
    "Pending",
    "Place",
    "Portrait",
    "Shown",
    "Side",
    "Sign",
    "Source",
    "Statement",
    "Status",
    "Trait",
    "Unread",
    "Verdict",
]
